//! `GET` and `POST /oauth2/userinfo`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_flows::userinfo;
use identity_oauth::bearer;
use identity_oauth::error::OAuthError;
use identity_oauth::parameters::Parameters;
use identity_oauth::sensitive::Sensitive;

use super::request::is_form;
use crate::app::AppState;

/// The token comes in the header; one in the query is ignored (RFC 6750 §2.3, OAuth 2.1 §5).
pub async fn get(State(state): State<Arc<AppState>>, headers: HeaderMap) -> Response {
    answer(&state, header_token(&headers)).await
}

/// In the header, or in a form body (RFC 6750 §2.2); never in both.
pub async fn post(State(state): State<Arc<AppState>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(is_form);
    let in_body = match form.then(|| Parameters::parse(&body)).transpose() {
        Ok(parameters) => {
            parameters.and_then(|parameters| parameters.get("access_token").map(Sensitive::new))
        }
        Err(error) => return super::challenge(Some(&error)),
    };
    match (header_token(&headers), in_body) {
        (Some(_), Some(_)) => super::challenge(Some(&OAuthError::invalid_request(
            "the token is sent twice",
        ))),
        (token, other) => answer(&state, token.or(other)).await,
    }
}

fn header_token(headers: &HeaderMap) -> Option<Sensitive> {
    headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(bearer::token)
}

async fn answer(state: &AppState, token: Option<Sensitive>) -> Response {
    let Some(token) = token else {
        // RFC 6750 §3.1: no error code where no token was sent.
        return super::challenge(None);
    };
    match userinfo::userinfo(&state.env, token.expose()).await {
        Ok(claims) => super::json(StatusCode::OK, &claims),
        Err(Failure::Refused(error)) => super::challenge(Some(&error)),
        Err(Failure::Fault(fault)) => super::fault(&fault),
    }
}
