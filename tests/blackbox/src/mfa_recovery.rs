//! MFA-09: the way back for somebody who lost every second factor.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::{Form, Page};
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::ALICE;

use crate::mfa::{asked, next_code, phone, prove, with_app};

pub fn form_to(page: &Page, end: &str) -> Form {
    page.forms()
        .into_iter()
        .find(|form| form.action.path().contains(end))
        .unwrap_or_else(|| panic!("no form to {end}: {}", page.summary()))
}

/// Alice says that she lost everything; the page behind the mailed link.
async fn lost(app: &App, rp: &RelyingParty, browser: &Browser) -> Page {
    let page = asked(browser, &rp.attempt()).await;
    let page = browser.open(page.link("method=lost").as_str()).await;
    let page = browser.send(&form_to(&page, "/recover")).await;
    assert!(page.text().contains("sent a mail"), "{}", page.summary());
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    browser.open(mail.link("/recover/factors/")).await
}

/// Starts the wait; the page that says so.
pub async fn begins(app: &App, rp: &RelyingParty, browser: &Browser) -> Page {
    let page = lost(app, rp, browser).await;
    browser.send(&form_to(&page, "/recover/factors/")).await
}

/// Starts the wait; the link that stops it.
pub async fn begun(app: &App, rp: &RelyingParty, browser: &Browser) -> String {
    let page = begins(app, rp, browser).await;
    assert!(
        page.text().contains("The wait has started"),
        "{}",
        page.summary()
    );
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    mail.link("/recover/factors/keep/").to_owned()
}

pub async fn is_asked(rp: &RelyingParty, browser: &Browser) -> bool {
    let page = asked(browser, &rp.attempt()).await;
    page.find_form("code").is_some()
}

#[tokio::test]
async fn mfa_09_everything_lost_is_removed_after_the_wait_and_not_before() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let elsewhere = app.browser();
    crate::mfa::signed_in(&app, &rp, &elsewhere).await;
    next_code(&app);
    let browser = app.browser();
    // Mail scanners follow links: opening it changes nothing.
    lost(&app, &rp, &browser).await;
    app.clock.advance(Duration::from_hours(80));
    app.run_jobs().await;
    assert!(is_asked(&rp, &app.browser()).await);
    begun(&app, &rp, &browser).await;
    app.clock.advance(Duration::from_hours(71));
    app.run_jobs().await;
    assert!(is_asked(&rp, &app.browser()).await);
    app.clock.advance(Duration::from_hours(2));
    app.run_jobs().await;
    let attempt = rp.attempt();
    let page = asked(&app.browser(), &attempt).await;
    rp.tokens(&attempt, &page)
        .await
        .expect("by the password alone");
    let mail = app.mailbox().to(ALICE.email).await;
    assert!(
        mail.iter()
            .any(|mail| mail.subject.contains("were removed"))
    );
    let silent = rp.attempt().with("prompt", "none");
    let page = elsewhere.open(&silent.url()).await;
    assert!(rp.code(&silent, &page).is_err(), "signed out everywhere");
}

#[tokio::test]
async fn h_26_the_page_of_lost_factors_offers_what_there_is() {
    let mut seed = with_app();
    seed.value()["users"][0]["memberships"] = serde_json::json!([]);
    for (seed, member) in [(with_app(), true), (seed, false)] {
        let app = App::setup().seed(seed).start().await;
        let rp = app.client("web1").await;
        let browser = app.browser();
        let page = asked(&browser, &rp.attempt()).await;
        let page = browser.open(page.link("method=lost").as_str()).await;
        let text = page.text();
        assert_eq!(text.contains("Ask your administrator"), member, "{text}");
        assert!(!text.contains("backup code"), "there are none: {text}");
        // Codes that were made since.
        let page = prove(
            &browser,
            &asked(&browser, &rp.attempt()).await,
            &phone().code(&app.clock),
        )
        .await;
        assert!(page.location().is_some(), "{}", page.summary());
        let page = browser.open("/account/security").await;
        let page = browser.send(&form_to(&page, "/codes/new")).await;
        browser.send(&page.form("saved").tick("saved")).await;
        let other = app.browser();
        let page = asked(&other, &rp.attempt()).await;
        let page = other.open(page.link("method=lost").as_str()).await;
        let page = other.open(page.link("method=backup_code").as_str()).await;
        assert!(
            page.text().contains("One of the codes you saved"),
            "{}",
            page.summary()
        );
    }
}

