//! The Security page: set up, renamed, removed, and never behind the owner's back.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::authenticator_app::AuthenticatorApp;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::ALICE;

use super::{NUMBER, SECURITY, at_home, form_to, with_number};
use crate::mfa::{phone, prove, with_app};

const ADD: &str = "/account/security/apps/add";

/// Sets an app up from the account, and saves the codes where they come with it.
async fn with_new_app(app: &App, browser: &Browser, name: &str) -> (AuthenticatorApp, Page) {
    let page = browser.open(ADD).await.expect(200);
    let authenticator = AuthenticatorApp::read_from(&page);
    let form = page
        .form("code")
        .fill("name", name)
        .fill("code", &authenticator.code(&app.clock));
    let page = browser.send(&form).await;
    let page = match page.find_form("saved") {
        Some(form) => browser.send(&form.tick("saved")).await,
        None => page,
    };
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    (authenticator, page)
}

#[tokio::test]
async fn an_app_is_set_up_from_the_account_and_asked_for_from_then_on() {
    let app = App::start().await;
    let browser = at_home(&app).await;
    let before = browser.cookie("session").unwrap().value;
    let (first, page) = with_new_app(&app, &browser, "Work phone").await;
    assert!(page.text().contains("Work phone"), "{}", page.summary());
    assert!(page.text().contains("of 10 left"), "{}", page.summary());
    assert_ne!(
        before,
        browser.cookie("session").unwrap().value,
        "a new token"
    );
    // The session has the level it reached: a second app needs no second look.
    with_new_app(&app, &browser, "Work phone").await;
    let page = browser.open(SECURITY).await;
    assert!(page.text().contains("Work phone 2"), "{}", page.summary());
    app.run_jobs().await;
    let subjects: Vec<String> = app
        .mailbox()
        .to(ALICE.email)
        .await
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    assert!(
        subjects.iter().any(|s| s.contains("was added")),
        "{subjects:?}"
    );
    assert!(
        subjects.iter().any(|s| s.contains("backup codes")),
        "{subjects:?}"
    );
    app.clock.advance(Duration::from_mins(1));
    let other = app.browser();
    let page = other.sign_in(SECURITY, ALICE.email, ALICE.password).await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    let page = prove(&other, &page, &first.code(&app.clock)).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
}

#[tokio::test]
async fn mfa_07_a_secret_belongs_to_the_session_it_was_shown_in_and_is_shown_no_more() {
    let app = App::start().await;
    let (mine, theirs) = (at_home(&app).await, at_home(&app).await);
    let page = theirs.open(ADD).await;
    let shown_there = AuthenticatorApp::read_from(&page);
    // Confirmed where it was not shown.
    let own_page = mine.open(ADD).await;
    assert_ne!(
        AuthenticatorApp::read_from(&own_page).secret(),
        shown_there.secret()
    );
    let form = own_page
        .form("code")
        .fill("code", &shown_there.code(&app.clock));
    let refused = mine.send(&form).await;
    assert_eq!(refused.status, 422, "{}", refused.summary());
    // A wrong code keeps the secret.
    assert_eq!(
        AuthenticatorApp::read_from(&refused).secret(),
        AuthenticatorApp::read_from(&own_page).secret()
    );
    let (authenticator, page) = with_new_app(&app, &mine, "Phone").await;
    let again = mine.open(ADD).await;
    assert_ne!(
        AuthenticatorApp::read_from(&again).secret(),
        authenticator.secret()
    );
    let secret = authenticator.secret();
    assert!(!page.body.contains(&secret));
    assert!(!again.body.contains(&secret));
    let dump = app.database.dump().await;
    let dump = String::from_utf8_lossy(&dump);
    assert!(!dump.contains(secret.as_str()), "sealed at rest");
}

