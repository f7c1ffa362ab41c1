//! SSR: requests that the server makes.

use identity_harness::answer::Answer;
use identity_harness::app::App;
use identity_harness::canary::Canary;
use identity_harness::forge::Es256;
use identity_harness::relying_party::random;
use identity_harness::seed::{ALICE, BOB, Seed, WEB1_SECRET, registration, web};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn signing(jwks_uri: &str) -> Value {
    json!({
        "client_id": "pk1", "client_name": "pk1", "grant_types": ["client_credentials"], "scope": "reports:read", "audience": ["https://api.rp.test"],
        "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256", "jwks_uri": jwks_uri,
    })
}

async fn assert_client(app: &App, key: &Es256) -> Answer {
    let now = app.clock.seconds();
    let claims = json!({"iss": "pk1", "sub": "pk1", "aud": app.issuer, "iat": now, "exp": now + 60, "jti": random()});
    let assertion = key.sign(&json!({"alg": "ES256", "kid": "k1"}), &claims);
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", kind),
        ("client_assertion", assertion.as_str()),
    ];
    Answer::read(
        app.network
            .client()
            .post(app.origin.join("/oauth2/token").unwrap())
            .form(&fields)
            .send()
            .await
            .unwrap(),
    )
    .await
}

#[tokio::test]
async fn ssr_01_keys_on_a_private_address_are_not_fetched_unless_the_network_is_allowed() {
    let key = Es256::generate();
    let canary = Canary::serving_json(&json!({"keys": [key.jwk("k1")]})).await;
    let port = canary.address().port();
    for host in [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "localhost.",
        "127.0.0.1.",
    ] {
        let seed = Seed::common().client(signing(&format!("http://{host}:{port}/jwks")));
        // Such an address may also be refused when the client is declared.
        let Ok(app) = App::setup().seed(seed).try_start().await else {
            continue;
        };
        assert_client(&app, &key)
            .await
            .expect_error(401, "invalid_client");
    }
    canary.expect_silence();
    let app = App::setup()
        .seed(Seed::common().client(signing(&canary.url("/jwks"))))
        .fetch_allow(&["127.0.0.0/8"])
        .start()
        .await;
    assert_client(&app, &key).await.expect_ok();
    assert_eq!(canary.calls().len(), 1);
    assert_client(&app, &key).await.expect_ok();
    assert_eq!(canary.calls().len(), 1, "keys are remembered");
}

#[tokio::test]
async fn ssr_02_a_redirect_is_not_followed() {
    let key = Es256::generate();
    let canary = Canary::serving_json(&json!({"keys": [key.jwk("k1")]})).await;
    for status in [301, 302, 303, 307, 308] {
        let detour = Canary::redirecting(status, &canary.url("/jwks")).await;
        let app = App::setup()
            .seed(Seed::common().client(signing(&detour.url("/jwks"))))
            .fetch_allow(&["127.0.0.0/8"])
            .start()
            .await;
        assert_client(&app, &key)
            .await
            .expect_error(401, "invalid_client");
        assert_eq!(detour.calls().len(), 1, "{status}");
    }
    canary.expect_silence();
}

