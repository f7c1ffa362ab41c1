//! The way in.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_demo::Kind;
use serde_json::{Value, json};

use crate::browser::World;

#[tokio::test]
async fn a_person_signs_in_and_sees_who_they_are() {
    for kind in [Kind::Chat, Kind::Analysis] {
        let world = World::new(kind).await;
        let browser = world.browser();
        assert!(browser.home().await.contains("href=\"/login\""));
        let sent = browser.start().await;
        assert_eq!(sent["scope"], "openid profile email offline_access");
        assert_eq!(sent["redirect_uri"], format!("{}/callback", world.base));
        assert_eq!(
            (
                sent["response_type"].as_str(),
                sent["code_challenge_method"].as_str()
            ),
            ("code", "S256")
        );
        let response = browser
            .come_back(&sent["state"], &world.provider.issuer, "&code=c1")
            .await;
        assert_eq!(response.status(), 303);
        let cookie = response.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
        let page = browser.home().await;
        assert!(
            page.contains("Ana &lt;Petrova&gt;") && page.contains("admin") && page.contains("acme")
        );
        assert!(
            !page.contains("refresh-1") && !page.contains("eyJ"),
            "no token reaches the browser"
        );
        let redeemed = world.provider.state.lock().unwrap().requests[0].clone();
        let challenge = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            redeemed["code_verifier"].as_bytes(),
        );
        assert_eq!(URL_SAFE_NO_PAD.encode(challenge), sent["code_challenge"]);
    }
}

#[tokio::test]
async fn an_answer_counts_once_and_only_in_the_browser_that_asked() {
    let world = World::new(Kind::Chat).await;
    let (browser, other) = (world.browser(), world.browser());
    let sent = browser.start().await;
    let issuer = &world.provider.issuer;
    other.start().await;
    assert_eq!(
        other
            .come_back(&sent["state"], issuer, "&code=c")
            .await
            .status(),
        400
    );
    assert_eq!(
        browser
            .come_back(&sent["state"], issuer, "&code=c")
            .await
            .status(),
        400,
        "used up"
    );
    assert_eq!(
        browser
            .come_back("invented", issuer, "&code=c")
            .await
            .status(),
        400
    );
    assert_eq!(browser.get("/callback?code=c").await.status(), 400);
    let sent = browser.start().await;
    let twice = format!("&code=c&state={}", sent["state"]);
    assert_eq!(
        browser
            .come_back(&sent["state"], issuer, &twice)
            .await
            .status(),
        400
    );
    let late = browser.start().await;
    world.provider.clock.advance(Duration::from_mins(10));
    assert_eq!(
        browser
            .come_back(&late["state"], issuer, "&code=c")
            .await
            .status(),
        400
    );
    assert!(
        world.provider.state.lock().unwrap().requests.is_empty(),
        "no code was sent"
    );
}

#[tokio::test]
async fn two_tabs_of_one_browser_do_not_disturb_each_other() {
    let world = World::new(Kind::Chat).await;
    let browser = world.browser();
    let first = browser.start().await;
    let second = browser.start().await;
    world
        .provider
        .wish(|wishes| wishes.nonce.clone_from(&first["nonce"]));
    let issuer = &world.provider.issuer;
    assert_eq!(
        browser
            .come_back(&first["state"], issuer, "&code=c")
            .await
            .status(),
        303
    );
    world
        .provider
        .wish(|wishes| wishes.nonce.clone_from(&second["nonce"]));
    assert_eq!(
        browser
            .come_back(&second["state"], issuer, "&code=c")
            .await
            .status(),
        303
    );
}

#[tokio::test]
async fn s28_the_answer_of_another_issuer_is_refused() {
    let world = World::new(Kind::Chat).await;
    let browser = world.browser();
    let sent = browser.start().await;
    assert_eq!(
        browser
            .come_back(&sent["state"], "https://evil.test", "&code=c")
            .await
            .status(),
        400
    );
    let sent = browser.start().await;
    let without = browser
        .get(&format!("/callback?state={}&code=c", sent["state"]))
        .await;
    assert_eq!(without.status(), 400);
    assert!(world.provider.state.lock().unwrap().requests.is_empty());
}

#[tokio::test]
async fn a_person_who_declines_gets_a_page_to_try_again() {
    let world = World::new(Kind::Chat).await;
    let browser = world.browser();
    let sent = browser.start().await;
    let markup = "&error=access_denied&error_description=%3Cscript%3E";
    let response = browser
        .come_back(&sent["state"], &world.provider.issuer, markup)
        .await;
    assert_eq!(response.status(), 403);
    let page = response.text().await.unwrap();
    assert!(page.contains("href=\"/login\"") && !page.contains("<script"));
}

#[tokio::test]
async fn s41_an_id_token_that_does_not_fit_makes_no_session() {
    let world = World::new(Kind::Chat).await;
    let now = world.provider.now();
    let changes: [(&'static str, Value); 8] = [
        ("nonce", json!("another")),
        ("nonce", json!(null)),
        ("iss", json!("https://evil.test")),
        ("aud", json!("other")),
        ("aud", json!(["chat", "other"])),
        ("azp", json!("other")),
        ("exp", json!(now - 11)),
        ("iat", json!(now + 11)),
    ];
    for (name, value) in changes {
        let browser = world.browser();
        world.provider.wish(|wishes| {
            wishes.id_token.clear();
            wishes.id_token.insert(name, value.clone());
        });
        assert_eq!(browser.sign_in().await.status(), 400, "{name} {value}");
        assert!(browser.home().await.contains("href=\"/login\""));
    }
}

#[tokio::test]
async fn tokens_are_renewed_in_time_and_by_hand() {
    let world = World::new(Kind::Chat).await;
    let browser = world.signed_in().await;
    let asked = || world.provider.state.lock().unwrap().requests.len();
    browser.home().await;
    assert_eq!(asked(), 1);
    world.provider.clock.advance(Duration::from_secs(584));
    browser.home().await;
    assert_eq!(asked(), 1);
    world.provider.clock.advance(Duration::from_secs(1));
    browser.home().await;
    assert_eq!(asked(), 2);
    assert_eq!(browser.submit("/refresh", "").await.status(), 303);
    let requests = world.provider.state.lock().unwrap().requests.clone();
    let used: Vec<_> = requests
        .iter()
        .filter_map(|form| form.get("refresh_token"))
        .collect();
    assert_eq!(used, ["refresh-1", "refresh-2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_requests_use_a_refresh_token_once() {
    let world = World::new(Kind::Chat).await;
    let browser = world.signed_in().await;
    world.provider.clock.advance(Duration::from_secs(700));
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let request = browser.client.get(format!("{}/", browser.base));
        asking.spawn(async move { request.send().await.unwrap().status() });
    }
    assert!(
        asking
            .join_all()
            .await
            .into_iter()
            .all(|status| status == 200)
    );
    assert_eq!(world.provider.state.lock().unwrap().requests.len(), 2);
}

#[tokio::test]
async fn a_refused_refresh_asks_to_sign_in_again() {
    let world = World::new(Kind::Chat).await;
    let browser = world.signed_in().await;
    world.provider.wish(|wishes| wishes.refuse_refresh = true);
    world.provider.clock.advance(Duration::from_mins(10));
    let response = browser.get("/").await;
    assert_eq!(response.status(), 401);
    assert!(response.text().await.unwrap().contains("href=\"/login\""));
    assert!(
        browser.home().await.contains("href=\"/login\""),
        "the cookie is gone"
    );
    assert_eq!(browser.sign_in().await.status(), 303);
}
