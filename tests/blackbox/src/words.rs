//! H-12, H-25, H-52, H-69: what a page says is so, in the language of the page, and leads on.

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::{ALICE, BOB, Seed, WEB1_SECRET, web};
use serde_json::json;

async fn signed_in(app: &App, address: &str) -> (Browser, Page) {
    let browser = app.browser();
    let page = browser.sign_in(address, ALICE.email, ALICE.password).await;
    (browser, page)
}

fn text_of(page: &Page, css: &str) -> String {
    let found = page.select(css);
    let texts: Vec<_> = found.iter().map(|element| element.text.as_str()).collect();
    texts.join(" | ")
}

#[tokio::test]
async fn h_12_a_throttled_sign_in_is_read_before_anything_is_typed() {
    let app = App::start().await;
    let browser = app.browser();
    let mut page = browser.open("/account").await;
    for _ in 0..40 {
        let form = page.form("password").fill("identifier", ALICE.email);
        page = browser
            .send(&form.fill("password", "wrong wrong wrong"))
            .await;
        if page.status == 429 {
            break;
        }
    }
    assert_eq!(page.status, 429, "{}", page.summary());
    assert!(page.has("[data-part=alert][autofocus]"), "{}", page.body);
    assert!(!page.has("input[autofocus]"), "{}", page.body);
}

#[tokio::test]
async fn h_16_an_empty_password_is_asked_for_in_the_words_of_its_page() {
    let app = App::start().await;
    let browser = app.browser();
    let form = browser.open("/register").await.form("email");
    let page = browser.send(&form.fill("email", "nina@new.test")).await;
    assert!(page.text().contains("Choose a password"), "{}", page.text());
    assert!(!page.text().contains("new password"), "{}", page.text());
    let form = browser.open("/recover").await.form("identifier");
    browser.send(&form.fill("identifier", ALICE.email)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    let form = browser.open(mail.link("/recover/")).await.form("password");
    let page = browser.send(&form).await.expect(422);
    let error = text_of(&page, "[data-part=field-error]");
    assert_eq!(error, "Enter a new password");
}

#[tokio::test]
async fn h_30_who_has_no_second_step_hears_so_on_home_and_beside_the_devices() {
    let app = App::start().await;
    let (browser, page) = signed_in(&app, "/account").await;
    let summary = text_of(&page, "[data-part=summary]");
    assert!(summary.contains("None yet"), "{summary}");
    let page = browser.open("/account/security").await;
    assert!(
        page.text().contains("no second step that"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("Every device"), "{}", page.text());
    let app = App::setup().seed(crate::mfa::with_app()).start().await;
    let browser = app.browser();
    let rp = app.client("web1").await;
    crate::mfa::signed_in(&app, &rp, &browser).await;
    let page = browser.open("/account").await;
    let summary = text_of(&page, "[data-part=summary]");
    assert!(summary.contains("1 is set up"), "{summary}");
    let page = browser.open("/account/security").await;
    assert!(page.text().contains("Every device"), "{}", page.text());
}

#[tokio::test]
async fn h_33_an_app_is_called_by_a_word_of_the_pages_language() {
    let app = App::start().await;
    let browser = app.browser().with_header("accept-language", "de");
    let page = browser
        .sign_in("/account/security/apps/add", ALICE.email, ALICE.password)
        .await;
    let name = page.form("name").value("name").map(str::to_owned);
    assert_eq!(name.as_deref(), Some("Authenticator-App"));
}

#[tokio::test]
async fn h_52_the_activity_says_how_an_account_began_and_which_mail_was_asked_for() {
    let app = App::start().await;
    let asking = app.browser();
    let form = asking.open("/recover").await.form("identifier");
    asking.send(&form.fill("identifier", ALICE.email)).await;
    let (_, page) = signed_in(&app, "/account/activity").await;
    let list = text_of(&page, "[data-part=activity]");
    assert!(list.contains("Your account was created"), "{list}");
    assert!(list.contains("A mail to reset your password"), "{list}");
    assert!(!list.contains("administrator"), "{list}");
}

#[tokio::test]
async fn h_69_a_request_that_cannot_be_answered_leads_on() {
    let mut client = web("web1", Some(WEB1_SECRET));
    client["client_uri"] = json!("https://web1.rp.test/home");
    let seed = Seed::empty()
        .organization(json!({"slug": "a", "name": "Tenant A"}))
        .organization(json!({"slug": "b", "name": "Tenant B"}))
        .person(ALICE, "a", "analyst")
        .person(BOB, "b", "analyst")
        .client(client);
    let app = App::setup().seed(seed).start().await;
    let rp = app.client("web1").await;
    for (name, value, to) in [
        (
            "redirect_uri",
            "https://evil.test/",
            "https://web1.rp.test/home",
        ),
        ("client_id", "nobody", "/account"),
    ] {
        let url = rp.attempt().with(name, value).url();
        let page = app.browser().open(&url).await.expect(400);
        let buttons = page.select("a.btn-primary");
        let to_where: Vec<_> = buttons.iter().map(|link| link.attr("href")).collect();
        assert_eq!(to_where, [to], "{name}");
    }
    let page = app.browser().open("/admin/link/used").await.expect(410);
    let buttons = page.select("a.btn-primary");
    assert_eq!(buttons.first().expect("a button").attr("href"), "/account");
}
