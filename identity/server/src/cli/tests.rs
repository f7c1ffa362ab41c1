#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use clap::{CommandFactory as _, Parser as _};

use super::Cli;

fn parses(line: &str) -> bool {
    Cli::try_parse_from(line.split(' ')).is_ok()
}

#[test]
fn the_commands_fit_together() {
    Cli::command().debug_assert();
}

#[test]
fn the_command_lines_of_the_contract_are_understood() {
    for line in [
        "identity migrate --config c.toml",
        "identity migrate status --config c.toml",
        "identity apply a.yaml b.yaml --prune",
        "identity diff a.yaml",
        "identity export --json",
        "identity --json export",
        "identity admin link",
        "identity admin link ana@acme.test --data .identity-dev",
        "identity admin recover ana@acme.test",
        "identity user create ana@acme.test --organization acme --role admin --password-stdin",
        "identity user list --organization acme",
        "identity user require-password-change ana@acme.test",
        "identity org list",
        "identity client create --redirect-uri https://app.test/cb --public",
        "identity client rotate-secret chat --now",
        "identity sessions revoke --all",
        "identity sessions revoke --user ana@acme.test",
        "identity sessions revoke --org acme --before 2026-01-31T12:00:00Z",
        "identity sessions revoke --before 2026-01-31T12:00:00Z",
        "identity keys list",
        "identity keys rotate",
        "identity keys rotate --now",
        "identity keys rotate --kind encryption",
        "identity keys revoke some-kid",
        "identity audit verify",
        "identity hash-password",
        "identity doctor --offline",
        "identity doctor --config identity.toml",
        "identity doctor --data .identity-dev",
        "identity doctor --data .identity-dev --public-url http://localhost:8081",
    ] {
        assert!(parses(line), "{line}");
    }
}

#[test]
fn wrong_usage_is_refused_and_secrets_are_no_arguments() {
    for line in [
        "identity apply",
        "identity admin recover",
        "identity sessions revoke",
        "identity sessions revoke --all --user ana@acme.test",
        "identity sessions revoke --before yesterday",
        "identity user create ana@acme.test --role admin",
        "identity user create ana@acme.test --password hunter2",
        "identity user create ana@acme.test --password-stdin --password-file p",
        "identity client create --client-secret hunter2",
        "identity client create --public --auth-method private_key_jwt",
        "identity keys rotate --kind other",
        "identity keys revoke",
    ] {
        assert!(!parses(line), "{line}");
    }
}
