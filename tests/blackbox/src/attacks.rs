//! What an attacker would try beside the rows of the catalogue: half-done sign-ins, other tabs, other people, guessed codes.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::relying_party::Rejected;
use identity_harness::seed::{ADAM, ALICE, BOB, Person, Seed, WEB1_SECRET, registration, web};
use serde_json::json;

const NEW: &str = "granite-meadow-owls-93";

async fn sign_up(browser: &Browser, email: &str, password: &str) -> Page {
    let mut form = browser.open("/register").await.form("email");
    for (name, value) in [
        ("email", email),
        ("name", "Some Body"),
        ("password", password),
    ] {
        if form.has(name) {
            form = form.fill(name, value);
        }
    }
    browser.send(&form).await
}

/// Recovers an account by the mailed code and sets a new password.
async fn recover(app: &App, email: &str, new: &str) -> Page {
    let browser = app.browser();
    let form = browser.open("/recover").await.form("identifier");
    let sent = browser.send(&form.fill("identifier", email)).await;
    app.run_jobs().await;
    let code = app.mailbox().newest(email).await.code().to_owned();
    let page = browser.send(&sent.form("code").fill("code", &code)).await;
    browser
        .send(&page.form("password").fill("password", new))
        .await
}

#[tokio::test]
async fn inv_03_a_half_done_sign_up_does_not_survive_the_owners_recovery() {
    let app = App::start().await;
    let attacker = app.browser();
    // Somebody registers the victim's address with a password of their own and waits at "check your mail".
    let waiting = sign_up(&attacker, "victim@new.test", "umbrella-forest-piano-66").await;
    assert!(waiting.has("input[name=code]"), "{}", waiting.summary());
    app.run_jobs().await;
    recover(&app, "victim@new.test", NEW).await;
    for form in waiting.forms() {
        if form.method == "post" && form.action.path().starts_with("/login/") {
            attacker.send(&form).await;
        }
    }
    let page = attacker.open("/account").await;
    assert!(
        attacker.cookie("session").is_none() && page.has("input[name=password]"),
        "{}",
        page.summary()
    );
    let rp = app.client("web1").await;
    rp.sign_in(&app.browser(), "victim@new.test", NEW).await;
    let old = app
        .browser()
        .sign_in(
            &rp.attempt().url(),
            "victim@new.test",
            "umbrella-forest-piano-66",
        )
        .await;
    assert!(old.location().is_none(), "{}", old.summary());
}

#[tokio::test]
async fn inv_02_signing_up_again_for_a_waiting_address_changes_nothing() {
    let app = App::start().await;
    sign_up(&app.browser(), "nina@new.test", "umbrella-forest-piano-66").await;
    app.run_jobs().await;
    let first = app.mailbox().newest("nina@new.test").await;
    app.clock.advance(Duration::from_mins(2));
    let second = app.browser();
    let page = sign_up(&second, "Nina@new.test", "another-piano-forest-77").await;
    app.run_jobs().await;
    // The code of the first sign-up is of no use in the browser of the second, and its password is not taken.
    let page = second
        .send(&page.form("code").fill("code", first.code()))
        .await;
    assert!(page.status >= 400, "{}", page.summary());
    assert!(second.cookie("session").is_none());
    let rp = app.client("web1").await;
    let page = app
        .browser()
        .sign_in(
            &rp.attempt().url(),
            "nina@new.test",
            "another-piano-forest-77",
        )
        .await;
    assert!(page.location().is_none(), "{}", page.summary());
    let users = app.database.rows("users").await;
    let of_nina = users
        .iter()
        .filter(|row| row.to_string().to_lowercase().contains("nina@new.test"))
        .count();
    assert_eq!(of_nina, 1);
}

