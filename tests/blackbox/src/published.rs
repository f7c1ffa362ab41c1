//! What a provider tells about itself: whom to write to about a hole, and that its theme is broken.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::database::Database;
use identity_harness::network::Network;
use identity_harness::seed::Seed;

use crate::process::{Installation, Served};

const SECURITY_TXT: &str = "/.well-known/security.txt";

/// The lines of RFC 9116 by their names, each there once.
fn fields(text: &str) -> Vec<(&str, &str)> {
    text.lines()
        .map(|line| line.split_once(": ").expect("a field"))
        .collect()
}

#[tokio::test]
async fn d_54_security_txt_names_the_contact_and_is_never_out_of_date() {
    let app = App::setup()
        .tls("https://idp.test")
        .configure(|config| {
            config.security_contact = Some("mailto:security@idp.test".parse().expect("a contact"));
        })
        .start()
        .await;
    let mut before = String::new();
    for turn in 0..3 {
        let answer = app.get(SECURITY_TXT).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        let fields = fields(&answer.text);
        let [contact, expires, languages, canonical] = fields.as_slice() else {
            panic!("{}", answer.text);
        };
        assert_eq!(*contact, ("Contact", "mailto:security@idp.test"));
        assert_eq!(*languages, ("Preferred-Languages", "ar, de, en"));
        assert_eq!(
            *canonical,
            ("Canonical", "https://idp.test/.well-known/security.txt")
        );
        assert_eq!(expires.0, "Expires");
        // RFC 3339 in UTC sorts by time.
        let ahead = |days: u64| app.clock.rfc3339_in(Duration::from_hours(24 * days));
        assert!(
            *ahead(150) < *expires.1 && *expires.1 < *ahead(365),
            "turn {turn}: {expires:?}"
        );
        assert!(expires.1.ends_with("T00:00:00Z"), "{expires:?}");
        assert_ne!(answer.text, before, "it is as old as the process");
        before = answer.text;
        app.clock.advance(Duration::from_hours(24 * 300));
    }
}

#[tokio::test]
async fn d_54_without_a_contact_there_is_no_security_txt() {
    let app = App::start().await;
    let answer = app.get(SECURITY_TXT).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert!(answer.text.contains("security_contact"), "{}", answer.text);
    // RFC 9116 §2.5.2: without https an address is not given as the one that counts.
    let plain = App::setup()
        .configure(|config| {
            config.security_contact =
                Some("https://acme.test/security".parse().expect("a contact"));
        })
        .start()
        .await;
    let text = plain.get(SECURITY_TXT).await.text;
    assert_eq!(
        fields(&text)[0],
        ("Contact", "https://acme.test/security"),
        "{text}"
    );
    assert!(!text.contains("Canonical"), "{text}");
}

/// A provider whose own theme has these files.
async fn themed(database: &Database, files: &[(&str, &str)]) -> Served {
    let sections = "[mail]\nurl = \"smtp://127.0.0.1:9\"\n[theme]\ndirectory = \"theme\"";
    let installation = Installation::new(database, sections);
    for (name, text) in files {
        let file = installation.file("theme").join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    }
    installation.configure(8080);
    installation.apply(&Seed::common()).await;
    installation.serve().await
}

/// `identity_theme_errors_total` by file, as the process tells it.
async fn theme_errors(served: &Served) -> Vec<(String, u64)> {
    let text = served.metrics().await;
    let series = text.lines().filter_map(|line| {
        let (file, count) = line
            .strip_prefix("identity_theme_errors_total{file=\"")?
            .split_once("\"} ")?;
        Some((file.to_owned(), count.parse().expect("a number")))
    });
    let mut all: Vec<_> = series.collect();
    all.sort();
    all
}

const MANIFEST: (&str, &str) = (
    "theme.toml",
    "name = \"own\"\nversion = \"1\"\ntheme_api = 1\nextends = \"default\"\n",
);

#[tokio::test]
async fn t_02_what_is_broken_in_a_theme_is_counted_by_file_and_stops_nobody() {
    let database = Database::fresh().await;
    let page = "pages/auth/identifier.html";
    let served = themed(
        &database,
        &[
            MANIFEST,
            (page, "{{ nothing_like_this() }}"),
            ("pages/auth/recover.html", "{% if %}"),
        ],
    )
    .await;
    // What cannot be read is left out as the theme is loaded.
    let at_start = ("pages/auth/recover.html".to_owned(), 1);
    assert_eq!(theme_errors(&served).await, std::slice::from_ref(&at_start));
    let browser = Browser::new(&Network::default(), &served.origin);
    for turn in 1..=2 {
        let shown = browser.open("/account").await;
        assert!(shown.find_form("identifier").is_some(), "{}", shown.body);
        assert_eq!(
            theme_errors(&served).await,
            [(page.to_owned(), turn), at_start.clone()]
        );
    }
}

#[tokio::test]
async fn t_02_a_theme_of_another_contract_is_counted_as_its_manifest() {
    let database = Database::fresh().await;
    let newer = MANIFEST.1.replace("theme_api = 1", "theme_api = 99");
    let served = themed(&database, &[(MANIFEST.0, &newer)]).await;
    assert_eq!(theme_errors(&served).await, [("theme.toml".to_owned(), 1)]);
}
