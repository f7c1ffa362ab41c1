//! MFA-02, 06 to 09: setting second factors up, backup codes, requirements, removal.

use std::time::Duration;

use identity_harness::app::{App, Period, Setup};
use identity_harness::authenticator_app::AuthenticatorApp;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::relying_party::{Attempt, RelyingParty};
use identity_harness::seed::{ALICE, Seed};
use reqwest::Method;

use crate::mfa::{TWO, asked, next_code, phone, prove, race, with_app};

/// Everybody must have a second factor, after so many days of grace.
pub fn requiring(days: u64) -> Setup {
    App::setup().configure(move |config| {
        config.mfa.required = true;
        config.mfa.grace = Period::days(days);
    })
}

/// From the page that offers methods to an app that was added; ends at the page with the backup codes.
pub async fn add_app(app: &App, browser: &Browser, page: &Page) -> (AuthenticatorApp, Page) {
    let page = browser.open(page.link("method=totp").as_str()).await;
    let app_of_hers = AuthenticatorApp::read_from(&page);
    let form = page.form("code").fill("name", "Work phone");
    let page = browser
        .send(&form.fill("code", &app_of_hers.code(&app.clock)))
        .await;
    (app_of_hers, page)
}

fn codes(page: &Page) -> Vec<String> {
    let codes: Vec<String> = page
        .select("#codes code")
        .into_iter()
        .map(|code| code.text)
        .collect();
    assert_eq!(codes.len(), 10, "{}", page.summary());
    codes
}

async fn save(browser: &Browser, page: &Page) -> Page {
    browser.send(&page.form("saved").tick("saved")).await
}

/// Alice with an app and saved backup codes.
pub async fn enrolled(app: &App, rp: &RelyingParty) -> (AuthenticatorApp, Vec<String>) {
    let browser = app.browser();
    let attempt = rp.attempt().with("acr_values", TWO);
    let page = asked(&browser, &attempt).await;
    let (app_of_hers, page) = add_app(app, &browser, &page).await;
    let codes = codes(&page);
    let done = save(&browser, &page).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(tokens.claims["acr"], TWO);
    next_code(app);
    (app_of_hers, codes)
}

/// Alice at the page that asks for a backup code.
async fn at_backup_code(rp: &RelyingParty, browser: &Browser) -> (Attempt, Page) {
    let attempt = rp.attempt();
    let page = asked(browser, &attempt).await;
    let page = browser.open(page.link("method=backup_code").as_str()).await;
    (attempt, page)
}

#[tokio::test]
async fn mfa_07_an_app_is_added_by_a_code_of_it_and_backup_codes_follow() {
    let app = requiring(0).start().await;
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt());
    let page = asked(&browser, &attempt).await;
    assert!(page.text().contains("asks everyone"), "{}", page.summary());
    let page = browser.open(page.link("method=totp").as_str()).await;
    let app_of_hers = AuthenticatorApp::read_from(&page);
    assert!(page.has("svg[role=img]") && page.has("a[href^='otpauth://totp/']"));
    // A wrong code keeps the secret.
    let wrong = app_of_hers.wrong_code(&app.clock);
    let page = prove(&browser, &page, &wrong).await.expect(422);
    let same = AuthenticatorApp::read_from(&page);
    assert_eq!(same.code(&app.clock), app_of_hers.code(&app.clock));
    // Here a clock that is off is named (H-34).
    let early = app_of_hers.code_in(&app.clock, 4);
    let page = prove(&browser, &page, &early).await.expect(422);
    assert!(page.text().contains("minutes off"), "{}", page.summary());
    let page = prove(&browser, &page, &app_of_hers.code(&app.clock)).await;
    let shown = codes(&page);
    // Shown again until they are saved; the box has to be ticked.
    let page = browser.open(page.url.as_str()).await;
    assert_eq!(codes(&page), shown);
    let page = browser.send(&page.form("saved")).await.expect(422);
    let file = browser.open(page.link("/file").as_str()).await;
    assert!(shown.iter().all(|code| file.body.contains(code)));
    assert!(file.header("content-disposition").starts_with("attachment"));
    let done = save(&browser, &page).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(tokens.claims["acr"], TWO);
    app.run_jobs().await;
    assert_eq!(app.mailbox().to(ALICE.email).await.len(), 1, "one notice");
    // The secret is never shown again, and the code that confirmed it is used up.
    let (other, again) = (app.browser(), rp.attempt());
    let page = asked(&other, &again).await;
    let code = app_of_hers.code(&app.clock);
    let page = prove(&other, &page, &code).await.expect(422);
    assert!(!page.has("#totp-key"));
    next_code(&app);
    let done = prove(&other, &page, &app_of_hers.code(&app.clock)).await;
    rp.tokens(&again, &done).await.expect("signed in");
}

