//! A number goes with its factor, whoever removes it, and never half.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::{ADAM, ALICE, BOB};
use serde_json::Value;

use super::{NUMBER, SECURITY, ask, at_home, code_to, form_to, sent, waiting, with_number};
use crate::mfa::prove;

/// Whether a number is stored of Alice, and whether it counts as proven and as a factor.
async fn stored(app: &App) -> [bool; 3] {
    let rows = app.database.rows("users").await;
    let alice = rows
        .iter()
        .find(|row| row["email"] == ALICE.email)
        .expect("Alice");
    let profile = alice["profile"].as_str().unwrap();
    let credentials = app.database.rows("credentials").await;
    [
        alice["phone_sealed"] != Value::Null,
        profile.contains("phone_number_verified_at"),
        credentials.iter().any(|row| row["kind"] == "sms"),
    ]
}

async fn remove(browser: &Browser) -> Page {
    let page = browser.open(SECURITY).await;
    browser.send(&form_to(&page, "/security/remove")).await
}

/// Makes the database refuse to forget a number, as if it died there, and lets it work again.
async fn numbers_stay(app: &App, stay: bool) {
    let statements: &[&str] = match (stay, app.database.is_postgres()) {
        (false, false) => &["DROP TRIGGER stays"],
        (false, true) => &["DROP TRIGGER stays ON users"],
        (true, false) => &[
            "CREATE TRIGGER stays BEFORE UPDATE ON users WHEN NEW.phone_sealed IS NULL AND OLD.phone_sealed IS NOT NULL \
             BEGIN SELECT RAISE(ABORT, 'stays'); END",
        ],
        (true, true) => &[
            "CREATE OR REPLACE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stays'; END $$",
            "CREATE TRIGGER stays BEFORE UPDATE ON users FOR EACH ROW \
             WHEN (NEW.phone_sealed IS NULL AND OLD.phone_sealed IS NOT NULL) EXECUTE FUNCTION stays()",
        ],
    };
    for statement in statements {
        app.database.tamper(statement).await;
    }
}

#[tokio::test]
async fn mfa_09_a_number_is_removed_wholly_or_not_at_all() {
    let app = App::start().await;
    let browser = at_home(&app).await;
    with_number(&app, &browser, NUMBER).await;
    assert_eq!(stored(&app).await, [true; 3]);
    numbers_stay(&app, true).await;
    assert!(remove(&browser).await.status >= 500);
    assert_eq!(stored(&app).await, [true; 3]);
    numbers_stay(&app, false).await;
    let page = remove(&browser).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    assert_eq!(stored(&app).await, [false; 3]);
}

#[tokio::test]
async fn mfa_09_a_number_that_an_operator_removes_is_forgotten() {
    let app = App::start().await;
    with_number(&app, &at_home(&app).await, NUMBER).await;
    app.remove_factors(ALICE.email, "called back")
        .await
        .expect("removed");
    assert_eq!(stored(&app).await, [false; 3]);
}

#[tokio::test]
async fn mfa_05_a_stranger_who_claims_a_number_does_not_shut_out_its_owner() {
    let app = App::start().await;
    with_number(&app, &at_home(&app).await, NUMBER).await;
    let stranger = app.browser();
    stranger.sign_in(SECURITY, BOB.email, BOB.password).await;
    let claims = [200, 200, 200, 429, 429];
    let mut answers = Vec::new();
    for _ in claims {
        answers.push(ask(&stranger, NUMBER).await.status);
    }
    assert!(answers.contains(&429), "the test's own check: {answers:?}");
    let rp = app.client("web1").await;
    let (browser, attempt, page) = waiting(&app, &rp).await;
    let page = sent(&browser, &page, "sms").await;
    let done = prove(&browser, &page, &code_to(&app, NUMBER).await).await;
    rp.tokens(&attempt, &done).await.expect("signed in");
}

#[tokio::test]
async fn mfa_05_too_many_codes_sent_are_not_called_wrong() {
    let app = App::start().await;
    with_number(&app, &at_home(&app).await, NUMBER).await;
    let rp = app.client("web1").await;
    let (browser, _, page) = waiting(&app, &rp).await;
    let way = page.url.path().to_owned() + "?method=sms";
    let mut answer = browser.open(&way).await;
    for _ in 0..5 {
        let page = browser.open(&way).await;
        answer = browser.send(&form_to(&page, "/send")).await;
        if answer.status == 429 {
            break;
        }
    }
    let said = answer.expect(429).text();
    assert!(!said.contains("wrong"), "{said}");
    assert!(said.contains("Wait"), "{said}");
}

#[tokio::test]
async fn mfa_05_the_members_of_one_organization_get_no_more_than_a_thousand_messages_an_hour() {
    let app = App::start().await;
    let alice = at_home(&app).await;
    app.codes_sent_in("a", "sms", 999).await;
    assert_eq!(ask(&alice, NUMBER).await.status, 200, "the thousandth");
    let adam = app.browser();
    adam.sign_in(SECURITY, ADAM.email, ADAM.password).await;
    let refused = ask(&adam, "+4915112345679").await;
    assert_eq!(refused.status, 429, "{}", refused.summary());
    // Another organization has its own, and this one has room again for each that is forgotten.
    let bob = app.browser();
    bob.sign_in(SECURITY, BOB.email, BOB.password).await;
    assert_eq!(ask(&bob, "+4915112345670").await.status, 200);
    app.clock.advance(Duration::from_secs(8));
    assert_eq!(ask(&adam, "+4915112345679").await.status, 200);
    app.run_jobs().await;
    let sent = app.text_messages().all().await;
    assert_eq!(sent.len(), 3, "{sent:?}");
}
