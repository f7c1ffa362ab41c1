//! LOG: secrets at rest, in logs and in metrics.

use identity_harness::app::App;
use identity_harness::seed::ALICE;
use serde_json::Value;

use crate::aud::records;

fn all_text(records: &[Value]) -> String {
    records
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn log_01_no_secret_reaches_the_log_or_the_database() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let wrong = "marker-wrong-password-5Tq9";
    app.browser()
        .sign_in(&rp.attempt().url(), ALICE.email, wrong)
        .await;
    let attempt = rp.attempt();
    let page = browser
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let code = rp.code(&attempt, &page).expect("a code");
    let answer = rp.redeem(&attempt, &code).await.expect_ok();
    let session = browser.cookie("session").expect("a session").value;
    let refreshed = rp
        .refresh(answer["refresh_token"].as_str().unwrap())
        .await
        .expect_ok();
    rp.token(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "marker-forged-refresh-8Kd2"),
    ])
    .await;
    app.client("web1")
        .await
        .userinfo("marker-forged-access-3Vx7")
        .await;
    let form = app
        .browser()
        .open("/recover")
        .await
        .form("identifier")
        .fill("identifier", ALICE.email);
    app.browser().send(&form).await;

    let mut secrets = vec![
        ("password", ALICE.password.to_owned()),
        ("wrong password", wrong.to_owned()),
        (
            "client secret",
            identity_harness::seed::WEB1_SECRET.to_owned(),
        ),
        ("code", code),
        ("verifier", attempt.verifier.clone()),
        ("session cookie", session),
        (
            "forged refresh token",
            "marker-forged-refresh-8Kd2".to_owned(),
        ),
        (
            "forged access token",
            "marker-forged-access-3Vx7".to_owned(),
        ),
    ];
    for (name, answer) in [("first", &answer), ("second", &refreshed)] {
        for token in ["access_token", "refresh_token", "id_token"] {
            if let Some(value) = answer[token].as_str() {
                secrets.push((name, value.to_owned()));
            }
        }
    }
    let dump = app.database.dump().await;
    let dump = String::from_utf8_lossy(&dump);
    let audit = all_text(&records(&app).await);
    let metrics = identity_harness::answer::Answer::read(
        app.network
            .client()
            .get(app.management.join("/metrics").unwrap())
            .send()
            .await
            .unwrap(),
    )
    .await
    .text;
    for (what, secret) in secrets {
        assert!(
            !dump.contains(&secret),
            "the database holds a {what} in the clear"
        );
        assert!(
            !audit.contains(&secret) && !metrics.contains(&secret),
            "audit or metrics hold a {what}"
        );
    }
    // LOG-02: private keys are encrypted under a key that is not here.
    for mark in ["PRIVATE KEY", "\"d\":", "MIGHAgEAMBMGByqGSM49"] {
        assert!(!dump.contains(mark), "the database holds {mark}");
    }
}
