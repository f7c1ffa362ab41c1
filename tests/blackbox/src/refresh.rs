//! TOK-04 to TOK-06: refresh tokens, and what ends them.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::relying_party::{Rejected, RelyingParty};
use identity_harness::seed::{ALICE, Seed, WEB1_SECRET, registration, web};

#[tokio::test]
async fn tok_04_fifty_parallel_refreshes_give_one_family() {
    let (app, other) = App::two_nodes().await;
    let rp = app.client("web1").await;
    let first = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let other_rp = match &other {
        Some(node) => node.client("web1").await,
        None => rp.clone(),
    };
    let mut refreshes = tokio::task::JoinSet::new();
    for turn in 0..50 {
        let (rp, token) = (
            if turn % 2 == 0 {
                rp.clone()
            } else {
                other_rp.clone()
            },
            first.refresh().to_owned(),
        );
        refreshes.spawn(async move { rp.refresh(&token).await });
    }
    let answers = refreshes.join_all().await;
    let mut successors: Vec<String> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .map(|answer| answer.get("refresh_token").unwrap())
        .collect();
    successors.sort();
    successors.dedup();
    assert_eq!(
        successors.len(),
        1,
        "one successor, however often it was asked for"
    );
    answers
        .iter()
        .filter(|answer| answer.status != 200)
        .for_each(|answer| answer.expect_error(400, "invalid_grant"));

    let second = rp.refresh(&successors[0]).await.expect_ok();
    rp.refresh(first.refresh())
        .await
        .expect_error(400, "invalid_grant");
    // RFC 9700 §4.14.2: reuse of an old one ends the family, the newest included.
    rp.refresh(second["refresh_token"].as_str().unwrap())
        .await
        .expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn tok_04_the_grace_time_ends_after_ten_seconds_and_with_the_use_of_the_successor() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let first = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let second = rp.refresh(first.refresh()).await.expect_ok();
    app.clock.advance(Duration::from_secs(9));
    let again = rp.refresh(first.refresh()).await.expect_ok();
    assert_eq!(
        again["refresh_token"], second["refresh_token"],
        "the identical successor"
    );
    app.clock.advance(Duration::from_secs(2));
    rp.refresh(first.refresh())
        .await
        .expect_error(400, "invalid_grant");
    rp.refresh(second["refresh_token"].as_str().unwrap())
        .await
        .expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn tok_04_a_retry_at_a_node_whose_clock_is_behind_is_no_theft() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let first = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let mut token = first.refresh().to_owned();
    for behind in [1, 900, 4_000] {
        let next = rp.refresh(&token).await.expect_ok();
        app.clock.turn_back(Duration::from_millis(behind));
        let again = rp.refresh(&token).await.expect_ok();
        assert_eq!(
            again["refresh_token"], next["refresh_token"],
            "{behind} ms behind: the identical successor"
        );
        assert_eq!(again["scope"], next["scope"]);
        token = again["refresh_token"].as_str().unwrap().to_owned();
        app.clock.advance(Duration::from_millis(behind));
    }
    assert_eq!(rp.refresh(&token).await.status, 200, "the family lives");
}

#[tokio::test]
async fn tok_04_a_refresh_token_of_another_client_is_refused_and_not_consumed() {
    let app = App::start().await;
    let (rp, thief) = (app.client("web1").await, app.client("webB").await);
    let first = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    thief
        .refresh(first.refresh())
        .await
        .expect_error(400, "invalid_grant");
    let refresh = first.refresh();
    let last = refresh.chars().last().unwrap();
    let tampered = format!(
        "{}{}",
        &refresh[..refresh.len() - 1],
        if last == 'A' { 'B' } else { 'A' }
    );
    for token in [
        format!("{refresh}A"),
        format!("{refresh}="),
        format!(" {refresh}"),
        tampered,
        "x".repeat(10_000),
    ] {
        let answer = rp.refresh(&token).await;
        assert!(answer.status == 400, "{answer:?}");
    }
    assert_eq!(
        rp.refresh(refresh).await.status,
        200,
        "its owner is not punished for a thief's or a tamperer's try"
    );
}

/// Everything that a person or a client holds is dead: refresh, introspection, userinfo.
async fn expect_dead(rp: &RelyingParty, access_token: &str, refresh_token: &str, why: &str) {
    assert_eq!(
        rp.introspect(access_token).await.expect_ok()["active"],
        false,
        "{why}: introspection"
    );
    assert_eq!(
        rp.userinfo(access_token).await.status,
        401,
        "{why}: userinfo"
    );
    let answer = rp.refresh(refresh_token).await;
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (400, "invalid_grant"),
        "{why}: refresh"
    );
    assert_eq!(
        rp.introspect(refresh_token).await.expect_ok()["active"],
        false,
        "{why}: introspection of the refresh token"
    );
}

