//! AUD: the audit log.

use identity_harness::app::App;
use identity_harness::seed::{ALICE, BOB};
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
