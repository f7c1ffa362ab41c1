//! SES-07: a session that is raised, or gets a new token on the way, lives and counts as proven no longer for it.

use identity_harness::app::App;
use identity_harness::authenticator_app::AuthenticatorApp;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::ALICE;

use super::MINUTE;
use crate::devices::{sign_in, signed_in};
use crate::mfa::{TWO, asked, phone, prove, with_app};

/// Alice with a password alone, busy for so many hours.
async fn busy_for(app: &App, browser: &Browser, hours: u32) {
    sign_in(app, browser, ALICE).await;
    for _ in 0..hours * 2 {
        app.clock.advance(30 * MINUTE);
        assert!(signed_in(app, browser).await);
    }
}

#[tokio::test]
async fn ses_07_a_step_up_by_a_code_alone_gives_an_old_session_no_new_life() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    busy_for(&app, &browser, 23).await;
    let before = app.database.rows("sessions").await.remove(0);
    app.apply(&with_app()).await.expect("an app of hers");
    let attempt = rp.attempt().with("acr_values", TWO);
    let page = browser.open(&attempt.url()).await;
    assert!(!page.has("input[name=password]"), "{}", page.summary());
    let done = prove(&browser, &page, &phone().code(&app.clock)).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("raised");
    assert_eq!(tokens.claims["acr"], TWO);
    let after = app.database.rows("sessions").await.remove(0);
    assert_ne!(before["token_hash"], after["token_hash"]);
    for column in ["id", "created_at", "expires_at"] {
        assert_eq!(before[column], after[column], "{column}");
    }
    app.clock.advance(59 * MINUTE);
    assert!(signed_in(&app, &browser).await, "a minute before");
    app.clock.advance(MINUTE);
    assert!(!signed_in(&app, &browser).await, "24 hours are over");
    // Whoever signs in anew, with both, has a day again.
    let attempt = rp.attempt();
    let page = asked(&browser, &attempt).await;
    let done = prove(&browser, &page, &phone().code(&app.clock)).await;
    rp.tokens(&attempt, &done).await.expect("signed in");
    app.clock.advance(59 * MINUTE);
    assert!(signed_in(&app, &browser).await);
}

#[tokio::test]
async fn ses_07_a_remembered_session_is_remembered_no_longer_for_being_raised() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let attempt = rp.attempt();
    let page = browser.open(&attempt.url()).await;
    let form = page
        .form("password")
        .fill("identifier", ALICE.email)
        .fill("password", ALICE.password)
        .tick("remember");
    let page = browser.send(&form).await;
    rp.code(&attempt, &page).expect("a code");
    app.clock.advance(29 * 24 * 60 * MINUTE);
    app.apply(&with_app()).await.expect("an app of hers");
    let attempt = rp.attempt().with("acr_values", TWO);
    let page = browser.open(&attempt.url()).await;
    let code = phone().code(&app.clock);
    let form = page.form("code").fill("code", &code);
    let raised = browser.submit(&form).await;
    let cookie = raised
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find(|value| value.contains("identity_session="))
        .expect("a new token");
    assert!(cookie.contains("; Max-Age=86400;"), "{cookie}");
    app.clock.advance(1439 * MINUTE);
    assert!(signed_in(&app, &browser).await, "a minute before");
    app.clock.advance(MINUTE);
    assert!(!signed_in(&app, &browser).await, "30 days are over");
}

#[tokio::test]
async fn ses_07_one_factor_after_the_other_keeps_no_session_fresh_and_none_alive() {
    let app = App::start().await;
    let browser = app.browser();
    let add = "/account/security/apps/add";
    let page = browser.sign_in(add, ALICE.email, ALICE.password).await;
    let began = app.database.rows("sessions").await.remove(0);
    app.clock.advance(10 * MINUTE);
    let page = add_app(&app, &browser, page).await;
    browser.send(&page.form("saved").tick("saved")).await;
    app.clock.advance(4 * MINUTE);
    let page = browser.open(add).await;
    add_app(&app, &browser, page).await;
    let after = app.database.rows("sessions").await.remove(0);
    assert_eq!(after["acr"], TWO);
    assert_ne!(began["token_hash"], after["token_hash"]);
    for column in ["id", "auth_time", "created_at", "expires_at"] {
        assert_eq!(began[column], after[column], "{column}");
    }
    app.clock.advance(2 * MINUTE);
    let page = browser.open(add).await;
    assert!(page.has("input[name=password]"), "{}", page.summary());
}

/// Adds an app on the page that shows its secret; the page after it.
async fn add_app(app: &App, browser: &Browser, page: Page) -> Page {
    let authenticator = AuthenticatorApp::read_from(&page);
    let form = page.form("code");
    let form = form.fill("code", &authenticator.code(&app.clock));
    browser.send(&form).await
}
