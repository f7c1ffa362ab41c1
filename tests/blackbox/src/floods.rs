//! What costs us something, sent often or made large: bounded, swept, and no calls to the outside.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::authenticator::Authenticator;
use identity_harness::canary::Canary;
use identity_harness::seed::{ALICE, BOB, Seed, WEB1_SECRET, web};
use serde_json::json;

use crate::mfa::{asked, phone, prove, signed_in, with_app};
use crate::wan::{Waiting, enrolled, sign_in};

#[tokio::test]
async fn dos_05_sign_ins_that_nobody_ends_are_swept() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    // More than one portion of the sweep.
    let begun = 700;
    let address = app.origin.join(&rp.attempt().url()).expect("an address");
    let client = app.network.client();
    for _ in 0..begun {
        let answer = client.get(address.clone()).send().await;
        assert_eq!(answer.expect("an answer").status(), 303);
    }
    assert_eq!(app.database.rows("logins").await.len(), begun);
    app.clock.advance(Duration::from_hours(24));
    app.run_jobs().await;
    assert_eq!(app.database.rows("logins").await.len(), begun, "a day long");
    app.clock.advance(Duration::from_hours(2));
    app.run_jobs().await;
    assert_eq!(app.database.rows("logins").await.len(), 0);
}

#[tokio::test]
async fn dos_08_unknown_keys_and_clients_do_not_make_us_call_out() {
    let key = identity_harness::forge::Es256::generate();
    let canary = Canary::serving_json(&json!({"keys": [key.jwk("k1")]})).await;
    let app = App::setup()
        .seed(Seed::common().client(json!({
            "client_id": "pk1", "client_name": "pk1", "grant_types": ["client_credentials"], "scope": "reports:read",
            "audience": ["https://api.rp.test"], "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256", "jwks_uri": canary.url("/jwks"),
        })))
        .fetch_allow(&["127.0.0.0/8"])
        .start()
        .await;
    let ask = async |client: &str, kid: &str| {
        let now = app.clock.seconds();
        let claims = json!({"iss": client, "sub": client, "aud": app.issuer, "iat": now, "exp": now + 60,
            "jti": identity_harness::relying_party::random()});
        let assertion = key.sign(&json!({"alg": "ES256", "kid": kid}), &claims);
        let fields = [
            ("grant_type", "client_credentials"),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion.as_str()),
        ];
        let request = app
            .network
            .client()
            .post(app.origin.join("/oauth2/token").expect("an address"));
        let answer = request.form(&fields).send().await.expect("an answer");
        answer.status().as_u16()
    };
    for turn in 0..20 {
        assert_eq!(ask("pk1", &format!("unknown-{turn}")).await, 401);
        assert_eq!(ask(&format!("nobody-{turn}"), "k1").await, 401);
    }
    assert_eq!(canary.calls().len(), 1, "one look, whatever strangers name");
    assert_eq!(ask("pk1", "k1").await, 200);
    // After a cool-down an unknown key is worth one more look: it may be new.
    app.clock.advance(Duration::from_mins(1));
    for turn in 0..5 {
        ask("pk1", &format!("unknown-{turn}")).await;
    }
    assert_eq!(canary.calls().len(), 2);
    // And keys are read again before long: one that was taken out is refused then.
    app.clock.advance(Duration::from_mins(6));
    assert_eq!(ask("pk1", "k1").await, 200);
    assert_eq!(canary.calls().len(), 3);
}

#[tokio::test]
async fn ssr_04_addresses_of_other_kinds_are_refused() {
    let canary = Canary::start().await;
    let (address, port) = (canary.address(), canary.address().port());
    for url in [
        format!("http://user:secret@{address}/"),
        format!("https://user@127.0.0.1:{port}/"),
        "file:///etc/passwd".to_owned(),
        format!("gopher://{address}/_x"),
        "unix:/run/docker.sock".to_owned(),
        format!("http://{address}/\r\nx: y"),
        "${jndi:ldap://127.0.0.1/x}".to_owned(),
        "data:application/json,{}".to_owned(),
        format!("ftp://{address}/"),
    ] {
        for field in ["jwks_uri", "backchannel_logout_uri"] {
            let mut client = web("odd", Some(WEB1_SECRET));
            client[field] = json!(url);
            if field == "jwks_uri" {
                client["token_endpoint_auth_method"] = json!("private_key_jwt");
                client
                    .as_object_mut()
                    .expect("a client")
                    .remove("client_secret");
            }
            let started = App::setup()
                .seed(Seed::common().client(client))
                .fetch_allow(&["127.0.0.0/8"])
                .try_start()
                .await;
            let refused = started.err().unwrap_or_default();
            assert!(refused.contains(field), "{field}={url}: {refused:?}");
        }
    }
    canary.expect_silence();
}

