//! H-42: a passkey is offered right after a password, to whom it concerns, and no is taken for an answer.

use std::time::Duration;

use identity_harness::app::{App, Period};
use identity_harness::authenticator::{Authenticator, UP, UV};
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::relying_party::{Attempt, RelyingParty};
use identity_harness::seed::ALICE;
use reqwest::Method;
use serde_json::{Value, json};

use crate::codes::form_to;
use crate::mfa::{phone, prove, with_app};
use crate::mfa_enrol::enrolled;
use crate::wan::{filled, options, sign_in};

const DAY: Duration = Duration::from_hours(24);

/// Signs Alice in as a browser does whose script says that it can make passkeys.
pub async fn capable(browser: &Browser, address: &str) -> Page {
    let page = browser.open(address).await;
    let form = page
        .form("password")
        .fill("identifier", ALICE.email)
        .fill("password", ALICE.password)
        .forge("passkeys", "1");
    browser.send(&form).await
}

async fn asked(rp: &RelyingParty, browser: &Browser) -> (Attempt, Page) {
    let attempt = rp.attempt().with("prompt", "login");
    let page = capable(browser, &attempt.url()).await;
    (attempt, page)
}

fn is_offered(page: &Page) -> bool {
    page.url.path().ends_with("/add_passkey")
}

async fn decline(browser: &Browser, page: &Page, answer: &str) -> Page {
    browser
        .send(&form_to(page, "/decline").press("answer", answer))
        .await
}

async fn accept(browser: &Browser, page: &Page, authenticator: &mut Authenticator) -> Page {
    let options = options(browser, page).await;
    assert_eq!(options["mode"], "create");
    let credential = authenticator.create(&options["publicKey"]);
    browser.send(&filled(page, &credential)).await
}

#[tokio::test]
async fn h_42_a_passkey_that_is_offered_is_added_and_signs_in_alone() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let mut hers = Authenticator::new(&app.origin);
    let (attempt, page) = asked(&rp, &browser).await;
    assert!(is_offered(&page), "{}", page.summary());
    assert!(browser.cookie("session").is_none(), "not signed in yet");
    // A broken answer is told, and the page stays.
    let broken = filled(&page, &json!({})).forge("credential", "{}");
    let page = browser.send(&broken).await.expect(422);
    assert!(is_offered(&page), "{}", page.summary());
    let page = accept(&browser, &page, &mut hers).await;
    assert_eq!(page.select("#codes code").len(), 10, "{}", page.summary());
    let done = browser.send(&page.form("saved").tick("saved")).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(
        tokens.claims["amr"],
        json!(["pwd", hers_amr(&tokens.claims), "mfa"])
    );
    app.run_jobs().await;
    assert_eq!(app.mailbox().to(ALICE.email).await.len(), 1, "one notice");
    assert_eq!(sign_in(&app, &mut hers).await["email"], ALICE.email);
    // Who has one is asked for it, not offered another.
    let (_, page) = asked(&rp, &app.browser()).await;
    assert!(page.url.path().ends_with("/second_factor"));
}

fn hers_amr(claims: &Value) -> String {
    let word = claims["amr"][1].as_str().expect("a word").to_owned();
    assert!(["swk", "hwk"].contains(&word.as_str()), "{word}");
    word
}

const NINA: &str = "nina@new.test";

/// Signs Nina up, on the way to an application, in a browser that can make passkeys or not; the page after her mailed code.
async fn signed_up(app: &App, rp: &RelyingParty, browser: &Browser, can: &str) -> (Attempt, Page) {
    let attempt = rp.attempt();
    let page = browser.open(&attempt.url()).await;
    let register = page.form("identifier").forge("register", "1");
    let form = browser.send(&register).await.form("email");
    assert_eq!(form.value("passkeys"), Some(""), "the script says it");
    let form = form
        .fill("email", NINA)
        .fill("password", "umbrella-forest-piano-66")
        .forge("passkeys", can);
    let page = browser.send(&form).await;
    assert!(page.url.path().ends_with("/verify"), "{}", page.summary());
    app.run_jobs().await;
    let code = app.mailbox().newest(NINA).await.code().to_owned();
    let page = browser.send(&page.form("code").fill("code", &code)).await;
    (attempt, page)
}

