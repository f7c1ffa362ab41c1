//! MFA-04, 05, 07 and 09: codes by text message and mail, and what a person changes about their second factors.

mod account;
mod gateways;
mod number;

use std::sync::Arc;
use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::{Form, Page};
use identity_harness::relying_party::{Attempt, RelyingParty};
use identity_harness::seed::ALICE;

use crate::mfa::{asked, phone, prove, with_app};

pub const NUMBER: &str = "+4915112345678";
pub const PHONE: &str = "/account/security/phone";
pub const SECURITY: &str = "/account/security";

/// The form that leads to an address with this end.
pub fn form_to(page: &Page, end: &str) -> Form {
    page.forms()
        .into_iter()
        .find(|form| form.action.path().ends_with(end))
        .unwrap_or_else(|| panic!("no form to {end}: {}", page.summary()))
}

/// Alice's security page, by password alone.
pub async fn at_home(app: &App) -> Browser {
    let browser = app.browser();
    let page = browser.sign_in(SECURITY, ALICE.email, ALICE.password).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    browser
}

/// Asks for a code to a number on the account's page.
pub async fn ask(browser: &Browser, number: &str) -> Page {
    let page = browser.open(PHONE).await;
    browser
        .send(&page.form("phone").fill("phone", number))
        .await
}

/// The newest code that was sent to a number.
pub async fn code_to(app: &App, number: &str) -> String {
    app.run_jobs().await;
    let message = app.text_messages().newest(number).await;
    message.code().to_owned()
}

/// Sets a number up, and saves the backup codes that come with a first factor.
pub async fn with_number(app: &App, browser: &Browser, number: &str) {
    let page = ask(browser, number).await.expect(200);
    let code = code_to(app, number).await;
    let form = form_to(&page, "/phone/code").fill("code", &code);
    let page = browser.send(&form).await;
    if page.url.path().ends_with("/codes") {
        let saved = page.form("saved").tick("saved");
        let page = browser.send(&saved).await;
        assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    } else {
        assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    }
}

/// Has a code sent in a login that waits for a second factor; the page that takes it.
pub async fn sent(browser: &Browser, page: &Page, method: &str) -> Page {
    let way = page.url.path().to_owned() + "?method=" + method;
    let page = browser.open(&way).await;
    browser.send(&form_to(&page, "/send")).await.expect(200)
}

/// Types a code into a login that waits for a second factor, whatever its page shows.
async fn forced(browser: &Browser, page: &Page, code: &str) -> Page {
    let at = page.url.path().to_owned() + "?method=sms";
    let page = browser.open(&at).await;
    let mut form = form_to(&page, "/send").forge("code", code);
    form.action = page.url.clone();
    form.action.set_query(None);
    browser.send(&form).await
}

async fn waiting(app: &App, rp: &RelyingParty) -> (Browser, Attempt, Page) {
    let (browser, attempt) = (app.browser(), rp.attempt());
    let page = asked(&browser, &attempt).await;
    (browser, attempt, page)
}

#[tokio::test]
async fn mfa_05_a_number_counts_after_its_code_and_signs_in() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = at_home(&app).await;
    let page = ask(&browser, "+49 151 12345678").await.expect(200);
    assert!(page.text().contains("+49 ··· 678"), "{}", page.summary());
    // Asked for and not proven: the account has no second step yet.
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    assert_eq!(tokens.claims["acr"], crate::mfa::ONE);
    let message = {
        app.run_jobs().await;
        app.text_messages().newest(NUMBER).await
    };
    let host = app.origin.host_str().unwrap();
    let last = format!("@{host} #{}", message.code());
    assert_eq!(message.text.lines().last(), Some(last.as_str()));
    assert!(message.text.len() <= 160, "{}", message.text);
    with_number(&app, &browser, NUMBER).await;
    app.run_jobs().await;
    let told = app.mailbox().newest(ALICE.email).await;
    assert!(!told.text.contains(NUMBER), "the number stays sealed");

    let (browser, attempt, page) = waiting(&app, &rp).await;
    let page = sent(&browser, &page, "sms").await;
    let code = code_to(&app, NUMBER).await;
    let done = prove(&browser, &page, &code).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(
        tokens.claims["amr"],
        serde_json::json!(["pwd", "sms", "mfa"])
    );
    // Once, and only there.
    let (browser, attempt, page) = waiting(&app, &rp).await;
    let page = forced(&browser, &page, &code).await;
    assert!(rp.code(&attempt, &page).is_err());
    let dump = app.database.dump().await;
    let dump = String::from_utf8_lossy(&dump);
    for secret in [NUMBER, "15112345678", code.as_str()] {
        assert!(!dump.contains(secret), "{secret} is in the database");
    }
}