#[tokio::test]
async fn pwd_02_a_mailed_code_is_not_guessed() {
    let app = App::start().await;
    let browser = app.browser();
    let form = browser.open("/recover").await.form("identifier");
    let sent = browser.send(&form.fill("identifier", ALICE.email)).await;
    app.run_jobs().await;
    let code = app.mailbox().newest(ALICE.email).await.code().to_owned();
    let form = sent.form("code");
    let mut tries = 0;
    loop {
        let page = browser
            .send(&form.clone().fill("code", "BCDFG-HJKLM"))
            .await;
        if page.status == 429 {
            assert!(!page.header("retry-after").is_empty());
            break;
        }
        assert_eq!(page.status, 422, "{}", page.summary());
        tries += 1;
        assert!(tries < 20, "codes may be guessed without end");
    }
    // The budget is the account's, whoever asks from wherever, however it is spelled.
    let other = app.browser();
    let form = other.open("/recover").await.form("identifier");
    let sent = other.send(&form.fill("identifier", "ALICE@a.test")).await;
    let page = other
        .send(&sent.form("code").fill("code", "BCDFG-HJKLM"))
        .await;
    assert_eq!(page.status, 429, "{}", page.summary());
    let page = other.send(&sent.form("code").fill("code", &code)).await;
    assert_eq!(
        page.status,
        429,
        "not even the right one: {}",
        page.summary()
    );
}

#[tokio::test]
async fn pwd_02_the_code_of_a_sign_up_is_not_guessed() {
    let app = App::start().await;
    let mut tries = 0;
    let browser = app.browser();
    let page = sign_up(&browser, "nina@new.test", "umbrella-forest-piano-66").await;
    let form = page.form("code");
    while browser
        .send(&form.clone().fill("code", "BCDFG-HJKLM"))
        .await
        .status
        != 429
    {
        tries += 1;
        assert!(tries < 20, "codes may be guessed without end");
    }
}

#[tokio::test]
async fn ses_09_a_consent_is_given_by_the_one_who_was_asked() {
    let mut careful = web("careful", Some(WEB1_SECRET));
    careful["require_consent"] = json!(true);
    let app = App::setup()
        .seed(Seed::common().client(careful))
        .start()
        .await;
    let rp = app
        .relying_party(registration("careful", Some(WEB1_SECRET)))
        .await;
    let browser = app.browser();
    let attempt = rp.attempt();
    let page = browser.open(&attempt.url()).await;
    let asked = browser.enter(page, ALICE.email, ALICE.password).await;
    let form = asked.form("decision");
    // Meanwhile, in another tab, Alice leaves and Bob comes.
    crate::ses::sign_out(&rp, &browser).await;
    app.client("webB")
        .await
        .sign_in(&browser, BOB.email, BOB.password)
        .await;
    let page = browser.send(&form.clone().press("decision", "allow")).await;
    assert!(rp.code(&attempt, &page).is_err(), "{}", page.summary());
    assert!(app.database.rows("consents").await.is_empty());
    // And a decision that is none is not "allow".
    for decision in ["", "yes", "ALLOW"] {
        let page = browser.open(&rp.attempt().url()).await;
        let page = browser.enter(page, BOB.email, BOB.password).await;
        let Some(form) = page.find_form("decision") else {
            continue;
        };
        let page = browser.submit(&form.forge("decision", decision)).await;
        assert!(
            page.location()
                .is_none_or(|to| !to.as_str().contains("code=")),
            "{decision:?}: {}",
            page.summary()
        );
    }
    assert!(app.database.rows("consents").await.is_empty());
}

#[tokio::test]
async fn ses_09_the_chooser_chooses_among_this_browsers_sessions_only() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (browser, stranger) = (app.browser(), app.browser());
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let foreign = rp.sign_in(&stranger, ADAM.email, ADAM.password).await;
    let sid = foreign.access_claims()["sid"]
        .as_str()
        .expect("a sid")
        .to_owned();
    let attempt = rp.attempt().with("prompt", "select_account");
    let page = browser.open(&attempt.url()).await;
    let form = page.form("session").forge("session", &sid);
    let page = browser.send(&form).await;
    assert!(rp.code(&attempt, &page).is_err(), "{}", page.summary());
    let page = browser.open(&attempt.url()).await;
    let form = page.form("session").forge("remove", &sid);
    browser.send(&form).await;
    let silent = rp.attempt().with("prompt", "none");
    let page = stranger.open(&silent.url()).await;
    assert!(rp.code(&silent, &page).is_ok(), "Adam is still signed in");
}

