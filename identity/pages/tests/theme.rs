//! The sweep over the embedded theme: every template renders its samples strictly in every locale, and keeps the rules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use identity_pages::{Engine, EngineOptions, check, reference};

#[test]
fn every_template_renders_its_samples_in_strict_mode_in_every_locale() {
    let report = check::check(&[]);
    let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert!(
        report.is_fine(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(report.rendered > 200, "{}", report.rendered);
    assert_eq!(report.warnings, []);
    for locale in ["ar", "de", "en"] {
        assert_eq!(report.coverage[locale], 100, "{locale}");
    }
}

#[test]
fn the_reference_of_variables_is_up_to_date() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../themes/VARIABLES.md");
    let fresh = reference::reference(&Engine::new(EngineOptions::default()).unwrap());
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(file, &fresh).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        written == fresh,
        "themes/VARIABLES.md is stale: run this test with UPDATE_REFERENCE=1"
    );
}