#[tokio::test]
async fn dos_06_no_password_is_slow_to_judge() {
    let app = App::start().await;
    let browser = app.browser();
    let page = browser.open("/register").await;
    let token = page.form("csrf").value("csrf").expect("a token").to_owned();
    let own = app.origin.origin().ascii_serialization();
    let words: String = (0..100).fold(String::new(), |all, n| format!("{all} w{n}x"));
    for password in [
        "4@8({[</369&#!|17$5+%2".repeat(4),
        "aA1".repeat(40),
        "p4ssw0rd".repeat(12),
        "1990-01-01".repeat(12),
        "qwertyuiop[]".repeat(10),
        "abcdefghijklmnopqrstuvwxyz".repeat(4),
        "w1xw2xw3x".repeat(12),
    ] {
        let started = std::time::Instant::now();
        let fields = [
            ("csrf", token.as_str()),
            ("name", words.as_str()),
            ("email", "a@b.test"),
            ("password", password.as_str()),
        ];
        let headers = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
        let answer = browser
            .request_raw(reqwest::Method::POST, "/password/check", &fields, &headers)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.summary());
        let took = started.elapsed();
        assert!(
            took < Duration::from_secs(3),
            "{password:.20} took {took:?}"
        );
    }
}

/// Rows of the audit log.
async fn recorded(app: &App) -> Vec<serde_json::Value> {
    app.database.rows("audit").await
}

/// What was not there before, in no order: a record that is sealed may move.
async fn recorded_since(app: &App, before: &[serde_json::Value]) -> Vec<serde_json::Value> {
    let mut rows = recorded(app).await;
    rows.retain(|row| before.iter().all(|old| old["id"] != row["id"]));
    rows
}

#[tokio::test]
async fn dos_05_refusals_that_anybody_can_cause_leave_no_more_rows_than_a_log_should_hold() {
    let app = App::start().await;
    let tokens = app
        .client("web1")
        .await
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let id = tokens.claims["sub"].as_str().expect("an id").to_owned();
    let before = recorded(&app).await;
    let browser = app.browser().unchecked();
    let form = browser.open("/recover").await.form("identifier");
    let csrf = form.value("csrf").expect("a token").to_owned();
    for path in ["/recover/", "/account/email/confirm/", "/verify/"] {
        for junk in 0..40 {
            let mut form = form.clone();
            form.action = browser.address(&format!("{path}{id}.junk{junk}"));
            let form = form
                .forge("csrf", &csrf)
                .forge("password", "umbrella-forest-piano-66");
            browser.submit(&form).await;
        }
    }
    let rows = recorded_since(&app, &before).await;
    assert!(rows.len() > 30, "the test's own check: {}", rows.len());
    assert!(rows.len() <= 62, "{} rows", rows.len());
    for row in &rows {
        assert!(
            !row.to_string().contains(&id),
            "a stranger's try is no event of hers: {row}"
        );
    }
}

#[tokio::test]
async fn dos_05_sign_ins_of_unknown_names_leave_no_more_rows_than_a_log_should_hold() {
    let app = App::start().await;
    let before = recorded(&app).await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    for _ in 0..90 {
        let url = rp.attempt().url();
        browser
            .sign_in(&url, "nobody@a.test", "a wrong password")
            .await;
    }
    let rows = recorded_since(&app, &before).await;
    assert!((40..=62).contains(&rows.len()), "{} rows", rows.len());
}

