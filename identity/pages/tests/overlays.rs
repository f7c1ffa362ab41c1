//! Overlays change single files and messages, and a broken one never stops a sign-in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::fs;
use std::path::Path;

use identity_pages::i18n::LocaleWishes;
use identity_pages::login::SignIn;
use identity_pages::{ColorScheme, Engine, EngineOptions, Mode, Page, PageFrame};

fn overlay(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "theme.toml",
        "name = \"acme\"\nversion = \"1\"\ntheme_api = 1\nextends = \"default\"\n",
    );
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn with_overlay(folder: &tempfile::TempDir, mode: Mode) -> Engine {
    Engine::new(EngineOptions {
        mode,
        overlays: vec![folder.path().to_owned()],
        ..EngineOptions::default()
    })
    .unwrap()
}

fn frame(locale: &str) -> PageFrame {
    PageFrame::sample(locale, ColorScheme::Auto)
}

fn sign_in() -> SignIn {
    SignIn::samples().remove(0).1
}

#[test]
fn an_overlay_changes_one_message_and_the_rest_stays() {
    let folder = overlay(&[("locales/en/auth.ftl", "sign-in = Log in to Acme\n")]);
    let engine = with_overlay(&folder, Mode::Strict);
    let html = engine.render(&frame("en"), &sign_in()).unwrap();
    assert!(html.contains("<h1>Log in to Acme</h1>"));
    assert!(html.contains("Forgot password?"));
    assert!(
        engine
            .render(&frame("de"), &sign_in())
            .unwrap()
            .contains("<h1>Anmelden</h1>")
    );
}

#[test]
fn a_new_locale_of_an_overlay_falls_back_to_english_by_key() {
    let folder = overlay(&[
        ("locales/fr/auth.ftl", "sign-in = Se connecter\n"),
        ("locales/fr/common.ftl", "locale-name = Français\n"),
    ]);
    let engine = with_overlay(&folder, Mode::Strict);
    let html = engine.render(&frame("fr"), &sign_in()).unwrap();
    assert!(
        html.contains("<h1>Se connecter</h1>")
            && html.contains("Forgot password?")
            && html.contains("lang=\"fr\"")
    );
    let wishes = LocaleWishes {
        accept_language: Some("fr-CA,en;q=0.5"),
        ..LocaleWishes::default()
    };
    assert_eq!(engine.negotiate(wishes), "fr");
}

#[test]
fn an_overlay_changes_one_template_and_adds_its_style_sheet() {
    let folder = overlay(&[
        ("components/brand.html", "<div class=\"brand\">MINE</div>"),
        ("static/css/theme.css", "@layer theme{:root{--r-l:0}}"),
    ]);
    let engine = with_overlay(&folder, Mode::Strict);
    let html = engine.render(&frame("en"), &sign_in()).unwrap();
    assert!(
        html.contains("MINE")
            && html.contains("/theme/css/theme.")
            && html.contains("/theme/css/app.")
    );
}

#[test]
fn a_template_that_does_not_parse_is_replaced_by_the_embedded_one() {
    let folder = overlay(&[("pages/auth/identifier.html", "{% if %}")]);
    let engine = with_overlay(&folder, Mode::Production);
    assert!(
        engine
            .render(&frame("en"), &sign_in())
            .unwrap()
            .contains("name=\"identifier\"")
    );
    assert!(
        engine
            .problems()
            .iter()
            .any(|problem| problem.file.ends_with("pages/auth/identifier.html"))
    );
    let strict = EngineOptions {
        mode: Mode::Strict,
        overlays: vec![folder.path().to_owned()],
        ..EngineOptions::default()
    };
    assert!(Engine::new(strict).is_err());
}

#[test]
fn a_page_that_fails_while_rendering_falls_back_too() {
    let folder = overlay(&[("pages/auth/identifier.html", "{{ nothing_like_this() }}")]);
    let engine = with_overlay(&folder, Mode::Production);
    assert!(
        engine
            .render(&frame("en"), &sign_in())
            .unwrap()
            .contains("name=\"identifier\"")
    );
    assert_eq!(engine.errors_total(), 1);
}

#[test]
fn an_endless_template_runs_out_of_fuel_and_falls_back() {
    let folder = overlay(&[(
        "pages/auth/identifier.html",
        "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
    )]);
    let engine = with_overlay(&folder, Mode::Production);
    assert!(
        engine
            .render(&frame("en"), &sign_in())
            .unwrap()
            .contains("name=\"identifier\"")
    );
}

#[test]
fn a_missing_variable_is_empty_in_production_and_an_error_when_strict() {
    let folder = overlay(&[("components/brand.html", "[{{ frame.no.such.thing }}]")]);
    assert!(
        with_overlay(&folder, Mode::Production)
            .render(&frame("en"), &sign_in())
            .unwrap()
            .contains("[]")
    );
    assert!(
        with_overlay(&folder, Mode::Strict)
            .render(&frame("en"), &sign_in())
            .is_err()
    );
}

#[test]
fn in_development_an_error_tells_file_line_and_excerpt() {
    let folder = overlay(&[(
        "components/brand.html",
        "one\ntwo\n{{ nothing_like_this() }}\n",
    )]);
    let error = with_overlay(&folder, Mode::Development)
        .render(&frame("en"), &sign_in())
        .unwrap_err();
    assert_eq!(
        (error.file.as_str(), error.line),
        ("components/brand.html", 3)
    );
    assert!(
        error.excerpt.contains(">   3 | {{ nothing_like_this() }}"),
        "{}",
        error.excerpt
    );
}

#[test]
fn in_development_a_new_file_is_seen_by_the_next_request() {
    let folder = overlay(&[]);
    let engine = with_overlay(&folder, Mode::Development);
    assert!(
        !engine
            .render(&frame("en"), &sign_in())
            .unwrap()
            .contains("FRESH")
    );
    write(folder.path(), "components/brand.html", "FRESH");
    assert!(
        engine
            .render(&frame("en"), &sign_in())
            .unwrap()
            .contains("FRESH")
    );
}

#[test]
fn a_reload_that_fails_keeps_the_old_theme() {
    let folder = overlay(&[("components/brand.html", "GOOD")]);
    let engine = with_overlay(&folder, Mode::Strict);
    write(folder.path(), "components/brand.html", "{% broken");
    assert!(engine.reload().is_err());
    assert!(
        engine
            .render(&frame("en"), &sign_in())
            .unwrap()
            .contains("GOOD")
    );
}
