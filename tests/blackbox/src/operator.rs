//! What an operator does takes effect at once; what is done behind the provider's back is found.

use identity_harness::app::App;
use identity_harness::clock::Clock;
use identity_harness::database::Database;
use identity_harness::relying_party::{RelyingParty, Tokens};
use identity_harness::seed::{ALICE, BOB};
use serde_json::{Value, json};
use std::sync::Arc;

async fn expect_dead(rp: &RelyingParty, tokens: &Tokens, why: &str) {
    assert_eq!(rp.userinfo(&tokens.access_token).await.status, 401, "{why}");
    assert_eq!(
        rp.introspect(&tokens.access_token).await.expect_ok(),
        json!({"active": false}),
        "{why}"
    );
    rp.refresh(tokens.refresh())
        .await
        .expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn tok_05_a_suspended_person_is_out_at_once() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let attempt = rp.attempt();
    let page = app
        .browser()
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let code = rp.code(&attempt, &page).expect("a code");
    app.suspend(ALICE.email).await;
    expect_dead(&rp, &tokens, "suspended").await;
    rp.redeem(&attempt, &code)
        .await
        .expect_error(400, "invalid_grant");
    let silent = rp.attempt().with("prompt", "none");
    let page = browser.open(&silent.url()).await;
    assert_eq!(
        page.redirect_param("error").as_deref(),
        Some("login_required")
    );
    let page = app
        .browser()
        .sign_in(&rp.attempt().url(), ALICE.email, ALICE.password)
        .await;
    assert!(page.location().is_none(), "{}", page.summary());
    // With a wrong password nobody learns that.
    let wrong = app
        .browser()
        .sign_in(&rp.attempt().url(), ALICE.email, "wrong wrong wrong")
        .await;
    assert_eq!(wrong.status, 422, "{}", wrong.summary());
    let form = app.browser().open("/recover").await.form("identifier");
    app.browser()
        .unchecked()
        .send(&form.fill("identifier", ALICE.email))
        .await;
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    assert!(mails.iter().all(|mail| mail.codes.is_empty()), "{mails:?}");
}

#[tokio::test]
async fn tok_05_a_disabled_client_gets_nothing_any_more() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let other = app.client("webB").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let browser = app.browser();
    let half_way = browser.open(&rp.attempt().url()).await;
    let (attempt, code) = crate::oau::fresh_code(&app, &rp).await;
    app.disable_client("web1").await;
    for answer in [
        rp.refresh(tokens.refresh()).await,
        rp.redeem(&attempt, &code).await,
        rp.introspect(&tokens.access_token).await,
    ] {
        answer.expect_error(401, "invalid_client");
    }
    assert_eq!(rp.userinfo(&tokens.access_token).await.status, 401);
    assert_eq!(
        other.introspect(&tokens.access_token).await.expect_ok()["active"],
        false
    );
    let page = browser.enter(half_way, ALICE.email, ALICE.password).await;
    assert!(page.location().is_none(), "{}", page.summary());
    let page = app.browser().open(&rp.attempt().url()).await;
    assert!(
        page.status >= 400 && page.location().is_none(),
        "{}",
        page.summary()
    );
}

#[tokio::test]
async fn tok_05_a_suspended_organization_has_no_members_here() {
    let app = App::start().await;
    let rp = app.client("webB").await;
    let tokens = rp.sign_in(&app.browser(), BOB.email, BOB.password).await;
    assert_eq!(tokens.access_claims()["org_slug"], "b");
    app.suspend_organization("b").await;
    rp.refresh(tokens.refresh())
        .await
        .expect_error(400, "invalid_grant");
    let attempt = rp.attempt();
    let page = app
        .browser()
        .sign_in(&attempt.url(), BOB.email, BOB.password)
        .await;
    if let Ok(fresh) = rp.tokens(&attempt, &page).await {
        let claims = fresh.access_claims();
        assert!(
            claims["org_id"].is_null() && claims["roles"].is_null(),
            "{claims}"
        );
    }
}

#[tokio::test]
async fn aud_02_a_changed_log_is_found_out() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    for _ in 0..3 {
        rp.sign_in(&app.browser(), ALICE.email, ALICE.password)
            .await;
        app.run_jobs().await;
    }
    let findings = async || {
        let reports = app.verify_audit().await;
        assert!(!reports.is_empty(), "nothing was proven");
        reports
            .into_iter()
            .filter_map(|report| report.finding)
            .count()
    };
    assert_eq!(findings().await, 0);
    let newest = app
        .database
        .rows("audit")
        .await
        .iter()
        .filter(|row| row["organization_id"].is_null())
        .filter_map(|row| row["seal_seq"].as_i64())
        .max()
        .expect("a sealed record");
    let own = "organization_id IS NULL AND seal_seq";
    let value = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let first = app
        .database
        .rows("audit")
        .await
        .into_iter()
        .find(|row| row["organization_id"].is_null() && row["seal_seq"] == 1)
        .expect("the first record");
    let edited = app
        .database
        .tamper(&format!(
            "UPDATE audit SET actor = 'user:nobody' WHERE {own} = 1"
        ))
        .await;
    assert_eq!(edited, 1);
    assert_ne!(findings().await, 0, "an edited record");
    app.database
        .tamper(&format!(
            "UPDATE audit SET actor = '{}' WHERE {own} = 1",
            value(&first, "actor")
        ))
        .await;
    assert_eq!(findings().await, 0, "put back");
    let swap = [(1, -1), (2, 1), (-1, 2)];
    for (from, to) in swap {
        app.database
            .tamper(&format!(
                "UPDATE audit SET seal_seq = {to} WHERE {own} = {from}"
            ))
            .await;
    }
    assert_ne!(findings().await, 0, "two records changed places");
    for (from, to) in swap {
        app.database
            .tamper(&format!(
                "UPDATE audit SET seal_seq = {to} WHERE {own} = {from}"
            ))
            .await;
    }
    assert_eq!(findings().await, 0, "put back");
    app.database
        .tamper(&format!("DELETE FROM audit WHERE {own} = {newest}"))
        .await;
    assert_ne!(findings().await, 0, "the newest record is missing");
}

#[tokio::test]
async fn aud_03_without_a_log_nothing_happens() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = browser.open(&rp.attempt().url()).await;
    let sessions = app.database.rows("sessions").await.len();
    app.database
        .tamper("ALTER TABLE audit RENAME TO audit_elsewhere")
        .await;
    let answer = browser.enter(page, ALICE.email, ALICE.password).await;
    app.database
        .tamper("ALTER TABLE audit_elsewhere RENAME TO audit")
        .await;
    assert!(
        (500..600).contains(&answer.status) && answer.location().is_none(),
        "{}",
        answer.summary()
    );
    assert_eq!(
        app.database.rows("sessions").await.len(),
        sessions,
        "nobody was signed in"
    );
    assert!(browser.cookie("session").is_none());
    rp.sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
}

#[tokio::test]
async fn log_03_another_master_key_opens_nothing_and_makes_nothing_new() {
    let database = Arc::new(Database::fresh().await);
    let clock = Clock::starting_now();
    let app = App::setup()
        .on(&database, &clock)
        .await
        .expect("a first start");
    app.running.stop().await;
    let before = database.rows("signing_keys").await;
    let refused = App::setup()
        .master_key([7; 32])
        .on(&database, &clock)
        .await
        .err()
        .expect("a foreign master key is refused");
    assert!(refused.contains("master key"), "{refused}");
    assert_eq!(database.rows("signing_keys").await.len(), before.len());
    let again = App::setup().on(&database, &clock).await;
    assert!(again.is_ok(), "{:?}", again.err());
}
