//! AUD: the audit log.

use identity_harness::app::App;
use identity_harness::seed::{ALICE, BOB, Seed};
use serde_json::Value;
use std::collections::HashSet;

/// The records so far, oldest first.
pub async fn records(app: &App) -> Vec<Value> {
    let mut rows = app.database.rows("audit").await;
    rows.sort_by_key(|row| {
        (
            row["at"].as_i64(),
            row["id"].as_str().unwrap_or_default().to_owned(),
        )
    });
    rows
}

#[tokio::test]
async fn aud_01_every_security_action_and_refusal_leaves_a_record() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    // The clock stands still, so that only their ids tell new records from old ones.
    let id = |record: &Value| record["id"].to_string();
    let mut seen: HashSet<String> = records(&app).await.iter().map(id).collect();
    let mut grown = async |what: &str| {
        let now = records(&app).await;
        let new: Vec<Value> = now
            .into_iter()
            .filter(|record| seen.insert(id(record)))
            .collect();
        assert!(!new.is_empty(), "{what} left no record");
        new
    };
    app.browser()
        .sign_in(&rp.attempt().url(), ALICE.email, "wrong wrong wrong")
        .await;
    let failed = grown("a failed sign-in").await;
    assert!(
        failed
            .iter()
            .any(|record| record["address"] == "127.0.0.1" || record["address"] == "::1"),
        "{failed:?}"
    );
    app.browser()
        .sign_in(&rp.attempt().url(), "nobody@a.test", "wrong wrong wrong")
        .await;
    grown("a failed sign-in of nobody").await;
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let signed_in = grown("a sign-in").await;
    let by_browser = signed_in
        .iter()
        .find(|record| record["action"] == "session.sign_in")
        .expect("the sign-in itself");
    assert!(
        by_browser["user_agent"]
            .as_str()
            .is_some_and(|agent| agent.contains("Chrome")),
        "{by_browser}"
    );
    for field in ["at", "action", "actor", "result", "address", "request_id"] {
        assert!(
            signed_in
                .iter()
                .all(|record| !record[field].is_null() && record[field] != ""),
            "{field}: {signed_in:?}"
        );
    }
    rp.refresh(tokens.refresh()).await.expect_ok();
    grown("a refresh").await;
    rp.token(&[("grant_type", "refresh_token"), ("refresh_token", "forged")])
        .await;
    rp.revoke(tokens.refresh()).await;
    grown("a revocation").await;
    assert!(
        crate::pwd::change_password(&browser, "wrong wrong wrong", "granite-meadow-owls-93")
            .await
            .is_err()
    );
    grown("a refused password change").await;
    crate::pwd::change_password(&browser, ALICE.password, "granite-meadow-owls-93")
        .await
        .expect("changed");
    grown("a password change").await;
    crate::ses::sign_out(&rp, &browser).await;
    grown("a sign-out").await;
    let stranger = app
        .network
        .client()
        .post(rp.endpoint("token_endpoint"))
        .basic_auth("web1", Some("wrong"));
    stranger
        .form(&[("grant_type", "client_credentials")])
        .send()
        .await
        .unwrap();
    grown("a client with a wrong secret").await;
}

#[tokio::test]
async fn aud_04_the_log_cannot_be_reached_from_outside() {
    let app = App::start().await;
    let rp = app.client("webB").await;
    let tokens = rp.sign_in(&app.browser(), BOB.email, BOB.password).await;
    let bearer = format!("Bearer {}", tokens.access_token);
    for path in ["/api/v1/audit", "/api/v1/audit/events", "/admin/audit"] {
        for method in [reqwest::Method::GET, reqwest::Method::DELETE] {
            let answer = app
                .request(method.clone(), path, &[("authorization", &bearer)])
                .await;
            assert!(
                [401, 403, 404, 405].contains(&answer.status),
                "{method} {path}: {answer:?}"
            );
        }
    }
}

