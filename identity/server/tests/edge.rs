//! What every request goes through, without sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use identity_server::adapters::clock::SystemClock;
use identity_server::adapters::entropy::SystemEntropy;
use identity_server::listen::{PeerAddress, Transport};
use identity_server::middleware::{
    BodyBounds, ClientAddress, Document, Edge, FormAction, PlainAnswers, RequestId, Site, cors,
};
use tower::ServiceExt as _;

const PEER: &str = "10.0.0.9:4711";

async fn panics() -> &'static str {
    panic!("on purpose")
}

fn app() -> Site {
    let edge = Arc::new(Edge {
        public_url: "https://id.example.com".parse().unwrap(),
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        body: BodyBounds {
            default: 1000,
            ceiling: 3000,
        },
        request_timeout: Duration::from_millis(100),
        answers: Arc::new(PlainAnswers),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    });
    let page = || async {
        let action = FormAction::to(&"https://app.example/cb".parse().unwrap());
        (Extension(action), Html("<form>")).into_response()
    };
    let pages = Router::new().route("/page", get(page).post(page));
    let router = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/panic", get(panics))
        .route("/never", get(std::future::pending::<Response>))
        .route(
            "/who",
            get(|Extension(client): Extension<ClientAddress>| async move { client.0.to_string() }),
        )
        .route(
            "/id",
            get(|Extension(id): Extension<RequestId>| async move { id.to_string() }),
        )
        .route(
            "/small",
            post(|body: String| async move { body.len().to_string() }),
        )
        .route(
            "/large",
            post(|body: String| async move { body.len().to_string() })
                .layer(DefaultBodyLimit::max(2000)),
        )
        .route(
            "/cached",
            get(|| async { ([(header::CACHE_CONTROL, "public, max-age=300")], "x") }),
        )
        .route("/keys", get(|| async { "{}" }).layer(cors::for_everybody()))
        .route(
            "/token",
            post(|| async { "{}" }).layer(cors::for_origins(Arc::new(|origin| {
                Box::pin(async move { origin == "https://spa.example" })
            }))),
        )
        .merge(edge.pages(pages));
    edge.site(router, documents())
}

fn documents() -> Vec<Document> {
    let document = |path, answer: fn(&HeaderMap) -> Response| Document {
        path,
        answer: Box::new(answer),
    };
    vec![
        document("/prepared", |headers| {
            let seen = headers.len().to_string();
            ([(header::CACHE_CONTROL, "public, max-age=300")], seen).into_response()
        }),
        document("/broken", |_| panic!("on purpose")),
    ]
}

fn ask(method: Method, uri: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(uri)
        .header(header::HOST, "id.example.com")
}

async fn send(request: http::request::Builder, body: impl Into<Body>) -> Response {
    let mut request = request.body(body.into()).unwrap();
    request
        .extensions_mut()
        .insert(PeerAddress(PEER.parse::<SocketAddr>().unwrap()));
    request.extensions_mut().insert(Transport::Plain);
    app().oneshot(request).await.unwrap()
}

async fn text(response: Response) -> String {
    String::from_utf8(
        response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .to_vec(),
    )
    .unwrap()
}

