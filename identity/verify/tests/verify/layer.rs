//! The tower layer and the extractor.

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{Request, Response};
use identity_verify::layer::BearerLayer;
use identity_verify::{Challenge, Token};
use tower::ServiceExt;

use crate::{AUDIENCE, World};

fn app(world: &World) -> Router {
    let layer = BearerLayer::new(world.verifier())
        .require_scope("openid profile".parse().unwrap())
        .realm("chat \"\\\n");
    Router::new()
        .route(
            "/",
            get(|token: Token| async move { token.subject().to_owned() }),
        )
        .route(
            "/admin",
            get(|token: Token| async move { token.require_role("owner") }),
        )
        .route(
            "/scope",
            get(|token: Token| async move { token.require_scope("chat:write") }),
        )
        .layer(layer)
        .route("/forgotten", get(|_: Token| async {}))
}

async fn ask(app: &Router, path: &str, authorization: &[&str]) -> Response<Body> {
    let mut request = Request::get(path);
    for value in authorization {
        request = request.header(AUTHORIZATION, *value);
    }
    app.clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

fn challenge(response: &Response<Body>) -> &str {
    response
        .headers()
        .get(WWW_AUTHENTICATE)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_good_token_reaches_the_handler() {
    let world = World::new().await;
    let app = app(&world);
    let good = world.good();
    for header in [
        format!("Bearer {good}"),
        format!("bearer {good}"),
        format!("BEARER  {good}"),
    ] {
        let response = ask(&app, "/", &[&header]).await;
        assert_eq!(response.status(), 200);
        let body = axum::body::to_bytes(response.into_body(), 100)
            .await
            .unwrap();
        assert_eq!(body, "ana");
    }
}

#[tokio::test]
async fn s16_challenges_follow_rfc_6750() {
    let world = World::new().await;
    let app = app(&world);
    let good = world.good();
    let mut poor = world.issuer.claims(AUDIENCE);
    poor.scope = "openid".parse().unwrap();
    let poor = format!("Bearer {}", world.issuer.mint(&poor));
    let bearer = format!("Bearer {good}");
    let invalid = r#"error="invalid_token""#;
    let cases: [(&str, &[&str], u16, &str); 11] = [
        ("/", &[], 401, r#"Bearer realm="chat ""#),
        ("/", &["Basic eDp5"], 401, r#"Bearer realm="chat ""#),
        ("/", &["Bearer"], 400, r#"error="invalid_request""#),
        ("/", &["Bearer a b"], 400, r#"error="invalid_request""#),
        ("/", &["Bearer a,b"], 400, r#"error="invalid_request""#),
        ("/", &[&bearer, &bearer], 400, r#"error="invalid_request""#),
        ("/", &["Bearer nonsense"], 401, invalid),
        ("/", &[&poor], 403, r#"error="insufficient_scope""#),
        ("/admin", &[&bearer], 403, r#"error="insufficient_scope""#),
        ("/scope", &[&bearer], 403, r#"scope="chat:write""#),
        ("/forgotten", &[&bearer], 401, "Bearer"),
    ];
    for (path, authorization, status, expected) in cases {
        let response = ask(&app, path, authorization).await;
        assert_eq!(response.status(), status, "{path} {authorization:?}");
        assert!(
            challenge(&response).contains(expected),
            "{path}: {}",
            challenge(&response)
        );
        assert_eq!(response.headers()["cache-control"], "no-store");
    }
    assert!(challenge(&ask(&app, "/", &[&poor]).await).contains(r#"scope="openid profile""#));
    let plain = ask(&app, "/", &[]).await;
    assert!(!challenge(&plain).contains("error"));
    let query = ask(&app, &format!("/?access_token={good}"), &[]).await;
    assert_eq!(query.status(), 401);
}

#[tokio::test]
async fn an_unreachable_issuer_is_not_the_callers_fault() {
    let world = World::new().await;
    world.issuer.set_down(true);
    let response = ask(&app(&world), "/", &[&format!("Bearer {}", world.good())]).await;
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn callers_do_not_learn_why_a_forgery_failed() {
    use identity_verify::VerifyError as E;
    let texts = [
        E::BadSignature,
        E::UnknownKey,
        E::AlgorithmMismatch,
        E::WrongIssuer,
        E::WrongAudience,
    ];
    for error in texts {
        assert_eq!(
            Challenge::refused(&error),
            Challenge::refused(&E::Malformed)
        );
    }
}