#[tokio::test]
async fn mfa_07_a_secret_belongs_to_the_sign_in_it_was_shown_in() {
    let app = requiring(0).start().await;
    let rp = app.client("web1").await;
    let (first, second) = (app.browser(), app.browser());
    let page = asked(&first, &rp.attempt()).await;
    let first_page = first.open(page.link("method=totp").as_str()).await;
    let page = asked(&second, &rp.attempt()).await;
    let second_page = second.open(page.link("method=totp").as_str()).await;
    let (one, two) = (
        AuthenticatorApp::read_from(&first_page),
        AuthenticatorApp::read_from(&second_page),
    );
    assert_ne!(one.code(&app.clock), two.code(&app.clock));
    for (browser, page, secret) in [
        (&first, &first_page, &one),
        (&first, &first_page, &two),
        (&second, &second_page, &one),
    ] {
        let answer = prove(browser, page, &secret.code(&app.clock)).await;
        assert!(answer.find_form("saved").is_none(), "{}", answer.summary());
    }
    let kinds = app.database.rows("credentials").await;
    assert!(!kinds.iter().any(|row| row["kind"] == "totp"));
}

#[tokio::test]
async fn mfa_02_a_password_alone_adds_no_factor_beside_one_that_is_there() {
    let app = requiring(0).start().await;
    let rp = app.client("web1").await;
    // Two windows wait for an enrolment; the owner finishes hers.
    let (owner, other) = (app.browser(), app.browser());
    let attempt = rp.attempt();
    let waiting = asked(&other, &attempt).await;
    let page = asked(&owner, &rp.attempt()).await;
    let stale = other.open(waiting.link("method=totp").as_str()).await;
    let theirs = AuthenticatorApp::read_from(&stale);
    let (hers, page) = add_app(&app, &owner, &page).await;
    save(&owner, &page).await;
    let answer = prove(&other, &stale, &theirs.code(&app.clock)).await;
    assert!(!answer.has("#totp-key") && answer.find_form("saved").is_none());
    let again = other.open(waiting.url.as_str()).await;
    assert!(!again.has("#totp-key"), "{}", again.summary());
    next_code(&app);
    // What it asks for now is the factor that is there.
    let done = prove(&other, &again, &hers.code(&app.clock)).await;
    rp.tokens(&attempt, &done).await.expect("signed in");
    let apps = app.database.rows("credentials").await;
    assert_eq!(apps.iter().filter(|row| row["kind"] == "totp").count(), 1);
}

#[tokio::test]
async fn mfa_02_with_the_second_factor_pending_nothing_else_opens() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt());
    let page = asked(&browser, &attempt).await;
    let form = page.form("code");
    let id = form
        .action
        .path()
        .split('/')
        .nth(2)
        .expect("an id")
        .to_owned();
    let csrf = form.value("csrf").expect("a token").to_owned();
    let before = app.database.rows("credentials").await;
    let own = app.origin.origin().ascii_serialization();
    let headers = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
    for path in crate::routes::routes("get") {
        let path = path.replace("018f0000-0000-7000-8000-000000000000", &id);
        let page = browser.get(&path).await;
        let closed = !page.has("#totp-key") && !page.has("#codes");
        assert!(closed && browser.cookie("session").is_none(), "{path}");
        if path.starts_with("/account") {
            // Signing out is open to everybody: it asks for a confirmation and tells nothing.
            assert!(page.status != 200 || path == "/account/sign_out", "{path}");
            assert!(!page.body.contains(ALICE.email), "{path}");
        }
    }
    for path in crate::routes::routes("post") {
        let path = path.replace("018f0000-0000-7000-8000-000000000000", &id);
        if path.ends_with("/cancel") {
            continue; // Giving up is allowed.
        }
        let fields = [
            ("csrf", csrf.as_str()),
            ("decision", "allow"),
            ("saved", "1"),
            ("method", "totp"),
            ("code", "000000"),
        ];
        let page = browser
            .request_raw(Method::POST, &path, &fields, &headers)
            .await;
        assert!(rp.code(&attempt, &page).is_err(), "{path}");
        assert!(
            browser.cookie("session").is_none(),
            "{path}: {}",
            page.summary()
        );
    }
    assert_eq!(app.database.rows("credentials").await.len(), before.len());
    assert!(app.database.rows("sessions").await.is_empty());
}

