//! MFA: second factors in a sign-in.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::authenticator_app::AuthenticatorApp;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::relying_party::{Attempt, RelyingParty, Tokens};
use identity_harness::seed::{ADAM, ALICE, BOB, Seed};
use serde_json::json;

/// Alice's secret, as a file brings it along.
pub const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
pub const ONE: &str = "urn:identity:acr:1fa";
pub const TWO: &str = "urn:identity:acr:2fa";

/// The common setting, with an authenticator app for Alice.
pub fn with_app() -> Seed {
    let mut seed = Seed::common();
    seed.value()["users"][0]["totp_secret"] = json!(SECRET);
    seed
}

/// Alice's app.
pub fn phone() -> AuthenticatorApp {
    AuthenticatorApp::with_secret(SECRET)
}

/// Past the step of a code that was just used.
pub fn next_code(app: &App) {
    app.clock.advance(Duration::from_mins(1));
}

/// Opens an attempt and proves Alice's password.
pub async fn asked(browser: &Browser, attempt: &Attempt) -> Page {
    browser
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await
}

/// Types a code into the page that asks for one.
pub async fn prove(browser: &Browser, page: &Page, code: &str) -> Page {
    browser.send(&page.form("code").fill("code", code)).await
}

/// Signs Alice in with password and app.
pub async fn signed_in(app: &App, rp: &RelyingParty, browser: &Browser) -> Tokens {
    let attempt = rp.attempt();
    let page = asked(browser, &attempt).await;
    let page = prove(browser, &page, &phone().code(&app.clock)).await;
    rp.tokens(&attempt, &page).await.expect("signed in")
}

fn amr(tokens: &Tokens) -> Vec<String> {
    serde_json::from_value(tokens.claims["amr"].clone()).expect("amr")
}

#[tokio::test]
async fn mfa_01_a_totp_code_works_once() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let code = phone().code(&app.clock);
    let (first, second) = (app.browser(), app.browser());
    let attempt = rp.attempt();
    let page = asked(&first, &attempt).await;
    // Blanks as the app shows them are no part of the code.
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    let done = prove(&first, &page, &spaced).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(amr(&tokens), ["pwd", "otp", "mfa"]);
    assert_eq!(tokens.claims["acr"], TWO);

    let again = rp.attempt();
    let page = asked(&second, &again).await;
    let refused = prove(&second, &page, &code).await.expect(422);
    assert!(rp.code(&again, &refused).is_err());
    next_code(&app);
    let done = prove(&second, &refused, &phone().code(&app.clock)).await;
    rp.tokens(&again, &done).await.expect("the next code");
}

#[tokio::test]
async fn mfa_01_a_code_of_another_time_is_a_wrong_code_like_any_other() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let attempt = rp.attempt();
    let mut page = asked(&browser, &attempt).await;
    let mut said = Vec::new();
    for code in [
        phone().wrong_code(&app.clock),
        phone().code_in(&app.clock, -4),
        phone().code_in(&app.clock, 3),
    ] {
        page = prove(&browser, &page, &code).await.expect(422);
        said.push(page.text());
    }
    // Nothing says when a code would be right; that clocks go wrong is said to everybody (H-34).
    assert_eq!(said[1], said[0]);
    assert_eq!(said[2], said[0]);
    assert!(said[0].contains("clock"), "{}", said[0]);
    let done = prove(&browser, &page, &phone().code_in(&app.clock, -1)).await;
    rp.tokens(&attempt, &done).await.expect("one step of drift");
}

#[tokio::test]
async fn mfa_01_a_code_used_in_a_sign_in_is_used_up_for_a_step_up() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    // A session from before there was an app.
    let old = app.browser();
    rp.sign_in(&old, ALICE.email, ALICE.password).await;
    app.apply(&with_app()).await.expect("applied");
    let code = phone().code(&app.clock);
    let other = app.browser();
    let attempt = rp.attempt();
    let page = asked(&other, &attempt).await;
    rp.tokens(&attempt, &prove(&other, &page, &code).await)
        .await
        .expect("signed in");
    let attempt = rp.attempt().with("acr_values", TWO);
    let page = old.open(&attempt.url()).await;
    let refused = prove(&old, &page, &code).await.expect(422);
    assert!(rp.code(&attempt, &refused).is_err());
    next_code(&app);
    let done = prove(&old, &refused, &phone().code(&app.clock)).await;
    rp.tokens(&attempt, &done).await.expect("stepped up");
}

