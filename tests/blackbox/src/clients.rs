//! Applications as attackers: guessed secrets, refusals without end, many at once.

use std::time::Duration;

use identity_harness::answer::Answer;
use identity_harness::app::App;
use identity_harness::canary::Canary;
use identity_harness::forge::Es256;
use identity_harness::relying_party::random;
use identity_harness::seed::{Seed, WEB1_SECRET};
use serde_json::json;

use crate::aud::records;

const PROXIES: [&str; 2] = ["127.0.0.0/8", "::1/128"];

/// A request of `web1` for which only its secret counts.
async fn present(app: &App, address: &str, secret: &str) -> Answer {
    let request = app
        .network
        .client()
        .post(app.origin.join("/oauth2/introspect").expect("an address"))
        .header("x-forwarded-for", address)
        .basic_auth("web1", Some(secret))
        .form(&[("token", "x")]);
    Answer::read(request.send().await.expect("an answer")).await
}

#[tokio::test]
async fn oau_10_guesses_at_a_chosen_secret_are_slowed_for_the_guesser_alone() {
    let app = App::setup().trusted_proxies(&PROXIES).start().await;
    let mut tries = 0;
    let stopped = loop {
        let answer = present(&app, "198.51.100.7", &format!("guess-{tries}")).await;
        if answer.status == 429 {
            break answer;
        }
        answer.expect_error(401, "invalid_client");
        tries += 1;
        assert!(tries <= 20, "a secret may be guessed without end");
    };
    stopped.expect_error(429, "invalid_client");
    let seconds: u64 = stopped.header("retry-after").parse().expect("seconds");
    assert!(seconds >= 1);
    // Not even the right one is looked at there, so that a guesser does not learn it in between.
    assert_eq!(present(&app, "198.51.100.7", WEB1_SECRET).await.status, 429);
    // Where the application is, nothing changed.
    present(&app, "198.51.100.8", WEB1_SECRET).await.expect_ok();
    app.clock.advance(Duration::from_secs(seconds));
    let app = app.restart().await;
    present(&app, "198.51.100.7", WEB1_SECRET).await.expect_ok();
}

#[tokio::test]
async fn aud_01_refusals_that_strangers_cause_are_bounded_in_the_log() {
    let app = App::setup().trusted_proxies(&PROXIES).start().await;
    let rp = app.client("web1").await;
    let refuse = async |address: &str| {
        let stranger = app.browser().with_header("x-forwarded-for", address);
        let silent = rp.attempt().with("prompt", "none");
        let page = stranger.get(&silent.url()).await;
        assert_eq!(
            page.redirect_param("error").as_deref(),
            Some("login_required")
        );
        let request = app
            .network
            .client()
            .post(rp.endpoint("token_endpoint"))
            .header("x-forwarded-for", address)
            .basic_auth("nobody", Some("wrong"))
            .form(&[("grant_type", "client_credentials")]);
        let answer = Answer::read(request.send().await.expect("an answer")).await;
        answer.expect_error(401, "invalid_client");
    };
    let count = async |address: &str| {
        let all = records(&app).await;
        let here = all.iter().filter(|record| record["address"] == address);
        let (told, rest): (Vec<_>, Vec<_>) =
            here.partition(|record| record["action"] == "limit.reached");
        (rest.len(), told.len())
    };
    for _ in 0..50 {
        refuse("198.51.100.7").await;
    }
    let (recorded, told) = count("198.51.100.7").await;
    assert!((20..=80).contains(&recorded), "{recorded} records");
    assert_eq!(told, 1, "the log says that it does not tell all");
    assert!(app.running.env.refusals.unrecorded() >= 20);
    // Others are recorded, and so is the first one after a while.
    refuse("198.51.100.8").await;
    assert_eq!(count("198.51.100.8").await, (2, 0));
    app.clock.advance(Duration::from_mins(11));
    refuse("198.51.100.7").await;
    assert_eq!(count("198.51.100.7").await, (recorded + 2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dos_08_parallel_first_reads_of_one_key_set_are_one() {
    let key = Es256::generate();
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
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..24 {
        let now = app.clock.seconds();
        let claims = json!({"iss": "pk1", "sub": "pk1", "aud": app.issuer, "iat": now, "exp": now + 60, "jti": random()});
        let assertion = key.sign(&json!({"alg": "ES256", "kid": "k1"}), &claims);
        let request = app
            .network
            .client()
            .post(app.origin.join("/oauth2/token").expect("an address"))
            .form(&[
                ("grant_type", "client_credentials"),
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ),
                ("client_assertion", &assertion),
            ]);
        asking.spawn(request.send());
    }
    for answer in asking.join_all().await {
        assert_eq!(answer.expect("an answer").status(), 200);
    }
    assert_eq!(canary.calls().len(), 1);
}
