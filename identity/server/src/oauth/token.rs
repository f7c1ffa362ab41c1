//! `POST /oauth2/token`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_flows::grants;
use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::token_request::TokenRequest;

use super::Call;
use crate::app::AppState;

/// Parse, call, render.
pub async fn token(State(state): State<Arc<AppState>>, call: Call) -> Response {
    let presented = match PresentedClient::parse(call.authorization.as_deref(), &call.parameters) {
        Ok(presented) => presented,
        Err(error) => return super::error(&error),
    };
    let request = match TokenRequest::parse(&call.parameters) {
        Ok(request) => request,
        Err(error) => return super::error(&error),
    };
    let grant = request.grant_type().as_str();
    match grants::token(&state.env, presented, request, &call.context).await {
        Ok(tokens) => {
            metrics::counter!("identity_tokens_issued_total", "grant" => grant).increment(1);
            super::json(StatusCode::OK, &tokens)
        }
        Err(failure) => {
            metrics::counter!("identity_token_requests_failed_total", "grant" => grant)
                .increment(1);
            super::failure(&failure)
        }
    }
}
