//! What the `claims` parameter asks for is asked, shown and allowed like the scope it belongs to (OpenID Connect Core §5.5).

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::relying_party::{Attempt, Rejected, RelyingParty, Tokens};
use identity_harness::seed::{ALICE, Seed, WEB1_SECRET, registration, web};
use serde_json::json;

/// A client that may ask for these scopes, and whether a person is asked about it.
async fn with_client(scope: &str, is_asked: bool) -> (App, RelyingParty) {
    let mut client = web("other", Some(WEB1_SECRET));
    client["scope"] = scope.into();
    client["require_consent"] = is_asked.into();
    client["grant_types"] = json!(["authorization_code", "refresh_token"]);
    let app = App::setup()
        .seed(Seed::common().client(client))
        .start()
        .await;
    let rp = app
        .relying_party(registration("other", Some(WEB1_SECRET)))
        .await;
    (app, rp)
}

/// Bare `openid`, and these claims in both places.
fn asking(rp: &RelyingParty, claims: &[&str]) -> Attempt {
    let wanted: serde_json::Map<_, _> = claims
        .iter()
        .map(|claim| ((*claim).to_owned(), json!({"essential": true})))
        .collect();
    let claims = json!({"userinfo": wanted, "id_token": wanted}).to_string();
    rp.attempt().with("scope", "openid").with("claims", &claims)
}

async fn entered(browser: &Browser, attempt: &Attempt) -> Page {
    let page = browser.open(&attempt.url()).await;
    if page.has("input[name=password]") || page.find_form("identifier").is_some() {
        return browser.enter(page, ALICE.email, ALICE.password).await;
    }
    page
}

async fn allowed(browser: &Browser, page: &Page) -> Page {
    let form = page.form("decision").press("decision", "allow");
    browser.send(&form).await
}

/// Which of these claims are in the ID token and at userinfo; both have to say the same.
async fn told(rp: &RelyingParty, tokens: &Tokens) -> Vec<&'static str> {
    let about = rp.userinfo(&tokens.access_token).await.expect_ok();
    let all = ["name", "email", "email_verified", "updated_at"];
    let of = |claims: &serde_json::Value| -> Vec<&'static str> {
        let here = all.into_iter().filter(|claim| !claims[*claim].is_null());
        here.collect()
    };
    assert_eq!(of(&about), of(&tokens.claims), "{about} {}", tokens.claims);
    of(&about)
}

#[tokio::test]
async fn tok_11_claims_beyond_the_registered_scope_are_not_given() {
    for is_asked in [false, true] {
        let (app, rp) = with_client("openid email", is_asked).await;
        let browser = app.browser();
        let attempt = asking(&rp, &["name", "email", "updated_at"]);
        let mut page = entered(&browser, &attempt).await;
        if is_asked {
            let said = page.text();
            assert!(said.contains("email address"), "{}", page.summary());
            assert!(!said.contains("our name"), "{}", page.summary());
            page = allowed(&browser, &page).await;
        }
        let tokens = rp.tokens(&attempt, &page).await.expect("tokens");
        assert_eq!(told(&rp, &tokens).await, ["email"]);
        let next = rp.refresh(tokens.refresh()).await.expect_ok();
        let access = next["access_token"].as_str().expect("a token");
        let about = rp.userinfo(access).await.expect_ok();
        assert!(about["name"].is_null(), "{about}");
    }
}

#[tokio::test]
async fn tok_11_a_consent_names_what_the_claims_parameter_asks_for() {
    let (app, rp) = with_client("openid profile email", true).await;
    let browser = app.browser();
    let bare = rp.attempt().with("scope", "openid");
    let page = entered(&browser, &bare).await;
    let least = page.text();
    let page = allowed(&browser, &page).await;
    let tokens = rp.tokens(&bare, &page).await.expect("tokens");
    assert!(told(&rp, &tokens).await.is_empty());

    // Silently nothing more than what was allowed, and not without being asked.
    let silent = asking(&rp, &["email"]).with("prompt", "none");
    let page = browser.open(&silent.url()).await;
    let refused = Rejected::Provider("consent_required".to_owned());
    assert_eq!(rp.code(&silent, &page), Err(refused));
    let attempt = asking(&rp, &["email", "name"]);
    let page = browser.open(&attempt.url()).await;
    let (said, scopes) = (
        page.text(),
        rp.attempt().with("scope", "openid profile email"),
    );
    assert_ne!(said, least, "{}", page.summary());
    let by_scope = browser.open(&scopes.url()).await.text();
    assert_eq!(said, by_scope, "as if the scopes were asked for");
    let page = allowed(&browser, &page).await;
    let tokens = rp.tokens(&attempt, &page).await.expect("tokens");
    assert_eq!(told(&rp, &tokens).await, ["name", "email"]);
    assert_eq!(tokens.access_claims()["scope"], "openid");

    // Remembered like a scope: asked no more, until it is taken back.
    let again = asking(&rp, &["email"]);
    let page = browser.open(&again.url()).await;
    let tokens = rp.tokens(&again, &page).await.expect("no page");
    assert_eq!(told(&rp, &tokens).await, ["email"]);
    crate::refresh::withdraw(&browser).await;
    let page = browser.open(&again.url()).await;
    assert!(page.find_form("decision").is_some(), "{}", page.summary());
}

#[tokio::test]
async fn tok_11_userinfo_gives_what_the_grant_of_a_token_asked_for() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    // One session, one client, three grants; in this order each answer was remembered before the next grant came.
    let mut granted = Vec::new();
    for claims in [&[][..], &["email", "name"], &["email"]] {
        let attempt = asking(&rp, claims);
        let page = entered(&browser, &attempt).await;
        let tokens = rp.tokens(&attempt, &page).await.expect("tokens");
        told(&rp, &tokens).await;
        granted.push(tokens);
    }
    let sids: Vec<_> = granted
        .iter()
        .map(|one| one.claims["sid"].clone())
        .collect();
    assert!(sids.iter().all(|sid| *sid == sids[0]), "one session");
    for (tokens, expected) in granted
        .iter()
        .zip([&[][..], &["name", "email"], &["email"]])
    {
        assert_eq!(told(&rp, tokens).await, expected);
    }
    // And where nothing is remembered: the newest grant is not the one that is asked about.
    let app = app.restart().await;
    let rp = app.client("web1").await;
    for (tokens, expected) in granted
        .iter()
        .zip([&[][..], &["name", "email"], &["email"]])
    {
        assert_eq!(told(&rp, tokens).await, expected, "after a restart");
    }
}
