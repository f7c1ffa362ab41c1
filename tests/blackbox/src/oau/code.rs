//! Codes and PKCE.

use super::fresh_code;
use identity_harness::app::App;
use identity_harness::relying_party::Rejected;
use identity_harness::seed::{ALICE, WEB1_SECRET};
use std::time::Duration;

#[tokio::test]
async fn oau_02_a_code_of_another_client_is_refused_and_dead_afterwards() {
    let app = App::start().await;
    let web1 = app.client("web1").await;
    for thief in ["spa1", "webB"] {
        let (attempt, code) = fresh_code(&app, &web1).await;
        let thief = app.client(thief).await;
        thief
            .redeem(&attempt, &code)
            .await
            .expect_error(400, "invalid_grant");
        let own_callback = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", &web1.registration.redirect_uri),
            ("code_verifier", &attempt.verifier),
        ];
        thief
            .token(&own_callback)
            .await
            .expect_error(400, "invalid_grant");
        web1.redeem(&attempt, &code)
            .await
            .expect_error(400, "invalid_grant");
    }
}

#[tokio::test]
async fn oau_03_a_code_redeemed_fifty_times_succeeds_once() {
    let (app, other) = App::two_nodes().await;
    let rp = app.client("web1").await;
    let (attempt, code) = fresh_code(&app, &rp).await;
    let other_rp = match &other {
        Some(node) => node.client("web1").await,
        None => rp.clone(),
    };
    let mut redemptions = tokio::task::JoinSet::new();
    for turn in 0..50 {
        let (rp, attempt, code) = (
            if turn % 2 == 0 {
                rp.clone()
            } else {
                other_rp.clone()
            },
            attempt.clone(),
            code.clone(),
        );
        redemptions.spawn(async move { rp.redeem(&attempt, &code).await });
    }
    let answers = redemptions.join_all().await;
    let won: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(won.len(), 1, "winners");
    answers
        .iter()
        .filter(|answer| answer.status != 200)
        .for_each(|answer| answer.expect_error(400, "invalid_grant"));
    // RFC 6749 §4.1.2: a second use revokes what the first one brought.
    let refresh_token = won[0].get("refresh_token").expect("a refresh token");
    rp.refresh(&refresh_token)
        .await
        .expect_error(400, "invalid_grant");
    let access_token = won[0].get("access_token").expect("an access token");
    assert_eq!(
        rp.introspect(&access_token).await.expect_ok()["active"],
        false
    );
    assert_eq!(rp.userinfo(&access_token).await.status, 401);
}

#[tokio::test]
async fn oau_04_pkce_is_required_with_s256_and_the_exact_verifier() {
    let app = App::start().await;
    let rp = app.client("spa1").await;
    let plain = rp.attempt();
    let plain = plain
        .clone()
        .with("code_challenge_method", "plain")
        .with("code_challenge", &plain.verifier);
    let no_method = rp.attempt().without("code_challenge_method");
    for attempt in [
        rp.attempt().without("code_challenge"),
        plain,
        no_method,
        rp.attempt().with("code_challenge", "short"),
        rp.attempt().with("code_challenge", &"x".repeat(129)),
    ] {
        let page = app.browser().open(&attempt.url()).await;
        assert_eq!(
            rp.code(&attempt, &page),
            Err(Rejected::Provider("invalid_request".to_owned())),
            "{}",
            attempt.url()
        );
    }
    let wrong = identity_harness::relying_party::random();
    let (short, long) = ("a".repeat(42), "a".repeat(129));
    for verifier in [
        Some(wrong.as_str()),
        None,
        Some(""),
        Some(&short),
        Some(&long),
    ] {
        let (attempt, code) = fresh_code(&app, &rp).await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", rp.registration.redirect_uri.as_str()),
        ];
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        let answer = rp.token(&fields).await;
        assert!(
            answer.status == 400
                && ["invalid_grant", "invalid_request"].contains(&answer.error().as_str()),
            "{verifier:?}: {answer:?}"
        );
        if verifier == Some(wrong.as_str()) {
            rp.redeem(&attempt, &code)
                .await
                .expect_error(400, "invalid_grant");
        }
    }
}

#[tokio::test]
async fn oau_05_a_verifier_without_a_challenge_is_refused() {
    let seed = identity_harness::seed::Seed::common();
    let mut legacy = identity_harness::seed::web("legacy", Some(WEB1_SECRET));
    legacy["require_pkce"] = false.into();
    let app = App::setup().seed(seed.client(legacy)).start().await;
    let rp = app
        .relying_party(identity_harness::seed::registration(
            "legacy",
            Some(WEB1_SECRET),
        ))
        .await;
    let attempt = rp
        .attempt()
        .without("code_challenge")
        .without("code_challenge_method");
    let page = app
        .browser()
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let code = rp.code(&attempt, &page).expect("a code without PKCE");
    // RFC 9700 §4.8.2: otherwise a stripped challenge goes unnoticed.
    rp.redeem(&attempt, &code)
        .await
        .expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn oau_06_a_code_ends_after_a_minute_and_belongs_to_its_redirect_uri() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (attempt, code) = fresh_code(&app, &rp).await;
    app.clock.advance(Duration::from_secs(61));
    rp.redeem(&attempt, &code)
        .await
        .expect_error(400, "invalid_grant");
    for redirect_uri in [Some("https://web1.rp.test/other"), None] {
        let (attempt, code) = fresh_code(&app, &rp).await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("code_verifier", &attempt.verifier),
        ];
        fields.extend(redirect_uri.map(|uri| ("redirect_uri", uri)));
        let answer = rp.token(&fields).await;
        assert!(
            answer.status == 400
                && ["invalid_grant", "invalid_request"].contains(&answer.error().as_str()),
            "{redirect_uri:?}: {answer:?}"
        );
    }
}