#[tokio::test]
async fn mfa_09_a_stale_session_or_another_site_removes_nothing() {
    let app = App::setup().seed(with_app()).start().await;
    let browser = app.browser();
    let page = browser.sign_in(SECURITY, ALICE.email, ALICE.password).await;
    let page = prove(&browser, &page, &phone().code(&app.clock)).await;
    let remove = form_to(&page, "/security/remove");
    let forged = browser.send(&remove.clone().forge("csrf", "x")).await;
    assert_eq!(forged.status, 403);
    app.clock.advance(Duration::from_mins(16));
    let asked = browser.send(&remove).await;
    assert!(
        asked.url.path().starts_with("/login/"),
        "{}",
        asked.summary()
    );
    let page = app.browser();
    let page = page.sign_in(SECURITY, ALICE.email, ALICE.password).await;
    assert!(page.url.path().starts_with("/login/"), "still asked for");

    // With a fresh proof of both factors it goes, and its owner is told.
    let page = browser.enter(asked, ALICE.email, ALICE.password).await;
    let page = prove(&browser, &page, &phone().code(&app.clock)).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    let other = app.browser();
    app.clock.advance(Duration::from_mins(1));
    let waiting = other.sign_in(SECURITY, ALICE.email, ALICE.password).await;
    prove(&other, &waiting, &phone().code(&app.clock)).await;
    let page = browser.send(&form_to(&page, "/security/remove")).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    app.run_jobs().await;
    // The new sign-in of the other browser is told in the same moment.
    let mails = app.mailbox().to(ALICE.email).await;
    let told = mails.iter().filter(|mail| mail.subject.contains("removed"));
    assert_eq!(told.count(), 1, "the owner is told");
    assert_eq!(browser.open(SECURITY).await.url.path(), SECURITY);
    let ended = other.open(SECURITY).await;
    assert!(
        ended.url.path().starts_with("/login/"),
        "other sessions end"
    );
}

#[tokio::test]
async fn mfa_09_the_last_factor_stays_where_one_is_required() {
    let app = App::setup()
        .seed(with_app())
        .configure(|config| config.mfa.required = true)
        .start()
        .await;
    let browser = app.browser();
    let page = browser.sign_in(SECURITY, ALICE.email, ALICE.password).await;
    let page = prove(&browser, &page, &phone().code(&app.clock)).await;
    let refused = browser.send(&form_to(&page, "/security/remove")).await;
    assert_eq!(refused.status, 409, "{}", refused.summary());
    // With another one it may go.
    with_number(&app, &browser, NUMBER).await;
    let page = browser.open(SECURITY).await;
    let gone = browser.send(&form_to(&page, "/security/remove")).await;
    assert_eq!(gone.status, 200, "{}", gone.summary());
}

#[tokio::test]
async fn h_39_new_backup_codes_count_when_they_are_saved() {
    let app = App::start().await;
    let browser = at_home(&app).await;
    with_new_app(&app, &browser, "Phone").await;
    let page = browser.open(SECURITY).await;
    let page = browser.send(&form_to(&page, "/codes/new")).await;
    assert!(
        page.url.path().ends_with("/security/codes"),
        "{}",
        page.summary()
    );
    let codes: Vec<String> = page
        .select("#codes code")
        .iter()
        .map(|code| code.text.clone())
        .collect();
    assert_eq!(codes.len(), 10);
    let file = browser.get("/account/security/codes/file").await;
    assert!(codes.iter().all(|code| file.body.contains(code.as_str())));
    let unticked = browser.send(&page.form("saved").without("saved")).await;
    assert_eq!(unticked.status, 422);
    let saved = browser.send(&page.form("saved").tick("saved")).await;
    assert_eq!(saved.url.path(), SECURITY);
    // Shown no more.
    let again = browser.open("/account/security/codes").await;
    assert_eq!(again.url.path(), SECURITY, "{}", again.summary());
    assert!(codes.iter().all(|code| !again.body.contains(code.as_str())));
}

#[tokio::test]
async fn h_52_the_activity_says_what_was_added_used_and_removed() {
    let app = App::start().await;
    let browser = at_home(&app).await;
    with_new_app(&app, &browser, "Phone").await;
    with_number(&app, &browser, NUMBER).await;
    let page = browser.open(SECURITY).await;
    browser.send(&form_to(&page, "/security/remove")).await;
    let page = browser.open("/account/activity").await;
    let text = page.text();
    for said in [
        "Authenticator app added",
        "New backup codes saved",
        "Codes by text message turned on",
        "Authenticator app removed",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("A way to prove"), "{text}");
    let table = browser.get("/account/activity.csv").await.expect(200);
    assert!(table.body.contains(",Authenticator app removed,ok,"));
}