#[tokio::test]
async fn a_prepared_document_meets_all_that_a_route_meets() {
    let response = send(ask(Method::GET, "/prepared?x=1"), Body::empty()).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_guarded(&response, "/prepared");
    assert!(response.headers().contains_key("x-request-id"));
    assert_eq!(
        response.headers()[header::CACHE_CONTROL],
        "public, max-age=300"
    );
    assert_eq!(text(response).await, "1");
    for (request, wanted) in [
        (
            ask(Method::GET, "/broken"),
            StatusCode::INTERNAL_SERVER_ERROR,
        ),
        // What has no route of its own is answered to GET alone, and under one spelling.
        (ask(Method::POST, "/prepared"), StatusCode::NOT_FOUND),
        (ask(Method::GET, "/prepared/"), StatusCode::NOT_FOUND),
        (
            Request::get("/prepared").header(header::HOST, "evil.example"),
            StatusCode::MISDIRECTED_REQUEST,
        ),
        (
            ask(Method::GET, "/prepared").header("x-forwarded-for", "nobody"),
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let response = send(request, Body::empty()).await;
        assert_eq!(response.status(), wanted);
        assert_guarded(&response, "a refusal");
    }
}

fn assert_guarded(response: &Response, what: &str) {
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .unwrap_or_else(|| panic!("{what}: no {name}"))
            .to_str()
            .unwrap()
    };
    assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(
        header("cross-origin-opener-policy"),
        "same-origin",
        "{what}"
    );
    assert!(
        header("strict-transport-security").starts_with("max-age=63072000"),
        "{what}"
    );
    let policy = header("content-security-policy");
    for part in [
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "form-action ",
    ] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{what}");
    header("referrer-policy");
    header("permissions-policy");
    header("cache-control");
    assert_eq!(header("x-request-id").len(), 36, "{what}");
}

#[tokio::test]
async fn ses_03_every_answer_carries_the_security_headers() {
    for (method, path, status) in [
        (Method::GET, "/", 200),
        (Method::GET, "/page", 200),
        (Method::GET, "/nothing", 404),
        (Method::GET, "//page", 404),
        (Method::GET, "/%2e/page", 404),
        (Method::GET, "/page;x", 404),
        (Method::POST, "/", 405),
        (Method::TRACE, "/", 405),
        (Method::CONNECT, "/", 405),
        (Method::GET, "/panic", 500),
        (Method::GET, "/never", 503),
    ] {
        let response = send(ask(method.clone(), path), "").await;
        assert_eq!(response.status(), status, "{method} {path}");
        assert_guarded(&response, path);
    }
}

#[tokio::test]
async fn a_wrong_host_is_explained_whatever_the_spelling() {
    let spellings = [
        Request::builder()
            .uri("/")
            .header(header::HOST, "10.0.0.5:8080"),
        Request::builder()
            .uri("/")
            .header(header::HOST, "10.0.0.5:8080")
            .header("x-forwarded-host", "id.example.com"),
        Request::builder()
            .uri("/")
            .header(header::HOST, "10.0.0.5:8080")
            .header("forwarded", "host=id.example.com"),
        Request::builder().uri("http://10.0.0.5:8080/"),
        Request::builder()
            .uri("http://10.0.0.5:8080/")
            .version(http::Version::HTTP_2),
    ];
    for request in spellings {
        let response = send(request, "").await;
        assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST);
        assert_guarded(&response, "wrong host");
        let words = text(response).await;
        assert!(
            words.contains("http://10.0.0.5:8080") && words.contains("https://id.example.com"),
            "{words}"
        );
    }
    let twice = ask(Method::GET, "/").header(header::HOST, "id.example.com");
    assert_eq!(send(twice, "").await.status(), 400);
}

#[tokio::test]
async fn ops_11_a_panic_shows_a_reference_and_nothing_else() {
    let response = send(ask(Method::GET, "/panic"), "").await;
    let id = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let words = text(response).await;
    assert!(
        words.contains(&id) && !words.contains("on purpose"),
        "{words}"
    );
}

#[tokio::test]
async fn the_request_id_is_ours() {
    let response = send(ask(Method::GET, "/id").header("x-request-id", "chosen"), "").await;
    let header = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(text(response).await, header);
    assert_eq!(header.parse::<uuid::Uuid>().unwrap().get_version_num(), 7);
}

#[tokio::test]
async fn dos_03_bodies_have_a_limit_that_a_route_may_raise_to_the_ceiling() {
    for (path, size, stated, status) in [
        ("/small", 1000, true, 200),
        ("/small", 1001, true, 413),
        ("/small", 1001, false, 413),
        ("/large", 2000, true, 200),
        ("/large", 2001, false, 413),
        ("/large", 3001, true, 413),
    ] {
        let mut request = ask(Method::POST, path);
        if stated {
            request = request.header(header::CONTENT_LENGTH, size);
        }
        assert_eq!(
            send(request, "x".repeat(size)).await.status(),
            status,
            "{path} {size} {stated}"
        );
    }
    let request = ask(Method::GET, "/").header(header::CONTENT_LENGTH, 1001);
    assert_eq!(send(request, "x".repeat(1001)).await.status(), 413);
}

