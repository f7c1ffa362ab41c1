//! What a listener serves: routes, and in front of them the documents that are there before anybody asks.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use http::{HeaderMap, Method};
use tower::Service;

use super::guard::Guard;

/// Answers a GET of one path from its headers alone, without waiting for anything.
pub struct Document {
    /// The only spelling of its path.
    pub path: &'static str,
    /// Its answer.
    pub answer: Box<dyn Fn(&HeaderMap) -> Response + Send + Sync>,
}

/// Documents and routes behind one edge. A document has a route too, for the methods besides GET.
#[derive(Clone)]
pub struct Site {
    documents: Option<Arc<Documents>>,
    router: Router,
}

struct Documents {
    guard: Guard,
    all: Vec<Document>,
}

impl Site {
    pub(super) fn new(guard: Guard, all: Vec<Document>, router: Router) -> Self {
        let documents = Some(Arc::new(Documents { guard, all }));
        Self { documents, router }
    }

    /// Answers at once or by a route.
    pub(crate) fn answer(&self, mut request: Request) -> Answering {
        let at_once =
            (self.documents.as_deref()).and_then(|documents| documents.answer(&mut request));
        match at_once {
            Some(response) => Answering::AtOnce(Some(response)),
            // A router is always ready.
            None => Answering::Routed(Service::call(&mut self.router.clone(), request)),
        }
    }
}

impl Documents {
    fn answer(&self, request: &mut Request) -> Option<Response> {
        if request.method() != Method::GET {
            return None;
        }
        let path = request.uri().path();
        let document = self.all.iter().find(|document| document.path == path)?;
        let answer = &document.answer;
        Some(self.guard.at_once(request, document.path, answer))
    }
}

impl Service<Request> for Site {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Answering {
        self.answer(request)
    }
}

/// Routes alone, with whatever edge they have.
impl From<Router> for Site {
    fn from(router: Router) -> Self {
        Self {
            documents: None,
            router,
        }
    }
}

/// An answer on its way.
pub enum Answering {
    /// It is there; nothing once it was taken.
    AtOnce(Option<Response>),
    /// A route makes it.
    Routed(RouteFuture<Infallible>),
}

impl Future for Answering {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::AtOnce(response) => response
                .take()
                .map_or(Poll::Pending, |it| Poll::Ready(Ok(it))),
            Self::Routed(route) => Pin::new(route).poll(context),
        }
    }
}