#[tokio::test]
async fn mfa_06_a_backup_code_works_once_and_its_owner_is_told() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (_, codes) = enrolled(&app, &rp).await;
    let browser = app.browser();
    let (attempt, page) = at_backup_code(&rp, &browser).await;
    let typed = codes[0].replace('-', " ").to_uppercase();
    let done = prove(&browser, &page, &typed).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(tokens.claims["acr"], TWO);
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    assert!(
        mails
            .iter()
            .any(|mail| mail.text.contains("9 codes are left"))
    );
    let browser = app.browser();
    let (attempt, page) = at_backup_code(&rp, &browser).await;
    let refused = prove(&browser, &page, &codes[0]).await.expect(422);
    let done = prove(&browser, &refused, &codes[1]).await;
    rp.tokens(&attempt, &done).await.expect("another one works");
}

#[tokio::test]
async fn h_39_three_codes_left_are_few_and_that_is_said() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (_, codes) = enrolled(&app, &rp).await;
    for (used, code) in codes[..7].iter().enumerate() {
        let browser = app.browser();
        let (_, page) = at_backup_code(&rp, &browser).await;
        prove(&browser, &page, code).await;
        let page = browser.open("/account/security").await;
        assert_eq!(page.text().contains("Few left"), used == 6, "{used}");
        app.clock.advance(Duration::from_mins(1));
    }
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let urgent = mails.iter().filter(|mail| mail.text.contains("Make new"));
    assert_eq!(urgent.count(), 1, "the seventh mail says it");
}

#[tokio::test]
async fn mfa_06_of_fifty_who_type_the_same_backup_code_at_once_one_gets_in() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (_, codes) = enrolled(&app, &rp).await;
    let mut waiting = Vec::new();
    for _ in 0..50 {
        let browser = app.browser();
        let (attempt, page) = at_backup_code(&rp, &browser).await;
        waiting.push((browser, attempt, page));
    }
    assert_eq!(race(&rp, waiting, &codes[4]).await, 1);
}

#[tokio::test]
async fn mfa_06_the_database_holds_no_code_and_guesses_are_slowed() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = asked(&browser, &rp.attempt().with("acr_values", TWO)).await;
    let (hers, page) = add_app(&app, &browser, &page).await;
    let codes = codes(&page);
    // Neither while they wait to be saved nor afterwards.
    for _ in 0..2 {
        let dump = app.database.dump().await;
        let text = String::from_utf8_lossy(&dump);
        for code in &codes {
            assert!(!text.contains(code) && !text.contains(&code.replace('-', "")));
        }
        assert!(!text.contains(&hers.secret()));
        if let Some(form) = page.find_form("saved") {
            browser.send(&form.tick("saved")).await;
        }
    }
    let browser = app.browser();
    let (_, mut page) = at_backup_code(&rp, &browser).await;
    let mut judged = 0;
    for guess in 0..100 {
        page = prove(&browser, &page, &format!("0000-0000-0000-{guess:04}")).await;
        judged += usize::from(page.status == 422);
    }
    assert!(judged <= 6, "{judged} guesses were judged");
}

#[tokio::test]
async fn mfa_08_where_it_is_required_grace_lets_through_until_it_ends() {
    let app = requiring(7).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    // A session of before the requirement would be asked in the same way.
    let attempt = rp.attempt();
    let page = asked(&browser, &attempt).await;
    assert!(
        page.text().contains("You can skip this until"),
        "{}",
        page.summary()
    );
    let skip = page
        .forms()
        .into_iter()
        .find(|form| form.action.path().ends_with("/skip"))
        .expect("a way to skip");
    let done = browser.send(&skip).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("within grace");
    // The session goes on without being asked at every application.
    let silent = rp.attempt().with("prompt", "none");
    let page = browser.open(&silent.url()).await;
    rp.tokens(&silent, &page).await.expect("still within grace");
    app.clock.advance(Duration::from_hours(8 * 24));
    let (late, attempt) = (app.browser(), rp.attempt());
    let page = asked(&late, &attempt).await;
    assert!(!page.text().contains("skip"), "{}", page.summary());
    let csrf = page.select("input[name=csrf]");
    let skipped = late
        .request_raw(
            Method::POST,
            &format!("{}/skip", page.url.path()),
            &csrf
                .first()
                .map(|field| ("csrf", field.attr("value")))
                .into_iter()
                .collect::<Vec<_>>(),
            &[],
        )
        .await;
    assert!(rp.code(&attempt, &skipped).is_err());
    let (_, page) = add_app(&app, &late, &page).await;
    let done = save(&late, &page).await;
    rp.tokens(&attempt, &done).await.expect("never a dead end");
    drop(tokens);
}

