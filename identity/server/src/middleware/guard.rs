//! The edge as one layer: what every request meets, in one pass around the route.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::{DefaultBodyLimit, Request};
use axum::response::Response;
use http::HeaderMap;
use tower::{Layer, Service};

use super::Edge;
use super::access::{Access, Tally};
use super::answer::{EdgeAnswer, RequestFacts};
use super::panics::{Panicked, caught, caught_at_once};
use super::request_id::{RequestId, X_REQUEST_ID};
use super::security_headers::Defaults;
use crate::telemetry::Route;

/// Puts the edge around a route.
#[derive(Clone)]
pub(super) struct Guard(Arc<Guarding>);

struct Guarding {
    edge: Arc<Edge>,
    headers: Defaults,
    tally: Tally,
}

impl Guard {
    pub(super) fn new(edge: Arc<Edge>) -> Self {
        let headers = Defaults::new(edge.public_url.is_https());
        let tally = Tally::default();
        Self(Arc::new(Guarding {
            edge,
            headers,
            tally,
        }))
    }

    /// The whole way of a request for a document that is there already: the same checks, headers and records, without a route.
    pub(super) fn at_once(
        &self,
        request: &mut Request,
        path: &'static str,
        document: impl FnOnce(&HeaderMap) -> Response,
    ) -> Response {
        let guarding = &*self.0;
        let id = guarding.edge.request_id();
        let access = Access::begin(id, request.method(), Route::Fixed(path));
        access.request().run_at_once(|| {
            let admitted = guarding.edge.admit(request);
            let answered = admitted.and_then(|()| {
                caught_at_once(|| document(request.headers())).map_err(|Panicked| EdgeAnswer::Fault)
            });
            guarding.finish(answered, &access, || RequestFacts::of(id, request))
        })
    }
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        let guard = self.clone();
        Guarded { guard, inner }
    }
}

/// A route behind the edge.
#[derive(Clone)]
pub(super) struct Guarded<S> {
    guard: Guard,
    inner: S,
}

impl<S> Service<Request> for Guarded<S>
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

    fn call(&mut self, mut request: Request) -> Self::Future {
        let edge = &self.guard.0.edge;
        let id = edge.request_id();
        let access = Access::begin(id, request.method(), Route::of(&request));
        let facts = RequestFacts::of(id, &request);
        request.extensions_mut().insert(id);
        DefaultBodyLimit::max(edge.body.default).apply(&mut request);
        // A route does nothing before it is polled, so nothing of a handler runs here.
        let admitted = edge
            .admit(&mut request)
            .map(|()| self.inner.call(edge.bounded(request)));
        let guarding = Arc::clone(&self.guard.0);
        Box::pin(access.request().run(async move {
            let answered = match admitted {
                Ok(answering) => guarding.edge.run(answering).await,
                Err(answer) => Err(answer),
            };
            Ok(guarding.finish(answered, &access, || facts))
        }))
    }
}

impl Guarding {
    /// The answer as it leaves.
    fn finish(
        &self,
        answered: Result<Response, EdgeAnswer>,
        access: &Access,
        facts: impl FnOnce() -> RequestFacts,
    ) -> Response {
        let mut response = answered.unwrap_or_else(|answer| self.edge.render(&answer, &facts()));
        self.headers.complete(&mut response);
        if let Some(value) = access.request().id.header() {
            response.headers_mut().insert(X_REQUEST_ID, value);
        }
        access.finish(response.status(), &self.tally);
        response
    }
}

impl Edge {
    fn request_id(&self) -> RequestId {
        RequestId::new(self.clock.now(), &*self.entropy)
    }

    /// Lets the route answer within its time.
    async fn run<F>(&self, answering: F) -> Result<Response, EdgeAnswer>
    where
        F: Future<Output = Result<Response, Infallible>>,
    {
        let mut answering = pin!(caught(answering));
        // Most answers are there at once; only the others need a timer.
        let now = std::future::poll_fn(|context| Poll::Ready(answering.as_mut().poll(context)));
        let answered = match now.await {
            Poll::Ready(answered) => Ok(answered),
            Poll::Pending => tokio::time::timeout(self.request_timeout, answering).await,
        };
        match answered {
            Ok(Ok(Ok(response))) => Ok(response),
            Ok(Err(Panicked)) => Err(EdgeAnswer::Fault),
            Err(_) => Err(EdgeAnswer::TookTooLong),
        }
    }
}
