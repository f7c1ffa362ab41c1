//! H-24, H-29, H-67, X-02: what a mail, another tab or another page interrupted goes on where it was, and nothing that was typed is lost.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::{Page, parameter};
use identity_harness::relying_party::{Attempt, RelyingParty};
use identity_harness::seed::ALICE;

use crate::codes::form_to;

const EMAIL: &str = "nora.quill@inbox.test";
const PASSWORD: &str = "basalt-thunder-combs-62";
const FRESH: &str = "granite-meadow-owls-93";

/// A sign-up that an application's sign-in led to; the page that waits for the mail.
async fn signing_up(rp: &RelyingParty, browser: &Browser) -> (Attempt, Page) {
    let attempt = rp.attempt();
    let page = browser.open(&attempt.url()).await;
    let login = page.url.path().split('/').nth(2).expect("a login");
    let page = browser.open(&format!("/register?login={login}")).await;
    let form = page.form("email").fill("email", EMAIL);
    let page = browser.send(&form.fill("password", PASSWORD)).await;
    assert!(page.url.path().ends_with("/verify"), "{}", page.summary());
    (attempt, page)
}

async fn mailed(app: &App, email: &str, part: &str) -> String {
    app.run_jobs().await;
    let mail = app.mailbox().newest(email).await;
    mail.link(part).to_owned()
}

/// Presses the button of a page that a mailed link leads to.
async fn press(browser: &Browser, page: &Page) -> Page {
    let mut forms = page.forms().into_iter();
    let button = forms.find(|form| form.action.path().starts_with("/verify/"));
    browser.send(&button.expect("a button")).await
}

fn asks_for_code(page: &Page) -> bool {
    page.find_form("code").is_some()
}

#[tokio::test]
async fn h_29_the_link_of_a_sign_up_goes_on_in_its_browser_as_the_code_does() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, waiting) = signing_up(&rp, &browser).await;
    let link = mailed(&app, EMAIL, "/verify/").await;
    let page = browser.open(&link).await;
    assert!(page.text().contains("App web1"), "{}", page.summary());
    // Looking proves nothing and leaves the waiting page as it is.
    assert!(asks_for_code(&browser.open(waiting.url.as_str()).await));
    let page = press(&browser, &page).await;
    let tokens = rp.tokens(&attempt, &page).await.expect("signed in");
    assert_eq!(tokens.claims["amr"], serde_json::json!(["pwd"]));
    assert!(browser.cookie("session").is_some());
    // The tab that waited notices, and the link is used up.
    let page = browser.open(waiting.url.as_str()).await;
    assert!(!asks_for_code(&page), "{}", page.summary());
    browser.open(&link).await.expect(410);
}

#[tokio::test]
async fn inv_02_the_link_of_a_sign_up_signs_nobody_in_elsewhere_and_the_waiting_page_says_so() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, waiting) = signing_up(&rp, &browser).await;
    let phone = app.browser();
    let page = phone.open(&mailed(&app, EMAIL, "/verify/").await).await;
    let page = press(&phone, &page).await;
    assert!(phone.cookie("session").is_none());
    // H-29: the password of the sign-up is as good as any other here.
    let form = page.form("password").fill("password", PASSWORD);
    let page = phone.send(&form).await.expect(200);
    assert!(page.text().contains("Sign in"), "{}", page.summary());
    assert!(phone.cookie("session").is_none());
    let mails = app.mailbox().to(EMAIL).await.len();
    // "Send again" sends nothing, and says what is so.
    app.clock.advance(Duration::from_mins(2));
    let page = browser.send(&form_to(&waiting, "/resend")).await;
    assert!(page.text().contains("is confirmed"), "{}", page.summary());
    assert!(!page.text().contains("another mail"), "{}", page.summary());
    app.run_jobs().await;
    let notices = app.mailbox().to(EMAIL).await;
    let codes = notices.iter().filter(|mail| mail.text.contains("/verify/"));
    assert_eq!(codes.count(), 1, "of {mails}");
    // So does a reload. What was proven before the password was chosen anew is not enough.
    let page = browser.open(waiting.url.as_str()).await.expect(200);
    assert!(!asks_for_code(&page), "{}", page.summary());
    assert!(page.text().contains("is confirmed"), "{}", page.summary());
    let page = browser.send(&form_to(&page, "/verify")).await;
    assert!(browser.cookie("session").is_none());
    assert!(page.text().contains("App web1"), "{}", page.summary());
    let form = page.form("password");
    assert_eq!(form.value("identifier"), Some(EMAIL));
    let page = browser.send(&form.fill("password", PASSWORD)).await;
    rp.code(&attempt, &page).expect("a code");
}