#[tokio::test]
async fn mfa_05_the_code_of_one_request_is_none_in_another() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    with_number(&app, &at_home(&app).await, NUMBER).await;
    let (first, attempt, page) = waiting(&app, &rp).await;
    let (other, other_attempt, other_page) = waiting(&app, &rp).await;
    let page = sent(&first, &page, "sms").await;
    let code = code_to(&app, NUMBER).await;
    let refused = forced(&other, &other_page, &code).await;
    // The page of the other request sends nothing by being looked at.
    assert_eq!(app.text_messages().to(NUMBER).await.len(), 2);
    assert_eq!(refused.status, 422, "{}", refused.summary());
    assert!(rp.code(&other_attempt, &refused).is_err());
    let done = prove(&first, &page, &code).await;
    rp.tokens(&attempt, &done)
        .await
        .expect("in its own request");
}

/// How many codes were accepted by now.
async fn used(app: &App) -> usize {
    let audit = app.database.rows("audit").await;
    let accepted = audit
        .iter()
        .filter(|row| row["action"] == "factor.use" && row["result"] == "ok");
    accepted.count()
}

#[tokio::test]
async fn mfa_05_of_fifty_who_send_the_same_code_at_once_one_gets_in() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    with_number(&app, &at_home(&app).await, NUMBER).await;
    let (browser, attempt, page) = waiting(&app, &rp).await;
    let page = sent(&browser, &page, "sms").await;
    let code = code_to(&app, NUMBER).await;
    let form = page.form("code").fill("code", &code);
    let before = used(&app).await;
    let browser = Arc::new(browser);
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (browser, form) = (Arc::clone(&browser), form.clone());
        tries.spawn(async move { browser.submit(&form).await });
    }
    let answers = tries.join_all().await;
    assert!(answers.iter().all(|page| page.status < 500));
    let through = answers
        .iter()
        .filter(|page| rp.code(&attempt, page).is_ok());
    assert_eq!(through.count(), 1);
    assert_eq!(used(&app).await, before + 1);
}

#[tokio::test]
async fn mfa_05_ten_minutes_later_or_after_a_newer_one_a_code_is_dead() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    with_number(&app, &at_home(&app).await, NUMBER).await;
    let (browser, attempt, page) = waiting(&app, &rp).await;
    let page = sent(&browser, &page, "sms").await;
    let old = code_to(&app, NUMBER).await;
    app.clock.advance(Duration::from_mins(2));
    let page = sent(&browser, &page, "sms").await;
    let newer = code_to(&app, NUMBER).await;
    if old != newer {
        let refused = prove(&browser, &page, &old).await.expect(422);
        assert!(rp.code(&attempt, &refused).is_err());
    }
    app.clock.advance(Duration::from_mins(10));
    let refused = prove(&browser, &page, &newer).await;
    assert!(rp.code(&attempt, &refused).is_err());
    let page = sent(&browser, &page, "sms").await;
    let done = prove(&browser, &page, &code_to(&app, NUMBER).await).await;
    rp.tokens(&attempt, &done).await.expect("a fresh one");
}

#[tokio::test]
async fn mfa_05_a_change_of_number_kills_codes_to_the_old_one() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let home = at_home(&app).await;
    with_number(&app, &home, NUMBER).await;
    let (browser, attempt, page) = waiting(&app, &rp).await;
    let page = sent(&browser, &page, "sms").await;
    let old = code_to(&app, NUMBER).await;
    with_number(&app, &home, "+436641234567").await;
    let refused = prove(&browser, &page, &old).await;
    assert!(rp.code(&attempt, &refused).is_err());
    app.clock.advance(Duration::from_mins(2));
    let page = sent(&browser, &page, "sms").await;
    assert!(page.text().contains("+43 ··· 567"), "{}", page.summary());
    let code = code_to(&app, "+436641234567").await;
    let done = prove(&browser, &page, &code).await;
    rp.tokens(&attempt, &done).await.expect("by the new number");
}

#[tokio::test]
async fn mfa_05_twenty_requests_send_a_handful_of_messages() {
    let app = App::start().await;
    let browser = at_home(&app).await;
    let mut refused = 0;
    for _ in 0..20 {
        let page = ask(&browser, NUMBER).await;
        refused += usize::from(page.status == 429);
    }
    app.run_jobs().await;
    let sent = app.text_messages().to(NUMBER).await.len();
    assert!((1..=4).contains(&sent), "{sent} messages");
    assert_eq!(refused, 20 - sent);
    // Another number of the same account, and the same number an hour of waiting later.
    assert_eq!(ask(&browser, "+4915112345679").await.status, 429);
    let other = app.browser();
    other
        .sign_in(
            SECURITY,
            identity_harness::seed::BOB.email,
            identity_harness::seed::BOB.password,
        )
        .await;
    assert_eq!(ask(&other, NUMBER).await.status, 429, "counted per number");
}

