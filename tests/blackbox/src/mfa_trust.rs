//! SES-10, SES-11: a browser that its owner does not want to be asked in again.

use std::time::Duration;

use identity_harness::app::{App, Period};
use identity_harness::browser::Browser;
use identity_harness::cookies::Cookie;
use identity_harness::page::Page;
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::{ADAM, ALICE};
use serde_json::json;

use crate::mfa::{ONE, SECRET, TWO, asked, next_code, phone, prove, with_app};

const DAY: Duration = Duration::from_hours(24);

/// Signs Alice in and ticks "Don't ask again on this device".
async fn trust(app: &App, rp: &RelyingParty, browser: &Browser) {
    let attempt = rp.attempt();
    let page = asked(browser, &attempt).await;
    let form = page.form("code").tick("trust_device");
    let done = browser
        .send(&form.fill("code", &phone().code(&app.clock)))
        .await;
    rp.tokens(&attempt, &done).await.expect("signed in");
}

/// Signs Alice in anew, in a browser that has no session any more.
async fn again(rp: &RelyingParty, browser: &Browser) -> Page {
    browser.forget("session");
    asked(browser, &rp.attempt()).await
}

fn is_asked(page: &Page) -> bool {
    page.find_form("code").is_some()
}

#[tokio::test]
async fn ses_10_a_trusted_browser_is_not_asked_until_its_days_are_over() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    trust(&app, &rp, &browser).await;
    browser.forget("session");
    let attempt = rp.attempt();
    let page = asked(&browser, &attempt).await;
    let tokens = rp.tokens(&attempt, &page).await.expect("not asked");
    assert_eq!(tokens.claims["acr"], ONE, "not being asked proves nothing");
    // The level asked for by name is always proven.
    let attempt = rp.attempt().with("acr_values", TWO);
    assert!(is_asked(&browser.open(&attempt.url()).await));
    app.clock.advance(29 * DAY);
    assert!(!is_asked(&again(&rp, &browser).await));
    app.clock.advance(2 * DAY);
    assert!(is_asked(&again(&rp, &browser).await));
}

#[tokio::test]
async fn ses_10_nobody_is_trusted_who_did_not_ask_for_it() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    crate::mfa::signed_in(&app, &rp, &browser).await;
    assert!(is_asked(&again(&rp, &browser).await));
}

#[tokio::test]
async fn ses_10_where_policy_forbids_it_the_box_is_missing_and_the_field_is_ignored() {
    let app = App::setup()
        .seed(with_app())
        .configure(|config| config.mfa.trusted_device = Period::seconds(0))
        .start()
        .await;
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt());
    let page = asked(&browser, &attempt).await;
    let form = page.form("code");
    assert!(!form.has("trust_device"));
    let form = form
        .fill("code", &phone().code(&app.clock))
        .forge("trust_device", "1");
    let done = browser.send(&form).await;
    rp.tokens(&attempt, &done).await.expect("signed in");
    assert!(is_asked(&again(&rp, &browser).await));
}

#[tokio::test]
async fn ses_11_a_stolen_device_cookie_is_worth_nothing_elsewhere() {
    let mut seed = with_app();
    seed.value()["users"][1]["totp_secret"] = json!(SECRET);
    let app = App::setup().seed(seed).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    trust(&app, &rp, &browser).await;
    // Another browser without the cookie, one of another kind with it, and somebody else in the same browser.
    assert!(is_asked(&again(&rp, &app.browser()).await));
    let thief = app.browser().with_header(
        "user-agent",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    );
    for cookie in browser.cookies() {
        thief.plant(cookie);
    }
    assert!(is_asked(&again(&rp, &thief).await));
    browser.forget("session");
    let page = browser
        .sign_in(&rp.attempt().url(), ADAM.email, ADAM.password)
        .await;
    assert!(is_asked(&page), "{}", page.summary());
}

/// Another browser of the same kind that holds some cookie.
fn holding(app: &App, cookie: &Cookie) -> Browser {
    let thief = app.browser();
    thief.plant(cookie.clone());
    thief
}

#[tokio::test]
async fn ses_11_trust_never_rides_on_what_a_browser_held_before_somebody_signed_in() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let shared = app.browser();
    shared.open("/account").await;
    let copied = shared.cookie("browser").expect("a cookie");
    let mut planted = copied.clone();
    planted.value = "A".repeat(43);
    for earlier in [copied, planted] {
        let shared = holding(&app, &earlier);
        trust(&app, &rp, &shared).await;
        assert!(is_asked(&again(&rp, &holding(&app, &earlier)).await));
        assert!(!is_asked(&again(&rp, &shared).await), "its own browser");
        app.clock.advance(Duration::from_mins(2));
    }
}

#[tokio::test]
async fn ses_11_a_device_cookie_is_worth_nothing_after_the_next_sign_in() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    trust(&app, &rp, &browser).await;
    let first = browser.cookie("browser").expect("a cookie");
    assert!(!is_asked(&again(&rp, &browser).await));
    assert!(is_asked(&again(&rp, &holding(&app, &first)).await));
    assert!(!is_asked(&again(&rp, &browser).await));
}

#[tokio::test]
async fn ses_11_a_password_reset_takes_all_trust_back() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    trust(&app, &rp, &browser).await;
    assert!(!is_asked(&again(&rp, &browser).await));
    let page = app.browser().open("/recover").await;
    let elsewhere = app.browser();
    let page_form = elsewhere.open(page.url.as_str()).await.form("identifier");
    elsewhere
        .send(&page_form.fill("identifier", ALICE.email))
        .await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    let page = elsewhere.open(mail.link("/recover/")).await;
    let new = "granite-meadow-owls-93";
    elsewhere
        .send(&page.form("password").fill("password", new))
        .await
        .expect(200);
    next_code(&app);
    browser.forget("session");
    let page = browser.sign_in(&rp.attempt().url(), ALICE.email, new).await;
    assert!(is_asked(&page), "{}", page.summary());
    let done = prove(&browser, &page, &phone().code(&app.clock)).await;
    assert!(done.redirect_param("code").is_some());
}