/// Brings so many browsers to the point where a second factor is asked for.
pub async fn waiting(app: &App, rp: &RelyingParty, count: usize) -> Vec<(Browser, Attempt, Page)> {
    let mut waiting = Vec::new();
    for _ in 0..count {
        let (browser, attempt) = (app.browser(), rp.attempt());
        let page = asked(&browser, &attempt).await;
        waiting.push((browser, attempt, page));
    }
    waiting
}

/// All of them type the same at once; how many got in.
pub async fn race(rp: &RelyingParty, waiting: Vec<(Browser, Attempt, Page)>, code: &str) -> usize {
    let mut tries = tokio::task::JoinSet::new();
    for (browser, attempt, page) in waiting {
        let form = page.form("code").fill("code", code);
        tries.spawn(async move { (browser.send(&form).await, attempt) });
    }
    let results = tries.join_all().await;
    results
        .iter()
        .filter(|(page, attempt)| rp.code(attempt, page).is_ok())
        .count()
}

#[tokio::test]
async fn mfa_01_of_fifty_who_type_the_same_code_at_once_one_gets_in() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let waiting = waiting(&app, &rp, 50).await;
    assert_eq!(race(&rp, waiting, &phone().code(&app.clock)).await, 1);
}

#[tokio::test]
async fn mfa_01_on_two_nodes_one_gets_in() {
    let (one, other) = App::two_nodes().await;
    let Some(other) = other else {
        return; // SQLite is for one node.
    };
    one.apply(&with_app()).await.expect("applied");
    let rp = one.client("web1").await;
    let mut both = waiting(&one, &rp, 4).await;
    both.extend(waiting(&other, &rp, 4).await);
    assert_eq!(race(&rp, both, &phone().code(&one.clock)).await, 1);
}

#[tokio::test]
async fn mfa_03_nothing_but_a_code_gets_past_the_second_step() {
    let mut seed = with_app();
    seed.value()["users"][1]["totp_secret"] = json!(SECRET);
    seed.value()["users"][2]["totp_secret"] = json!(SECRET);
    let app = App::setup().seed(seed).start().await;
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt());
    let page = asked(&browser, &attempt).await;
    let form = page.form("code");
    let (path, csrf) = (form.action.path().to_owned(), form.value("csrf").unwrap());
    let own = app.origin.origin().ascii_serialization();
    let headers = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
    let elsewhere = app.browser();
    let foreign = asked(&elsewhere, &rp.attempt()).await.form("code");
    // Somebody else's pending step, with the code that is right for it.
    let bobs = app.browser();
    let bobs_page = bobs
        .sign_in(&rp.attempt().url(), BOB.email, BOB.password)
        .await;
    let bobs_form = bobs_page.form("code");
    let right = phone().code(&app.clock);
    for (what, path, fields) in [
        (
            "empty",
            path.as_str(),
            vec![("method", "totp"), ("code", "")],
        ),
        ("absent", &path, vec![("method", "totp")]),
        ("nothing", &path, vec![]),
        ("null", &path, vec![("method", "totp"), ("code", "null")]),
        (
            "array",
            &path,
            vec![("method", "totp"), ("code[]", "000000")],
        ),
        (
            "twice",
            &path,
            vec![("method", "totp"), ("code", "000000"), ("code", "000001")],
        ),
        (
            "skip",
            &path,
            vec![("method", "totp"), ("skip", "1"), ("code", "")],
        ),
        (
            "no method",
            &path,
            vec![("method", "none"), ("code", "000000")],
        ),
        ("mail", &path, vec![("method", "email"), ("code", "000000")]),
        (
            "passkey",
            &path,
            vec![("method", "webauthn"), ("credential", "{}")],
        ),
        (
            "foreign",
            foreign.action.path(),
            vec![("method", "totp"), ("code", "000000")],
        ),
        (
            "somebody else's",
            bobs_form.action.path(),
            vec![("method", "totp"), ("code", right.as_str())],
        ),
    ] {
        let mut fields = fields;
        fields.push(("csrf", csrf));
        let answer = browser
            .request_raw(reqwest::Method::POST, path, &fields, &headers)
            .await;
        assert!(
            rp.code(&attempt, &answer).is_err() && browser.cookie("session").is_none(),
            "{what}: {}",
            answer.summary()
        );
        let back = browser.open(path).await;
        assert!(
            browser.cookie("session").is_none(),
            "{what}: {}",
            back.summary()
        );
    }
    assert!(app.database.rows("sessions").await.is_empty());
    // Going back leads to the same question again.
    let login = path.trim_end_matches("/second_factor");
    let back = browser.open(&format!("{login}/identifier")).await;
    assert!(back.find_form("code").is_some(), "{}", back.summary());
    app.clock.advance(Duration::from_secs(3600 - 1));
    let back = browser.open(login).await;
    let done = prove(&browser, &back, &phone().code(&app.clock)).await;
    rp.tokens(&attempt, &done)
        .await
        .expect("the right code still works");
}

