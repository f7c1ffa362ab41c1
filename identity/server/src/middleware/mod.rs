//! What happens to every request, in this order: an id, the clock of the access log, then the checks that read as a
//! table in [`Edge::admit`], then the handler within its time, then the headers nobody may forget.
//!
//! Applied with [`Edge::wrap`]; groups of pages additionally with [`Edge::pages`], groups of endpoints with [`cors`].

mod access;
mod answer;
mod client_address;
pub mod cors;
mod guard;
mod host;
mod panics;
mod request_id;
mod same_origin;
mod security_headers;
mod site;
mod target;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::header::{self, HeaderValue};
use http_body_util::Limited;
use hyper::body::Body as _;
use identity_domain::ports::{Clock, Entropy};
use ipnet::IpNet;

use crate::config::PublicUrl;
use crate::listen::{PeerAddress, Transport};
pub use answer::{EdgeAnswer, EdgeAnswers, PlainAnswers, RequestFacts};
pub use client_address::ClientAddress;
pub(crate) use panics::caught;
pub use request_id::{RequestId, X_REQUEST_ID};
pub use security_headers::FormAction;
pub use site::{Answering, Document, Site};
pub use target::BodyBounds;

/// What the edge needs to know.
pub struct Edge {
    /// The only host that is served.
    pub public_url: PublicUrl,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Sizes of bodies.
    pub body: BodyBounds,
    /// The whole time of a request, reading its body included.
    pub request_timeout: Duration,
    /// Words what the edge answers itself.
    pub answers: Arc<dyn EdgeAnswers>,
    /// For request ids.
    pub clock: Arc<dyn Clock>,
    /// For request ids.
    pub entropy: Arc<dyn Entropy>,
}

impl Edge {
    /// Puts the edge around every route. The last layer of all: what is added later is not guarded.
    pub fn wrap(self: &Arc<Self>, router: Router) -> Router {
        router.layer(guard::Guard::new(Arc::clone(self)))
    }

    /// The same, with documents in front of the routes.
    pub fn site(self: &Arc<Self>, router: Router, documents: Vec<Document>) -> Site {
        let guard = guard::Guard::new(Arc::clone(self));
        Site::new(guard.clone(), documents, router.layer(guard))
    }

    /// Puts the origin check around a group of pages. Not for the token endpoint and its kin, which foreign servers call.
    pub fn pages<S: Clone + Send + Sync + 'static>(
        self: &Arc<Self>,
        router: Router<S>,
    ) -> Router<S> {
        router.layer(from_fn_with_state(Arc::clone(self), own_forms_only))
    }

    /// The checks before a handler runs.
    fn admit(&self, request: &mut Request) -> Result<(), EdgeAnswer> {
        let transport = request
            .extensions()
            .get::<Transport>()
            .copied()
            .unwrap_or(Transport::Plain);
        target::check_method(request.method())?;
        host::check(
            &self.public_url,
            request.uri(),
            request.headers(),
            request.version(),
            transport,
        )?;
        target::check_path(request.uri().path())?;
        target::check_length(request.method(), request.headers(), self.body)?;
        if let Some(peer) = request.extensions().get::<PeerAddress>().copied() {
            let client = client_address::resolve(peer, request.headers(), &self.trusted_proxies)?;
            request.extensions_mut().insert(client);
        }
        Ok(())
    }

    /// No body is longer than any route takes. One that said its length was judged by it; the rest is counted.
    fn bounded(&self, request: Request) -> Request {
        if request.body().is_end_stream() || request.headers().contains_key(header::CONTENT_LENGTH)
        {
            return request;
        }
        request.map(|body| Body::new(Limited::new(body, self.body.ceiling)))
    }

    fn render(&self, answer: &EdgeAnswer, facts: &RequestFacts) -> Response {
        tracing::debug!(?answer, "answered by the edge");
        let mut response = self.answers.render(answer, facts, self.public_url.as_str());
        *response.status_mut() = answer.status();
        let headers = response.headers_mut();
        match answer {
            EdgeAnswer::TookTooLong => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            EdgeAnswer::MethodNotAllowed => {
                headers.insert(
                    header::ALLOW,
                    HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
                );
            }
            _ => {}
        }
        response
    }
}

async fn own_forms_only(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    if same_origin::allows(request.method(), request.headers(), &edge.public_url) {
        return next.run(request).await;
    }
    let id = request.extensions().get::<RequestId>().copied();
    let id = id.unwrap_or_else(|| RequestId::new(edge.clock.now(), &*edge.entropy));
    edge.render(&EdgeAnswer::ForeignOrigin, &RequestFacts::of(id, &request))
}