#[tokio::test]
async fn dos_05_junk_at_the_token_endpoint_leaves_no_more_rows_than_a_log_should_hold() {
    let app = App::start().await;
    // Whoever knows the id of a public client can ask in its name.
    let public = app.client("spa1").await;
    let before = recorded(&app).await;
    for junk in 0..80 {
        let code = format!("junk-{junk}");
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            (
                "code_verifier",
                "a-verifier-of-at-least-forty-three-characters-xx",
            ),
        ];
        public
            .token(&fields)
            .await
            .expect_error(400, "invalid_grant");
        public
            .refresh(&code)
            .await
            .expect_error(400, "invalid_grant");
    }
    let rows = recorded_since(&app, &before).await;
    assert!((40..=62).contains(&rows.len()), "{} rows", rows.len());
    // A client that proved itself is told from strangers, and bounded too.
    let own = app.client("web1").await;
    let before = recorded(&app).await;
    own.refresh("junk").await.expect_error(400, "invalid_grant");
    let rows = recorded_since(&app, &before).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0].to_string().contains("web1"), "{rows:?}");
    for _ in 0..80 {
        own.refresh("junk").await.expect_error(400, "invalid_grant");
    }
    let rows = recorded_since(&app, &before).await;
    assert!((40..=62).contains(&rows.len()), "{} rows", rows.len());
}

#[tokio::test]
async fn dos_05_a_used_code_that_comes_back_is_recorded_until_its_grant_is_dead() {
    let app = App::start().await;
    let public = app.client("spa1").await;
    let browser = app.browser();
    let attempt = public.attempt();
    let page = browser
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let code = public.code(&attempt, &page).expect("a code");
    public.redeem(&attempt, &code).await.expect_ok();
    let before = recorded(&app).await;
    for _ in 0..20 {
        public
            .redeem(&attempt, &code)
            .await
            .expect_error(400, "invalid_grant");
    }
    let rows = recorded_since(&app, &before).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["action"], "token.reuse");
    // One that was spoiled by a wrong verifier has no grant to kill: its return is a refusal like any other.
    let attempt = public.attempt();
    let page = browser.open(&attempt.url()).await;
    let code = public.code(&attempt, &page).expect("a code");
    let wrong = public.attempt();
    for _ in 0..80 {
        public
            .redeem(&wrong, &code)
            .await
            .expect_error(400, "invalid_grant");
    }
    let rows = recorded_since(&app, &before).await;
    assert!(rows.len() <= 66, "{} rows", rows.len());
}

/// An authenticator with a key that nobody here knows.
fn stray(app: &App) -> Authenticator {
    let mut stray = Authenticator::new(&app.origin);
    stray.create(&json!({
        "challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "rp": {"id": app.origin.host_str()}, "user": {"id": "AAAA"},
        "pubKeyCredParams": [{"alg": -7}], "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
    }));
    stray
}

/// Answers that no passkey of ours gave, a third of them to a challenge that was asked for.
async fn rubbish(app: &App, times: u32) {
    let waiting = Waiting::new(app).await;
    let mut stray = stray(app);
    for turn in 0..times {
        let credential = match turn % 3 {
            0 => "{}".to_owned(),
            1 => "no JSON at all".to_owned(),
            _ => stray.get(&waiting.options().await).to_string(),
        };
        let form = waiting
            .page
            .form("credential")
            .forge("credential", &credential);
        let page = waiting.browser.submit(&form).await;
        assert_eq!(page.status, 422, "{turn}: {}", page.summary());
    }
}

#[tokio::test]
async fn dos_05_answers_that_no_passkey_gave_are_bounded_in_the_log_and_shut_nobody_out() {
    let app = App::start().await;
    let mut hers = Authenticator::new(&app.origin);
    enrolled(&app, ALICE, &mut hers).await;
    let before = recorded(&app).await;
    rubbish(&app, 90).await;
    let rows = recorded_since(&app, &before).await;
    assert!((40..=62).contains(&rows.len()), "{} rows", rows.len());
    let limit = rows.iter().filter(|row| row["action"] == "limit.reached");
    assert_eq!(limit.count(), 1, "the log says that it does not tell all");
    // From the same address, in the same minute.
    assert_eq!(sign_in(&app, &mut hers).await["email"], ALICE.email);
    let tokens = app
        .client("web1")
        .await
        .sign_in(&app.browser(), BOB.email, BOB.password)
        .await;
    assert_eq!(tokens.claims["amr"], json!(["pwd"]));
}

