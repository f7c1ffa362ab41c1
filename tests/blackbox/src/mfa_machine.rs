//! The state machine of a login over HTTP: in every step, every POST that the step does not list changes nothing.

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::{ADAM, ALICE, BOB, Seed, web};
use reqwest::Method;
use serde_json::{Value, json};

use crate::mfa::{SECRET, TWO, phone};

/// What each step takes, by the end of the address.
const TAKEN: [(&str, &[&str]); 10] = [
    ("select_account", &["select_account", "cancel"]),
    (
        "authenticate",
        &["identifier", "passkey", "passkey/options", "cancel"],
    ),
    (
        "second_factor",
        &[
            "second_factor",
            "second_factor/send",
            "second_factor/recover",
            "select_account",
            "passkey/options",
            "cancel",
        ],
    ),
    (
        "enrol_factor",
        &[
            "enrol",
            "enrol/skip",
            "enrol/passkey",
            "enrol/phone",
            "enrol/email",
            "second_factor/send",
            "passkey/options",
            "cancel",
        ],
    ),
    ("backup_codes", &["backup_codes", "cancel"]),
    ("verify_email", &["verify", "verify/resend", "cancel"]),
    ("change_password", &["change_password", "cancel"]),
    (
        "offer_passkey",
        &[
            "add_passkey",
            "add_passkey/decline",
            "passkey/options",
            "cancel",
        ],
    ),
    ("consent", &["consent", "cancel"]),
    ("finished", &[]),
];

const UNVERIFIED: &str = "una@a.test";
const DEMANDED: &str = "dan@a.test";

fn seed() -> Seed {
    let mut asking = web("asking", None);
    asking["require_consent"] = json!(true);
    let hash = ALICE.password_hash;
    let mut seed = Seed::common()
        .client(asking)
        .user(json!({"email": UNVERIFIED, "email_verified": false, "password_hash": hash}))
        .user(json!({"email": DEMANDED, "email_verified": true, "password_hash": hash, "require_password_change": true}));
    seed.value()["users"][0]["totp_secret"] = json!(SECRET);
    seed
}

/// A browser whose login waits at a step, and the page of it.
async fn at(app: &App, step: &str) -> (Browser, Page) {
    let browser = app.browser();
    let web1 = app.client("web1").await;
    let start = web1.attempt().url();
    let page = match step {
        "authenticate" => browser.open(&start).await,
        "second_factor" => browser.sign_in(&start, ALICE.email, ALICE.password).await,
        "enrol_factor" | "backup_codes" => {
            let start = web1.attempt().with("acr_values", TWO).url();
            // Two people, because one of them has a factor afterwards.
            let who = if step == "enrol_factor" { ADAM } else { BOB };
            let page = browser.sign_in(&start, who.email, who.password).await;
            if step == "enrol_factor" {
                page
            } else {
                let page = browser.open(page.link("method=totp").as_str()).await;
                let key = identity_harness::authenticator_app::AuthenticatorApp::read_from(&page);
                let form = page.form("code").fill("code", &key.code(&app.clock));
                browser.send(&form).await
            }
        }
        "offer_passkey" => {
            let page = browser.open(&start).await;
            let form = page
                .form("password")
                .fill("identifier", ADAM.email)
                .fill("password", ADAM.password)
                .forge("passkeys", "1");
            browser.send(&form).await
        }
        "verify_email" => browser.sign_in(&start, UNVERIFIED, ALICE.password).await,
        "change_password" => browser.sign_in(&start, DEMANDED, ALICE.password).await,
        "consent" => {
            let asking = app
                .relying_party(identity_harness::seed::registration("asking", None))
                .await;
            let page = browser.open(&asking.attempt().url()).await;
            browser.enter(page, ADAM.email, ADAM.password).await
        }
        "select_account" => {
            web1.sign_in(&browser, ADAM.email, ADAM.password).await;
            let other = web1.attempt().with("prompt", "login").url();
            browser.sign_in(&other, ADAM.email, ADAM.password).await;
            browser
                .open(&web1.attempt().with("prompt", "select_account").url())
                .await
        }
        _ => {
            let page = browser.open(&start).await;
            browser.enter(page.clone(), ADAM.email, ADAM.password).await;
            page
        }
    };
    (browser, page)
}

