//! H-25, H-29, H-63, H-67: no page is a dead end, none tells what is not so, and nothing is asked twice.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::{Form, Page, parameter};
use identity_harness::seed::{ADAM, ALICE, BOB, Seed, WEB1_SECRET, web};
use serde_json::json;

const EMAIL: &str = "nora.quill@inbox.test";
const NEW_EMAIL: &str = "nora.new@inbox.test";
const PASSWORD: &str = "basalt-thunder-combs-62";
const FRESH: &str = "granite-meadow-owls-93";

/// Somebody who signed up by themselves, signed in.
async fn nora(app: &App) -> Browser {
    let browser = app.browser();
    let form = browser.open("/register").await.form("email");
    let form = form.fill("email", EMAIL).fill("password", PASSWORD);
    let page = browser.send(&form).await;
    app.run_jobs().await;
    let code = app.mailbox().newest(EMAIL).await.code().to_owned();
    browser.send(&page.form("code").fill("code", &code)).await;
    browser
}

fn button(page: &Page) -> Form {
    let form = page.forms().into_iter().find(|form| form.method == "post");
    form.expect("a button")
}

/// The switch of languages leads to this very page.
fn comes_back_here(page: &Page) {
    let to = parameter(&page.link("locale=de"), "return_to").expect("a way back");
    assert!(page.url.as_str().ends_with(&to), "{to}");
}

/// An application that says where it lives.
async fn app_with_a_home() -> App {
    let mut client = web("web1", Some(WEB1_SECRET));
    client["client_uri"] = json!("https://web1.rp.test/home");
    let seed = Seed::empty()
        .organization(json!({"slug": "a", "name": "Tenant A"}))
        .organization(json!({"slug": "b", "name": "Tenant B"}))
        .person(ALICE, "a", "analyst")
        .person(BOB, "b", "analyst")
        .client(client);
    App::setup().seed(seed).start().await
}

#[tokio::test]
async fn h29_a_forgotten_password_keeps_the_address_and_the_sign_in() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let attempt = rp.attempt();
    let browser = app.browser();
    let page = browser.open(&attempt.url()).await;
    // What was typed goes along from the first page, as from the one that asks for the password alone.
    let form = page.form("identifier").fill("identifier", ALICE.email);
    let forgot = browser.send(&form.clone().forge("recover", "1")).await;
    let first = forgot.form("identifier");
    assert_eq!(first.value("identifier"), Some(ALICE.email));
    assert!(!forgot.url.as_str().contains("alice"), "{}", forgot.url);
    let page = browser.send(&form).await;
    let page = browser.open(page.link("/recover").as_str()).await;
    assert_eq!(
        page.form("identifier").value("identifier"),
        Some(ALICE.email)
    );
    assert!(page.text().contains("Back to sign in"), "{}", page.text());
    let page = browser.send(&page.form("identifier")).await;
    assert_eq!(page.url.path(), "/recover/sent");
    app.run_jobs().await;
    let code = app.mailbox().newest(ALICE.email).await.code().to_owned();
    let page = browser.send(&page.form("code").fill("code", &code)).await;
    let form = page.form("password").fill("password", FRESH);
    let page = browser.send(&form).await;
    // On the way to the same application.
    assert!(page.text().contains("App web1"), "{}", page.text());
    let page = browser.enter(page, ALICE.email, FRESH).await;
    rp.code(&attempt, &page).expect("a code");
}

#[tokio::test]
async fn h24_neither_a_reload_nor_another_language_sends_another_mail_or_loses_the_code() {
    let app = App::start().await;
    let browser = app.browser();
    let form = browser.open("/recover").await.form("identifier");
    let sent = browser.send(&form.fill("identifier", ALICE.email)).await;
    for _ in 0..2 {
        let again = browser.open(sent.url.as_str()).await;
        assert!(again.find_form("code").is_some());
        assert!(again.text().contains(ALICE.email));
    }
    comes_back_here(&sent);
    app.run_jobs().await;
    assert_eq!(app.mailbox().to(ALICE.email).await.len(), 1);
    // Another browser learns nothing from the address.
    let other = app.browser().open(sent.url.as_str()).await;
    assert!(!other.text().contains(ALICE.email), "{}", other.text());
}