#[tokio::test]
async fn ses_04_pages_take_forms_from_our_own_origin_only() {
    for (origin, status) in [
        (Some("https://id.example.com"), 200),
        (None, 200),
        (Some("null"), 403),
        (Some("https://evil.example"), 403),
    ] {
        let mut request = ask(Method::POST, "/page");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let response = send(request, "").await;
        assert_eq!(response.status(), status, "{origin:?}");
        assert_guarded(&response, "origin");
    }
    let elsewhere = ask(Method::POST, "/small").header(header::ORIGIN, "https://evil.example");
    assert_eq!(
        send(elsewhere, "x").await.status(),
        200,
        "the check is for pages, not for endpoints"
    );
}

#[tokio::test]
async fn x_06_a_page_names_where_its_form_may_lead() {
    let response = send(ask(Method::GET, "/page"), "").await;
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        policy.ends_with("form-action 'self' https://app.example"),
        "{policy}"
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(
        send(ask(Method::GET, "/cached"), "").await.headers()["cache-control"],
        "public, max-age=300"
    );
}

#[tokio::test]
async fn net_02_the_client_is_whom_the_trusted_proxy_names() {
    let who = |value: &'static str| async move {
        let response = send(
            ask(Method::GET, "/who").header("x-forwarded-for", value),
            "",
        )
        .await;
        (response.status().as_u16(), text(response).await)
    };
    assert_eq!(
        who("203.0.113.5, 198.51.100.7").await,
        (200, "198.51.100.7".to_owned())
    );
    assert_eq!(who("::ffff:198.51.100.7").await.1, "198.51.100.7");
    assert_eq!(who("unknown").await.0, 400);
    let direct = send(ask(Method::GET, "/who"), "").await;
    assert_eq!(
        text(direct).await.parse::<IpAddr>().unwrap(),
        PEER.parse::<SocketAddr>().unwrap().ip()
    );
}

#[tokio::test]
async fn cors_lets_pages_read_what_they_may_and_never_with_cookies() {
    let keys = send(
        ask(Method::GET, "/keys").header(header::ORIGIN, "https://any.example"),
        "",
    )
    .await;
    assert_eq!(keys.headers()["access-control-allow-origin"], "*");
    for (origin, allowed) in [
        ("https://spa.example", true),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let preflight = ask(Method::OPTIONS, "/token")
            .header(header::ORIGIN, origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization");
        let response = send(preflight, "").await;
        assert_eq!(
            response
                .headers()
                .contains_key("access-control-allow-origin"),
            allowed,
            "{origin}"
        );
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-credentials")
        );
    }
    let page = send(
        ask(Method::GET, "/page").header(header::ORIGIN, "https://spa.example"),
        "",
    )
    .await;
    assert!(!page.headers().contains_key("access-control-allow-origin"));
    for (origin, readable) in [
        (Some("https://spa.example"), true),
        (Some("https://evil.example"), false),
        (None, false),
    ] {
        let mut call = ask(Method::POST, "/token");
        if let Some(origin) = origin {
            call = call.header(header::ORIGIN, origin);
        }
        let answer = send(call, "").await;
        assert_eq!(answer.status(), StatusCode::OK);
        // A cache must not hand one page's answer to another.
        assert_eq!(answer.headers()[header::VARY], "origin");
        let exposed = answer.headers().get("access-control-expose-headers");
        let exposed = exposed.map(|names| names.to_str().unwrap().contains("x-request-id"));
        assert_eq!(exposed, readable.then_some(true), "{origin:?}");
    }
}
