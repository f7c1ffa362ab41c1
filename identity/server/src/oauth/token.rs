//! `POST /oauth2/token`.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_flows::grants;
use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::token_request::TokenRequest;
use metrics::Counter;

use super::Call;
use crate::app::AppState;

static ISSUED: PerGrant = PerGrant::new("identity_tokens_issued_total");
static FAILED: PerGrant = PerGrant::new("identity_token_requests_failed_total");

/// A metric by grant, looked up by name once.
struct PerGrant {
    name: &'static str,
    counters: RwLock<Vec<(&'static str, Counter)>>,
}

impl PerGrant {
    const fn new(name: &'static str) -> Self {
        let counters = RwLock::new(Vec::new());
        Self { name, counters }
    }

    fn count(&self, grant: &'static str) {
        let known = self.counters.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, counter)) = known.iter().find(|(known, _)| *known == grant) {
            return counter.increment(1);
        }
        drop(known);
        let counter = metrics::counter!(self.name, "grant" => grant);
        counter.increment(1);
        let mut known = self
            .counters
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        known.push((grant, counter));
    }
}

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
            ISSUED.count(grant);
            super::json(StatusCode::OK, &tokens)
        }
        Err(failure) => {
            FAILED.count(grant);
            super::failure(&failure)
        }
    }
}