#[tokio::test]
async fn h24_a_change_of_address_waits_on_a_page_of_its_own() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let form = browser.open("/account/email").await.form("email");
    let sent = browser.send(&form.fill("email", NEW_EMAIL)).await;
    assert_eq!(sent.url.path(), "/account/email/sent");
    comes_back_here(&sent);
    let sent = browser.open("/account/email/sent").await;
    assert!(sent.text().contains(NEW_EMAIL), "{}", sent.text());
    app.run_jobs().await;
    assert_eq!(app.mailbox().to(NEW_EMAIL).await.len(), 1);
    let code = app.mailbox().newest(NEW_EMAIL).await.code().to_owned();
    browser.send(&sent.form("code").fill("code", &code)).await;
    let page = browser.open("/account/email/sent").await;
    assert_eq!(page.url.path(), "/account/email", "nothing waits any more");
}

#[tokio::test]
async fn h25_a_used_link_says_what_it_was_for_and_leads_on() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let form = browser.open("/account/email").await.form("email");
    let page = browser.send(&form.fill("email", NEW_EMAIL)).await;
    app.run_jobs().await;
    let code = app.mailbox().newest(NEW_EMAIL).await.code().to_owned();
    browser.send(&page.form("code").fill("code", &code)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(EMAIL).await;
    let link = mail.link("/account/email/undo/").to_owned();
    let owner = app.browser();
    let page = owner.open(&link).await;
    assert!(!page.text().contains("Close the page"), "{}", page.text());
    let page = owner.send(&button(&page)).await;
    // It says that it worked, and goes on with the address filled in.
    assert!(page.text().contains("was taken back"), "{}", page.text());
    assert_eq!(page.form("identifier").value("identifier"), Some(EMAIL));
    let page = owner.open(&link).await.expect(410);
    assert!(
        page.text().contains("taken back already"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("new link"), "{}", page.text());
}

#[tokio::test]
async fn h67_a_sign_in_that_is_done_leads_to_the_application_and_never_to_a_used_code() {
    let app = app_with_a_home().await;
    let rp = app.client("web1").await;
    let attempt = rp.attempt();
    let browser = app.browser();
    let first = browser.open(&attempt.url()).await;
    let address = first.url.to_string();
    let page = browser.enter(first, ALICE.email, ALICE.password).await;
    rp.code(&attempt, &page).expect("a code");
    let page = browser.open(&address).await.expect(409);
    let links = page.select("a.btn");
    let targets: Vec<_> = links.iter().map(|link| link.attr("href")).collect();
    assert_eq!(targets, ["https://web1.rp.test/home"]);
}

#[tokio::test]
async fn h62_home_shows_the_applications_that_a_person_may_open() {
    let app = app_with_a_home().await;
    let browser = app.browser();
    let page = browser
        .sign_in("/account", ALICE.email, ALICE.password)
        .await;
    assert!(page.has("a[href='https://web1.rp.test/home']"));
}

#[tokio::test]
async fn h51_the_reason_of_an_ended_session_is_not_told_after_the_next_sign_in() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let form = browser.open("/account/email").await.form("email");
    let page = browser.send(&form.fill("email", NEW_EMAIL)).await;
    app.run_jobs().await;
    let code = app.mailbox().newest(NEW_EMAIL).await.code().to_owned();
    browser.send(&page.form("code").fill("code", &code)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(EMAIL).await;
    let owner = app.browser();
    let page = owner.open(mail.link("/account/email/undo/")).await;
    owner.send(&button(&page)).await;
    let alarm = "every device was signed out";
    let page = browser.open("/account").await;
    assert!(page.text().contains(alarm), "{}", page.text());
    let form = browser.open("/recover").await.form("identifier");
    browser.send(&form.fill("identifier", EMAIL)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(EMAIL).await;
    let form = browser.open(mail.link("/recover/")).await.form("password");
    let page = browser.send(&form.fill("password", FRESH)).await;
    let page = browser.enter(page, EMAIL, FRESH).await;
    assert_eq!(page.url.path(), "/account", "{}", page.summary());
    let mut out = page.forms().into_iter().rev();
    let out = out.find(|form| form.action.path() == "/account/sign_out");
    browser.send(&out.expect("sign out")).await;
    let page = browser.open("/account").await;
    assert!(!page.text().contains(alarm), "{}", page.text());
}

#[tokio::test]
async fn h60_who_signs_in_to_a_deleted_account_hears_how_to_keep_it() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let form = browser.open("/account/delete").await.form("confirm");
    browser.send(&form.tick("confirm")).await.expect(200);
    app.run_jobs().await;
    let lost = app.mailbox().newest(EMAIL).await;
    let lost = lost.link("/account/delete/cancel/").to_owned();
    // Without the password nothing is told.
    let page = browser.sign_in("/account", EMAIL, FRESH).await.expect(422);
    assert!(!page.text().contains("deleted"), "{}", page.text());
    app.clock.advance(Duration::from_mins(10));
    let page = browser.sign_in("/account", EMAIL, PASSWORD).await;
    assert_eq!(page.status, 403);
    assert!(
        page.text().contains("You asked for this"),
        "{}",
        page.text()
    );
    app.run_jobs().await;
    let again = app.mailbox().newest(EMAIL).await;
    let again = again.link("/account/delete/cancel/").to_owned();
    assert_ne!(again, lost);
    let page = browser.open(&again).await;
    browser.send(&button(&page)).await.expect(200);
    let page = browser.open(&lost).await.expect(410);
    assert!(page.text().contains("kept already"), "{}", page.text());
    let page = browser.sign_in("/account", EMAIL, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.summary());
}

#[tokio::test]
async fn h_67_a_browser_that_keeps_no_cookies_is_told_so_at_once() {
    let app = App::start().await;
    let begun = app.browser().get("/account").await;
    let address = begun.location().expect("the sign-in").to_string();
    let page = app.browser().open(&address).await.expect(400);
    assert!(page.text().contains("cookies"), "{}", page.text());
    // Whoever comes later only has the address of somebody else's sign-in.
    app.clock.advance(Duration::from_mins(1));
    app.browser().open(&address).await.expect(410);
}

#[tokio::test]
async fn h_08_signing_out_of_one_of_two_accounts_names_the_one_that_stays() {
    let app = App::start().await;
    let browser = app.browser();
    browser.sign_in("/account", ADAM.email, ADAM.password).await;
    let rp = app.client("web1").await;
    let again = rp.attempt().with("prompt", "login");
    browser
        .sign_in(&again.url(), ALICE.email, ALICE.password)
        .await;
    let page = browser.open("/account").await;
    let out = |page: &Page| {
        let mut forms = page.forms().into_iter();
        forms
            .find(|form| form.action.path() == "/account/sign_out")
            .expect("a button")
    };
    assert!(page.text().contains(ALICE.email), "{}", page.summary());
    let page = browser.send(&out(&page)).await;
    assert!(page.has("[data-part=others]"), "{}", page.summary());
    assert!(page.text().contains(ADAM.email) && !page.text().contains(ALICE.email));
    let page = browser.open("/account").await;
    let page = browser.send(&out(&page)).await;
    assert!(!page.has("[data-part=others]"), "{}", page.summary());
}

#[tokio::test]
async fn h53_securing_is_not_told_as_done_before_it_is() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let page = browser.open("/account/secure").await;
    let step = page.forms().into_iter();
    let mut step = step.filter(|form| form.action.path() == "/account/secure/review");
    let step = step.next().expect("a step");
    assert!(!page.text().contains("Finish"), "{}", page.text());
    // Somebody sends it all the same.
    let finish = step.forge("step", "factors");
    let fields: Vec<_> = finish.data();
    let csrf = fields.iter().find(|(name, _)| name == "csrf").expect("one");
    let csrf = [("csrf", csrf.1.as_str())];
    let origin = page.url.origin().ascii_serialization();
    let answer = browser
        .request_raw(
            "POST".parse().expect("a method"),
            "/account/secure/finish",
            &csrf,
            &[("origin", &origin), ("sec-fetch-site", "same-origin")],
        )
        .await;
    assert_eq!(answer.redirect().path(), "/account");
    assert!(!answer.redirect().as_str().contains("secured"));
}

