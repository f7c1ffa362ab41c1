//! One log line and two metrics per request. Route templates, never paths or queries: those hold codes and ids.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use http::{Method, StatusCode};
use metrics::{Counter, Histogram};
use tokio::time::Instant;

use super::request_id::RequestId;
use crate::telemetry::{InRequest, Route};

/// What is known of a request before it is answered.
pub(super) struct Access {
    request: InRequest,
    began: Instant,
}

impl Access {
    pub(super) fn begin(id: RequestId, method: &Method, route: Route) -> Self {
        Self {
            request: InRequest {
                id,
                method: bounded(method),
                route,
            },
            began: Instant::now(),
        }
    }

    /// What every line about this request says.
    pub(super) fn request(&self) -> InRequest {
        self.request.clone()
    }

    pub(super) fn finish(&self, status: StatusCode, tally: &Tally) {
        let took = self.began.elapsed();
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(target: "identity::access", status = status.as_u16(), duration_ms, "answered");
        let (route, method) = (self.request.route(), self.request.method);
        tally.count(route, method, status, took.as_secs_f64());
    }
}

/// The metrics of all routes, looked up by name once: there are as many as routes, methods and statuses, all of them few.
#[derive(Default)]
pub(super) struct Tally(RwLock<HashMap<String, Vec<Series>>>);

struct Series {
    method: &'static str,
    status: StatusCode,
    requests: Counter,
    duration: Histogram,
}

impl Series {
    fn new(route: &str, method: &'static str, status: StatusCode) -> Self {
        let duration = metrics::histogram!(
            "identity_http_request_duration_seconds",
            "route" => route.to_owned(), "method" => method
        );
        let requests = metrics::counter!(
            "identity_http_requests_total",
            "route" => route.to_owned(), "method" => method, "status" => status.as_str().to_owned()
        );
        Self {
            method,
            status,
            requests,
            duration,
        }
    }

    fn count(&self, seconds: f64) {
        self.duration.record(seconds);
        self.requests.increment(1);
    }
}

impl Tally {
    fn count(&self, route: &str, method: &'static str, status: StatusCode, seconds: f64) {
        let known = |series: &&Series| series.method == method && series.status == status;
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = all.get(route).and_then(|series| series.iter().find(known)) {
            return series.count(seconds);
        }
        drop(all);
        let series = Series::new(route, method, status);
        series.count(seconds);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(route.to_owned()).or_default().push(series);
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
