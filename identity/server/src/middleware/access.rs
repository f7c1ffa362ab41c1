//! One log line and two metrics per request. Route templates, never paths or queries: those hold codes and ids.

use axum::extract::{MatchedPath, Request};
use http::{Method, StatusCode};
use tokio::time::Instant;
use tracing::Span;

use super::request_id::RequestId;

/// What is known of a request before it is answered.
pub(super) struct Access {
    method: &'static str,
    route: String,
    began: Instant,
}

impl Access {
    pub(super) fn begin(request: &Request) -> Self {
        let route = request
            .extensions()
            .get::<MatchedPath>()
            .map_or("unmatched", MatchedPath::as_str);
        Self {
            method: bounded(request.method()),
            route: route.to_owned(),
            began: Instant::now(),
        }
    }

    /// The span in which everything about this request is logged.
    pub(super) fn span(&self, id: RequestId) -> Span {
        tracing::info_span!("request", request_id = %id, method = self.method, route = %self.route)
    }

    pub(super) fn finish(self, status: StatusCode) {
        let took = self.began.elapsed();
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(target: "identity::access", status = status.as_u16(), duration_ms, "answered");
        metrics::histogram!("identity_http_request_duration_seconds", "route" => self.route.clone(), "method" => self.method)
            .record(took.as_secs_f64());
        metrics::counter!(
            "identity_http_requests_total",
            "route" => self.route, "method" => self.method, "status" => status.as_u16().to_string()
        )
        .increment(1);
    }
}

/// A label of few values: a client could otherwise invent a time series per request.
const fn bounded(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
