//! The ways out.

use identity_demo::Kind;
use serde_json::json;
use url::Url;

use crate::browser::{World, location};

#[tokio::test]
async fn signing_out_ends_both_sessions() {
    let world = World::new(Kind::Chat).await;
    let browser = world.signed_in().await;
    let response = browser.submit("/logout", "").await;
    assert_eq!(response.status(), 303);
    let address = Url::parse(&location(&response)).unwrap();
    assert_eq!(address.path(), "/oauth2/logout");
    let query: std::collections::HashMap<_, _> = address.query_pairs().collect();
    assert_eq!(
        query["post_logout_redirect_uri"],
        format!("{}/", world.base)
    );
    assert_eq!(query["id_token_hint"].split('.').count(), 3);
    assert_eq!(world.provider.state.lock().unwrap().revoked, ["refresh-1"]);
    assert!(browser.home().await.contains("href=\"/login\""));
}

#[tokio::test]
async fn forms_without_the_pages_token_are_refused() {
    let world = World::new(Kind::Chat).await;
    let browser = world.signed_in().await;
    for path in ["/logout", "/refresh", "/send", "/clear"] {
        let response = browser.post(path, &[("csrf", "x"), ("text", "y")]).await;
        assert_eq!(response.status(), 403, "{path}");
        let stranger = world
            .browser()
            .post(path, &[("csrf", "x"), ("text", "y")])
            .await;
        assert_eq!(stranger.status(), 401, "{path}");
    }
    assert!(browser.home().await.contains("Sign out"));
}

#[tokio::test]
async fn s47_the_providers_word_ends_the_session_once() {
    let world = World::new(Kind::Chat).await;
    let browser = world.signed_in().await;
    let stranger = world.browser();
    let good = world.provider.logout_token(|_| ());
    let other = world.provider.logout_token(|claims| {
        claims["sid"] = json!("other");
        claims["jti"] = json!("l2");
    });
    let send = async |token: &str| {
        let response = stranger
            .post("/backchannel_logout", &[("logout_token", token)])
            .await;
        assert_eq!(response.headers()["cache-control"], "no-store");
        response.status().as_u16()
    };
    let nonce = world
        .provider
        .logout_token(|claims| claims["nonce"] = json!("n"));
    let foreign = world
        .provider
        .logout_token(|claims| claims["aud"] = json!("analysis"));
    let untyped = world.provider.sign("JWT", &json!({}));
    for bad in ["", "x", &nonce, &foreign, &untyped] {
        assert_eq!(send(bad).await, 400, "{bad}");
    }
    assert_eq!(send(&other).await, 200);
    assert!(browser.home().await.contains("Sign out"), "another session");
    assert_eq!(send(&good).await, 200);
    assert_eq!(browser.get("/").await.status(), 401);
    assert_eq!(send(&good).await, 400, "replayed");
}

#[tokio::test]
async fn a_logout_token_with_sub_alone_ends_all_sessions_of_that_person() {
    let world = World::new(Kind::Chat).await;
    let (one, two) = (world.signed_in().await, world.signed_in().await);
    let token = world.provider.logout_token(|claims| {
        claims.as_object_mut().unwrap().remove("sid");
    });
    assert_eq!(
        one.post("/backchannel_logout", &[("logout_token", &token)])
            .await
            .status(),
        200
    );
    for browser in [one, two] {
        assert_eq!(browser.get("/").await.status(), 401);
    }
}
