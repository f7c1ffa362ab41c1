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

#[test]
fn h_85_a_file_is_looked_at_before_it_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acme.yaml");
    let logo =
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><path d='M0 0h8v8z'/></svg>";
    std::fs::write(folder.path().join("acme.svg"), logo).unwrap();
    let text = "version: 1\norganizations:\n  - slug: acme\n    branding: {name: Acme Cloud, logo_file: acme.svg, accent: '#0a7d55'}\n  \
                - slug: other\n    branding: {accent: '#123456'}\n";
    std::fs::write(&file, text).unwrap();
    let out = folder.path().join("preview");
    let (file, shown) = (file.to_str().unwrap(), out.to_str().unwrap());
    let preview = |more: &[&str]| {
        let all = [
            &["themes", "gallery", "--brand", file, "--out", shown],
            more,
        ]
        .concat();
        identity(&all, &[])
    };
    let (status, _, said) = preview(&[]);
    assert_eq!(status, 1);
    assert!(said.contains("acme, other"), "{said}");
    assert_eq!(preview(&["--of", "nobody"]).0, 1);
    assert_eq!(preview(&["--of", "acme"]).0, 0);
    let page = std::fs::read_to_string(out.join("en-light/auth-identifier--plain.html")).unwrap();
    assert!(page.contains("Acme Cloud"));
    // Pictures and colours are there, by their addresses.
    let names: Vec<_> = page.split("\"../theme/").skip(1).collect();
    let names = names.iter().filter_map(|rest| rest.split('"').next());
    for name in names.clone() {
        assert!(out.join("theme").join(name).is_file(), "{name}");
    }
    assert!(names.clone().any(|name| name.contains("brand-0a7d55")));
    assert!(page.contains("<img"), "the logo");
}