#[tokio::test]
async fn h_42_who_just_signed_up_is_offered_a_passkey_that_signs_in_alone() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let mut hers = Authenticator::new(&app.origin);
    let (attempt, page) = signed_up(&app, &rp, &browser, "1").await;
    assert!(is_offered(&page), "{}", page.summary());
    assert!(browser.cookie("session").is_none(), "not signed in yet");
    let page = accept(&browser, &page, &mut hers).await;
    let done = browser.send(&page.form("saved").tick("saved")).await;
    rp.tokens(&attempt, &done).await.expect("signed in");
    assert_eq!(sign_in(&app, &mut hers).await["email"], NINA);
}

#[tokio::test]
async fn h_42_after_a_sign_up_no_is_an_answer_and_only_who_can_is_asked() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, page) = signed_up(&app, &rp, &browser, "1").await;
    let done = decline(&browser, &page, "later").await;
    let tokens = rp.tokens(&attempt, &done).await.expect("straight on");
    assert_eq!(tokens.claims["amr"], json!(["pwd"]));
    // The answer holds at the next sign-in.
    let attempt = rp.attempt().with("prompt", "login");
    let page = browser.open(&attempt.url()).await;
    let form = page
        .form("password")
        .fill("identifier", NINA)
        .fill("password", "umbrella-forest-piano-66")
        .forge("passkeys", "1");
    let done = browser.send(&form).await;
    rp.tokens(&attempt, &done).await.expect("not asked again");

    let app = App::start().await;
    let rp = app.client("web1").await;
    let (attempt, done) = signed_up(&app, &rp, &app.browser(), "").await;
    rp.tokens(&attempt, &done).await.expect("cannot: not asked");
}

#[tokio::test]
async fn h_42_a_browser_that_says_nothing_is_not_held_up() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (browser, attempt) = (app.browser(), rp.attempt());
    let page = browser.open(&attempt.url()).await;
    assert_eq!(page.form("password").value("passkeys"), Some(""));
    let done = browser.enter(page, ALICE.email, ALICE.password).await;
    rp.tokens(&attempt, &done).await.expect("straight on");
    // The page for the password alone has the same field.
    let other = app.browser();
    let page = other.open(&rp.attempt().url()).await;
    let page = other
        .send(&page.form("identifier").fill("identifier", ALICE.email))
        .await;
    let form = page.form("password").fill("password", ALICE.password);
    assert_eq!(form.value("passkeys"), Some(""));
    let page = other.send(&form.forge("passkeys", "1")).await;
    assert!(is_offered(&page), "{}", page.summary());
}

#[tokio::test]
async fn h_42_not_now_holds_for_a_month_and_never_for_good() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, page) = asked(&rp, &browser).await;
    let done = decline(&browser, &page, "later").await;
    let tokens = rp.tokens(&attempt, &done).await.expect("straight on");
    assert_eq!(tokens.claims["amr"], json!(["pwd"]));
    // The page that was left behind leads forward.
    let back = decline(&browser, &page, "never").await;
    assert!(!is_offered(&back), "{}", back.summary());
    app.clock.advance(DAY * 29);
    let (attempt, done) = asked(&rp, &app.browser()).await;
    rp.tokens(&attempt, &done).await.expect("not asked");
    app.clock.advance(DAY * 2);
    let (attempt, page) = asked(&rp, &browser).await;
    assert!(is_offered(&page), "{}", page.summary());
    let done = decline(&browser, &page, "never").await;
    rp.tokens(&attempt, &done).await.expect("straight on");
    app.clock.advance(DAY * 400);
    let (attempt, done) = asked(&rp, &browser).await;
    rp.tokens(&attempt, &done).await.expect("never again");
}

