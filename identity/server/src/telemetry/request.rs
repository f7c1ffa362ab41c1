//! The request that a line of the log belongs to: known to whatever runs for it, without anybody handing it on.

use std::future::Future;

use axum::extract::MatchedPath;

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
    /// The route's template; nothing where no route matched.
    pub route: Option<MatchedPath>,
}

impl InRequest {
    /// The template, or a word for none. Never the path: those hold codes and ids.
    pub fn route(&self) -> &str {
        self.route.as_ref().map_or("unmatched", MatchedPath::as_str)
    }

    /// Runs a future in this request.
    pub fn run<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, future)
    }

    /// Shows the present request to `look`, if there is one.
    pub fn with(look: impl FnOnce(&Self)) {
        // Outside of a request there is none.
        let _ = CURRENT.try_with(look);
    }
}
