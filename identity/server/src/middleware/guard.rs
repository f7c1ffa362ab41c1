//! The edge as one layer: what every request meets, in one pass around the route.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::{DefaultBodyLimit, Request};
use axum::response::Response;
use tower::{Layer, Service};

use super::access::{Access, Tally};
use super::answer::{EdgeAnswer, RequestFacts};
use super::panics::{Panicked, caught};
use super::request_id::{RequestId, X_REQUEST_ID};
use super::{Edge, security_headers};

/// Puts the edge around a route.
#[derive(Clone)]
pub(super) struct Guard(Arc<Guarding>);

struct Guarding {
    edge: Arc<Edge>,
    tally: Tally,
}

impl Guard {
    pub(super) fn new(edge: Arc<Edge>) -> Self {
        let tally = Tally::default();
        Self(Arc::new(Guarding { edge, tally }))
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
        let id = RequestId::new(edge.clock.now(), &*edge.entropy);
        let access = Access::begin(id, &request);
        let facts = RequestFacts::of(id, &request);
        request.extensions_mut().insert(id);
        DefaultBodyLimit::max(edge.body.default).apply(&mut request);
        // A route does nothing before it is polled, so nothing of a handler runs here.
        let admitted = edge
            .admit(&mut request)
            .map(|()| self.inner.call(edge.bounded(request)));
        let guarding = Arc::clone(&self.guard.0);
        Box::pin(access.request().run(async move {
            let Guarding { edge, tally } = &*guarding;
            let answered = match admitted {
                Ok(answering) => edge.run(answering).await,
                Err(answer) => Err(answer),
            };
            let mut response = answered.unwrap_or_else(|answer| edge.render(&answer, &facts));
            security_headers::complete(&mut response, edge.public_url.is_https());
            if let Some(value) = id.header() {
                response.headers_mut().insert(X_REQUEST_ID, value);
            }
            access.finish(response.status(), tally);
            Ok(response)
        }))
    }
}

impl Edge {
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