#[tokio::test]
async fn mfa_04_wrong_codes_count_for_the_account_over_methods_and_browsers() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt());
    let mut page = asked(&browser, &attempt).await;
    let wrong = phone().wrong_code(&app.clock);
    let mut statuses = Vec::new();
    for _ in 0..10 {
        page = prove(&browser, &page, &wrong).await;
        statuses.push(page.status);
    }
    assert_eq!(statuses[..5], [422; 5]);
    assert_eq!(statuses[6..], [429; 4], "{statuses:?}");
    // Another browser, with the right code: not before the wait is over.
    let (other, again) = (app.browser(), rp.attempt());
    let waiting = asked(&other, &again).await;
    let code = phone().code(&app.clock);
    let refused = prove(&other, &waiting, &code).await.expect(429);
    assert!(!refused.header("retry-after").is_empty());
    app.clock.advance(Duration::from_secs(5));
    let done = prove(&other, &refused, &phone().code(&app.clock)).await;
    rp.tokens(&again, &done).await.expect("after the wait");
    let refusals = app.database.rows("audit").await;
    let refusals = refusals.iter().filter(|row| {
        row.to_string().contains("factor.use") && row.to_string().contains("refused")
    });
    assert!(refusals.count() >= 10);
}

#[tokio::test]
async fn mfa_04_the_owner_is_told_once_that_somebody_knows_the_password() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let mut page = asked(&browser, &rp.attempt()).await;
    for _ in 0..3 {
        page = prove(&browser, &page, &phone().wrong_code(&app.clock)).await;
    }
    app.run_jobs().await;
    assert_eq!(app.mailbox().to(ALICE.email).await.len(), 1);
}

#[tokio::test]
async fn mfa_04_the_owner_is_told_of_a_code_of_another_time_too() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = asked(&browser, &rp.attempt()).await;
    prove(&browser, &page, &phone().code_in(&app.clock, 3)).await;
    app.run_jobs().await;
    assert_eq!(app.mailbox().to(ALICE.email).await.len(), 1);
}

#[tokio::test]
async fn mfa_10_amr_and_acr_say_what_happened() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let one = rp.sign_in(&browser, ADAM.email, ADAM.password).await;
    assert_eq!(
        (amr(&one), one.claims["acr"].as_str()),
        (vec!["pwd".into()], Some(ONE))
    );
    let two = signed_in(&app, &rp, &app.browser()).await;
    assert_eq!(amr(&two), ["pwd", "otp", "mfa"]);
    let access = two.access_claims();
    assert_eq!(
        (&access["acr"], &access["amr"]),
        (&json!(TWO), &two.claims["amr"])
    );
}

#[tokio::test]
async fn mfa_10_a_step_up_asks_for_what_is_missing_and_keeps_the_session() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let before = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    app.apply(&with_app()).await.expect("applied");
    let old = browser.cookie("session").expect("a session");

    // RFC 9470 §5: without a page it cannot be done, and that is said.
    let silent = rp.attempt().with("acr_values", TWO).with("prompt", "none");
    let page = browser.open(&silent.url()).await;
    let error = page.redirect_param("error");
    assert_eq!(error.as_deref(), Some("interaction_required"));

    let attempt = rp.attempt().with("acr_values", TWO);
    let page = browser.open(&attempt.url()).await;
    assert!(page.find_form("password").is_none(), "{}", page.summary());
    assert!(page.text().contains(ALICE.email), "{}", page.summary());
    let done = prove(&browser, &page, &phone().code(&app.clock)).await;
    let after = rp.tokens(&attempt, &done).await.expect("stepped up");
    assert_eq!(after.claims["acr"], TWO);
    assert_eq!(amr(&after), ["pwd", "otp", "mfa"]);
    assert_eq!(after.claims["sid"], before.claims["sid"]);
    assert_ne!(
        browser.cookie("session").expect("a session").value,
        old.value
    );
    // From now on nothing is asked.
    let silent = rp.attempt().with("acr_values", TWO).with("prompt", "none");
    let page = browser.open(&silent.url()).await;
    rp.tokens(&silent, &page).await.expect("at once");
}

