//! MFA-05, 07 and 10: text messages and mail codes as the second factor that a sign-in cannot go on without.

use std::time::Duration;

use identity_harness::app::{App, Period, Setup};
use identity_harness::browser::Browser;
use identity_harness::config::MfaMethod;
use identity_harness::page::Page;
use identity_harness::relying_party::{Attempt, RelyingParty};
use identity_harness::seed::{ADAM, ALICE, BOB};
use serde_json::json;

use crate::codes::{NUMBER, code_to, form_to, sent};
use crate::mfa::{TWO, asked, prove};

/// Everybody must have a second factor, now, by one of these methods.
fn requiring(methods: &[MfaMethod]) -> Setup {
    let methods = methods.to_vec();
    App::setup().configure(move |config| {
        config.mfa.required = true;
        config.mfa.grace = Period::days(0);
        config.mfa.methods.clone_from(&methods);
    })
}

fn by_message() -> Setup {
    requiring(&[MfaMethod::Webauthn, MfaMethod::Totp, MfaMethod::Sms])
}

/// Alice at the page that asks for a number.
async fn at_number(rp: &RelyingParty, browser: &Browser) -> (Attempt, Page) {
    let attempt = rp.attempt();
    let page = asked(browser, &attempt).await;
    let page = browser.open(page.link("method=sms").as_str()).await;
    (attempt, page)
}

async fn typed(browser: &Browser, page: &Page, number: &str) -> Page {
    browser
        .send(&form_to(page, "/enrol/phone").fill("phone", number))
        .await
}

fn wrong(right: &str) -> &'static str {
    if right == "000000" {
        "111111"
    } else {
        "000000"
    }
}

/// Ten codes, the box, and on.
async fn save(browser: &Browser, page: &Page) -> Page {
    assert_eq!(page.select("#codes code").len(), 10, "{}", page.summary());
    browser.send(&page.form("saved").tick("saved")).await
}

#[tokio::test]
async fn mfa_07_a_number_is_added_in_a_sign_in_and_backup_codes_follow() {
    let app = by_message().start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, page) = at_number(&rp, &browser).await;
    for bad in ["", "x", "0151 12345678", "+19005550123"] {
        let page = typed(&browser, &page, bad).await.expect(422);
        assert!(page.has("#phone-error"), "{bad}: {}", page.summary());
    }
    let page_of_number = page;
    let page = typed(&browser, &page_of_number, "+49 151 12345678")
        .await
        .expect(200);
    assert!(page.text().contains("+49 ··· 678"), "{}", page.summary());
    assert!(
        page.has("button[data-cooldown]"),
        "another code has to wait"
    );
    let code = code_to(&app, NUMBER).await;
    let page = prove(&browser, &page, "").await.expect(422);
    let code_page = prove(&browser, &page, wrong(&code)).await.expect(422);
    assert!(code_page.has("#code-error"), "{}", code_page.summary());
    // Opened again, the address of the page asks for the number.
    let reloaded = browser.open(code_page.url.as_str()).await.expect(200);
    assert!(
        reloaded.has("a[href*='method=sms']"),
        "{}",
        reloaded.summary()
    );
    let page = prove(&browser, &code_page, &code).await;
    // Back, or another window, leads forward.
    for late in [&code_page, &page_of_number] {
        let form = &late.forms()[0];
        let late = browser.send(form).await;
        assert!(late.has("#codes"), "{}", late.summary());
    }
    let done = save(&browser, &page).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(tokens.claims["amr"], json!(["pwd", "sms", "mfa"]));
    app.run_jobs().await;
    assert_eq!(app.mailbox().to(ALICE.email).await.len(), 1, "one notice");

    let (other, attempt) = (app.browser(), rp.attempt());
    let page = asked(&other, &attempt).await;
    let page = sent(&other, &page, "sms").await;
    let code = code_to(&app, NUMBER).await;
    let done = prove(&other, &page, &code).await;
    rp.tokens(&attempt, &done).await.expect("by the new number");
    let dump = app.database.dump().await;
    assert!(!String::from_utf8_lossy(&dump).contains(NUMBER), "sealed");
}

#[tokio::test]
async fn mfa_07_a_code_belongs_to_the_sign_in_and_the_number_it_was_asked_for() {
    let app = by_message().start().await;
    let rp = app.client("web1").await;
    let (browser, other) = (app.browser(), app.browser());
    let (_, page) = at_number(&rp, &browser).await;
    let page = typed(&browser, &page, NUMBER).await.expect(200);
    let code = code_to(&app, NUMBER).await;
    // The same person elsewhere, with the code of this window.
    let (_, theirs) = at_number(&rp, &other).await;
    let mut forged = form_to(&theirs, "/enrol/phone")
        .forge("method", "sms")
        .forge("phone", NUMBER)
        .forge("code", &code);
    forged.action = page.form("code").action;
    let id = |page: &Page| page.url.path().split('/').nth(2).unwrap_or("").to_owned();
    let path = forged.action.path().replace(&id(&page), &id(&theirs));
    forged.action.set_path(&path);
    assert_eq!(other.send(&forged).await.status, 422);
    // Another number than the one it was sent to.
    let moved = page
        .form("code")
        .forge("phone", "+4915112345679")
        .fill("code", &code);
    assert_eq!(browser.send(&moved).await.status, 422);
    let page = prove(&browser, &page, &code).await;
    assert!(page.has("#codes"), "{}", page.summary());
    // The window that is left over is asked for the number that is there now.
    let late = typed(&other, &theirs, "+4915112345679").await;
    assert!(
        late.url.path().ends_with("/second_factor"),
        "{}",
        late.summary()
    );
    app.run_jobs().await;
    assert!(app.text_messages().to("+4915112345679").await.is_empty());
}

