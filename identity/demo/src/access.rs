//! Calling our own API as a customer's backend would: with the person's access token, renewed in time.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use crate::app::App;
use crate::provider::TokenError;
use crate::session::{Session, Tokens};
use crate::sign_in;
use crate::trouble::Trouble;

const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// A live access token of the session.
pub(crate) async fn token(app: &App, session: &Arc<Session>) -> Result<String, Trouble> {
    let mut tokens = session.tokens.lock().await;
    if app.now() >= tokens.renew_at {
        renew(app, session, &mut tokens).await?;
    }
    Ok(tokens.access_token.clone())
}

/// Renews the access token, unless somebody else did since `stale` was read.
pub(crate) async fn refresh(
    app: &App,
    session: &Arc<Session>,
    stale: &str,
) -> Result<String, Trouble> {
    let mut tokens = session.tokens.lock().await;
    if tokens.access_token == stale {
        renew(app, session, &mut tokens).await?;
    }
    Ok(tokens.access_token.clone())
}

/// Calls the API; a token it does not take any more is renewed once.
pub(crate) async fn call(
    app: &App,
    session: &Arc<Session>,
    method: Method,
    body: Option<&Value>,
) -> Result<Value, Trouble> {
    let access_token = token(app, session).await?;
    let (status, answer) = send(app, &method, &access_token, body).await?;
    let (status, answer) = if status == StatusCode::UNAUTHORIZED {
        let access_token = refresh(app, session, &access_token).await?;
        send(app, &method, &access_token, body).await?
    } else {
        (status, answer)
    };
    match status {
        status if status.is_success() => Ok(answer),
        StatusCode::UNAUTHORIZED => {
            app.sessions.end(session);
            Err(Trouble::SignInAgain)
        }
        StatusCode::SERVICE_UNAVAILABLE => Err(Trouble::Provider("token not decidable".to_owned())),
        StatusCode::FORBIDDEN => Err(Trouble::Api("Your role does not allow this.".to_owned())),
        _ => {
            let said = answer
                .get("error")
                .and_then(Value::as_str)
                .unwrap_or("That did not work.");
            Err(Trouble::Api(said.to_owned()))
        }
    }
}

async fn send(
    app: &App,
    method: &Method,
    access_token: &str,
    body: Option<&Value>,
) -> Result<(StatusCode, Value), Trouble> {
    let mut bearer =
        HeaderValue::from_str(&format!("Bearer {access_token}")).map_err(|_| Trouble::Fault)?;
    bearer.set_sensitive(true);
    let request = Request::builder()
        .method(method)
        .uri(app.kind.api_path())
        .header(AUTHORIZATION, bearer);
    let request = match body {
        Some(json) => request
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(json.to_string())),
        None => request.body(Body::empty()),
    };
    let request = request.map_err(|_| Trouble::Fault)?;
    // The same router that the socket serves, layer included: there is no way around the token.
    let Ok(response) = app.api.clone().oneshot(request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), MAX_ANSWER)
        .await
        .map_err(|_| Trouble::Fault)?;
    Ok((
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    ))
}

async fn renew(app: &App, session: &Arc<Session>, tokens: &mut Tokens) -> Result<(), Trouble> {
    let Some(refresh_token) = &tokens.refresh_token else {
        app.sessions.end(session);
        return Err(Trouble::SignInAgain);
    };
    let answer = match app.provider.refresh(refresh_token).await {
        Ok(answer) => answer,
        Err(TokenError::Refused(error)) => {
            tracing::info!(%error, "refresh refused, session ended");
            app.sessions.end(session);
            return Err(Trouble::SignInAgain);
        }
        Err(TokenError::Unavailable(why)) => return Err(Trouble::Provider(why)),
    };
    // Kept before anything can fail: the old refresh token is used up.
    tokens.renew_at = sign_in::renew_at(answer.expires_in, app.now());
    tokens.access_token = answer.access_token;
    tokens.refresh_token = answer.refresh_token.or_else(|| tokens.refresh_token.take());
    if let Some(id_token) = answer.id_token {
        let (claims, _) = sign_in::check_id_token(app, &id_token, None).await?;
        // OpenID Connect Core §12.2: a refresh cannot turn one person into another.
        if claims.sub != session.sub {
            app.sessions.end(session);
            return Err(Trouble::SignInAgain);
        }
        tokens.id_token = id_token;
    }
    Ok(())
}
