//! Who may import whom, read from the manifests: what is not a dependency cannot be imported.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A crate, the crates of ours it may see, and the libraries it must never see.
struct Layer {
    folder: &'static str,
    ours: &'static [&'static str],
    never: &'static [&'static str],
}

const SQL: [&str; 4] = ["sea-orm", "sea-orm-migration", "sqlx", "rusqlite"];

const LAYERS: [Layer; 9] = [
    Layer {
        folder: "identity/verify",
        ours: &[],
        never: &["sea-orm", "minijinja"],
    },
    Layer {
        folder: "identity/oauth",
        ours: &["verify"],
        never: &["tokio", "axum", "sea-orm", "reqwest", "http"],
    },
    Layer {
        folder: "identity/domain",
        ours: &["oauth"],
        never: &[
            "tokio",
            "axum",
            "sea-orm",
            "reqwest",
            "hyper",
            "http",
            "getrandom",
            "rand",
            "futures",
        ],
    },
    Layer {
        folder: "identity/pages",
        ours: &["domain"],
        never: &["axum", "sea-orm", "reqwest"],
    },
    Layer {
        folder: "identity/storage",
        ours: &["domain", "migrations"],
        never: &["axum", "reqwest", "minijinja"],
    },
    Layer {
        folder: "identity/flows",
        ours: &["oauth", "domain", "storage"],
        never: &[
            "axum",
            "http",
            "hyper",
            "axum-extra",
            "sea-orm",
            "sqlx",
            "rusqlite",
            "lettre",
            "reqwest",
            "minijinja",
        ],
    },
    Layer {
        folder: "identity/server",
        ours: &[
            "verify", "oauth", "domain", "pages", "storage", "flows", "demo",
        ],
        never: &[
            "sea-orm",
            "sea-orm-migration",
            "sqlx",
            "rusqlite",
            "samael",
            "jsonwebtoken",
        ],
    },
    Layer {
        folder: "identity/demo",
        ours: &["verify"],
        never: &SQL,
    },
    Layer {
        folder: "migrations",
        ours: &[],
        never: &["axum", "reqwest"],
    },
];

/// One crypto and TLS provider, one way to tell the time.
const NOBODY: [&str; 6] = ["ring", "openssl", "native-tls", "chrono", "rand", "anyhow"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn manifest(folder: &str) -> toml::Table {
    fs::read_to_string(root().join(folder).join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap()
}

fn dependencies(manifest: &toml::Table) -> BTreeSet<String> {
    manifest
        .get("dependencies")
        .and_then(toml::Value::as_table)
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default()
}

#[test]
fn every_crate_sees_only_the_layers_below_it() {
    for layer in LAYERS {
        for dependency in dependencies(&manifest(layer.folder)) {
            let folder = layer.folder;
            if let Some(ours) = dependency.strip_prefix("identity-") {
                assert!(
                    layer.ours.contains(&ours),
                    "{folder} must not import identity-{ours}"
                );
            }
            let forbidden =
                layer.never.contains(&dependency.as_str()) || NOBODY.contains(&dependency.as_str());
            assert!(!forbidden, "{folder} must never see {dependency}");
        }
    }
}

#[test]
fn every_member_is_a_known_layer_or_a_test_and_takes_versions_and_lints_from_the_workspace() {
    let workspace = manifest(".");
    for member in workspace["workspace"]["members"].as_array().unwrap() {
        let member = member.as_str().unwrap();
        assert!(
            member.starts_with("tests/") || LAYERS.iter().any(|layer| layer.folder == member),
            "{member} is in no layer"
        );
        let manifest = manifest(member);
        assert_eq!(
            manifest["lints"]["workspace"].as_bool(),
            Some(true),
            "{member} has lints of its own"
        );
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, value) in manifest
                .get(section)
                .and_then(toml::Value::as_table)
                .into_iter()
                .flatten()
            {
                let inherited = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
                assert!(
                    inherited,
                    "{member}: the version of {name} belongs into the workspace"
                );
            }
        }
    }
}

#[test]
fn the_rules_and_the_wire_forms_wait_for_nothing() {
    for folder in ["identity/domain/src", "identity/oauth/src"] {
        for file in rust_files(&root().join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                !text.contains("async fn") && !text.contains(".await"),
                "{} is async",
                file.display()
            );
        }
    }
}

#[test]
fn no_file_is_longer_than_500_lines() {
    for folder in ["identity", "migrations", "tests"] {
        for file in rust_files(&root().join(folder)) {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines <= 500, "{}: {lines} lines", file.display());
        }
    }
}

#[test]
fn one_crypto_library_and_one_sqlite_are_linked() {
    let arguments = [
        "tree",
        "--workspace",
        "--locked",
        "--offline",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--target",
        "x86_64-unknown-linux-gnu",
    ];
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let packages: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| Some(line.split(" (").next()?.trim().to_owned()))
        .collect();
    let versions = |name: &str| -> Vec<&str> {
        packages
            .iter()
            .filter_map(|package| package.strip_prefix(name)?.strip_prefix(" v"))
            .collect()
    };
    for name in ["ring", "openssl", "openssl-sys", "native-tls"] {
        assert_eq!(versions(name), Vec::<&str>::new(), "{name} is linked");
    }
    assert_eq!(versions("libsqlite3-sys").len(), 1);
    assert_eq!(versions("jsonwebtoken").len(), 1);
    // 0.40 wants another libsqlite3-sys than sqlx 0.9, and two cannot be linked.
    assert!(
        versions("rusqlite")
            .iter()
            .all(|version| version.starts_with("0.39.")),
        "{:?}",
        versions("rusqlite")
    );
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}