#[tokio::test]
async fn mfa_10_a_level_that_is_asked_for_ends_with_its_session() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    signed_in(&app, &rp, &browser).await;
    app.clock.advance(Duration::from_hours(3));
    let attempt = rp.attempt().with("acr_values", TWO);
    let page = browser.open(&attempt.url()).await;
    assert!(page.find_form("password").is_some(), "{}", page.summary());
}

#[tokio::test]
async fn mfa_03_somebody_else_starts_from_nothing() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    app.apply(&with_app()).await.expect("applied");
    let attempt = rp.attempt().with("acr_values", TWO);
    let page = browser.open(&attempt.url()).await;
    // "Not you?" leaves to another account: nothing that Alice proved counts for Adam.
    let page = browser.open(page.link("account=another").as_str()).await;
    let page = browser.enter(page, ADAM.email, ADAM.password).await;
    assert!(rp.code(&attempt, &page).is_err());
    assert!(
        page.text().contains("Add a second step"),
        "{}",
        page.summary()
    );
    assert!(page.text().contains(ADAM.email));
}

/// Chooses the session that is there in the account chooser.
async fn chosen(browser: &Browser, attempt: Attempt) -> (Attempt, Page) {
    let attempt = attempt.with("prompt", "select_account");
    let page = browser.open(&attempt.url()).await;
    let session = page.select("button[name=session]")[0]
        .attr("value")
        .to_owned();
    let form = page.form("session").press("session", &session);
    let page = browser.send(&form).await;
    (attempt, page)
}

#[tokio::test]
async fn mfa_10_a_session_that_was_chosen_is_raised_by_what_is_missing() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (browser, other) = (app.browser(), app.browser());
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    rp.sign_in(&other, ADAM.email, ADAM.password).await;
    app.apply(&with_app()).await.expect("applied");
    let (attempt, page) = chosen(&browser, rp.attempt().with("acr_values", TWO)).await;
    let done = prove(&browser, &page, &phone().code(&app.clock)).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("raised");
    assert_eq!(amr(&tokens), ["pwd", "otp", "mfa"]);
    assert_eq!(tokens.claims["acr"], TWO);
    // Who has no second factor adds one, and comes to the application too.
    let (attempt, page) = chosen(&other, rp.attempt().with("acr_values", TWO)).await;
    let page = other.open(page.link("method=totp").as_str()).await;
    let new = AuthenticatorApp::read_from(&page);
    let page = prove(&other, &page, &new.code(&app.clock)).await;
    let done = other.send(&page.form("saved").tick("saved")).await;
    rp.tokens(&attempt, &done).await.expect("raised");
}

#[tokio::test]
async fn mfa_09_an_old_session_adds_no_factor_because_an_application_asks_for_one() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    app.clock.advance(Duration::from_mins(16));
    let attempt = rp.attempt().with("acr_values", TWO);
    let page = browser.open(&attempt.url()).await;
    assert!(page.find_form("password").is_some(), "{}", page.summary());
    let path = page.url.path();
    let login = &path[..path.rfind('/').expect("a step")];
    let enrol = browser.open(&format!("{login}/enrol?method=totp")).await;
    assert!(!enrol.has("#totp-key"), "{}", enrol.summary());
    // Nor by way of the chooser.
    let (_, page) = chosen(&browser, rp.attempt().with("acr_values", TWO)).await;
    assert!(page.find_form("password").is_some(), "{}", page.summary());
    // Its owner proves the password and goes on.
    let page = browser.enter(page, ALICE.email, ALICE.password).await;
    assert!(page.text().contains("Add a second step"), "{}", page.text());
}

#[tokio::test]
async fn mfa_10_a_second_factor_alone_makes_an_old_password_no_fresher() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    app.apply(&with_app()).await.expect("applied");
    app.clock.advance(Duration::from_mins(16));
    let attempt = rp.attempt().with("acr_values", TWO);
    let page = browser.open(&attempt.url()).await;
    let done = prove(&browser, &page, &phone().code(&app.clock)).await;
    let tokens = rp
        .tokens(&attempt, &done)
        .await
        .expect("for the application");
    assert_eq!(tokens.claims["acr"], TWO);
    for change in ["/account/email", "/account/security/apps/add"] {
        let page = browser.open(change).await;
        assert!(
            page.find_form("password").is_some(),
            "{change}: {}",
            page.summary()
        );
    }
}