#[tokio::test]
async fn mfa_08_a_recovered_password_does_not_get_around_a_second_factor() {
    let app = App::setup().seed(with_app()).start().await;
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
    let attempt = rp.attempt();
    let page = browser.sign_in(&attempt.url(), ALICE.email, new).await;
    let done = prove(&browser, &page, &phone().code(&app.clock)).await;
    rp.tokens(&attempt, &done).await.expect("with the app");
}

#[tokio::test]
async fn mfa_08_a_session_from_before_the_requirement_is_asked_too() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let app = app
        .restart_with(|config| {
            config.mfa.required = true;
            config.mfa.grace = Period::seconds(0);
        })
        .await;
    let silent = rp.attempt().with("prompt", "none");
    let page = browser.open(&silent.url()).await;
    let error = page.redirect_param("error");
    assert_eq!(error.as_deref(), Some("interaction_required"));
    let attempt = rp.attempt();
    let page = browser.open(&attempt.url()).await;
    assert!(page.find_form("password").is_none(), "only what is missing");
    let (_, page) = add_app(&app, &browser, &page).await;
    let done = save(&browser, &page).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(tokens.claims["acr"], TWO);
}

#[tokio::test]
async fn mfa_08_a_refresh_token_from_before_does_not_outlive_the_time_of_grace() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let app = app
        .restart_with(|config| {
            config.mfa.required = true;
            config.mfa.grace = Period::days(1);
            config.session.remember = Period::days(30);
            config.session.absolute = Period::days(30);
            config.session.idle = Period::days(30);
        })
        .await;
    let again = rp.refresh(tokens.refresh()).await.expect_ok();
    app.clock.advance(Duration::from_hours(25));
    let next = again["refresh_token"].as_str().expect("a refresh token");
    rp.refresh(next).await.expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn mfa_09_an_operator_removes_a_factor_for_a_reason_and_its_owner_is_told() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    crate::mfa::signed_in(&app, &rp, &browser).await;
    let reason = "lost her phone, called back";
    assert!(app.remove_factors(ALICE.email, " ").await.is_err());
    app.remove_factors(ALICE.email, reason)
        .await
        .expect("removed");
    app.run_jobs().await;
    let silent = rp.attempt().with("prompt", "none");
    let page = browser.open(&silent.url()).await;
    assert!(rp.code(&silent, &page).is_err(), "signed out everywhere");
    let mails = app.mailbox().to(ALICE.email).await;
    assert!(
        mails
            .iter()
            .any(|mail| mail.subject.contains("was removed"))
    );
    let audit = app.database.rows("audit").await;
    assert!(audit.iter().any(|row| row.to_string().contains(reason)));
    let attempt = rp.attempt();
    let page = asked(&browser, &attempt).await;
    rp.tokens(&attempt, &page)
        .await
        .expect("with the password alone");
}

#[tokio::test]
async fn mfa_07_a_file_brings_an_app_along_once() {
    let app = App::setup().seed(with_app()).start().await;
    app.apply(&with_app()).await.expect("applied again");
    let rows = app.database.rows("credentials").await;
    assert_eq!(rows.iter().filter(|row| row["kind"] == "totp").count(), 1);
    let changed: Seed = {
        let mut seed = with_app();
        seed.value()["users"][0]["totp_secret"] = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into();
        seed
    };
    app.apply(&changed).await.expect("a new secret");
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt());
    let page = asked(&browser, &attempt).await;
    let page = prove(&browser, &page, &phone().code(&app.clock)).await;
    let new = AuthenticatorApp::with_secret("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    let done = prove(&browser, &page.expect(422), &new.code(&app.clock)).await;
    rp.tokens(&attempt, &done).await.expect("the new one");
}
