//! LOG-01 and OPS-11: a panic whose text is made of a request's secrets. This test starts itself once more and reads what that process says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::post;
use http::header;
use http_body_util::BodyExt as _;
use identity_server::adapters::clock::SystemClock;
use identity_server::adapters::entropy::SystemEntropy;
use identity_server::config::{Log, LogFormat};
use identity_server::listen::{PeerAddress, Transport};
use identity_server::middleware::{BodyBounds, Edge, PlainAnswers};
use tower::ServiceExt as _;

const MARKER: &str = "marker-in-a-panic-7Lw3";
const CHILD: &str = "PANIC_LOG_CHILD";

async fn panics(request: Request) -> &'static str {
    let heads = format!("{} {:?}", request.uri(), request.headers());
    let body = request.into_body().collect().await.unwrap().to_bytes();
    panic!("{heads} {body:?}")
}

#[test]
fn log_01_a_panic_does_not_tell_what_it_was_about() {
    let me = std::env::current_exe().unwrap();
    let said = Command::new(me)
        .args([
            "--exact",
            "the_process_that_panics",
            "--nocapture",
            "--ignored",
        ])
        .env(CHILD, "1")
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    for stream in [said.stdout.as_slice(), &said.stderr] {
        let text = String::from_utf8_lossy(stream);
        assert!(!text.contains(MARKER), "{text}");
    }
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(
        text.contains("panicked") && text.contains("panic_log.rs"),
        "{text}"
    );
}

#[tokio::test]
#[ignore = "started by the test above"]
async fn the_process_that_panics() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let log = Log {
        level: "trace".to_owned(),
        format: LogFormat::Json,
    };
    let _control = identity_server::telemetry::start(&log).unwrap();
    let edge = Arc::new(Edge {
        public_url: "https://id.example.com".parse().unwrap(),
        trusted_proxies: Vec::new(),
        body: BodyBounds {
            default: 1000,
            ceiling: 3000,
        },
        request_timeout: Duration::from_secs(10),
        answers: Arc::new(PlainAnswers),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    });
    let router = edge.wrap(Router::new().route("/panic", post(panics)));
    let mut request = Request::post(format!("/panic?code={MARKER}"))
        .header(header::HOST, "id.example.com")
        .header(header::AUTHORIZATION, format!("Bearer {MARKER}"))
        .header(header::COOKIE, format!("session={MARKER}"))
        .header(header::CONTENT_TYPE, MARKER)
        .body(Body::from(format!("password={MARKER}")))
        .unwrap();
    let peer = PeerAddress("10.0.0.9:4711".parse().unwrap());
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(Transport::Plain);
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), 500);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(!String::from_utf8_lossy(&body).contains(MARKER));
}
