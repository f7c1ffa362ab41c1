//! Signing out: here, at the provider (RP-Initiated Logout), and on the provider's word (Back-Channel).

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use identity_verify::verifier::Kind as TokenKind;
use serde::Deserialize;
use url::Url;

use crate::app::App;
use crate::cookies::Cookie;
use crate::home::FormToken;
use crate::logout_token::LogoutToken;
use crate::trouble::Trouble;

/// `POST /logout`: ends the session here and asks the provider to end its own.
pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<FormToken>,
) -> Response {
    let result = try_leave(&app, &headers, &form).await;
    app.answer(result)
}

async fn try_leave(app: &App, headers: &HeaderMap, form: &FormToken) -> Result<Response, Trouble> {
    let session = app.session(headers)?;
    form.check(&session)?;
    app.sessions.end(&session);
    let (id_token, refresh_token) = {
        let mut tokens = session.tokens.lock().await;
        (tokens.id_token.clone(), tokens.refresh_token.take())
    };
    if let Some(refresh_token) = refresh_token {
        app.provider.revoke(&refresh_token).await;
    }
    // With the provider away, being signed out here has to do.
    let target = match app.provider.metadata().await {
        Ok(metadata) => metadata
            .end_session_endpoint
            .as_deref()
            .and_then(|at| Url::parse(at).ok()),
        Err(_) => None,
    };
    let target = target.map_or_else(
        || "/".to_owned(),
        |mut address| {
            address
                .query_pairs_mut()
                .append_pair("id_token_hint", &id_token)
                .append_pair("client_id", &app.config.client_id)
                .append_pair("post_logout_redirect_uri", &app.post_logout_redirect_uri());
            address.into()
        },
    );
    let mut response = Redirect::to(&target).into_response();
    if let Some(cookie) = app.cookies.clear(Cookie::Session) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The body of a back-channel logout request.
#[derive(Deserialize)]
pub(crate) struct BackChannel {
    logout_token: String,
}

/// `POST /backchannel_logout`: the provider says that somebody signed out (§2.5 and §2.8).
pub(crate) async fn back_channel(
    State(app): State<Arc<App>>,
    form: Result<Form<BackChannel>, axum::extract::rejection::FormRejection>,
) -> Response {
    let outcome = match form {
        Ok(Form(form)) => end_sessions(&app, &form.logout_token).await,
        Err(_) => Err("no logout_token"),
    };
    let no_store = [(CACHE_CONTROL, "no-store")];
    match outcome {
        Ok(ended) => {
            tracing::info!(service = app.kind.name(), ended, "back-channel logout");
            (StatusCode::OK, no_store).into_response()
        }
        Err(why) => {
            tracing::warn!(
                service = app.kind.name(),
                why,
                "back-channel logout refused"
            );
            let body = serde_json::json!({"error": "invalid_request", "error_description": why});
            (StatusCode::BAD_REQUEST, no_store, axum::Json(body)).into_response()
        }
    }
}

async fn end_sessions(app: &App, logout_token: &str) -> Result<usize, &'static str> {
    let payload = app
        .verifier
        .signed_payload(logout_token, TokenKind::Typed("logout+jwt"))
        .await
        .map_err(|_| "not a logout token of the issuer")?;
    let now = app.now();
    let token = LogoutToken::check(
        &payload,
        &app.config.issuer,
        &app.config.client_id,
        now / 1000,
    )?;
    if !app.seen.is_first(&token.jti, token.exp, now) {
        return Err("seen before");
    }
    Ok(app
        .sessions
        .end_matching(token.sid.as_deref(), token.sub.as_deref()))
}