#[tokio::test]
async fn ssr_03_an_answer_without_end_or_sense_is_given_up() {
    let key = Es256::generate();
    for answer in [
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1073741824\r\n\r\n{}",
            "x".repeat(4 << 20)
        ),
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\nhtml".to_owned(),
        "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n".to_owned(),
        "nonsense".to_owned(),
    ] {
        let canary = Canary::answering(&answer).await;
        let app = App::setup()
            .seed(Seed::common().client(signing(&canary.url("/jwks"))))
            .fetch_allow(&["127.0.0.0/8"])
            .start()
            .await;
        let refused = assert_client(&app, &key).await;
        refused.expect_error(401, "invalid_client");
        assert!(
            !refused.text.contains("html") && !refused.text.contains("xxxx"),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn ssr_05_what_is_only_shown_is_never_fetched() {
    let canary = Canary::start().await;
    let mut client = web("looks", Some(WEB1_SECRET));
    for name in ["logo_uri", "policy_uri", "tos_uri", "client_uri"] {
        client[name] = json!(canary.url(&format!("/{name}")));
    }
    client["require_consent"] = json!(true);
    let app = App::setup()
        .seed(Seed::common().client(client))
        .fetch_allow(&["127.0.0.0/8"])
        .start()
        .await;
    let rp = app
        .relying_party(registration("looks", Some(WEB1_SECRET)))
        .await;
    rp.sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let by_reference = rp.attempt().with("request_uri", &canary.url("/request"));
    app.browser().open(&by_reference.url()).await;
    app.run_jobs().await;
    canary.expect_silence();
}

#[tokio::test]
async fn ssr_01_back_channel_logout_reaches_only_allowed_networks_and_carries_a_logout_token() {
    let canary = Canary::start().await;
    let mut client = web("told", Some(WEB1_SECRET));
    client["backchannel_logout_uri"] = json!(canary.url("/backchannel"));
    for allowed in [false, true] {
        let setup = App::setup().seed(Seed::common().client(client.clone()));
        let setup = if allowed {
            setup.fetch_allow(&["127.0.0.0/8"])
        } else {
            setup
        };
        let Ok(app) = setup.try_start().await else {
            continue;
        };
        let rp = app
            .relying_party(registration("told", Some(WEB1_SECRET)))
            .await;
        let browser = app.browser();
        let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
        crate::ses::sign_out(&rp, &browser).await;
        app.run_jobs().await;
        if !allowed {
            canary.expect_silence();
            continue;
        }
        let call = canary.expect_call().await;
        let token = call
            .body
            .strip_prefix("logout_token=")
            .expect("a logout token");
        let (header, claims) = (
            identity_harness::forge::header(token),
            identity_harness::forge::claims(token),
        );
        assert_eq!(header["typ"], "logout+jwt");
        assert_eq!(
            (&claims["aud"], &claims["sub"], &claims["iss"]),
            (&json!("told"), &tokens.claims["sub"], &json!(app.issuer))
        );
        assert!(
            claims["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object()
                && claims["nonce"].is_null(),
            "{claims}"
        );
        assert_eq!(
            claims["sid"], tokens.claims["sid"],
            "the session is named as in the ID token"
        );
    }
}

#[tokio::test]
async fn ssr_06_s47_dead_receivers_hold_nobody_up_and_are_tried_again_a_bounded_number_of_times() {
    let dead =
        Canary::answering("HTTP/1.1 503 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .await;
    let unwilling =
        Canary::answering("HTTP/1.1 400 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .await;
    let alive = Canary::start().await;
    let receivers = [
        ("dead", &dead),
        ("unwilling", &unwilling),
        ("alive", &alive),
    ];
    let seed = receivers
        .iter()
        .fold(Seed::common(), |seed, (name, receiver)| {
            let mut client = web(name, Some(WEB1_SECRET));
            client["backchannel_logout_uri"] = json!(receiver.url("/backchannel"));
            seed.client(client)
        });
    let app = App::setup()
        .seed(seed)
        .fetch_allow(&["127.0.0.0/8"])
        .start()
        .await;
    let browser = app.browser();
    let mut last = None;
    for (name, _) in receivers {
        let rp = app
            .relying_party(registration(name, Some(WEB1_SECRET)))
            .await;
        rp.sign_in(&browser, ALICE.email, ALICE.password).await;
        last = Some(rp);
    }
    crate::ses::sign_out(&last.expect("three"), &browser).await;
    assert!(browser.cookie("session").is_none(), "signed out at once");
    let mut calls = Vec::new();
    for _ in 0..40 {
        app.run_jobs().await;
        calls.push(dead.calls().len());
        app.clock.advance(Duration::from_mins(31));
    }
    assert!(calls[0] >= 1 && calls[2] > calls[0], "{calls:?}");
    assert_eq!(calls[20], calls[39], "given up in the end: {calls:?}");
    assert_eq!(calls[39], 10, "{calls:?}");
    // What will never be accepted is not sent again (Back-Channel Logout 1.0 section 2.8), and what was taken neither.
    assert_eq!((unwilling.calls().len(), alive.calls().len()), (1, 1));
    // Each try carries a fresh token: the one before would be too old by then.
    let tokens: std::collections::HashSet<String> =
        dead.calls().into_iter().map(|call| call.body).collect();
    assert_eq!(tokens.len(), 10);
}

/// Services whose address takes connections and never answers.
const DEAD: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ssr_06_a_thousand_dead_receivers_hold_up_neither_the_sign_out_nor_anybodys_mail() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dead = format!("http://{}/backchannel", silent.local_addr().unwrap());
    let app = App::setup().fetch_allow(&["127.0.0.0/8"]).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    app.more_applications(ALICE.email, DEAD, Some(&dead)).await;
    let started = Instant::now();
    crate::ses::sign_out(&rp, &browser).await;
    assert!(browser.cookie("session").is_none(), "signed out at once");
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "it took {:?}",
        started.elapsed()
    );
    let waiting = app.database.rows("jobs").await;
    let told = waiting
        .iter()
        .filter(|job| job["kind"] == "backchannel_logout");
    assert_eq!(told.count(), DEAD, "each is told, none was reached so far");
    // One after the other they would take hours. Whoever waits for a mail does not.
    let asked = app.browser();
    let form = asked.open("/recover").await.form("identifier");
    asked.send(&form.fill("identifier", BOB.email)).await;
    let mail = async {
        while app.mailbox().to(BOB.email).await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(8), mail).await;
    assert!(waited.is_ok(), "the mail waits for dead services");
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
}
