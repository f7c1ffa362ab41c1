//! PWD-03 with a second factor, and the end of trust in devices.

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::ALICE;

use super::{CHROME, FIREFOX, behind_proxy, browser, path, signed_in, told};
use crate::mfa::{asked, next_code, phone, prove, with_app};

async fn start() -> (App, RelyingParty, Browser) {
    let app = behind_proxy().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let home = browser(&app, CHROME, "192.0.2.10");
    (app, rp, home)
}

/// Signs Alice in with all she has, trusting the browser from then on.
async fn trusting(app: &App, rp: &RelyingParty, browser: &Browser) {
    let attempt = rp.attempt();
    let page = asked(browser, &attempt).await;
    let form = page.form("code").tick("trust_device");
    let code = phone().code(&app.clock);
    let done = browser.send(&form.fill("code", &code)).await;
    rp.tokens(&attempt, &done).await.expect("signed in");
}

async fn is_asked(rp: &RelyingParty, browser: &Browser) -> bool {
    browser.forget("session");
    let page = asked(browser, &rp.attempt()).await;
    page.find_form("code").is_some()
}

fn form(page: &Page, action: &str) -> identity_harness::page::Form {
    page.forms()
        .into_iter()
        .find(|form| form.action.path().ends_with(action))
        .unwrap_or_else(|| panic!("no form {action}: {}", page.summary()))
}

#[tokio::test]
async fn pwd_03_whoever_stole_the_password_and_guesses_codes_does_not_shut_the_owner_out() {
    let (app, rp, home) = start().await;
    crate::mfa::signed_in(&app, &rp, &home).await;
    home.forget("session");
    let thief = browser(&app, FIREFOX, "203.0.113.9");
    let attempt = rp.attempt();
    let mut page = asked(&thief, &attempt).await;
    let mut tries = 0;
    while page.status != 429 {
        page = prove(&thief, &page, "000000").await;
        tries += 1;
        assert!(tries < 20, "guesses at codes are not slowed down");
    }
    next_code(&app);
    let stranger = browser(&app, CHROME, "192.0.2.10");
    let attempt = rp.attempt();
    let page = asked(&stranger, &attempt).await;
    let mut blocked = prove(&stranger, &page, "111111").await;
    for _ in 0..8 {
        if blocked.status != 429 {
            blocked = prove(&stranger, &blocked, "111111").await;
        }
    }
    assert_eq!(blocked.status, 429, "strangers share one budget");
    crate::mfa::signed_in(&app, &rp, &home).await;
    assert!(signed_in(&app, &home).await);
}

#[tokio::test]
async fn ses_11_trust_is_taken_back_on_the_page_of_devices() {
    let (app, rp, home) = start().await;
    trusting(&app, &rp, &home).await;
    assert!(!is_asked(&rp, &home).await);
    let page = home.open("/account/devices").await;
    assert!(page.text().contains("Trusted"), "{}", page.text());
    home.send(&form(&page, "untrust")).await;
    assert!(is_asked(&rp, &home).await);
}

#[tokio::test]
async fn ses_11_a_report_takes_all_trust_back() {
    let (app, rp, home) = start().await;
    trusting(&app, &rp, &home).await;
    next_code(&app);
    let other = browser(&app, FIREFOX, "203.0.113.9");
    crate::mfa::signed_in(&app, &rp, &other).await;
    let mail = told(&app, ALICE.email).await.remove(0);
    let page = home.open("/account/devices").await;
    home.send(&form(&page, "disown")).await;
    assert!(is_asked(&rp, &home).await, "by a report from the account");
    assert!(mail.link("it=not_me").contains("/report/"));
    // And by one from a mail.
    let (app, rp, home) = start().await;
    trusting(&app, &rp, &home).await;
    next_code(&app);
    let other = browser(&app, FIREFOX, "203.0.113.9");
    crate::mfa::signed_in(&app, &rp, &other).await;
    let mail = told(&app, ALICE.email).await.remove(0);
    let reader = app.browser();
    let page = reader.open(&path(mail.link("it=not_me"))).await;
    reader
        .send(&page.form("csrf").press("answer", "not_me"))
        .await;
    let devices = app.database.rows("devices").await;
    assert!(
        devices.iter().all(|row| row["trusted_until"].is_null()),
        "{devices:?}"
    );
}
