//! The APIs and what the pages make of them.

use identity_demo::Kind;
use reqwest::Response;
use serde_json::{Value, json};

use crate::browser::World;

async fn post(world: &World, path: &str, token: &str, body: &Value) -> Response {
    let request = world
        .client
        .post(format!("{}{path}", world.base))
        .bearer_auth(token);
    request.json(body).send().await.unwrap()
}

async fn list(world: &World, path: &str, token: &str) -> Value {
    let request = world
        .client
        .get(format!("{}{path}", world.base))
        .bearer_auth(token);
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn the_apis_take_access_tokens_of_their_audience_only() {
    for kind in [Kind::Chat, Kind::Analysis] {
        let world = World::new(kind).await;
        let path = kind.api_path();
        let good = world.provider.access_token(world.audience, &[]);
        let foreign = world.provider.access_token("https://other.test", &[]);
        let id_token = world
            .provider
            .sign("JWT", &json!({"iss": world.provider.issuer}));
        let body = json!({"text": "Hello there."});
        assert_eq!(post(&world, path, &good, &body).await.status(), 201);
        for bad in [&foreign, &id_token, "x"] {
            let response = post(&world, path, bad, &body).await;
            assert_eq!(response.status(), 401);
            assert!(
                response.headers()["www-authenticate"]
                    .to_str()
                    .unwrap()
                    .contains("invalid_token")
            );
        }
        let bare = world.signed_in().await.get(path).await;
        assert_eq!(bare.status(), 401, "a session cookie opens no API");
    }
}

#[tokio::test]
async fn messages_are_bounded_and_shown_encoded() {
    let world = World::new(Kind::Chat).await;
    let browser = world.signed_in().await;
    assert_eq!(browser.submit("/send", "<b>hello</b>").await.status(), 303);
    let page = browser.home().await;
    assert!(
        page.contains("&lt;b&gt;hello&lt;&#x2f;b&gt;") || page.contains("&lt;b&gt;hello&lt;/b&gt;"),
        "{page}"
    );
    let long = "x".repeat(2001);
    let refused = browser.submit("/send", &long).await;
    assert_eq!(refused.status(), 422);
    assert!(
        refused.text().await.unwrap().contains(&long),
        "what was typed stays"
    );
    let token = world.provider.access_token(world.audience, &[]);
    for text in 0..250 {
        let body = json!({"text": text.to_string()});
        assert_eq!(
            post(&world, "/api/messages", &token, &body).await.status(),
            201
        );
    }
    let messages = list(&world, "/api/messages", &token).await;
    assert_eq!(messages["messages"].as_array().unwrap().len(), 200);
    assert_eq!(messages["messages"][199]["name"], "Ana <Petrova>");
}

#[tokio::test]
async fn only_an_admin_removes_all_messages() {
    let world = World::new(Kind::Chat).await;
    world
        .provider
        .wish(|wishes| wishes.roles = vec!["viewer".into()]);
    let viewer = world.signed_in().await;
    viewer.submit("/send", "hello").await;
    assert!(!viewer.home().await.contains("Remove all"));
    assert_eq!(viewer.submit("/clear", "").await.status(), 422);
    world
        .provider
        .wish(|wishes| wishes.roles = vec!["admin".into()]);
    let admin = world.signed_in().await;
    assert_eq!(admin.submit("/clear", "").await.status(), 303);
    assert!(admin.home().await.contains("Nobody has written yet"));
}

#[tokio::test]
async fn texts_are_analysed() {
    let world = World::new(Kind::Analysis).await;
    let browser = world.signed_in().await;
    assert_eq!(
        browser
            .submit("/send", "One two. Two three!")
            .await
            .status(),
        303
    );
    let page = browser.home().await;
    assert!(page.contains("One two. Two three!") && page.contains("<meter"));
    let token = world.provider.access_token(world.audience, &[]);
    let analyses = list(&world, "/api/analyses", &token).await;
    assert_eq!(analyses["analyses"][0]["words"], 4);
    assert_eq!(
        analyses["analyses"][0]["top_words"][0],
        json!({"word": "two", "count": 2})
    );
    assert_eq!(browser.submit("/clear", "").await.status(), 303);
    assert!(browser.home().await.contains("Nothing yet"));
}

#[tokio::test]
async fn pages_carry_strict_headers_and_need_no_script() {
    let world = World::new(Kind::Chat).await;
    let browser = world.signed_in().await;
    for path in ["/", "/login", "/callback", "/static/demo.css"] {
        let response = browser.get(path).await;
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(policy.ends_with(&format!("form-action 'self' {}", world.provider.issuer)));
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let text = response.text().await.unwrap();
        assert!(
            !text.contains("<script") && !text.contains("style="),
            "{path}"
        );
    }
    assert_eq!(
        browser.get("/").await.headers()["cache-control"],
        "no-store"
    );
}