#[tokio::test]
async fn h_27_another_mail_is_sent_to_an_address_that_had_an_account_before_as_well() {
    let app = App::start().await;
    let browser = app.browser();
    let form = browser.open("/register").await.form("email");
    let form = form.fill("email", ALICE.email).fill("password", PASSWORD);
    let waiting = browser.send(&form).await;
    app.clock.advance(Duration::from_mins(2));
    let page = browser.send(&form_to(&waiting, "/resend")).await;
    assert!(page.text().contains("another mail"), "{}", page.summary());
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    assert_eq!(mails.len(), 2);
    assert!(mails.iter().all(|mail| mail.subject == mails[0].subject));
    // A reload tells of no other mail than that one, and sends none.
    let page = browser.open(waiting.url.as_str()).await;
    assert!(asks_for_code(&page) && !page.text().contains("another mail"));
}

/// A recovery that an application's sign-in led to; the page that waits for the mail.
async fn recovering(rp: &RelyingParty, browser: &Browser) -> (Attempt, Page) {
    let attempt = rp.attempt();
    let page = browser.open(&attempt.url()).await;
    let login = page.url.path().split('/').nth(2).expect("a login");
    let page = browser.open(&format!("/recover?login={login}")).await;
    let form = page.form("identifier").fill("identifier", ALICE.email);
    (attempt, browser.send(&form).await)
}

fn switched(page: &Page) -> String {
    let link = page.link("locale=de");
    parameter(&link, "return_to").expect("a way back")
}

#[tokio::test]
async fn h_29_a_reset_by_link_goes_on_to_the_application_in_its_browser_only() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, _) = recovering(&rp, &browser).await;
    let link = mailed(&app, ALICE.email, "/recover/").await;
    let elsewhere = app.browser().open(&link).await;
    assert!(!elsewhere.text().contains("App web1"));
    let page = browser.open(&link).await;
    assert!(page.text().contains("App web1"), "{}", page.summary());
    let weak = page.form("password").fill("password", "password1234");
    let page = browser.send(&weak).await.expect(422);
    assert!(page.text().contains("App web1"), "{}", page.summary());
    let form = page.form("password").fill("password", FRESH);
    let page = browser.send(&form).await;
    assert!(page.text().contains("App web1"), "{}", page.summary());
    let form = page.form("password");
    assert_eq!(form.value("identifier"), Some(ALICE.email));
    let page = browser.send(&form.fill("password", FRESH)).await;
    rp.code(&attempt, &page).expect("a code");
}

#[tokio::test]
async fn x_02_the_tab_that_waits_for_the_mail_says_when_another_went_on() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, waiting) = recovering(&rp, &browser).await;
    let page = browser
        .open(&mailed(&app, ALICE.email, "/recover/").await)
        .await;
    let form = page.form("password").fill("password", FRESH);
    let page = browser.send(&form).await;
    let page = browser.enter(page, ALICE.email, FRESH).await;
    rp.code(&attempt, &page).expect("a code");
    let first = browser.open(waiting.url.as_str()).await;
    assert!(
        first.text().contains("sign-in is done"),
        "{}",
        first.summary()
    );
    assert!(
        first.find_form("identifier").is_none(),
        "{}",
        first.summary()
    );
}