/// Mails that tell Alice of many failures.
async fn digests(app: &App) -> usize {
    app.clock.advance(Duration::from_mins(6));
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let told = mails
        .iter()
        .filter(|mail| mail.subject.contains("many failed"));
    told.count()
}

#[tokio::test]
async fn dos_05_second_factors_refused_after_the_password_are_bounded_and_their_owner_is_told() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let own = app.browser();
    signed_in(&app, &rp, &own).await;
    // Whoever used up what is recorded of an address does not guess unseen.
    rubbish(&app, 70).await;
    let thief = app.browser();
    let page = asked(&thief, &rp.attempt()).await;
    let before = recorded(&app).await;
    for _ in 0..90 {
        prove(&thief, &page, &phone().wrong_code(&app.clock)).await;
    }
    let rows = recorded_since(&app, &before).await;
    assert!((40..=62).contains(&rows.len()), "{} rows", rows.len());
    let of_the_factor = rows.iter().filter(|row| row["action"] == "factor.use");
    assert!(of_the_factor.count() >= 40);
    assert_eq!(digests(&app).await, 1);
    let attempt = rp.attempt().with("prompt", "login");
    let page = asked(&own, &attempt).await;
    let done = prove(&own, &page, &phone().code(&app.clock)).await;
    rp.tokens(&attempt, &done).await.expect("signed in");
}

#[tokio::test]
async fn dos_05_nobody_guesses_a_password_unseen_behind_a_flood_of_other_refusals() {
    let app = App::start().await;
    rubbish(&app, 70).await;
    let before = recorded(&app).await;
    let rp = app.client("web1").await;
    let guesser = app.browser();
    for _ in 0..8 {
        let url = rp.attempt().url();
        guesser.sign_in(&url, ALICE.email, "a wrong password").await;
    }
    assert!(
        recorded_since(&app, &before).await.is_empty(),
        "the test's own check"
    );
    assert_eq!(digests(&app).await, 1);
}

#[tokio::test]
async fn inv_06_a_thousand_mailboxes_asked_for_from_one_place_fill_no_queue() {
    // Nobody takes mails here, so that all of them wait.
    let app = App::setup()
        .mail("smtp://127.0.0.1:9?tls=none")
        .start()
        .await;
    let browser = app.browser();
    let form = browser.open("/recover").await.form("identifier");
    for number in 0..1_000 {
        let email = if number == 500 {
            ALICE.email.to_owned()
        } else {
            format!("nobody{number}@a.test")
        };
        let page = browser
            .submit(&form.clone().fill("identifier", &email))
            .await;
        assert_eq!(
            (page.status, page.redirect().path()),
            (303, "/recover/sent"),
            "{number}: {}",
            page.summary()
        );
    }
    let jobs = app.database.rows("jobs").await.len();
    assert!((20..=25).contains(&jobs), "{jobs} mails wait");
    let records = crate::aud::records(&app).await;
    let asked = records
        .iter()
        .filter(|row| row["action"] == "user.request_mail");
    let asked = asked.count();
    assert!((20..=25).contains(&asked), "{asked} of them are in the log");
}

#[tokio::test]
async fn inv_06_another_mail_of_a_sign_up_is_granted_alike_whoever_owns_the_address() {
    let app = App::start().await;
    let mut answers = Vec::new();
    for email in [ALICE.email, "nobody.yet@inbox.test"] {
        let mut statuses = Vec::new();
        for (browser, times) in [(app.browser(), 5), (app.browser(), 1)] {
            let form = browser.open("/register").await.form("email");
            let form = form
                .fill("email", email)
                .fill("password", "basalt-thunder-combs-62");
            let page = browser.send(&form).await;
            let resend = page.forms().into_iter();
            let mut resend = resend.filter(|form| form.action.path().ends_with("/resend"));
            let resend = resend.next().expect("a way to another mail");
            for _ in 0..times {
                statuses.push(browser.submit(&resend).await.status);
            }
        }
        answers.push(statuses);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].contains(&429), "{answers:?}");
}
