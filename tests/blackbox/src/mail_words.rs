//! How mails address their reader: in the language that they last used our pages in, and by the name they have.

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::mailbox::Mail;
use identity_harness::seed::ALICE;

use crate::account::{EMAIL, NEW_EMAIL, PASSWORD, ask_for, nora};
use crate::takeover::FRESH;

const GERMAN: &str = "Passwort";
const ENGLISH: &str = "your password";

fn speaking(app: &App, language: &str) -> Browser {
    app.browser().with_header("accept-language", language)
}

async fn asks_for_recovery(app: &App, browser: &Browser, email: &str) -> Mail {
    let form = browser.open("/recover").await.form("identifier");
    browser.send(&form.fill("identifier", email)).await;
    app.run_jobs().await;
    app.mailbox().newest(email).await
}

/// A notice that no page decides about.
async fn changes_password(app: &App, browser: &Browser) -> Mail {
    let page = crate::pwd::change_password(browser, ALICE.password, FRESH).await;
    assert!(page.is_ok());
    app.run_jobs().await;
    app.mailbox().newest(ALICE.email).await
}

#[tokio::test]
async fn h_78_a_mail_comes_in_the_language_its_reader_last_used_the_pages_in() {
    let app = App::start().await;
    // Nothing is known of her: the page decides that the mail is asked for on.
    let mail = asks_for_recovery(&app, &speaking(&app, "de"), ALICE.email).await;
    assert!(mail.subject.contains(GERMAN), "{}", mail.subject);
    let home = speaking(&app, "de-AT,de;q=0.9");
    home.sign_in("/account", ALICE.email, ALICE.password).await;
    // A stranger's language is not hers.
    let mail = asks_for_recovery(&app, &speaking(&app, "en"), ALICE.email).await;
    assert!(mail.subject.contains(GERMAN), "{}", mail.subject);
    let away = speaking(&app, "en");
    away.sign_in("/account", ALICE.email, ALICE.password).await;
    let mail = asks_for_recovery(&app, &speaking(&app, "de"), ALICE.email).await;
    assert!(mail.subject.contains(ENGLISH), "{}", mail.subject);
}

#[tokio::test]
async fn h_78_what_she_chose_in_her_profile_outweighs_where_she_was() {
    let app = App::start().await;
    let browser = nora(&app).await.with_header("accept-language", "de");
    let form = browser.open("/account/profile").await.form("name");
    browser.send(&form.fill("locale", "en")).await;
    browser.forget("session");
    browser.sign_in("/account", EMAIL, PASSWORD).await;
    let mail = asks_for_recovery(&app, &speaking(&app, "de"), EMAIL).await;
    assert!(mail.subject.contains(ENGLISH), "{}", mail.subject);
}

#[tokio::test]
async fn h_78_a_language_that_an_application_asked_for_is_the_one_that_was_used() {
    let app = App::start().await;
    let browser = speaking(&app, "en");
    let attempt = app.client("web1").await.attempt().with("ui_locales", "de");
    browser
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let mail = changes_password(&app, &browser).await;
    assert!(mail.subject.contains(GERMAN), "{}", mail.subject);
}

#[tokio::test]
async fn h_78_a_sign_up_is_in_its_language_and_chooses_none_for_good() {
    let app = App::start().await;
    let browser = speaking(&app, "de");
    let form = browser.open("/register").await.form("email");
    let form = form
        .fill("name", "Nora")
        .fill("email", EMAIL)
        .fill("password", FRESH);
    let page = browser.send(&form).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(EMAIL).await;
    assert!(mail.subject.contains("Adresse"), "{}", mail.subject);
    browser
        .send(&page.form("code").fill("code", mail.code()))
        .await;
    let mail = asks_for_recovery(&app, &speaking(&app, "en"), EMAIL).await;
    assert!(mail.subject.contains(GERMAN), "{}", mail.subject);
    speaking(&app, "en").sign_in("/account", EMAIL, FRESH).await;
    let mail = asks_for_recovery(&app, &speaking(&app, "de"), EMAIL).await;
    assert!(mail.subject.contains(ENGLISH), "{}", mail.subject);
}

#[tokio::test]
async fn h_78_the_operator_chooses_the_language_of_those_who_wish_none_there_is() {
    let app = App::setup()
        .configure(|config| config.theme.default_locale = "de".to_owned())
        .start()
        .await;
    let page = speaking(&app, "tlh").open("/recover").await;
    assert!(page.title().contains(GERMAN), "{}", page.title());
    let page = speaking(&app, "en").open("/recover").await;
    assert!(!page.title().contains(GERMAN), "{}", page.title());
    let refused = App::setup()
        .configure(|config| config.theme.default_locale = "tlh".to_owned())
        .try_start()
        .await;
    let why = refused.err().expect("a refusal");
    assert!(why.contains("default_locale"), "{why}");
}

#[tokio::test]
async fn h_54_a_mail_calls_its_reader_by_name_once_the_address_is_proven() {
    let app = App::start().await;
    let stranger = app.browser();
    let form = stranger.open("/register").await.form("email");
    let form = form
        .fill("name", "Win at evil.example")
        .fill("email", "victim@inbox.test")
        .fill("password", PASSWORD);
    let page = stranger.send(&form).await;
    assert!(page.status < 400, "{}", page.summary());
    asks_for_recovery(&app, &stranger, "victim@inbox.test").await;
    stranger
        .send(&form.fill("name", "Win at evil.example"))
        .await;
    app.run_jobs().await;
    let mails = app.mailbox().to("victim@inbox.test").await;
    assert_eq!(mails.len(), 3, "a proof, a recovery, an account there is");
    for mail in mails {
        assert!(!mail.text.contains("evil.example"), "{}", mail.text);
        assert!(!mail.html.contains("evil.example"), "{}", mail.subject);
    }
    let browser = nora(&app).await;
    let mail = asks_for_recovery(&app, &app.browser(), EMAIL).await;
    assert!(
        mail.text.starts_with("Hello Nora Quillfeather,"),
        "{}",
        mail.text
    );
    // The address she wants may be anybody's.
    ask_for(&app, &browser, NEW_EMAIL).await;
    let mail = app.mailbox().newest(NEW_EMAIL).await;
    assert!(mail.text.starts_with("Hello,"), "{}", mail.text);
    assert!(!mail.html.contains("Quillfeather"), "{}", mail.text);
}
