//! The second listener: probes and metrics. It is never on the public one, and says nothing that outsiders could use.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use identity_domain::ports::BoxFuture;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::shutdown::Shutdown;

/// How long a probe waits for the checks.
const PATIENCE: Duration = Duration::from_secs(3);

/// Seconds; from a cached key set to a password hash in a queue.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

const THEME_ERRORS: &str = "identity_theme_errors_total";

/// What has to work before traffic may come: the database answers, the schema is current, a signing key is there.
pub trait Readiness: Send + Sync {
    /// Each check by name, with the reason when it fails. Reasons name no secrets.
    fn check(&self) -> BoxFuture<'_, Vec<(&'static str, Result<(), String>)>>;
}

/// The recorder of the process and its text form.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Starts recording; later calls return the same recorder, since a process has one.
    pub fn install() -> Self {
        static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = RECORDER.get_or_init(|| {
            let builder = PrometheusBuilder::new();
            let builder = builder
                .set_buckets_for_metric(Matcher::Suffix("_duration_seconds".to_owned()), &BUCKETS)
                .unwrap_or_else(|_| PrometheusBuilder::new());
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another metrics recorder was there first");
            }
            describe();
            handle
        });
        Self(handle.clone())
    }

    /// Folds what was recorded into the histograms. Without it memory grows until somebody asks for `/metrics`.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        self.0.render()
    }
}

/// Counts a file of the theme that the built-in one stands in for (T-02). Only the theme's own files are named, so there are not many.
pub fn count_theme_error(file: &str) {
    metrics::counter!(THEME_ERRORS, "file" => file.to_owned()).increment(1);
}

fn describe() {
    metrics::describe_counter!("identity_http_requests_total", "Requests answered");
    metrics::describe_histogram!(
        "identity_http_request_duration_seconds",
        metrics::Unit::Seconds,
        "Time to answer a request"
    );
    metrics::describe_gauge!("identity_http_connections", "Connections open");
    metrics::describe_counter!(
        "identity_http_connections_refused_total",
        "Connections refused over the cap"
    );
    metrics::describe_counter!(
        THEME_ERRORS,
        "Times the built-in theme stood in for a file of the configured one"
    );
    metrics::describe_counter!("identity_job_runs_total", "Runs of background jobs");
    metrics::describe_gauge!(
        "identity_job_last_success_timestamp_seconds",
        "When a background job last succeeded"
    );
    metrics::gauge!("identity_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

#[derive(Clone)]
struct Probes {
    readiness: Arc<dyn Readiness>,
    metrics: Metrics,
    shutdown: Shutdown,
}

/// `/livez`, `/readyz` and `/metrics`.
pub fn router(readiness: Arc<dyn Readiness>, metrics: Metrics, shutdown: Shutdown) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(render))
        .with_state(Probes {
            readiness,
            metrics,
            shutdown,
        })
}

async fn readyz(State(probes): State<Probes>, RawQuery(query): RawQuery) -> Response {
    let verbose = query.is_some_and(|query| {
        query
            .split('&')
            .any(|part| part == "verbose" || part.starts_with("verbose="))
    });
    // During the drain no new traffic is wanted, whatever the database says.
    if probes.shutdown.is_requested() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    let Ok(checks) = tokio::time::timeout(PATIENCE, probes.readiness.check()).await else {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "the checks take too long\n",
        )
            .into_response();
    };
    let ready = checks.iter().all(|(_, result)| result.is_ok());
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let lines: Vec<_> = checks
        .iter()
        .filter_map(|(name, result)| match result {
            Ok(()) => verbose.then(|| format!("{name}: ok\n")),
            Err(reason) => Some(format!("{name}: {reason}\n")),
        })
        .collect();
    let text = if lines.is_empty() {
        "ok\n".to_owned()
    } else {
        lines.concat()
    };
    (status, text).into_response()
}

async fn render(State(probes): State<Probes>) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], probes.metrics.render()).into_response()
}

/// Nothing to check; for the moment before the parts exist, and for tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlwaysReady;

impl Readiness for AlwaysReady {
    fn check(&self) -> BoxFuture<'_, Vec<(&'static str, Result<(), String>)>> {
        Box::pin(std::future::ready(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "tests"
    )]
    use axum::body::Body;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;
    use crate::shutdown;

    struct Broken;
    impl Readiness for Broken {
        fn check(&self) -> BoxFuture<'_, Vec<(&'static str, Result<(), String>)>> {
            Box::pin(std::future::ready(vec![
                ("database", Err("does not answer".to_owned())),
                ("keys", Ok(())),
            ]))
        }
    }

    async fn ask(router: &Router, path: &str) -> (u16, String) {
        let request = http::Request::get(path).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        (
            status,
            String::from_utf8(
                response
                    .into_body()
                    .collect()
                    .await
                    .unwrap()
                    .to_bytes()
                    .to_vec(),
            )
            .unwrap(),
        )
    }

    #[tokio::test]
    async fn ops_10_readiness_follows_the_checks_and_the_drain() {
        let (trigger, shutdown) = shutdown::channel();
        let broken = router(Arc::new(Broken), Metrics::install(), shutdown.clone());
        assert_eq!(
            ask(&broken, "/readyz").await,
            (503, "database: does not answer\n".to_owned())
        );
        assert_eq!(
            ask(&broken, "/readyz?verbose").await.1,
            "database: does not answer\nkeys: ok\n"
        );
        let ready = router(Arc::new(AlwaysReady), Metrics::install(), shutdown);
        assert_eq!(ask(&ready, "/readyz").await.0, 200);
        trigger.stop();
        assert_eq!(ask(&ready, "/readyz").await.0, 503);
        assert_eq!(ask(&ready, "/livez").await, (200, "ok\n".to_owned()));
    }

    #[tokio::test]
    async fn metrics_are_text() {
        let (_trigger, shutdown) = shutdown::channel();
        let router = router(Arc::new(AlwaysReady), Metrics::install(), shutdown);
        let (status, text) = ask(&router, "/metrics").await;
        assert_eq!(status, 200);
        assert!(text.contains("identity_build_info{version="), "{text}");
    }
}
