//! The binary from the outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn identity(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_identity"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    (
        status.code().unwrap(),
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    )
}

#[test]
fn d_12_exit_statuses_are_0_1_and_2() {
    assert_eq!(identity(&["config", "print"], &[]).0, 0);
    assert_eq!(identity(&["config", "check"], &[]).0, 1);
    assert_eq!(identity(&["config", "chek"], &[]).0, 2);
    assert_eq!(identity(&[], &[]).0, 2);
    assert_eq!(identity(&["--version"], &[]).0, 0);
}

#[test]
fn every_answer_can_be_json() {
    let (status, out, _) = identity(&["config", "check", "--json"], &[]);
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (status, value["details"][0]["key"].as_str()),
        (1, Some("public_url"))
    );
    let (_, out, _) = identity(&["--json", "config", "schema"], &[]);
    let schema: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    assert!(schema["properties"]["http"]["properties"]["listen"]["description"].is_string());
}

#[test]
fn log_05_no_command_prints_a_secret_of_the_environment() {
    let secrets = [
        ("IDENTITY_SECRETS__MASTER_KEY", "hunter2"),
        (
            "IDENTITY_DATABASE__URL",
            "postgres://u:hunter2@db.example/x",
        ),
        ("IDENTITY_CONFIG", "/nowhere/hunter2"),
    ];
    for arguments in [
        &["config", "print", "--help"][..],
        &["--help"],
        &["config", "print", "--config", "/dev/null"],
        &["config", "check", "--config", "/dev/null"],
    ] {
        let (_, out, err) = identity(arguments, &secrets);
        assert!(
            !out.contains("hunter2") && !err.contains("hunter2"),
            "{arguments:?}: {out}{err}"
        );
    }
}

#[test]
fn completions_and_the_reference_are_printed() {
    assert!(
        identity(&["completions", "bash"], &[])
            .1
            .contains("identity")
    );
    assert!(
        identity(&["config", "schema", "--markdown"], &[])
            .1
            .starts_with("# Configuration")
    );
}

#[test]
fn a_healthcheck_of_nobody_fails() {
    // Port 1 is reserved and nobody listens there.
    let (status, _, err) = identity(&["healthcheck", "--url", "http://127.0.0.1:1"], &[]);
    assert_eq!(status, 1);
    assert!(err.contains("does not answer"), "{err}");
}

#[test]
fn a_password_is_hashed_from_standard_input_only() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_identity"))
        .args(["hash-password", "--json"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"correct horse\n")
        .unwrap();
    let out = child.wait_with_output().unwrap().stdout;
    let value: Value = serde_json::from_slice(&out).unwrap();
    assert!(
        value["password_hash"]
            .as_str()
            .unwrap()
            .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
    );
    assert_eq!(identity(&["hash-password", "correct horse"], &[]).0, 2);
}

#[test]
fn the_built_in_theme_can_be_taken_out() {
    let folder = tempfile::tempdir().unwrap();
    let theme = folder.path().join("own");
    let arguments = ["themes", "eject", theme.to_str().unwrap()];
    assert_eq!(identity(&arguments, &[]).0, 0);
    assert!(theme.join("theme.toml").is_file());
    assert!(
        identity(&arguments, &[]).1.starts_with("0 files"),
        "what is there stays"
    );
}