#[tokio::test]
async fn h63_a_step_up_names_the_account_and_takes_no_other() {
    let app = App::start().await;
    let browser = app.browser();
    browser
        .sign_in("/account", ALICE.email, ALICE.password)
        .await;
    app.clock.advance(Duration::from_mins(20));
    let page = browser.open("/account/security/apps/add").await;
    assert!(
        page.text().contains("change how you sign in"),
        "{}",
        page.text()
    );
    assert!(page.text().contains(ALICE.email), "{}", page.text());
    assert!(
        !page.text().contains("Create an account"),
        "{}",
        page.text()
    );
    // The person is known: what they do not have is not offered, and a wrong password is no question of the address.
    assert!(!page.has("form[data-passkey]"), "{}", page.summary());
    let back = page.select("main a[href='/account/security']");
    assert!(back.iter().any(|link| link.text == "Cancel"));
    let wrong = page.form("password").fill("password", FRESH);
    let wrong = browser.send(&wrong).await.expect(422);
    assert!(
        wrong.text().contains("not your password"),
        "{}",
        wrong.text()
    );
    assert!(!wrong.text().contains("your email"), "{}", wrong.text());
    let form = page.form("password");
    let other = form.clone().forge("identifier", BOB.email);
    let other = browser.send(&other.fill("password", BOB.password)).await;
    assert!(other.text().contains(ALICE.email), "{}", other.text());
    let page = browser.enter(other, ALICE.email, ALICE.password).await;
    assert_eq!(page.url.path(), "/account/security/apps/add");
}