#[tokio::test]
async fn h_29_a_sign_up_with_mistakes_stays_on_its_way_in_another_language() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = browser.open(&rp.attempt().url()).await;
    let page = browser
        .send(&page.form("recover").forge("register", "1"))
        .await;
    let form = page.form("email").fill("email", EMAIL);
    let page = browser.send(&form.fill("password", "short")).await;
    assert!(page.text().contains("App web1"), "{}", page.summary());
    let page = browser.open(page.link("locale=de").as_str()).await;
    assert!(page.text().contains("App web1"), "{}", page.summary());
}

#[tokio::test]
async fn h_24_the_page_after_a_typed_code_outlives_a_reload_and_another_language() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, sent) = recovering(&rp, &browser).await;
    app.run_jobs().await;
    let code = app.mailbox().newest(ALICE.email).await.code().to_owned();
    let form = sent.form("code").fill("code", &code);
    let page = browser.submit(&form).await;
    let address = page.redirect().to_string();
    assert!(!address.contains(&code), "{address}");
    for _ in 0..2 {
        let page = browser.open(&address).await.expect(200);
        assert!(page.find_form("password").is_some(), "{}", page.summary());
        assert!(page.text().contains("App web1"), "{}", page.summary());
        assert!(page.url.as_str().ends_with(&switched(&page)));
    }
    // To another browser the address is worth nothing, and it hears of nobody.
    let other = app.browser().open(&address).await;
    assert!(other.find_form("password").is_none(), "{}", other.summary());
    assert!(!other.text().contains(ALICE.email));
    let page = browser.open(&address).await;
    let weak = page.form("password").fill("password", "password1234");
    let page = browser.send(&weak).await.expect(422);
    assert!(address.ends_with(&switched(&page)), "{}", switched(&page));
    let form = page.form("password").fill("password", FRESH);
    let page = browser.send(&form).await;
    // Once: neither the page nor the form is good for another password.
    let again = browser.open(&address).await;
    assert!(again.find_form("password").is_none(), "{}", again.summary());
    let again = browser.send(&form.fill("password", PASSWORD)).await;
    assert_eq!(again.status, 410, "{}", again.summary());
    let page = browser.enter(page, ALICE.email, FRESH).await;
    rp.code(&attempt, &page).expect("a code");
}

#[tokio::test]
async fn h_29_the_address_typed_at_a_sign_in_goes_along_to_sign_up_and_reset() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = browser.open(&rp.attempt().url()).await;
    assert!(page.has("input[type=submit][form=sign-in][name=register]"));
    let typed = page.form("recover").fill("identifier", EMAIL);
    let typed = typed.fill("password", "not sent anywhere 123");
    let hashed = app.running.env.hashing.hashed();
    for (go, path, field) in [
        ("register", "/register", "email"),
        ("recover", "/recover", "identifier"),
    ] {
        let page = browser.send(&typed.clone().forge(go, "1")).await;
        assert_eq!(page.url.path(), path);
        let form = page.form(field);
        assert_eq!(form.value(field), Some(EMAIL), "{}", page.summary());
        assert!(!page.url.as_str().contains("nora"), "{}", page.url);
        let back = page.select("a[href^='/login/']");
        let back = browser.open(back.first().expect("back").attr("href")).await;
        assert_eq!(back.form("identifier").value("identifier"), Some(EMAIL));
    }
    // Enter signs in, whatever buttons stand before the form's own.
    let page = browser.send(&typed).await;
    assert_eq!(page.status, 422, "{}", page.summary());
    assert_eq!(app.running.env.hashing.hashed(), hashed + 1);
    // Nobody is carried anywhere else, and another browser carries nothing.
    let page = browser
        .send(&typed.clone().forge("recover", "//evil.test"))
        .await;
    assert_eq!(page.url.path(), "/recover");
    let page = app.browser().send(&typed.forge("recover", "1")).await;
    assert!(page.status >= 400, "{}", page.summary());
}

