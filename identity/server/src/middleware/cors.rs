//! Which foreign pages may read our answers (Fetch Standard §3.2). Never with cookies: those endpoints take none.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tower::{Layer, Service};

/// Decides whether a page of this origin may call the token, userinfo and revocation endpoints: whether it is the
/// origin of a redirect URI of a client that lives in the browser.
pub type AllowedOrigin =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// How long a browser may remember the answer to a preflight, in seconds.
const REMEMBER: HeaderValue = HeaderValue::from_static("3600");

/// For documents that everybody may read: discovery and keys. `route_layer` the routes with it.
pub fn for_everybody() -> Cors {
    Cors(Readers::Everybody)
}

/// For endpoints that clients in the browser call.
pub fn for_origins(allowed: AllowedOrigin) -> Cors {
    Cors(Readers::Origins(allowed))
}

/// Tells browsers which pages may read the answers of a group of routes.
#[derive(Clone)]
pub struct Cors(Readers);

#[derive(Clone)]
enum Readers {
    Everybody,
    Origins(AllowedOrigin),
}

impl Readers {
    /// Adds what the present page is allowed, if anything.
    async fn allow(self, origin: Option<HeaderValue>, answer: &mut HeaderMap) {
        let Self::Origins(allowed) = self else {
            allow_everybody(answer);
            return;
        };
        // The answer to one page must not be handed to another from a cache.
        answer.append(header::VARY, HeaderValue::from_static("origin"));
        let Some(origin) = origin else { return };
        // `null` is what sandboxed frames and local files share: it names nobody.
        let is_allowed = match origin.to_str() {
            Ok(text) if text != "null" => allowed(text.to_owned()).await,
            _ => false,
        };
        if is_allowed {
            let readable = "www-authenticate,retry-after,dpop-nonce,x-request-id";
            answer.insert(
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static(readable),
            );
            answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
    }

    /// What a page may send once its origin is allowed.
    fn sendable(&self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Everybody => ("GET", None),
            Self::Origins(_) => ("GET,POST", Some("authorization,content-type,dpop")),
        }
    }
}

/// An answer that every page may read.
pub fn readable(mut answer: Response) -> Response {
    allow_everybody(answer.headers_mut());
    answer
}

fn allow_everybody(answer: &mut HeaderMap) {
    let any = HeaderValue::from_static("*");
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
}

/// A question before the request itself. Every OPTIONS is taken for one: these routes have no other use for it.
async fn preflight(readers: Readers, origin: Option<HeaderValue>) -> Response {
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    let (methods, sent) = readers.sendable();
    let methods = HeaderValue::from_static(methods);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    if let Some(sent) = sent {
        let sent = HeaderValue::from_static(sent);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, sent);
    }
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, REMEMBER);
    readers.allow(origin, headers).await;
    response
}

impl<S> Layer<S> for Cors {
    type Service = Shared<S>;

    fn layer(&self, inner: S) -> Shared<S> {
        let readers = self.0.clone();
        Shared { readers, inner }
    }
}

/// A route whose answers foreign pages may read.
#[derive(Clone)]
pub struct Shared<S> {
    readers: Readers,
    inner: S,
}

impl<S> Service<Request> for Shared<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let readers = self.readers.clone();
        let origin = request.headers().get(header::ORIGIN).cloned();
        if request.method() == Method::OPTIONS {
            return Box::pin(async move { Ok(preflight(readers, origin).await) });
        }
        let answering = self.inner.call(request);
        Box::pin(async move {
            let mut response = answering.await?;
            readers.allow(origin, response.headers_mut()).await;
            Ok(response)
        })
    }
}