#[tokio::test]
async fn h59_a_time_zone_is_one_that_exists() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let form = browser.open("/account/profile").await.form("zoneinfo");
    let page = browser.send(&form.fill("zoneinfo", "Atlantis")).await;
    let page = page.expect(422);
    assert!(page.text().contains("from the list"), "{}", page.text());
    let form = page.form("zoneinfo").fill("zoneinfo", "berlin");
    let page = browser.send(&form).await.expect(200);
    let form = page.form("zoneinfo");
    assert_eq!(form.value("zoneinfo"), Some("Europe/Berlin"));
}

#[tokio::test]
async fn h67_blocked_cookies_are_named_and_the_one_button_works_once_they_are_allowed() {
    let app = App::start().await;
    let browser = app.browser();
    let rp = app.client("web1").await;
    let form = browser.open(&rp.attempt().url()).await.form("password");
    let filled = form
        .fill("identifier", ALICE.email)
        .fill("password", ALICE.password);
    // Blocked: what was set with the page does not come back with the form.
    browser.forget("browser");
    let hashed = app.running.env.hashing.hashed();
    let page = browser.submit(&filled).await.expect(400);
    assert!(
        page.text().contains("Allow cookies for this site"),
        "{}",
        page.summary()
    );
    assert!(browser.cookie("session").is_none());
    assert_eq!(
        app.running.env.hashing.hashed(),
        hashed,
        "nothing was tried"
    );
    let buttons = page.select("a.btn");
    let [button] = buttons.as_slice() else {
        panic!("one button: {}", page.body);
    };
    // Allowed from now on: the button leads to a form that works.
    let again = browser.open(button.attr("href")).await;
    let home = browser.enter(again, ALICE.email, ALICE.password).await;
    assert_eq!(home.url.path(), "/account", "{}", home.summary());
    assert!(browser.cookie("session").is_some());
    // Another browser's form is forged, not blocked: that is another page.
    let forged = app.browser();
    forged.open("/account").await;
    let page = forged.submit(&filled).await.expect(403);
    assert!(!page.text().contains("Allow cookies"), "{}", page.summary());
}
