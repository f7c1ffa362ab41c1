//! The request that a line of the log belongs to: known to whatever runs for it, without anybody handing it on.

use std::future::Future;

use axum::extract::{MatchedPath, Request};

use crate::middleware::RequestId;

tokio::task_local! {
    static CURRENT: InRequest;
}

/// What every line about a request says of it.
#[derive(Clone)]
pub(crate) struct InRequest {
    /// Its id.
    pub id: RequestId,
    /// Its method, of a bounded set.
    pub method: &'static str,
    /// Where it leads.
    pub route: Route,
}

/// A route's template. Never the path: those hold codes and ids.
#[derive(Clone, Debug)]
pub(crate) enum Route {
    /// The router found it.
    Matched(MatchedPath),
    /// A document that needs no router.
    Fixed(&'static str),
    /// There is none.
    Unmatched,
}

impl Route {
    /// What the router found.
    pub fn of(request: &Request) -> Self {
        let matched = request.extensions().get::<MatchedPath>();
        matched.map_or(Self::Unmatched, |path| Self::Matched(path.clone()))
    }
}

impl InRequest {
    /// The template, or a word for none.
    pub fn route(&self) -> &str {
        match &self.route {
            Route::Matched(path) => path.as_str(),
            Route::Fixed(path) => path,
            Route::Unmatched => "unmatched",
        }
    }

    /// Runs a future in this request.
    pub fn run<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, future)
    }

    /// Runs in this request what needs no waiting.
    pub fn run_at_once<T>(self, act: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self, act)
    }

    /// Shows the present request to `look`, if there is one.
    pub fn with(look: impl FnOnce(&Self)) {
        // Outside of a request there is none.
        let _ = CURRENT.try_with(look);
    }
}
