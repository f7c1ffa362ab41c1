//! The page of a service and the forms on it.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Method};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access;
use crate::app::App;
use crate::cookies::Cookie;
use crate::pages;
use crate::random;
use crate::session::Session;
use crate::trouble::Trouble;

/// The hidden field that shows that a form is ours.
#[derive(Deserialize)]
pub(crate) struct FormToken {
    csrf: String,
}

impl FormToken {
    pub(crate) fn check(&self, session: &Session) -> Result<(), Trouble> {
        if random::same(&self.csrf, &session.csrf) {
            Ok(())
        } else {
            Err(Trouble::Form)
        }
    }
}

/// The form with a text for the API.
#[derive(Deserialize)]
pub(crate) struct TextForm {
    #[serde(flatten)]
    token: FormToken,
    text: String,
}

/// `GET /`: the service, or the way in.
pub(crate) async fn show(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    // Only a cookie whose session is gone asks to sign in again; without one it is a first visit.
    if app.cookies.read(&headers, Cookie::Session).is_none() {
        return pages::welcome(app.kind);
    }
    let result = page(&app, &headers, None).await;
    app.answer(result)
}

/// `POST /send`: passes the text to the API.
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<TextForm>,
) -> Response {
    let body = json!({"text": form.text});
    let result = act(&app, &headers, &form.token, Method::POST, Some(&body)).await;
    app.answer(result)
}

/// `POST /clear`: asks the API to forget.
pub(crate) async fn clear(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<FormToken>,
) -> Response {
    let result = act(&app, &headers, &form, Method::DELETE, None).await;
    app.answer(result)
}

/// `POST /refresh`: renews the tokens now.
pub(crate) async fn refresh(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<FormToken>,
) -> Response {
    let result = renew(&app, &headers, &form).await;
    app.answer(result)
}

async fn renew(app: &App, headers: &HeaderMap, form: &FormToken) -> Result<Response, Trouble> {
    let session = app.session(headers)?;
    form.check(&session)?;
    let stale = session.tokens.lock().await.access_token.clone();
    access::refresh(app, &session, &stale).await?;
    Ok(Redirect::to("/").into_response())
}

async fn act(
    app: &App,
    headers: &HeaderMap,
    form: &FormToken,
    method: Method,
    body: Option<&Value>,
) -> Result<Response, Trouble> {
    let session = app.session(headers)?;
    form.check(&session)?;
    match access::call(app, &session, method, body).await {
        Ok(_) => Ok(Redirect::to("/").into_response()),
        // What was typed stays on the page next to what was wrong with it.
        Err(Trouble::Api(why)) => {
            let text = body
                .and_then(|body| body.get("text"))
                .and_then(Value::as_str);
            page(app, headers, Some((&why, text.unwrap_or_default()))).await
        }
        Err(trouble) => Err(trouble),
    }
}

async fn page(
    app: &App,
    headers: &HeaderMap,
    refused: Option<(&str, &str)>,
) -> Result<Response, Trouble> {
    let session = app.session(headers)?;
    let answer = access::call(app, &session, Method::GET, None).await?;
    let access_token = access::token(app, &session).await?;
    let verified = app.verifier.verify(&access_token).await;
    let token = verified.map_err(|error| {
        if error.is_unavailable() {
            Trouble::Provider(error.to_string())
        } else {
            Trouble::SignInAgain
        }
    })?;
    let claims = token.claims();
    Ok(pages::home(
        app.kind,
        refused.is_some(),
        &json!({
            "name": session.name,
            "sub": session.sub,
            "csrf": session.csrf,
            "organization": claims.org_slug,
            "roles": claims.roles,
            "may_clear": app.kind == crate::Kind::Analysis || token.has_role("admin"),
            "expires_at": claims.exp.saturating_mul(1000),
            "id_claims": session.id_claims,
            "access_claims": claims,
            "answer": answer,
            "error": refused.map(|(why, _)| why),
            "text": refused.map(|(_, text)| text),
        }),
    ))
}