#[tokio::test]
async fn mfa_05_numbers_and_codes_of_a_sign_in_are_limited() {
    let app = by_message().start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, page) = at_number(&rp, &browser).await;
    let code_page = typed(&browser, &page, NUMBER).await.expect(200);
    let code = code_to(&app, NUMBER).await;
    let mut last = 0;
    for _ in 0..12 {
        last = prove(&browser, &code_page, wrong(&code)).await.status;
    }
    assert_eq!(last, 429);
    let held = prove(&browser, &code_page, &code).await.expect(429);
    assert!(!held.has("#codes"), "the right one has to wait too");
    app.clock.advance(Duration::from_mins(9));
    let page = prove(&browser, &code_page, &code).await;
    let done = save(&browser, &page).await;
    rp.tokens(&attempt, &done).await.expect("after the wait");

    // Messages, too: a handful, and then a wait that is told.
    let other = app.browser();
    let begun = other
        .sign_in(&rp.attempt().url(), BOB.email, BOB.password)
        .await;
    let page = other.open(begun.link("method=sms").as_str()).await;
    let mut refused = 0;
    for at in 0..10 {
        let answer = typed(&other, &page, &format!("+491512000000{at}")).await;
        if answer.status == 429 {
            refused += 1;
            assert!(!answer.header("retry-after").is_empty());
        }
    }
    assert!(refused >= 5, "{refused} of 10 refused");
}

#[tokio::test]
async fn mfa_07_where_policy_leaves_messages_out_no_number_is_taken() {
    let app = requiring(&[MfaMethod::Totp]).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = asked(&browser, &rp.attempt()).await;
    let offered: Vec<_> = page.select("a[href*='method=']");
    assert_eq!(offered.len(), 1, "{}", page.summary());
    let app_page = browser.open(page.link("method=totp").as_str()).await;
    let mut forged = app_page.form("code").forge("phone", NUMBER);
    forged.action = page.url.join("enrol/phone").expect("an address");
    let answer = browser.send(&forged).await;
    assert!(!answer.has("#code"), "{}", answer.summary());
    app.run_jobs().await;
    assert!(app.text_messages().all().await.is_empty());
}

#[tokio::test]
async fn mfa_08_a_proven_address_is_no_second_factor_before_it_was_turned_on() {
    let app = requiring(&[MfaMethod::Totp, MfaMethod::Email])
        .start()
        .await;
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt());
    let page = browser
        .sign_in(&attempt.url(), ADAM.email, ADAM.password)
        .await;
    assert!(page.url.path().ends_with("/enrol"), "{}", page.summary());
    // It is chosen by hand, and asked for from then on. Nobody gets a code at the step that was passed over.
    let page = browser.open(page.link("method=email").as_str()).await;
    let mut forged = form_to(&page, "/enrol/email").forge("method", "email");
    let at = forged
        .action
        .path()
        .replace("/enrol/email", "/second_factor/send");
    forged.action.set_path(&at);
    let there = browser.send(&forged).await;
    // Back to what the login waits for.
    assert_eq!(there.url.path(), at.replace("/second_factor/send", ""));
    there.link("method=email");
    app.run_jobs().await;
    assert!(app.mailbox().to(ADAM.email).await.is_empty());
    let page = browser
        .send(&form_to(&page, "/enrol/email"))
        .await
        .expect(200);
    app.run_jobs().await;
    let code = app.mailbox().newest(ADAM.email).await.code().to_owned();
    let page = prove(&browser, &page, &code).await;
    let done = save(&browser, &page).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(tokens.claims["amr"], json!(["pwd", "email", "mfa"]));
    let other = app.browser();
    let attempt = rp.attempt();
    let page = other
        .sign_in(&attempt.url(), ADAM.email, ADAM.password)
        .await;
    assert!(page.url.path().ends_with("/second_factor"));
    app.clock.advance(Duration::from_mins(2));
    let page = other.send(&form_to(&page, "/send")).await.expect(200);
    app.run_jobs().await;
    let code = app.mailbox().newest(ADAM.email).await.code().to_owned();
    let mut last = 0;
    for _ in 0..12 {
        last = prove(&other, &page, wrong(&code)).await.status;
    }
    assert_eq!(last, 429);
    assert_eq!(prove(&other, &page, &code).await.status, 429);
    app.clock.advance(Duration::from_mins(9));
    let done = prove(&other, &page, &code).await;
    rp.tokens(&attempt, &done).await.expect("signed in");
}