#[tokio::test]
async fn mfa_05_premium_and_foreign_numbers_get_nothing() {
    let app = App::setup()
        .configure(|config| config.sms.countries = vec!["49".into()])
        .start()
        .await;
    let browser = at_home(&app).await;
    for number in [
        "+19005550123",
        "+979123456789",
        "+33612345678",
        "+49900123456",
        "0151",
        "x",
        "",
    ] {
        assert_eq!(ask(&browser, number).await.status, 422, "{number}");
    }
    app.run_jobs().await;
    assert!(app.text_messages().all().await.is_empty());
    assert_eq!(ask(&browser, NUMBER).await.status, 200);
}

#[tokio::test]
async fn mfa_04_wrong_codes_are_counted_over_methods_and_sessions() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let home = app.browser();
    let page = home.sign_in(SECURITY, ALICE.email, ALICE.password).await;
    let page = prove(&home, &page, &phone().code(&app.clock)).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    with_number(&app, &home, NUMBER).await;
    app.clock.advance(Duration::from_mins(2));
    let (browser, attempt, page) = waiting(&app, &rp).await;
    let by_message = sent(&browser, &page, "sms").await;
    let right = code_to(&app, NUMBER).await;
    let wrong = if right == "000000" {
        "111111"
    } else {
        "000000"
    };
    let app_page = browser
        .open(&(page.url.path().to_owned() + "?method=totp"))
        .await;
    let mut last = 0;
    for number in 0..12 {
        let (browser, page) = (
            &browser,
            if number % 2 == 0 {
                &by_message
            } else {
                &app_page
            },
        );
        let wrong = if number % 2 == 0 {
            wrong.to_owned()
        } else {
            phone().wrong_code(&app.clock)
        };
        last = prove(browser, page, &wrong).await.status;
    }
    assert_eq!(last, 429);
    // The right ones have to wait too, here and in another session.
    let refused = prove(&browser, &by_message, &right).await;
    assert!(rp.code(&attempt, &refused).is_err());
    let (other, other_attempt, page) = waiting(&app, &rp).await;
    let page = other
        .open(&(page.url.path().to_owned() + "?method=totp"))
        .await;
    let refused = prove(&other, &page, &phone().code(&app.clock)).await;
    assert!(rp.code(&other_attempt, &refused).is_err());
    app.clock.advance(Duration::from_mins(9));
    let done = prove(&browser, &by_message, &right).await;
    rp.tokens(&attempt, &done).await.expect("after the wait");
}

#[tokio::test]
async fn h_57_the_owner_is_told_once_an_hour_that_somebody_knows_the_password() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let told = async || {
        app.run_jobs().await;
        let mails = app.mailbox().to(ALICE.email).await;
        mails
            .iter()
            .filter(|mail| mail.subject.contains("a wrong code at your second step"))
            .count()
    };
    let (browser, _, page) = waiting(&app, &rp).await;
    assert_eq!(told().await, 0);
    for _ in 0..3 {
        prove(&browser, &page, &phone().wrong_code(&app.clock))
            .await
            .expect(422);
    }
    assert_eq!(told().await, 1);
    app.clock.advance(Duration::from_hours(1));
    let (browser, _, page) = waiting(&app, &rp).await;
    prove(&browser, &page, &phone().wrong_code(&app.clock))
        .await
        .expect(422);
    assert_eq!(told().await, 2);
}

#[tokio::test]
async fn mail_codes_are_a_second_step_where_policy_allows_them() {
    let app = App::start().await;
    let home = at_home(&app).await;
    let page = home.open(SECURITY).await;
    let forms = page.forms();
    assert!(
        forms
            .iter()
            .all(|form| !form.action.path().ends_with("/email")),
        "not offered by default"
    );
    let app = App::setup()
        .configure(|config| {
            config
                .mfa
                .methods
                .push(identity_harness::config::MfaMethod::Email);
        })
        .start()
        .await;
    let rp = app.client("web1").await;
    let home = at_home(&app).await;
    let page = home.open(SECURITY).await;
    let page = home.send(&form_to(&page, "/security/email")).await;
    // It is tried out at once: whoever goes on proves the mailbox first.
    let page = home.enter(page, ALICE.email, ALICE.password).await;
    let page = sent(&home, &page, "email").await;
    app.run_jobs().await;
    let code = app.mailbox().newest(ALICE.email).await.code().to_owned();
    let page = prove(&home, &page, &code).await;
    let page = home.send(&page.form("saved").tick("saved")).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    let (browser, attempt, page) = waiting(&app, &rp).await;
    let page = sent(&browser, &page, "email").await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    let done = prove(&browser, &page, mail.code()).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(
        tokens.claims["amr"],
        serde_json::json!(["pwd", "email", "mfa"])
    );
}
