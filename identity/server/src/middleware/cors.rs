//! Which foreign pages may read our answers. Never with cookies: those endpoints take none.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

/// Decides whether a page of this origin may call the token, userinfo and revocation endpoints: whether it is the
/// origin of a redirect URI of a client that lives in the browser.
pub type AllowedOrigin =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// How long a browser may remember the answer to a preflight.
const REMEMBER: Duration = Duration::from_hours(1);

/// For documents that everybody may read: discovery and keys. `route_layer` the routes with it.
pub fn for_everybody() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET])
        .max_age(REMEMBER)
}

/// For endpoints that clients in the browser call.
pub fn for_origins(allowed: AllowedOrigin) -> CorsLayer {
    let origin = AllowOrigin::async_predicate(move |origin: HeaderValue, _parts| {
        let allowed = Arc::clone(&allowed);
        async move {
            match origin.to_str() {
                Ok(text) if text != "null" => allowed(text.to_owned()).await,
                _ => false,
            }
        }
    });
    CorsLayer::new()
        .allow_origin(origin)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("dpop"),
        ])
        .expose_headers([
            header::WWW_AUTHENTICATE,
            header::RETRY_AFTER,
            HeaderName::from_static("dpop-nonce"),
            super::request_id::X_REQUEST_ID,
        ])
        .max_age(REMEMBER)
}