#[tokio::test]
async fn aud_05_what_strangers_send_is_escaped_and_capped() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let agent = format!("evil\u{1b}[31m\u{202e}{}", "x".repeat(16_000));
    let agent: String = agent
        .chars()
        .filter(|c| c.is_ascii() && !c.is_control())
        .collect();
    let browser = app.browser().with_header("user-agent", &agent);
    browser
        .sign_in(
            &rp.attempt().url(),
            "a\r\nb\u{0}\u{202e}@a.test",
            "wrong wrong wrong",
        )
        .await;
    for record in records(&app).await {
        let text = record.to_string();
        assert!(text.len() < 8_192, "a record of {} bytes", text.len());
        assert!(
            !text.contains("\\u202e")
                && !text.contains('\u{202e}')
                && !text.contains("\\r")
                && !text.contains("\\u0000"),
            "{text}"
        );
    }
}

/// Makes the audit table refuse every new record, as a full or broken disk would, and lets it work again.
async fn audit_works(app: &App, works: bool) {
    let postgres = app.database.is_postgres();
    let statements: &[&str] = match (works, postgres) {
        (true, false) => &["DROP TRIGGER no_audit"],
        (true, true) => &["DROP TRIGGER no_audit ON audit"],
        (false, false) => &[
            "CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no audit'); END",
        ],
        (false, true) => &[
            "CREATE OR REPLACE FUNCTION no_audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no audit'; END $$",
            "CREATE TRIGGER no_audit BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION no_audit()",
        ],
    };
    for statement in statements {
        app.database.tamper(statement).await;
    }
}

/// All that a person could have changed, as text.
async fn state(app: &App) -> String {
    let mut all = String::new();
    for table in [
        "users",
        "credentials",
        "memberships",
        "sessions",
        "consents",
        "refresh_families",
        "clients",
        "signing_keys",
        "jobs",
    ] {
        let mut rows: Vec<String> = app
            .database
            .rows(table)
            .await
            .iter()
            .map(ToString::to_string)
            .collect();
        rows.sort();
        all = all + table + "\n" + &rows.join("\n") + "\n";
    }
    all
}

#[tokio::test]
async fn aud_03_what_cannot_be_recorded_does_not_happen() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    // Pages are prepared while all is well; a login that merely begins is not recorded.
    let stranger = app.browser();
    let sign_in = stranger.open(&rp.attempt().url()).await.form("password");
    let sign_in = sign_in
        .fill("identifier", BOB.email)
        .fill("password", BOB.password);
    let change = browser.open("/account/password").await;
    let change = change
        .form("current_password")
        .fill("current_password", ALICE.password)
        .fill("password", "granite-meadow-owls-93");
    let attempt = rp.attempt();
    let page = browser.open(&attempt.url()).await;
    let code = rp.code(&attempt, &page).expect("a code");
    app.run_jobs().await;

    audit_works(&app, false).await;
    let before = state(&app).await;
    for (what, browser, form) in [
        ("a sign-in", &stranger, &sign_in),
        ("a new password", &browser, &change),
    ] {
        let page = browser.submit(form).await;
        assert_eq!(page.status, 503, "{what}: {}", page.summary());
        assert!(page.headers.contains_key("retry-after"), "{what}");
    }
    assert!(stranger.cookie("session").is_none());
    for (what, answer) in [
        ("a code", rp.redeem(&attempt, &code).await),
        ("a refresh", rp.refresh(tokens.refresh()).await),
        ("a revocation", rp.revoke(tokens.refresh()).await),
    ] {
        assert_eq!(answer.status, 503, "{what}: {answer:?}");
        answer.expect_no_leak();
    }
    let mut promoted = Seed::common();
    promoted.value()["users"][0]["memberships"][0]["roles"] = serde_json::json!(["admin"]);
    app.apply(&promoted).await.expect_err("a change of roles");
    app.try_suspend(ALICE.email)
        .await
        .expect_err("a suspension");
    assert_eq!(before, state(&app).await, "something was changed");

    // And nothing was used up by it.
    audit_works(&app, true).await;
    let page = stranger.send(&sign_in).await;
    assert!(page.location().is_some(), "{}", page.summary());
    rp.redeem(&attempt, &code).await.expect_ok();
    rp.refresh(tokens.refresh()).await.expect_ok();
    let page = browser.send(&change).await;
    assert!(page.status < 400, "{}", page.summary());
}