#[tokio::test]
async fn mfa_09_whoever_is_signed_in_sees_that_it_runs() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let owner = app.browser();
    crate::mfa::signed_in(&app, &rp, &owner).await;
    let told = "second steps are about to be removed";
    for path in ["/account", "/account/security"] {
        assert!(!owner.open(path).await.text().contains(told));
    }
    begun(&app, &rp, &app.browser()).await;
    for path in ["/account", "/account/security"] {
        let page = owner.open(path).await;
        assert!(page.text().contains(told), "{}", page.summary());
        assert!(
            !page.text().contains("well protected"),
            "{}",
            page.summary()
        );
    }
}

#[tokio::test]
async fn mfa_09_whoever_is_signed_in_keeps_them_with_a_fresh_proof() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let owner = app.browser();
    crate::mfa::signed_in(&app, &rp, &owner).await;
    let secure = "/account/secure";
    assert!(!owner.open(secure).await.has("[data-part=removal]"));
    app.clock.advance(Duration::from_mins(20));
    begun(&app, &rp, &app.browser()).await;
    let page = owner.open(secure).await;
    let removal = page.select("[data-part=removal] strong");
    assert_eq!(removal.len(), 1, "when: {}", page.summary());
    // An old session may be anybody's.
    let page = owner.send(&form_to(&page, "/secure/keep")).await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    assert!(owner.open(secure).await.has("[data-part=removal]"));
    let form = page.form("password").fill("password", ALICE.password);
    let page = owner.send(&form).await;
    let proven = prove(&owner, &page, &phone().code(&app.clock)).await;
    assert_eq!(proven.url.path(), secure, "{}", proven.summary());
    assert!(!proven.has("[data-part=removal]"), "found by the proof");
    let text = proven.text();
    assert!(text.contains("second steps stay"), "{text}");
    next_code(&app);
    begun(&app, &rp, &app.browser()).await;
    let page = owner.open(secure).await;
    let page = owner.send(&form_to(&page, "/secure/keep")).await;
    assert!(
        page.text().contains("second steps stay"),
        "{}",
        page.summary()
    );
    assert!(!page.has("[data-part=removal]"), "{}", page.summary());
    app.clock.advance(Duration::from_hours(80));
    app.run_jobs().await;
    assert!(is_asked(&rp, &app.browser()).await);
}

#[tokio::test]
async fn x_02_what_a_link_did_is_still_told_after_a_reload_or_in_another_language() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = asked(&browser, &rp.attempt()).await;
    let page = browser.open(page.link("method=lost").as_str()).await;
    let sent = browser.send(&form_to(&page, "/recover")).await;
    let again = browser.open(sent.url.as_str()).await.expect(200);
    assert!(again.text().contains("sent a mail"), "{}", again.summary());
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    let link = mail.link("/recover/factors/").to_owned();
    // Nothing is told that did not happen.
    let told = |link: &str| format!("{link}?said=done");
    assert_eq!(browser.open(&told(&link)).await.status, 410);
    let page = browser.open(&link).await;
    let begun = browser.send(&form_to(&page, "/recover/factors/")).await;
    let again = browser.open(begun.url.as_str()).await.expect(200);
    assert_eq!(again.select(".lead strong").len(), 1, "{}", again.summary());
    let page = browser.open(again.link("locale=de").as_str()).await;
    assert_eq!(page.select(".lead strong").len(), 1, "{}", page.summary());
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    let keep = mail.link("/recover/factors/keep/").to_owned();
    assert_eq!(browser.open(&told(&keep)).await.status, 410);
    let owner = app.browser();
    let page = owner.open(&keep).await;
    let kept = owner.send(&form_to(&page, "/keep/")).await;
    let again = owner.open(kept.url.as_str()).await.expect(200);
    assert!(
        again.text().contains("Nothing will be removed"),
        "{}",
        again.summary()
    );
    assert_eq!(browser.open(&told(&link)).await.status, 410, "it is over");
}

#[tokio::test]
async fn mfa_09_the_mailed_link_stops_it() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let keep = begun(&app, &rp, &app.browser()).await;
    let owner = app.browser();
    let page = owner.open(&keep).await;
    let page = owner.send(&form_to(&page, "/keep/")).await;
    assert!(
        page.text().contains("Nothing will be removed"),
        "{}",
        page.summary()
    );
    assert_eq!(owner.open(&keep).await.status, 410);
    app.clock.advance(Duration::from_hours(80));
    app.run_jobs().await;
    assert!(is_asked(&rp, &app.browser()).await);
}

#[tokio::test]
async fn mfa_09_a_sign_in_with_the_factor_stops_it() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    begun(&app, &rp, &app.browser()).await;
    let (owner, attempt) = (app.browser(), rp.attempt());
    let page = asked(&owner, &attempt).await;
    let done = prove(&owner, &page, &phone().code(&app.clock)).await;
    rp.tokens(&attempt, &done).await.expect("found it");
    app.clock.advance(Duration::from_hours(80));
    app.run_jobs().await;
    assert!(is_asked(&rp, &app.browser()).await);
}
