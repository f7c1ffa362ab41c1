//! `GET /oauth2/jwks`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::app::AppState;

/// See [`answer`].
pub async fn jwks(State(state): State<Arc<AppState>>, headers: HeaderMap) -> Response {
    answer(&state, &headers)
}

/// The keys as prepared bytes; no database, no lock. Ten minutes of caching keep an emergency revocation short.
pub fn answer(state: &AppState, headers: &HeaderMap) -> Response {
    super::prepared(
        &state.env.keys.jwks(),
        "application/jwk-set+json",
        "public, max-age=600",
        headers,
    )
}
