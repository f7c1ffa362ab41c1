//! `GET /oauth2/status/{list}`: signed token status lists.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use identity_oauth::access_token::status_list::MEDIA_TYPE;

use crate::app::AppState;

/// The list as a signed token. Verifiers revalidate with its entity tag, so it may not be used from a cache unasked.
pub async fn status(
    State(state): State<Arc<AppState>>,
    Path(list): Path<String>,
    headers: HeaderMap,
) -> Response {
    match list.parse::<i64>() {
        // One spelling per list: `007` is not `7`.
        Ok(number) if number.to_string() == list && state.env.status.exists(number) => {
            match state.env.status.list(&state.env, number) {
                Ok(document) => super::prepared(&document, MEDIA_TYPE, "no-cache", &headers),
                Err(fault) => super::fault(&fault),
            }
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