async fn login_row(app: &App, id: &str) -> Value {
    let rows = app.database.rows("logins").await;
    rows.into_iter()
        .find(|row| {
            row["id"]
                .to_string()
                .replace('-', "")
                .to_lowercase()
                .contains(&id.replace('-', ""))
        })
        .unwrap_or_else(|| panic!("no login {id}"))
}

#[tokio::test]
async fn mfa_03_no_step_takes_what_it_does_not_list() {
    let app = App::setup().seed(seed()).start().await;
    let own = app.origin.origin().ascii_serialization();
    let headers = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
    let posts: Vec<String> = crate::routes::routes("post")
        .into_iter()
        .filter(|path| path.starts_with("/login/"))
        .collect();
    assert!(posts.len() >= 14, "{posts:?}");
    for (step, taken) in TAKEN {
        let (browser, page) = at(&app, step).await;
        let id = page.url.path().split('/').nth(2).expect("an id").to_owned();
        let with_form = match page.find_form("csrf") {
            Some(_) => page.clone(),
            // A page of links alone; the token is the browser's, the same on all pages.
            None => browser.open(page.link("method=totp").as_str()).await,
        };
        let csrf = with_form
            .form("csrf")
            .value("csrf")
            .expect("a token")
            .to_owned();
        let before = login_row(&app, &id).await;
        assert!(
            before.to_string().contains(step),
            "{step}: {}",
            page.summary()
        );
        let sessions = app.database.rows("sessions").await.len();
        for path in &posts {
            let end = path.splitn(4, '/').nth(3).expect("an end");
            if taken.contains(&end) {
                continue;
            }
            let path = path.replace("018f0000-0000-7000-8000-000000000000", &id);
            // Fields that are right wherever the step takes them, so that it is the step that refuses.
            let code = phone().code(&app.clock);
            for password in [ADAM.password, "granite-meadow-owls-93"] {
                let fields = [
                    ("csrf", csrf.as_str()),
                    ("identifier", ADAM.email),
                    ("password", password),
                    ("method", "totp"),
                    ("code", code.as_str()),
                    ("phone", "+4915112345678"),
                    ("decision", "allow"),
                    ("answer", "later"),
                    ("saved", "1"),
                    ("credential", "{}"),
                ];
                let answer = browser
                    .request_raw(Method::POST, &path, &fields, &headers)
                    .await;
                let pair = format!("{step} × {end}: {}", answer.summary());
                assert!(answer.status < 500 && answer.status != 422, "{pair}");
                assert!(
                    answer
                        .location()
                        .is_none_or(|to| !to.as_str().contains("code=")),
                    "{pair}"
                );
                assert_eq!(login_row(&app, &id).await, before, "{pair}");
            }
        }
        assert_eq!(
            app.database.rows("sessions").await.len(),
            sessions,
            "{step}"
        );
    }
}

/// From now on the database cannot note which method was used last.
async fn notes_fail(app: &App) {
    let words = "NEW.standing LIKE '%last_method%' AND OLD.standing NOT LIKE '%last_method%'";
    let statements = if app.database.is_postgres() {
        vec![
            "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fails'; END $$".to_owned(),
            format!("CREATE TRIGGER fails BEFORE UPDATE ON users FOR EACH ROW WHEN ({words}) EXECUTE FUNCTION fails()"),
        ]
    } else {
        vec![format!(
            "CREATE TRIGGER fails BEFORE UPDATE ON users WHEN {words} BEGIN SELECT RAISE(ABORT, 'fails'); END"
        )]
    };
    for statement in statements {
        app.database.tamper(&statement).await;
    }
}

#[tokio::test]
async fn mfa_03_a_second_factor_that_was_accepted_stays_accepted_when_a_note_about_it_fails() {
    let app = App::setup().seed(crate::mfa::with_app()).start().await;
    let rp = app.client("web1").await;
    notes_fail(&app).await;
    let browser = app.browser();
    let attempt = rp.attempt();
    let page = crate::mfa::asked(&browser, &attempt).await;
    let code = phone().code(&app.clock);
    let done = crate::mfa::prove(&browser, &page, &code).await;
    assert!(done.status < 500, "{}", done.summary());
    rp.tokens(&attempt, &done).await.expect("signed in");
    let users = app.database.rows("users").await;
    let noted = users
        .iter()
        .any(|user| user["standing"].to_string().contains("last_method"));
    assert!(!noted, "the test's own check: the note failed");
}
