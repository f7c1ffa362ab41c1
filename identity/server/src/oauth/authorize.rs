//! `GET` and `POST /oauth2/authorize`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use identity_flows::authorize::{self, Decision, Unanswerable};
use identity_oauth::error::OAuthError;
use identity_oauth::parameters::Parameters;

use super::request::is_form;
use crate::app::AppState;
use crate::pages::visit::Visit;
use crate::pages::{self, errors};

/// The usual way: a redirect of the application.
pub async fn get(State(state): State<Arc<AppState>>, visit: Visit, uri: Uri) -> Response {
    answer(
        &state,
        &visit,
        Parameters::parse(uri.query().unwrap_or_default().as_bytes()),
    )
    .await
}

/// A form of the application (OpenID Connect Core §3.1.2.1).
pub async fn post(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(is_form);
    let parameters = if form {
        Parameters::parse(&body)
    } else {
        Err(OAuthError::invalid_request(
            "the body must be application/x-www-form-urlencoded",
        ))
    };
    answer(&state, &visit, parameters).await
}

async fn answer(
    state: &Arc<AppState>,
    visit: &Visit,
    parameters: Result<Parameters, OAuthError>,
) -> Response {
    let parameters = match parameters {
        Ok(parameters) => parameters,
        Err(error) => return errors::misconfigured(state, visit, &Unanswerable::Malformed(error)),
    };
    // A person sent here by an application in their language sees its pages in it.
    let visit = &visit.in_locale(state, parameters.get("ui_locales"));
    let asked = match authorize::receive(&state.env, &parameters) {
        Ok(asked) => asked,
        Err(Unanswerable::Refused(answer)) => {
            return pages::answer(
                state,
                visit,
                answer,
                &identity_flows::browser::Cookies::default(),
            );
        }
        Err(unanswerable) => return errors::misconfigured(state, visit, &unanswerable),
    };
    if let Some(refused) = pages::may_not_begin(state, visit) {
        return refused;
    }
    match authorize::decide(&state.env, asked, &visit.browser, &visit.context).await {
        Ok(Decision::Answer(answer)) => pages::answer(
            state,
            visit,
            answer,
            &identity_flows::browser::Cookies::default(),
        ),
        Ok(Decision::Interact(id, step, cookies)) => {
            pages::begun(state, visit);
            pages::redirect(state, visit, &pages::login::path(id, &step), &cookies)
        }
        Err(fault) => errors::fault(state, visit, &fault),
    }
}
