//! Files of the theme, under names that change with their content.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    HeaderValue, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::app::AppState;

/// The name changes with the content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// An SVG that is opened by itself is a document: it draws, and does nothing else.
const DRAWING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
);

/// A file, compressed where the browser takes it.
pub async fn file(
    State(state): State<Arc<AppState>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(file) = state.engine.static_file(&path) else {
        return picture(&state, &path);
    };
    let takes_gzip = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("gzip"));
    let gzip = file.gzip().filter(|_| takes_gzip);
    let mut response = gzip
        .map_or_else(|| file.bytes.to_vec(), <[u8]>::to_vec)
        .into_response();
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(file.mime));
    answer.insert(CACHE_CONTROL, FOR_EVER);
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if gzip.is_some() {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// A picture of somebody's looks. One that was replaced is gone, and so is its name.
fn picture(state: &AppState, name: &str) -> Response {
    let Some(picture) = state.picture(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = picture.bytes().to_vec().into_response();
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(picture.mime()));
    answer.insert(CACHE_CONTROL, FOR_EVER);
    answer.insert(CONTENT_SECURITY_POLICY, DRAWING);
    response
}

/// Browsers ask for it whatever the page says.
pub async fn favicon() -> StatusCode {
    StatusCode::NOT_FOUND
}
