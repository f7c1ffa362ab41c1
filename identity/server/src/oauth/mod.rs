//! OAuth and OpenID Connect over HTTP: parse, call the flow, render. Rules live below.

pub mod authorize;
pub mod discovery;
pub mod introspect;
pub mod jwks;
pub mod logout;
mod request;
pub mod revoke;
pub mod status;
pub mod token;
pub mod userinfo;

pub(crate) use request::Call;

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use identity_domain::failure::{Failure, Fault};
use identity_flows::keyring::Prepared;
use identity_oauth::error::{ErrorCode, OAuthError};
use serde::Serialize;

use crate::app::AppState;
use crate::middleware::cors::AllowedOrigin;

/// The realm of our challenges.
pub(crate) const REALM: &str = "identity";

/// Origins of pages that may call from a browser: those of registered redirect URIs of active clients.
pub fn allowed_origins(state: &Arc<AppState>) -> AllowedOrigin {
    let env = Arc::clone(&state.env);
    Arc::new(move |origin| {
        let allowed = env.directory.is_client_origin(&origin);
        Box::pin(async move { allowed })
    })
}

/// An answer in JSON that nobody may store (RFC 6749 §5.1).
pub(crate) fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    // Most answers fit, and need not be moved while they grow.
    let mut body = Vec::with_capacity(1024);
    match serde_json::to_writer(&mut body, value) {
        Ok(()) => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (PRAGMA, HeaderValue::from_static("no-cache")),
            ];
            (status, headers, body).into_response()
        }
        Err(error) => fault(&Fault::new(error)),
    }
}

/// An error as JSON. A client that authenticated by header is challenged the same way (RFC 6749 §5.2).
pub(crate) fn error(error: &OAuthError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = json(status, error);
    if let Some(seconds) = error.retry_after() {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    } else if error.code == ErrorCode::InvalidClient {
        response.headers_mut().insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"identity\", charset=\"UTF-8\""),
        );
    }
    response
}

/// An error of a protected resource, with its challenge (RFC 6750 §3).
pub(crate) fn challenge(error: Option<&OAuthError>) -> Response {
    let status = error.map_or(StatusCode::UNAUTHORIZED, |error| {
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNAUTHORIZED)
    });
    let mut response = match error {
        Some(error) => json(status, error),
        None => status.into_response(),
    };
    if let Ok(value) = HeaderValue::from_str(&identity_oauth::bearer::challenge(REALM, error)) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Refusals and faults of an endpoint.
pub(crate) fn failure(failure: &Failure<OAuthError>) -> Response {
    match failure {
        Failure::Refused(refusal) => error(refusal),
        Failure::Fault(broken) => fault(broken),
    }
}

/// Our fault: logged once here, told as `server_error` or, when trying again helps, `temporarily_unavailable`.
pub(crate) fn fault(fault: &Fault) -> Response {
    tracing::error!(%fault, busy = fault.busy, "a request could not be answered");
    let (status, code) = if fault.busy {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::TemporarilyUnavailable,
        )
    } else {
        (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::ServerError)
    };
    let mut response = json(
        status,
        &OAuthError::new(
            code,
            "something went wrong on our side; nothing was changed",
        ),
    );
    if fault.busy {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// A prepared document with validator: 304 where the caller has it already.
pub(crate) fn prepared(
    document: &Prepared,
    content_type: &'static str,
    cache: &'static str,
    headers: &HeaderMap,
) -> Response {
    let current = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| {
            value.split(',').any(|tag| {
                tag.trim().trim_start_matches("W/") == document.etag || tag.trim() == "*"
            })
        });
    let mut response = if current {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(document.body.clone()).into_response()
    };
    let answer = response.headers_mut();
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(etag) = HeaderValue::from_str(&document.etag) {
        answer.insert(ETAG, etag);
    }
    response
}