#[tokio::test]
async fn tok_05_revoked_is_dead_at_once() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    app.client("webB").await.revoke(tokens.refresh()).await;
    assert_eq!(
        rp.userinfo(&tokens.access_token).await.status,
        200,
        "another client's revocation has no effect"
    );
    assert_eq!(
        rp.revoke("nonsense").await.status,
        200,
        "RFC 7009 §2.2: an unknown token is no error"
    );
    assert_eq!(rp.revoke(tokens.refresh()).await.status, 200);
    expect_dead(&rp, &tokens.access_token, tokens.refresh(), "revoked").await;

    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    // An access token takes its grant along: a service that verifies by itself would not hear of it otherwise.
    let other = app.client("webB").await;
    assert_eq!(other.revoke(&tokens.access_token).await.status, 200);
    assert_eq!(rp.userinfo(&tokens.access_token).await.status, 200);
    assert_eq!(rp.revoke(&tokens.access_token).await.status, 200);
    expect_dead(&rp, &tokens.access_token, tokens.refresh(), "by access").await;
    // One without a grant is revoked alone.
    let service = app.client("svc1").await;
    let fields = [("grant_type", "client_credentials")];
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let answer = service.token(&fields).await;
        tokens.push(answer.get("access_token").expect("a token"));
    }
    assert_eq!(service.revoke(&tokens[0]).await.status, 200);
    for (token, active) in tokens.iter().zip([false, true]) {
        let answer = service.introspect(token).await.expect_ok();
        assert_eq!(answer["active"], active);
    }
}

#[tokio::test]
async fn tok_05_signing_out_and_changing_the_password_end_all_tokens() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let page = browser.open(&rp.logout_url(&[])).await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.method == "post")
        .expect("a form that confirms");
    browser.send(&form).await;
    expect_dead(&rp, &tokens.access_token, tokens.refresh(), "signed out").await;

    let (here, elsewhere) = (app.browser(), app.browser());
    let tokens = rp.sign_in(&elsewhere, ALICE.email, ALICE.password).await;
    rp.sign_in(&here, ALICE.email, ALICE.password).await;
    crate::pwd::change_password(&here, ALICE.password, "granite-meadow-owls-93")
        .await
        .expect("changed");
    expect_dead(
        &rp,
        &tokens.access_token,
        tokens.refresh(),
        "password changed",
    )
    .await;
}

#[tokio::test]
async fn tok_06_a_refresh_never_gives_more_and_ends_by_both_limits() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let more = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.refresh()),
        ("scope", "openid email phone address"),
    ];
    rp.token(&more).await.expect_error(400, "invalid_scope");
    let other = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.refresh()),
        ("resource", "https://elsewhere.test"),
    ];
    rp.token(&other).await.expect_error(400, "invalid_target");
    let less = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.refresh()),
        ("scope", "openid"),
    ];
    let less = rp.token(&less).await.expect_ok();
    assert_eq!(less["scope"], "openid");

    let mut current = less["refresh_token"].as_str().unwrap().to_owned();
    let mut days = 0;
    while days < 400 {
        app.clock.advance(Duration::from_hours(24));
        days += 1;
        let answer = rp.refresh(&current).await;
        if answer.status != 200 {
            answer.expect_error(400, "invalid_grant");
            break;
        }
        current = answer.get("refresh_token").unwrap();
    }
    assert_eq!(days, 60, "used daily, it ends with the absolute limit");
}

/// Takes back what the only application in the list was allowed.
pub async fn withdraw(browser: &Browser) {
    let page = browser.open("/account/applications").await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action.path().ends_with("/withdraw"))
        .unwrap_or_else(|| panic!("nothing to take back: {}", page.summary()));
    browser.send(&form).await;
}

#[tokio::test]
async fn tok_05_a_consent_that_is_withdrawn_ends_all_tokens_and_is_asked_for_again() {
    let mut careful = web("careful", Some(WEB1_SECRET));
    careful["require_consent"] = true.into();
    let app = App::setup()
        .seed(Seed::common().client(careful))
        .start()
        .await;
    let rp = app
        .relying_party(registration("careful", Some(WEB1_SECRET)))
        .await;
    let browser = app.browser();
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let silent = async || {
        let attempt = rp.attempt().with("prompt", "none");
        let page = browser.open(&attempt.url()).await;
        rp.code(&attempt, &page)
    };
    silent().await.expect("allowed once, allowed from then on");
    withdraw(&browser).await;
    expect_dead(&rp, &tokens.access_token, tokens.refresh(), "withdrawn").await;
    assert_eq!(
        silent().await,
        Err(Rejected::Provider("consent_required".to_owned()))
    );
}

#[tokio::test]
async fn tok_06_a_refresh_token_that_nobody_uses_ends_after_two_weeks() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let (day, minute) = (Duration::from_hours(24), Duration::from_mins(1));
    app.clock.advance(day * 13 + minute * (24 * 60 - 1));
    let next = rp.refresh(tokens.refresh()).await.expect_ok();
    let next = next["refresh_token"].as_str().expect("a refresh token");
    app.clock.advance(day * 14 + minute);
    rp.refresh(next).await.expect_error(400, "invalid_grant");
}
