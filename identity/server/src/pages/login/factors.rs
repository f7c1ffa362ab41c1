//! The pages of a login that ask for a second factor, set one up, or show backup codes.

use axum::http::StatusCode;
use axum::response::Response;
use identity_flows::login::view::View;

use super::shown::Said;
use crate::app::AppState;
use crate::pages::errors;
use crate::pages::visit::Visit;

/// The page of the step.
pub(super) async fn shown(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    let _ = (view, said);
    errors::status(state, visit, StatusCode::NOT_FOUND)
}