#[tokio::test]
async fn x_02_a_sign_in_that_waits_offers_who_signed_in_in_another_tab() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let attempt = rp.attempt();
    let waits = browser.open(&attempt.url()).await;
    app.clock.advance(Duration::from_secs(5));
    browser
        .sign_in("/account", ALICE.email, ALICE.password)
        .await;
    let page = browser.open(waits.url.as_str()).await;
    assert!(page.text().contains("already signed in"), "{}", page.text());
    let name = page.text().contains(ALICE.email);
    assert!(name && page.text().contains("App web1"), "{}", page.text());
    // Somebody else may still sign in.
    let other = browser.open(page.link("account=another").as_str()).await;
    assert!(other.find_form("password").is_some());
    let other = browser.open(other.url.as_str()).await;
    assert!(other.find_form("password").is_some(), "{}", other.summary());
    let page = browser.send(&page.form("session")).await;
    rp.code(&attempt, &page).expect("a code");
}

#[tokio::test]
async fn x_02_what_wants_a_proof_of_its_own_asks_for_it_whoever_signed_in_meanwhile() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    for (name, value) in [
        ("prompt", "login"),
        ("max_age", "0"),
        ("login_hint", "bob@b.test"),
    ] {
        let browser = app.browser();
        let attempt = rp.attempt().with(name, value);
        let waits = browser.open(&attempt.url()).await;
        app.clock.advance(Duration::from_secs(5));
        browser
            .sign_in("/account", ALICE.email, ALICE.password)
            .await;
        app.clock.advance(Duration::from_secs(5));
        let page = browser.open(waits.url.as_str()).await;
        assert!(
            page.find_form("password").is_some(),
            "{name}: {}",
            page.summary()
        );
    }
    // A step-up asks on, too.
    let browser = app.browser();
    let page = browser
        .sign_in("/account", ALICE.email, ALICE.password)
        .await;
    assert_eq!(page.url.path(), "/account");
    app.clock.advance(Duration::from_mins(20));
    let confirm = browser.open("/account/security/apps/add").await;
    app.clock.advance(Duration::from_secs(5));
    let again = rp.attempt().with("prompt", "login");
    browser
        .sign_in(&again.url(), ALICE.email, ALICE.password)
        .await;
    let page = browser.open(confirm.url.as_str()).await;
    assert!(page.find_form("password").is_some(), "{}", page.summary());
}

#[tokio::test]
async fn h_15_keep_me_signed_in_stays_ticked_after_a_wrong_password() {
    let app = App::start().await;
    let browser = app.browser();
    let page = browser.open("/account").await;
    let ticked = |page: &Page| page.has("input[name=remember][checked]");
    assert!(!ticked(&page), "off by default");
    let form = page.form("password").fill("identifier", ALICE.email);
    let form = form.fill("password", "wrong wrong wrong").tick("remember");
    let page = browser.send(&form).await.expect(422);
    assert!(ticked(&page), "{}", page.summary());
    // The page that asks for the password alone keeps it, too.
    let form = page.form("password").fill("password", "");
    let page = browser.send(&form).await;
    assert!(ticked(&page), "{}", page.summary());
    let form = page.form("password").fill("password", "wrong wrong wrong");
    let page = browser.send(&form).await.expect(422);
    assert!(ticked(&page), "{}", page.summary());
    let page = browser.enter(page, ALICE.email, ALICE.password).await;
    assert_eq!(page.url.path(), "/account");
}

#[tokio::test]
async fn h_24_whose_password_was_set_elsewhere_goes_back_to_the_sign_in_they_came_from() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, sent) = recovering(&rp, &browser).await;
    let link = mailed(&app, ALICE.email, "/recover/").await;
    let phone = app.browser();
    let form = phone.open(&link).await.form("password");
    phone.send(&form.fill("password", FRESH)).await;
    let page = browser.open(sent.link("/login/").as_str()).await;
    assert!(page.text().contains("App web1"), "{}", page.summary());
    let form = page.form("password").fill("password", FRESH);
    let page = browser.send(&form).await;
    rp.code(&attempt, &page).expect("a code");
}
