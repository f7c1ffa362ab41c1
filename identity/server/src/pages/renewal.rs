//! New tokens for sessions whose owners may do other things than before: set with whatever answer their next request gets (SES-02).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use identity_flows::session::renewal;

use super::set_cookies;
use crate::app::AppState;

/// Puts it around pages that a browser opens.
pub fn around(state: &Arc<AppState>, pages: Router<Arc<AppState>>) -> Router<Arc<AppState>> {
    pages.layer(from_fn_with_state(Arc::clone(state), renew))
}

async fn renew(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    let browser = state.cookies.read(request.headers());
    // The page finds it there, with the list in which it notes what it saw.
    request.extensions_mut().insert(browser.clone());
    let mut response = next.run(request).await;
    let set = response.headers().get_all(SET_COOKIE);
    // Who signed in or out has new tokens already, or none.
    if set.iter().any(|set| state.cookies.is_of_sessions(set)) {
        return response;
    }
    match renewal::renewed(&state.env, &browser, state.env.now()).await {
        Ok(Some(cookies)) => set_cookies(&state, &mut response, &cookies),
        Ok(None) => {}
        // The old one is good until the next request.
        Err(fault) => tracing::warn!(%fault, "a session could not get its new token"),
    }
    response
}
