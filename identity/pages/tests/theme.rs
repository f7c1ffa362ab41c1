//! The sweep over the embedded theme: every template renders its samples strictly in every locale, and keeps the rules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use identity_pages::check;

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
