//! LOG: secrets at rest, in logs and in metrics.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity_harness::app::{App, MASTER_KEY};
use identity_harness::database::Database;
use identity_harness::seed::{ALICE, Seed};
use serde_json::Value;

use crate::aud::records;
use crate::process::Installation;

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

/// A word of the mail server's address that must be seen nowhere.
const MAIL_PASSWORD: &str = "marker-relay-9Qd2";

#[tokio::test]
async fn log_05_arguments_help_and_the_printed_configuration_hold_no_secret() {
    let database = Database::fresh().await;
    let mail = format!("[mail]\nurl = \"smtps://relay:{MAIL_PASSWORD}@mail.test\"");
    let installation = Installation::new(&database, &mail);
    installation.configure(8080);
    installation.apply(&Seed::common()).await;
    let master_key = STANDARD.encode(MASTER_KEY);
    let expect_absent = |what: &str, text: &str| {
        assert!(
            !text.contains(MAIL_PASSWORD) && !text.contains(&master_key),
            "{what}: {text}"
        );
    };
    for command in [
        &["config", "print"][..],
        &["--json", "config", "print"],
        &["config", "check"],
        &["export"],
        &["doctor"],
        &["keys", "list"],
        &["serve", "--help"],
        &["apply", "--help"],
        &["user", "list", "--help"],
    ] {
        let done = installation.run(command).await;
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8(said).expect("text");
        assert!(!said.is_empty(), "{command:?} says nothing");
        expect_absent(&command.join(" "), &said);
        expect_absent(
            "the passwords in it",
            &said.replace(ALICE.password, MAIL_PASSWORD),
        );
    }
    let served = installation.serve().await;
    let process = format!("/proc/{}", served.id());
    let read = |file: &str| std::fs::read_to_string(format!("{process}/{file}")).expect("a file");
    let arguments = read("cmdline");
    assert!(arguments.contains("serve"), "{arguments}");
    expect_absent("the arguments", &arguments);
    let limits = read("limits");
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .expect("the limit");
    let bounds: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(bounds, ["0", "0"], "{core}");
    // A collector that dumps are piped to is not bound by that limit: it gets a dump of nothing.
    assert_eq!(read("coredump_filter").trim().trim_start_matches('0'), "");
    let killed = std::process::Command::new("kill")
        .args(["-ABRT", &served.id().to_string()])
        .status();
    assert!(killed.expect("kill").success());
    expect_absent("what it said", &served.end().await);
    for file in std::fs::read_dir(installation.file(".")).expect("the folder") {
        let name = file.expect("a file").file_name();
        assert!(!name.to_string_lossy().contains("core"), "{name:?}");
    }
}
