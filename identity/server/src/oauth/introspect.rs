//! `POST /oauth2/introspect`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_flows::introspect;
use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::introspection::IntrospectionRequest;

use super::Call;
use crate::app::AppState;

/// Parse, call, render.
pub async fn introspect(State(state): State<Arc<AppState>>, call: Call) -> Response {
    let parsed = PresentedClient::parse(call.authorization.as_deref(), &call.parameters).and_then(
        |presented| {
            IntrospectionRequest::parse(&call.parameters).map(|request| (presented, request))
        },
    );
    match parsed {
        Ok((presented, request)) => {
            match introspect::introspect(&state.env, presented, &request, &call.context).await {
                Ok(answer) => super::json(StatusCode::OK, &answer),
                Err(failure) => super::failure(&failure),
            }
        }
        Err(error) => super::error(&error),
    }
}
