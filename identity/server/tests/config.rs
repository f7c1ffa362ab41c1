//! The configuration as an operator meets it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::io::Write as _;
use std::path::Path;

use identity_server::config::{ConfigError, Loaded, Place, keys, load, reference};

fn read(text: &str, environment: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    load(
        Some(file.path()),
        environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    )
}

fn problem(text: &str, environment: &[(&str, &str)]) -> String {
    let error = read(text, environment).unwrap_err();
    // The folder of the file is not the test's business.
    error
        .problems
        .iter()
        .map(|problem| {
            let place = match &problem.place {
                Place::File { line, column, .. } => format!("{line}:{column} "),
                Place::Environment(name) => format!("{name} "),
                Place::Missing => String::new(),
            };
            format!("{place}{} {}", problem.key, problem.message)
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn d_14_unknown_names_are_errors_with_a_suggestion_and_a_place() {
    let text = "public_ulr = \"https://id.example.com\"\n\n[http]\n  lisen = \"127.0.0.1:1\"\n[databse]\nurl = \"x\"\n";
    assert_eq!(
        problem(text, &[]),
        "5:2 databse is unknown; did you mean `database`?\n4:3 http.lisen is unknown; did you mean `listen`?\n\
         1:1 public_ulr is unknown; did you mean `public_url`?"
            .split('\n')
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert_eq!(
        problem("[mail]\ntrusted_proxies = []\n", &[]),
        "2:1 mail.trusted_proxies is unknown here; did you mean `http.trusted_proxies`?"
    );
    assert!(problem("http = 5\n", &[]).contains("write [http]"));
}

#[test]
fn d_52_wrong_values_point_to_line_and_column() {
    for (text, place, words) in [
        ("public_url = \"ftp://x\"\n", "1:14", "scheme"),
        ("[session]\nidle = \"soon\"\n", "2:8", "no span of time"),
        (
            "[http]\n\nmax_connections = \"many\"\n",
            "3:19",
            "invalid type",
        ),
        ("[http]\nlisten = \"localhost\"\n", "2:10", "socket address"),
        (
            "[password]\nmin_length = 4\n",
            "2:1",
            "must be from 8 to 64",
        ),
        ("[http\nlisten = 1\n", "1:6", ""),
        ("[log]\nformat = \"xml\"\n", "2:10", "unknown variant"),
        ("[http]\ntls_minimum = \"1.1\"\n", "2:15", "unknown variant"),
    ] {
        let found = problem(text, &[]);
        assert!(
            found.starts_with(place) && found.contains(words),
            "{text:?}: {found}"
        );
    }
}

#[test]
fn the_environment_wins_and_is_checked_like_the_file() {
    let loaded = read(
        "public_url = \"https://file.example\"\n[http]\nlisten = \"127.0.0.1:1\"\n",
        &[
            ("IDENTITY_PUBLIC_URL", "https://env.example"),
            ("IDENTITY_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8"),
            ("IDENTITY_HTTP__MAX_CONNECTIONS", "99"),
            ("IDENTITY_REGISTRATION__OPEN", "false"),
            ("IDENTITY_SESSION__IDLE", "20m"),
            ("IDENTITY_MAIL__FROM", ""),
            ("IDENTITY_SERVICE_HOST", "10.1.2.3"),
            ("IDENTITY_PORT_8080_TCP_ADDR", "10.1.2.3"),
            ("IDENTITY_CONFIG", "x"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap();
    let config = &loaded.config;
    assert_eq!(
        config.public_url.as_ref().unwrap().as_str(),
        "https://env.example"
    );
    assert_eq!(config.http.listen.port(), 1);
    assert_eq!(
        (
            config.http.trusted_proxies.len(),
            config.http.max_connections
        ),
        (2, 99)
    );
    assert!(!config.registration.open && config.mail.from.is_none());
    assert_eq!(config.session.idle.to_string(), "20m");

    for (name, value, words) in [
        ("IDENTITY_HTTP__LISEN", "x", "did you mean `listen`"),
        ("IDENTITY_HTPT__LISTEN", "x", "did you mean `http`"),
        ("IDENTITY_PUBLIC_ULR", "x", "did you mean `public_url`"),
        ("IDENTITY_HTTP__MAX_CONNECTIONS", "many", "whole number"),
        ("IDENTITY_HTTP__MAX_CONNECTIONS", "1", "must be from"),
        ("IDENTITY_REGISTRATION__OPEN", "yes", "true or false"),
        ("IDENTITY_PUBLIC_URL", "x", "no URL"),
        ("IDENTITY_HTTP__TRUSTED_PROXIES", "10.0.0.0/99", ""),
    ] {
        let found = problem("", &[(name, value)]);
        assert!(
            found.starts_with(name) && found.contains(words),
            "{name}: {found}"
        );
    }
}

#[test]
fn every_key_can_be_set_by_the_environment() {
    let mut seen = std::collections::BTreeSet::new();
    for key in &keys::table().keys {
        assert!(
            seen.insert(key.environment()),
            "{} twice",
            key.environment()
        );
        assert!(
            !key.description.is_empty(),
            "{} has no description",
            key.path()
        );
    }
    assert!(
        seen.contains("IDENTITY_DATABASE__URL_FILE")
            && seen.contains("IDENTITY_SECRETS__MASTER_KEY")
    );
}

#[test]
fn secrets_come_from_files_and_are_never_printed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "hunter2-key\n").unwrap();
    let file = folder.path().join("identity.toml");
    std::fs::write(
        &file,
        "[database]\nurl = \"postgres://u:hunter2@db.example/identity?password=hunter2\"\n[secrets]\nmaster_key_file = \"key\"\n",
    )
    .unwrap();
    let environment = [(
        "IDENTITY_MAIL__URL".to_owned(),
        "smtps://u:hunter2@mail.example".to_owned(),
    )];
    let loaded = load(Some(&file), environment).unwrap();
    assert_eq!(
        loaded.master_key().unwrap().unwrap().expose(),
        "hunter2-key"
    );
    assert!(
        loaded
            .database_url()
            .unwrap()
            .unwrap()
            .expose()
            .contains("hunter2")
    );
    for text in [
        toml::to_string(&loaded.config).unwrap(),
        serde_json::to_string(&loaded.config).unwrap(),
        format!("{loaded:?}"),
    ] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    let both = read(
        "[secrets]\nmaster_key = \"a\"\nmaster_key_file = \"b\"\n",
        &[],
    )
    .unwrap();
    assert!(both.master_key().unwrap_err().message.contains("keep one"));
    let gone = read("[secrets]\nmaster_key_file = \"nowhere\"\n", &[]).unwrap();
    assert!(
        gone.master_key()
            .unwrap_err()
            .to_string()
            .contains("nowhere")
    );
}

const SMALLEST: &str = "public_url = \"https://id.example.com\"\n[database]\nurl = \"sqlite:identity.db\"\n\
    [secrets]\nmaster_key = \"k\"\n[mail]\nurl = \"smtps://mail.example\"\n";

fn refused(extra: &[(&str, &str)]) -> Vec<String> {
    match read(SMALLEST, extra).unwrap().production() {
        Ok(_) => Vec::new(),
        Err(error) => error
            .problems
            .into_iter()
            .map(|problem| problem.key)
            .collect(),
    }
}

#[test]
fn serve_refuses_what_would_not_be_safe() {
    let behind = ("IDENTITY_HTTP__TRUSTED_PROXIES", "10.0.0.0/8");
    let local = ("IDENTITY_HTTP__LISTEN", "127.0.0.1:8080");
    assert_eq!(refused(&[behind]), Vec::<String>::new());
    assert_eq!(refused(&[local]), Vec::<String>::new());
    assert_eq!(refused(&[]), ["http.listen"]);
    assert_eq!(
        refused(&[
            ("IDENTITY_HTTP__TLS_CERTIFICATE_FILE", "a"),
            ("IDENTITY_HTTP__TLS_KEY_FILE", "b")
        ]),
        Vec::<String>::new()
    );
    assert_eq!(
        refused(&[behind, ("IDENTITY_HTTP__TLS_KEY_FILE", "b")]),
        ["http.tls_key_file"]
    );
    assert_eq!(
        refused(&[behind, ("IDENTITY_PUBLIC_URL", "http://id.example.com")]),
        ["public_url"]
    );
    assert_eq!(
        refused(&[local, ("IDENTITY_PUBLIC_URL", "http://localhost:8080")]),
        Vec::<String>::new()
    );
    assert_eq!(
        refused(&[local, ("IDENTITY_MANAGEMENT__LISTEN", "0.0.0.0:8080")]),
        ["management.listen"]
    );
    // Nobody's own activity is shorter than the page that shows it.
    for (keep, wanted) in [("89d", vec!["audit.keep"]), ("90d", vec![]), ("0s", vec![])] {
        assert_eq!(refused(&[local, ("IDENTITY_AUDIT__KEEP", keep)]), wanted);
    }
    let empty = load(None, Vec::<(String, String)>::new())
        .unwrap()
        .production()
        .unwrap_err();
    let missing: Vec<_> = empty
        .problems
        .iter()
        .map(|problem| problem.key.as_str())
        .collect();
    assert_eq!(
        missing,
        [
            "public_url",
            "database.url",
            "secrets.master_key_file",
            "mail.url",
            "http.listen"
        ]
    );
}

#[test]
fn h_85_the_looks_of_the_instance_are_checked_and_h_86_a_shifted_colour_is_told() {
    let local = ("IDENTITY_HTTP__LISTEN", "127.0.0.1:8080");
    for (name, value, key) in [
        ("IDENTITY_BRANDING__ACCENT", "red", "branding.accent"),
        (
            "IDENTITY_BRANDING__BACKGROUND",
            "#12",
            "branding.background",
        ),
        (
            "IDENTITY_BRANDING__LOGO_FILE",
            "/nowhere/logo.svg",
            "branding.logo_file",
        ),
        (
            "IDENTITY_BRANDING__SUPPORT_URL",
            "javascript:alert(1)",
            "branding.support_url",
        ),
    ] {
        assert_eq!(refused(&[local, (name, value)]), [key]);
    }
    let with = |accent| {
        let text = format!("{SMALLEST}[branding]\naccent = \"{accent}\"\nradius = \"large\"\n");
        read(&text, &[]).unwrap()
    };
    let looks = with("#1f5fd6").looks().unwrap();
    assert_eq!(looks.accent.unwrap().hex(), "#1f5fd6");
    assert_eq!(looks.name.as_deref(), Some("Identity"));
    let told = |accent| {
        let warnings = with(accent).config.warnings();
        warnings
            .iter()
            .any(|warning| warning.starts_with("`branding.accent` #"))
    };
    assert!(told("#ffe000") && !told("#1f5fd6"));
}

#[test]
fn the_reference_page_is_fresh() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let fresh = reference();
    if std::env::var_os("UPDATE_DOCUMENTATION").is_some() {
        std::fs::write(&page, &fresh).unwrap();
    }
    let written = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(
        written == fresh,
        "docs/configuration.md is stale: `identity config schema --markdown > docs/configuration.md`"
    );
}