#[tokio::test]
async fn h_42_the_second_factor_comes_first_and_a_trusted_browser_adds_nothing() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, page) = asked(&rp, &browser).await;
    assert!(page.url.path().ends_with("/second_factor"));
    let form = page
        .form("code")
        .fill("code", &phone().code(&app.clock))
        .tick("trust_device");
    let page = browser.send(&form).await;
    assert!(is_offered(&page), "{}", page.summary());
    let done = decline(&browser, &page, "later").await;
    rp.tokens(&attempt, &done).await.expect("signed in");
    // Trusted for thirty days, quiet for as long: both are made to differ.
    let other = app.browser();
    app.clock.advance(DAY * 20);
    let (attempt, page) = asked(&rp, &other).await;
    let form = page
        .form("code")
        .fill("code", &phone().code(&app.clock))
        .tick("trust_device");
    let done = other.send(&form).await;
    rp.tokens(&attempt, &done).await.expect("signed in");
    app.clock.advance(DAY * 11);
    // The month is over, and the password was enough because the browser is trusted: not enough to change how she signs in.
    let (attempt, done) = asked(&rp, &other).await;
    rp.tokens(&attempt, &done).await.expect("trusted");
    let (_, page) = asked(&rp, &browser).await;
    let form = page.form("code").fill("code", &phone().code(&app.clock));
    assert!(is_offered(&browser.send(&form).await), "with both, she is");
}

#[tokio::test]
async fn h_42_who_sets_something_up_or_goes_to_do_so_is_not_asked_besides() {
    let app = App::setup()
        .configure(|config| {
            config.mfa.required = true;
            config.mfa.grace = Period::days(7);
        })
        .start()
        .await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (attempt, page) = asked(&rp, &browser).await;
    assert!(page.url.path().ends_with("/enrol"), "{}", page.summary());
    let done = browser.send(&form_to(&page, "/skip")).await;
    rp.tokens(&attempt, &done).await.expect("within grace");
    let app = App::start().await;
    let page = capable(&app.browser(), "/account/security").await;
    assert_eq!(page.url.path(), "/account/security");
    let page = capable(&app.browser(), "/account").await;
    assert!(is_offered(&page), "{}", page.summary());
}

#[tokio::test]
async fn mfa_02_an_offer_that_was_overtaken_adds_nothing_and_leads_on() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (first, second) = (app.browser(), app.browser());
    let mut one = Authenticator::new(&app.origin);
    let (_, left) = asked(&rp, &first).await;
    let (waiting, mine) = asked(&rp, &second).await;
    // The answer to one window's offer is none in the other's.
    let options = options(&first, &left).await;
    let credential = one.create(&options["publicKey"]);
    let page = second.send(&filled(&mine, &credential)).await.expect(422);
    assert!(is_offered(&page), "{}", page.summary());
    let page = first.send(&filled(&left, &credential)).await;
    assert!(page.has("#codes"), "{}", page.summary());
    first.send(&page.form("saved").tick("saved")).await;
    // By now a password alone is not enough: the other window proves the passkey that is there.
    let late = second.open(mine.url.as_str()).await;
    assert!(
        late.url.path().ends_with("/second_factor"),
        "{}",
        late.summary()
    );
    assert!(rp.code(&waiting, &late).is_err());
    let keys = app.database.rows("credentials").await;
    assert_eq!(
        keys.iter().filter(|row| row["kind"] == "webauthn").count(),
        1
    );
}

#[tokio::test]
async fn mfa_02_an_offer_stands_as_long_as_the_password_is_fresh() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let mut hers = Authenticator::new(&app.origin);
    let (attempt, page) = asked(&rp, &browser).await;
    app.clock.advance(Duration::from_mins(14));
    let options = options(&browser, &page).await;
    let credential = hers.create(&options["publicKey"]);
    app.clock.advance(Duration::from_mins(2));
    let done = browser.send(&filled(&page, &credential)).await;
    let tokens = rp.tokens(&attempt, &done).await.expect("led on, without");
    assert_eq!(tokens.claims["amr"], json!(["pwd"]));
    let keys = app.database.rows("credentials").await;
    assert!(keys.iter().all(|row| row["kind"] != "webauthn"));
}

