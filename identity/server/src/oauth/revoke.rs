//! `POST /oauth2/revoke`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use identity_flows::revoke;
use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::revocation::RevocationRequest;

use super::Call;
use crate::app::AppState;

/// Parse, call, render: 200 for unknown tokens too (RFC 7009 §2.2).
pub async fn revoke(State(state): State<Arc<AppState>>, call: Call) -> Response {
    let parsed = PresentedClient::parse(call.authorization.as_deref(), &call.parameters).and_then(
        |presented| RevocationRequest::parse(&call.parameters).map(|request| (presented, request)),
    );
    match parsed {
        Ok((presented, request)) => {
            match revoke::revoke(&state.env, presented, &request, &call.context).await {
                Ok(()) => StatusCode::OK.into_response(),
                Err(failure) => super::failure(&failure),
            }
        }
        Err(error) => super::error(&error),
    }
}