#[tokio::test]
async fn mfa_08_whoever_reads_the_mailbox_has_no_second_factor_by_it_where_one_is_required() {
    let app = requiring(&[MfaMethod::Totp, MfaMethod::Email])
        .start()
        .await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    crate::takeover::recover(&app, ADAM.email).await;
    let page = browser
        .sign_in(&rp.attempt().url(), ADAM.email, crate::takeover::FRESH)
        .await;
    assert!(page.url.path().ends_with("/enrol"), "{}", page.summary());
    let ways = page.select("a[href*='method=']");
    assert_eq!(ways.len(), 1, "an app alone: {}", page.summary());
}

#[tokio::test]
async fn mfa_07_mail_codes_are_turned_on_in_a_sign_in_that_asks_for_two_factors() {
    let app = App::setup()
        .configure(|config| config.mfa.methods = vec![MfaMethod::Totp, MfaMethod::Email])
        .start()
        .await;
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt().with("acr_values", TWO));
    let page = asked(&browser, &attempt).await;
    let page = browser.open(page.link("method=email").as_str()).await;
    assert!(app.mailbox().to(ALICE.email).await.is_empty(), "a look");
    let page = browser
        .send(&form_to(&page, "/enrol/email"))
        .await
        .expect(200);
    assert!(
        page.has("button[data-cooldown]"),
        "another code has to wait"
    );
    app.run_jobs().await;
    let code = app.mailbox().newest(ALICE.email).await.code().to_owned();
    prove(&browser, &page, "").await.expect(422);
    let page = prove(&browser, &page, wrong(&code)).await.expect(422);
    assert!(page.has("#code-error"), "{}", page.summary());
    // The code of this window is none in another sign-in.
    let (other, theirs) = (app.browser(), rp.attempt().with("acr_values", TWO));
    let waiting = asked(&other, &theirs).await;
    let waiting = other.open(waiting.link("method=totp").as_str()).await;
    let forged = waiting
        .form("code")
        .forge("method", "email")
        .fill("code", &code);
    assert_eq!(other.send(&forged).await.status, 422);
    let page = prove(&browser, &page, &code).await;
    let done = save(&browser, &page).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(tokens.claims["amr"], json!(["pwd", "email", "mfa"]));
    // From now on it is asked for; in the window that was left over as well.
    let late = other.open(waiting.url.as_str()).await;
    assert!(
        late.url.path().ends_with("/second_factor"),
        "{}",
        late.summary()
    );
    let plain = asked(&app.browser(), &rp.attempt()).await;
    assert!(plain.url.path().ends_with("/second_factor"));
}

#[tokio::test]
async fn mfa_05_mails_and_codes_of_a_sign_in_are_limited() {
    let app = App::setup()
        .configure(|config| config.mfa.methods = vec![MfaMethod::Email])
        .start()
        .await;
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt().with("acr_values", TWO));
    let page = asked(&browser, &attempt).await;
    let offer = browser.open(page.link("method=email").as_str()).await;
    let send = form_to(&offer, "/enrol/email");
    let code_page = browser.send(&send).await.expect(200);
    app.run_jobs().await;
    let code = app.mailbox().newest(ALICE.email).await.code().to_owned();
    let mut last = 0;
    for _ in 0..12 {
        last = prove(&browser, &code_page, wrong(&code)).await.status;
    }
    assert_eq!(last, 429);
    let held = prove(&browser, &code_page, &code).await.expect(429);
    assert!(!held.has("#codes"), "the right one has to wait too");
    let mut refused = 0;
    for _ in 0..20 {
        refused += usize::from(browser.send(&send).await.status == 429);
    }
    assert!(refused >= 10, "{refused} of 20 refused");
}

#[tokio::test]
async fn mfa_08_a_mailbox_that_gave_a_new_password_is_no_second_factor_beside_it() {
    let app = App::setup()
        .configure(|config| config.mfa.methods = vec![MfaMethod::Totp, MfaMethod::Email])
        .start()
        .await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let form = browser.open("/recover").await.form("identifier");
    browser.send(&form.fill("identifier", ALICE.email)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    let page = browser.open(mail.link("/recover/")).await;
    let new = "granite-meadow-owls-93";
    browser
        .send(&page.form("password").fill("password", new))
        .await;
    for (wait, offered) in [(0, 1), (73, 2)] {
        app.clock.advance(Duration::from_hours(wait));
        let attempt = rp.attempt().with("acr_values", TWO);
        let page = app
            .browser()
            .sign_in(&attempt.url(), ALICE.email, new)
            .await;
        let ways = page.select("a[href*='method=']");
        assert_eq!(ways.len(), offered, "{}", page.summary());
    }
    let (other, attempt) = (app.browser(), rp.attempt().with("acr_values", TWO));
    let page = other.sign_in(&attempt.url(), ALICE.email, new).await;
    let offer = other.open(page.link("method=email").as_str()).await;
    let sent = other.send(&form_to(&offer, "/enrol/email")).await;
    assert!(sent.has("button[data-cooldown]"), "{}", sent.summary());
}