#[tokio::test]
async fn h_42_where_policy_leaves_passkeys_out_none_is_offered() {
    let app = App::setup()
        .configure(|config| {
            config.mfa.methods = vec![identity_harness::config::MfaMethod::Totp];
        })
        .start()
        .await;
    let rp = app.client("web1").await;
    let (attempt, done) = asked(&rp, &app.browser()).await;
    rp.tokens(&attempt, &done).await.expect("straight on");
}

/// The options that the script of the page asks for by itself, whatever the answer.
async fn ask_silently(browser: &Browser, page: &Page) -> Page {
    let form = page.form("credential");
    let path = page.select("form[data-passkey]")[0]
        .attr("data-passkey")
        .to_owned();
    let fields = [
        ("csrf", form.value("csrf").expect("a token")),
        ("silent", "1"),
    ];
    let origin = page.url.origin().ascii_serialization();
    let headers = [
        ("origin", origin.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    browser
        .request_raw(Method::POST, &path, &fields, &headers)
        .await
}

/// What a password manager makes without anybody touching anything: no user was present, none was verified.
fn untouched(authenticator: &mut Authenticator, options: &Value) -> Value {
    let mut options = options.clone();
    options["authenticatorSelection"]["userVerification"] = json!("required");
    authenticator.create_with(&options, |parts| parts.flags &= !(UP | UV))
}

#[tokio::test]
async fn h_43_a_password_manager_adds_a_passkey_by_itself_after_both_factors() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (hers, _) = enrolled(&app, &rp).await;
    let browser = app.browser();
    let mut manager = Authenticator::synced(&app.origin);
    let (attempt, page) = asked(&rp, &browser).await;
    let page = prove(&browser, &page, &hers.code(&app.clock)).await;
    assert!(page.has("form[data-silent]"), "{}", page.summary());
    // What nobody touched is taken in this ceremony only.
    let loud = options(&browser, &page).await;
    let forged = filled(&page, &untouched(&mut manager, &loud["publicKey"]));
    let page = browser.send(&forged).await.expect(422);
    let forged = untouched(&mut manager, &loud["publicKey"]);
    let page = browser
        .send(&filled(&page, &forged).forge("silent", "1"))
        .await
        .expect(422);
    assert!(!page.has("form[data-silent]"), "it is not tried forever");
    assert!(!page.has("[data-part=alert]"), "and nobody hears of it");
    let answer = ask_silently(&browser, &page).await.expect(200);
    let silent: Value = serde_json::from_str(&answer.body).expect("JSON");
    let silent = &silent["publicKey"];
    assert_eq!(
        silent["authenticatorSelection"]["userVerification"],
        "preferred"
    );
    let credential = untouched(&mut manager, silent);
    browser.send(&filled(&page, &credential)).await.expect(422);
    let done = browser
        .send(&filled(&page, &credential).forge("silent", "1"))
        .await;
    let tokens = rp.tokens(&attempt, &done).await.expect("straight on");
    assert_eq!(
        tokens.claims["amr"],
        json!(["pwd", "otp", "mfa"]),
        "it proved nothing"
    );
    app.run_jobs().await;
    let told = app.mailbox().to(ALICE.email).await;
    assert!(told.iter().any(|mail| mail.text.contains("asskey")));
    assert_eq!(sign_in(&app, &mut manager).await["email"], ALICE.email);
}

#[tokio::test]
async fn h_43_nothing_is_made_silently_for_whom_it_would_change_the_way_in() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (_, page) = asked(&rp, &browser).await;
    assert!(is_offered(&page) && !page.has("form[data-silent]"));
    assert_eq!(ask_silently(&browser, &page).await.status, 409);
    let loud = options(&browser, &page).await;
    let credential = Authenticator::synced(&app.origin).create(&loud["publicKey"]);
    let forged = filled(&page, &credential).forge("silent", "1");
    let after = browser.send(&forged).await;
    assert!(after.has("form[data-passkey]"), "{}", after.summary());
    let rows = app.database.rows("credentials").await;
    assert!(rows.iter().all(|row| row["kind"] != "webauthn"));
}