#[tokio::test]
async fn oau_15_the_chooser_keeps_to_the_age_that_the_client_registered() {
    let mut bank = web("bank", Some(WEB1_SECRET));
    bank["default_max_age"] = json!(60);
    let app = App::setup().seed(Seed::common().client(bank)).start().await;
    let rp = app
        .relying_party(registration("bank", Some(WEB1_SECRET)))
        .await;
    let browser = app.browser();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    app.clock.advance(Duration::from_mins(5));
    let attempt = rp.attempt().with("prompt", "select_account");
    let page = browser.open(&attempt.url()).await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.has("session") || form.action.path().ends_with("select_account"))
        .expect("a chooser");
    let page = browser.send(&form).await;
    assert!(
        page.has("input[name=password]"),
        "an old session is no fresh one: {}",
        page.summary()
    );
}

#[tokio::test]
async fn oau_15_a_hint_for_one_person_is_not_answered_with_another() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let alice = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let attempt = rp.attempt().with("id_token_hint", &alice.id_token);
    let page = app
        .browser()
        .sign_in(&attempt.url(), ADAM.email, ADAM.password)
        .await;
    assert_eq!(
        rp.code(&attempt, &page),
        Err(Rejected::Provider("login_required".to_owned())),
        "{}",
        page.summary()
    );
    let attempt = rp.attempt().with("id_token_hint", &alice.id_token);
    let page = app
        .browser()
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    assert!(rp.code(&attempt, &page).is_ok(), "{}", page.summary());
}

#[tokio::test]
async fn oau_15_a_subject_among_the_claims_is_not_answered_with_another() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let of = async |person: Person| {
        let browser = app.browser();
        let tokens = rp.sign_in(&browser, person.email, person.password).await;
        (browser, tokens.access_claims()["sub"].clone())
    };
    let ((alices, alice), (_, adam)) = (of(ALICE).await, of(ADAM).await);
    for section in ["id_token", "userinfo"] {
        for (sub, is_answered) in [(&alice, true), (&adam, false)] {
            let claims = json!({section: {"sub": {"value": sub}}}).to_string();
            let attempt = rp.attempt().with("claims", &claims);
            let attempt = attempt.with("prompt", "none");
            let page = alices.open(&attempt.url()).await;
            let code = rp.code(&attempt, &page);
            assert_eq!(code.is_ok(), is_answered, "{section} {code:?}");
        }
    }
    // A sign-in as somebody else is not the answer, either.
    let claims = json!({"id_token": {"sub": {"value": adam}}}).to_string();
    let attempt = rp.attempt().with("claims", &claims);
    let page = (app.browser())
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    assert_eq!(
        rp.code(&attempt, &page),
        Err(Rejected::Provider("login_required".to_owned())),
    );
}

#[tokio::test]
async fn ses_05_signing_out_leads_nowhere_that_is_not_registered() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    for evil in [
        "https://evil.test/",
        "//evil.test",
        "javascript:alert(1)",
        "https://web1.rp.test/bye#x",
        "https://web1.rp.test/bye?state=x#@evil.test/",
        "https://web1.rp.test/bye&state=x",
        "https://web1.rp.test.evil.test/bye?state=1",
        "https://web1.rp.test@evil.test/bye?state=1",
    ] {
        let browser = app.browser();
        rp.sign_in(&browser, ALICE.email, ALICE.password).await;
        let asked = browser
            .open(&rp.logout_url(&[
                ("client_id", "web1"),
                ("post_logout_redirect_uri", "https://web1.rp.test/bye"),
            ]))
            .await;
        let form = asked
            .forms()
            .into_iter()
            .find(|form| form.method == "post")
            .expect("a form");
        let page = browser.send(&form.forge("return", evil)).await;
        assert!(
            page.location().is_none() && !page.body.contains("evil.test"),
            "{evil}: {}",
            page.summary()
        );
    }
}

/// Opens a mailed verification link and presses its button.
async fn confirm(browser: &Browser, link: &str) -> Page {
    let page = browser.open(link).await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action.path().starts_with("/verify/"));
    match form {
        Some(form) => browser.send(&form).await,
        None => page,
    }
}

