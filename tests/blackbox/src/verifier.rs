//! What a service sees that never asks us about a token: revocations by the status list, and keys that change.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::forge;
use identity_harness::relying_party::{RelyingParty, Tokens};
use identity_harness::seed::{ALICE, Seed, WEB1_SECRET, registration, web};
use identity_harness::service::{POLL, VerifyError};

/// The audience of `web1`.
const CHAT: &str = "https://api.web1.rp.test";
/// The audience of `svc1`.
const REPORTS: &str = "https://api.rp.test";
/// How long our keys may be kept, as their `Cache-Control` says.
const MAX_AGE: i64 = 600;

#[derive(Clone, Copy, Debug)]
enum End {
    SignedOut,
    Refreshed,
    Access,
    Withdrawn,
    Password,
    Suspended,
    Disabled,
}

async fn end(app: &App, rp: &RelyingParty, browser: &Browser, tokens: &Tokens, how: End) {
    match how {
        End::SignedOut => crate::ses::sign_out(rp, browser).await,
        End::Refreshed => drop(rp.revoke(tokens.refresh()).await),
        End::Access => drop(rp.revoke(&tokens.access_token).await),
        End::Withdrawn => crate::refresh::withdraw(browser).await,
        End::Password => {
            // By somebody who is signed in elsewhere too.
            let other = app.browser();
            rp.sign_in(&other, ALICE.email, ALICE.password).await;
            crate::pwd::change_password(&other, ALICE.password, "granite-meadow-owls-93")
                .await
                .expect("changed");
        }
        End::Suspended => app.suspend(ALICE.email).await,
        End::Disabled => app.disable_client("web1").await,
    }
}

#[tokio::test]
async fn s35_a_service_sees_the_end_of_a_token_within_two_seconds_however_it_came() {
    for how in [
        End::SignedOut,
        End::Refreshed,
        End::Access,
        End::Withdrawn,
        End::Password,
        End::Suspended,
        End::Disabled,
    ] {
        let app = App::start().await;
        let rp = app.client("web1").await;
        let browser = app.browser();
        let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
        let (fresh, caching) = (app.verifier(CHAT), app.verifier(CHAT));
        for verifier in [&fresh, &caching] {
            let token = verifier.verify(&tokens.access_token).await.expect("good");
            assert_eq!(token.subject(), tokens.claims["sub"]);
        }
        let other = app.verifier(REPORTS);
        assert!(other.verify(&tokens.access_token).await.is_err(), "{how:?}");
        end(&app, &rp, &browser, &tokens, how).await;
        app.clock.advance(POLL);
        assert_eq!(
            fresh.verify(&tokens.access_token).await.err(),
            Some(VerifyError::Revoked),
            "{how:?}"
        );
        // One that was away for longer learns it just the same.
        app.clock.advance(Duration::from_mins(3));
        assert_eq!(
            caching.verify(&tokens.access_token).await.err(),
            Some(VerifyError::Revoked),
            "{how:?}"
        );
    }
}

/// A token of a service, valid from now on.
async fn token(service: &RelyingParty) -> String {
    let fields = [("grant_type", "client_credentials")];
    let answer = service.token(&fields).await;
    answer.get("access_token").expect("a token")
}

#[tokio::test]
async fn tok_09_a_service_that_keeps_keys_sees_a_rotation_without_one_failure() {
    let app = App::start().await;
    let service = app.client("svc1").await;
    let verifier = app.verifier(REPORTS);
    let kid = |token: &str| {
        forge::header(token)["kid"]
            .as_str()
            .expect("a kid")
            .to_owned()
    };
    let mut alive = vec![token(&service).await];
    verifier.verify(&alive[0]).await.expect("good");
    let first = kid(&alive[0]);
    app.rotate_keys(false).await;
    let announced = app.clock.seconds();
    let mut switched = None;
    // Five minutes at a time: keys are read again at every second step, and each token is used until it ends.
    for _ in 0..(26 * 12) {
        app.clock.advance(Duration::from_mins(5));
        app.run_jobs().await;
        alive.push(token(&service).await);
        alive.retain(|token| {
            forge::claims(token)["exp"].as_i64().expect("an end") > app.clock.seconds()
        });
        for token in &alive {
            if let Err(error) = verifier.verify(token).await {
                panic!("{error} after {} s", app.clock.seconds() - announced);
            }
        }
        let newest = kid(alive.last().expect("a token"));
        if newest != first && switched.is_none() {
            switched = Some(app.clock.seconds() - announced);
        }
    }
    let switched = switched.expect("the new key signs in the end");
    assert!(switched >= MAX_AGE, "announced {switched} s before its use");
    let keys = app.get("/oauth2/jwks").await;
    let lasting = format!("max-age={MAX_AGE}");
    assert!(keys.header("cache-control").contains(&lasting), "{keys:?}");

    // In an emergency the successor signs at once: an unknown name is looked up once.
    let old = token(&service).await;
    verifier.verify(&old).await.expect("good");
    app.rotate_keys(false).await;
    app.rotate_keys(true).await;
    let new = token(&service).await;
    assert_ne!(kid(&new), kid(&old));
    verifier.verify(&new).await.expect("the new one");
    verifier.verify(&old).await.expect("the old one");
    // A key that somebody may know is gone from every copy when that copy ends.
    app.revoke_key(&kid(&old)).await;
    app.clock
        .advance(Duration::from_secs(MAX_AGE.unsigned_abs()));
    assert!(verifier.verify(&old).await.is_err());
}

#[tokio::test]
async fn s34_every_algorithm_that_a_client_may_choose_signs_what_apps_and_services_accept() {
    let algorithms = ["ES256", "EdDSA", "RS256", "PS256"];
    let seed = algorithms.iter().fold(Seed::common(), |seed, algorithm| {
        let mut client = web(&algorithm.to_lowercase(), Some(WEB1_SECRET));
        client["id_token_signed_response_alg"] = (*algorithm).into();
        client["access_token_signed_response_alg"] = (*algorithm).into();
        seed.client(client)
    });
    let app = App::setup().seed(seed).start().await;
    app.run_jobs().await;
    let browser = app.browser();
    for algorithm in algorithms {
        let name = algorithm.to_lowercase();
        let mut registration = registration(&name, Some(WEB1_SECRET));
        algorithm.clone_into(&mut registration.id_token_alg);
        let rp = app.relying_party(registration).await;
        let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
        for token in [&tokens.id_token, &tokens.access_token] {
            assert_eq!(forge::header(token)["alg"], algorithm);
        }
        let verifier = app.verifier(&format!("https://api.{name}.rp.test"));
        let token = verifier.verify(&tokens.access_token).await.expect("good");
        assert_eq!(token.subject(), tokens.claims["sub"], "{algorithm}");
        rp.userinfo(&tokens.access_token).await.expect_ok();
        let next = rp.refresh(tokens.refresh()).await.expect_ok();
        let id_token = next["id_token"].as_str().expect("an ID token");
        assert_eq!(forge::header(id_token)["alg"], algorithm);
    }
}