async fn is_verified(app: &App, email: &str) -> bool {
    let users = app.database.rows("users").await;
    let row = users
        .iter()
        .find(|row| row.to_string().contains(email))
        .expect("the user");
    !row["email_verified_at"].is_null()
}

#[tokio::test]
async fn inv_02_a_verification_link_is_one_persons_newest_and_in_time() {
    let app = App::start().await;
    let browser = app.browser();
    let page = sign_up(&browser, "nina@new.test", "umbrella-forest-piano-66").await;
    app.run_jobs().await;
    let first = app.mailbox().newest("nina@new.test").await;
    let first = first.link("/verify/").to_owned();
    // INV-07: a scanner that only looks proves nothing.
    app.browser().open(&first).await;
    assert!(!is_verified(&app, "nina@new.test").await);
    let resend = page
        .forms()
        .into_iter()
        .find(|form| form.action.path().ends_with("/resend"))
        .expect("a way to another mail");
    app.clock.advance(Duration::from_mins(2));
    browser.send(&resend).await;
    app.run_jobs().await;
    let second = app.mailbox().newest("nina@new.test").await;
    let second = second.link("/verify/").to_owned();
    assert_ne!(first, second);
    let (before, token) = second.rsplit_once('.').expect("a token");
    for bad in [
        first.clone(),
        format!("{second}A"),
        format!("{before}.{}", token.chars().rev().collect::<String>()),
        second.replace("/verify/", "/recover/"),
    ] {
        let page = confirm(&browser, &bad).await;
        assert!(page.status >= 400, "{bad}: {}", page.summary());
        assert!(!is_verified(&app, "nina@new.test").await, "{bad}");
    }
    confirm(&browser, &second).await;
    assert!(is_verified(&app, "nina@new.test").await);
    let again = confirm(&browser, &second).await;
    assert!(again.status >= 400, "a second use");

    sign_up(&browser, "late@new.test", "umbrella-forest-piano-66").await;
    app.run_jobs().await;
    let link = app.mailbox().newest("late@new.test").await;
    let link = link.link("/verify/").to_owned();
    app.clock
        .advance(Duration::from_mins(30) + Duration::from_secs(1));
    assert!(confirm(&browser, &link).await.status >= 400, "too late");
    assert!(!is_verified(&app, "late@new.test").await);
}

#[tokio::test]
async fn inv_02_a_sign_up_that_a_stranger_began_is_not_activated_by_the_owner_of_the_address() {
    let app = App::start().await;
    let stranger = app.browser();
    let waiting = sign_up(&stranger, "nina@new.test", "umbrella-forest-piano-66").await;
    app.run_jobs().await;
    let mail = app.mailbox().newest("nina@new.test").await;
    let owner = app.browser();
    let page = confirm(&owner, mail.link("/verify/")).await;
    assert!(!is_verified(&app, "nina@new.test").await);
    // Whoever forgot nothing hears why a password is chosen, and hears it again beside what is wrong with theirs.
    let why = "Your address is confirmed. This isn’t the browser you signed up in";
    assert!(page.text().contains(why), "{}", page.summary());
    let weak = page.form("password").fill("password", "password1234");
    let refused = owner.send(&weak).await.expect(422);
    assert!(refused.text().contains(why), "{}", refused.summary());
    // The stranger looks again, and tries the password.
    for form in waiting.forms() {
        if form.action.path().ends_with("/verify") {
            let page = stranger.send(&form).await;
            assert!(
                !page.url.path().starts_with("/account"),
                "{}",
                page.summary()
            );
        }
    }
    let rp = app.client("web1").await;
    let sign_in = async |password: &str| {
        let url = rp.attempt().url();
        let page = stranger.sign_in(&url, "nina@new.test", password).await;
        page.location().is_some()
    };
    assert!(!sign_in("umbrella-forest-piano-66").await);
    let form = page.form("password");
    owner
        .send(&form.fill("password", "kettle-harbour-violin-31"))
        .await;
    assert!(is_verified(&app, "nina@new.test").await);
    assert!(!sign_in("umbrella-forest-piano-66").await);
    assert!(sign_in("kettle-harbour-violin-31").await);
}
