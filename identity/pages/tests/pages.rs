//! What reaches the browser and the mailbox: fixed names, escaped texts, light pages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::sync::Arc;

use identity_pages::account::{AccountHome, AccountSessions, AppTile};
use identity_pages::consent::{Consent, ConsentScope};
use identity_pages::dev::DevMail;
use identity_pages::errors::{AppMisconfigured, ErrorPage, MisconfigurationDetails};
use identity_pages::factor::Enrol;
use identity_pages::login::{Password, SignIn};
use identity_pages::mail::person::ConfirmNewEmail;
use identity_pages::mail::{PasswordChanged, Reader, RecoverUnknown, VerifyEmail};
use identity_pages::password::{PasswordFeedback, Suggestion};
use identity_pages::{
    Account, Alert, App, Brand, ColorScheme, Engine, EngineOptions, Field, FieldError, Mail as _,
    Mode, Page, PageFrame,
};

fn engine(mode: Mode) -> Engine {
    Engine::new(EngineOptions {
        mode,
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
fn the_login_page_is_what_scripts_and_password_managers_rely_on() {
    let html = engine(Mode::Strict)
        .render(&frame("en"), &sign_in())
        .unwrap();
    assert!(
        html.contains("name=\"identifier\" type=\"text\" autocomplete=\"username webauthn\""),
        "{html}"
    );
    assert!(html.contains("name=\"password\" type=\"password\" autocomplete=\"current-password\""));
    assert!(html.contains("name=\"csrf\" value=\"sample-csrf-token\""));
    assert!(html.contains("<html lang=\"en\" dir=\"ltr\">"));
    assert!(html.contains("<title>Sign in – Acme</title>"));
    // Under no-referrer browsers send `Origin: null` with our own forms, and the origin check refuses them.
    assert!(!html.contains("no-referrer"));
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let buttons = form.split("<button").skip(1);
        let buttons = buttons.filter_map(|button| button.split('>').next());
        let submits = buttons.filter(|button| button.contains("type=\"submit\""));
        assert_eq!(
            submits.count(),
            1,
            "one form, one button that continues: {form}"
        );
        // What Enter presses is the first of all that submits.
        let first = form.split("type=\"submit\"").nth(1).unwrap_or_default();
        let first = first.split('>').next().unwrap_or_default();
        assert!(
            first.contains("data-enter") || !form.contains("name=\"recover\""),
            "{form}"
        );
    }
    // The passkey's form stands beside the password's, and its button is for scripts.
    assert!(html.contains("data-passkey=\"/login/0190/passkey/options\" data-conditional"));
    assert!(html.contains("name=\"credential\" value=\"\""));
    assert!(html.contains("<noscript>"));
}

#[test]
fn an_error_is_announced_in_title_and_alert_and_the_password_is_not_sent_back() {
    let page = SignIn {
        identifier: Field::identifier()
            .with_value("ana@acme.test")
            .with_error(FieldError::EnterIdentifier),
        password: Field::current_password().with_value("hunter2"),
        alert: Some(Alert::WrongCredentials),
        ..sign_in()
    };
    let html = engine(Mode::Strict).render(&frame("en"), &page).unwrap();
    assert!(html.contains("<title>Error: Sign in – Acme</title>"));
    assert!(html.contains("role=\"alert\""));
    assert!(html.contains("We couldn’t sign you in."));
    assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"identifier-error\""));
    assert!(html.contains("value=\"ana@acme.test\""));
    assert!(!html.contains("hunter2"));
}

#[test]
fn nothing_a_person_typed_becomes_markup() {
    const EVIL: &str = "\"><script>alert('x')</script><b>&";
    let engine = engine(Mode::Strict);
    let frame = PageFrame {
        app: Some(App::named(EVIL)),
        account: Some(Account {
            name: Some(EVIL.into()),
            email: EVIL.into(),
        }),
        organization: Some(identity_pages::Organization {
            name: EVIL.into(),
            logo_url: None,
        }),
        brand: Arc::new(Brand {
            footer_text: Some(EVIL.into()),
            ..Brand::named(EVIL)
        }),
        current_url: EVIL.into(),
        csrf: EVIL.into(),
        ..frame("en")
    };
    let consent = Consent {
        scopes: vec![
            ConsentScope::new(EVIL),
            ConsentScope::new("x").described(EVIL),
        ],
        ..Consent::samples().remove(0).1
    };
    let misconfigured = AppMisconfigured {
        details: Some(MisconfigurationDetails::redirect_uri(
            EVIL,
            EVIL,
            &["https://a.example".into()],
        )),
        reference: None,
        way_on: None,
    };
    let mut mail = DevMail::samples().remove(0).1;
    mail.mails[0].text = EVIL.into();
    mail.mails[0].subject = EVIL.into();
    for html in [
        engine.render(&frame, &sign_in()).unwrap(),
        engine
            .render(&frame, &Password::new(EVIL, EVIL, EVIL))
            .unwrap(),
        engine.render(&frame, &consent).unwrap(),
        engine.render(&frame, &misconfigured).unwrap(),
        engine
            .render(&frame, &AccountHome::samples().remove(0).1)
            .unwrap(),
        engine.render(&frame, &mail).unwrap(),
    ] {
        assert!(
            !html.contains("<script>alert") && !html.contains("<b>&"),
            "{html}"
        );
    }
}

#[test]
fn dangerous_addresses_are_dropped() {
    let engine = engine(Mode::Strict);
    let home = AccountHome {
        apps: vec![AppTile {
            name: "x".into(),
            url: "javascript:alert(1)".into(),
            logo_url: Some("data:image/svg+xml,<svg onload=alert(1)>".into()),
            host: "x".into(),
        }],
        ..AccountHome::samples().remove(0).1
    };
    let html = engine.render(&frame("en"), &home).unwrap();
    assert!(
        !html.contains("javascript:") && !html.contains("data:"),
        "{html}"
    );
    assert!(html.contains("href=\"#\""));
    let app = App {
        privacy_url: Some("JavaScript:alert(1)".into()),
        ..App::named("x")
    };
    let consent = engine
        .render(
            &PageFrame {
                app: Some(app),
                ..frame("en")
            },
            &Consent::samples().remove(0).1,
        )
        .unwrap();
    assert!(!consent.to_lowercase().contains("javascript:"), "{consent}");
}

#[test]
fn the_sign_in_page_stays_light() {
    let engine = engine(Mode::Strict);
    let html = engine.render(&frame("de"), &sign_in()).unwrap();
    let mut total = html.len();
    let mut script = 0;
    for file in engine
        .static_files()
        .iter()
        .filter(|file| html.contains(&file.url()))
    {
        total += file.bytes.len();
        if file.mime.starts_with("text/javascript") {
            script += file.bytes.len();
        }
        assert!(file.mime == "image/png" || file.gzip().unwrap().len() < file.bytes.len());
    }
    assert!(total <= 60_000, "{total} bytes");
    assert!(script > 0 && script <= 15_000, "{script} bytes of script");
    assert!(
        !html.contains("src=\"http") && !html.contains("rel=\"stylesheet\" href=\"http"),
        "nothing is fetched from elsewhere"
    );
}

#[test]
fn static_files_are_found_by_their_address_and_by_nothing_else() {
    let engine = engine(Mode::Strict);
    let file = engine
        .static_files()
        .into_iter()
        .find(|file| file.path.starts_with("css/app."))
        .unwrap();
    assert_eq!(file.url(), format!("/theme/{}", file.path));
    assert!(engine.static_file(&file.path).is_some());
    for path in [
        "css/app.css",
        "../theme.toml",
        "theme.toml",
        "",
        "pages/auth/identifier.html",
    ] {
        assert!(engine.static_file(path).is_none(), "{path}");
    }
}

#[test]
fn a_brand_colour_becomes_a_style_sheet_that_is_served() {
    let engine = engine(Mode::Strict);
    let brand = Brand {
        accent: Some("#ffcc00".into()),
        ..Brand::named("Sunny")
    };
    let html = engine
        .render(
            &PageFrame {
                brand: Arc::new(brand.clone()),
                ..frame("en")
            },
            &sign_in(),
        )
        .unwrap();
    let file = engine.brand_css(&brand).unwrap();
    assert!(html.contains(&file.url()));
    let css = String::from_utf8(engine.static_file(&file.path).unwrap().bytes.to_vec()).unwrap();
    assert!(
        css.contains("--accent:#") && css.contains("data-theme=dark") && !css.contains("#ffcc00"),
        "{css}"
    );
}

#[test]
fn arabic_runs_from_right_to_left_and_an_unknown_locale_is_english() {
    let engine = engine(Mode::Strict);
    assert!(
        engine
            .render(&frame("ar"), &sign_in())
            .unwrap()
            .contains("<html lang=\"ar\" dir=\"rtl\">")
    );
    assert!(
        engine
            .render(&frame("tlh"), &sign_in())
            .unwrap()
            .contains("<html lang=\"en\" dir=\"ltr\">")
    );
}

#[test]
fn a_date_is_one_piece_in_a_sentence_that_runs_from_right_to_left() {
    let (_, page) = Enrol::samples()
        .into_iter()
        .find(|(_, page)| page.skip_until.is_some())
        .unwrap();
    for (locale, date) in [
        ("ar", "27 نوفمبر 2026، 21:34 UTC"),
        ("en", "27 November 2026, 21:34 UTC"),
    ] {
        let html = engine(Mode::Strict).render(&frame(locale), &page).unwrap();
        assert!(html.contains(date), "{html}");
    }
}

#[test]
fn h_79_pages_and_mails_are_on_their_readers_clock_and_say_which() {
    let engine = engine(Mode::Strict);
    let clock = |zone: Option<&str>| PageFrame {
        zone: zone.map(str::to_owned),
        ..frame("en")
    };
    let (_, sessions) = AccountSessions::samples().remove(0);
    let (_, changed) = PasswordChanged::samples().remove(0);
    for (zone, time) in [
        (None, "21:34 UTC"),
        (Some("Europe/Berlin"), "22:34 CET"),
        (Some("America/Sao_Paulo"), "18:34 UTC-3"),
        (Some("Asia/Kolkata"), "03:04 IST"),
        (Some("<b>Atlantis"), "21:34 UTC"),
    ] {
        // The instant stands in a macro of another file.
        let html = engine.render(&clock(zone), &sessions).unwrap();
        assert!(html.contains(time), "{zone:?}: {html}");
        assert!(!html.contains("Atlantis"), "{html}");
        let reader = Reader {
            locale: "en",
            name: None,
            zone,
        };
        let mail = engine.render_mail(&changed, reader).unwrap();
        assert!(mail.text.contains(time), "{zone:?}: {}", mail.text);
        assert!(mail.html.contains(time), "{zone:?}: {}", mail.html);
    }
    let arabic = PageFrame {
        zone: Some("Asia/Kathmandu".to_owned()),
        ..frame("ar")
    };
    let html = engine.render(&arabic, &sessions).unwrap();
    // The next day there; machines read the same instant in UTC.
    assert!(html.contains("2 نوفمبر 2026، 03:19 UTC+5:45"), "{html}");
    assert!(html.contains("datetime=\"2026-11-01T21:34:00Z\""), "{html}");
}

#[test]
fn the_chosen_colour_scheme_is_on_the_root_element() {
    let engine = engine(Mode::Strict);
    let dark = PageFrame {
        theme: ColorScheme::Dark,
        ..frame("en")
    };
    assert!(
        engine
            .render(&dark, &sign_in())
            .unwrap()
            .contains("data-theme=\"dark\"")
    );
    assert!(
        !engine
            .render(&frame("en"), &sign_in())
            .unwrap()
            .contains("data-theme")
    );
}

#[test]
fn mails_tell_instants_with_their_zone_and_never_carry_isolation_marks() {
    let mail = engine(Mode::Strict)
        .render_mail(&VerifyEmail::samples().remove(0).1, "de")
        .unwrap();
    assert_eq!(mail.subject, "Identity: Bestätigen Sie Ihre Adresse");
    assert!(
        mail.text.contains("21. November 2026, 21:34 Uhr UTC"),
        "{}",
        mail.text
    );
    assert!(
        mail.text
            .contains("https://id.acme.example/link/Zk3pX0w2v9sT7mB1nQ4rLhY8")
    );
    assert!(
        mail.html
            .contains("https://id.acme.example/link/Zk3pX0w2v9sT7mB1nQ4rLhY8")
    );
    assert!(!mail.text.contains('\u{2068}'));
}

#[test]
fn a_mail_header_can_not_be_injected_through_the_brand() {
    let brand = Arc::new(Brand::named("Acme\r\nBcc: all@acme.test"));
    let engine = Engine::new(EngineOptions {
        mode: Mode::Strict,
        brand,
        ..EngineOptions::default()
    })
    .unwrap();
    let mail = engine
        .render_mail(&PasswordChanged::samples().remove(0).1, "en")
        .unwrap();
    assert_eq!(
        mail.subject,
        "Acme Bcc: all@acme.test: your password was changed"
    );
}

#[test]
fn whoever_signs_up_can_not_write_into_the_mail_to_a_stranger() {
    let reader = Reader {
        locale: "en",
        name: Some("Win at http://evil.example"),
        zone: None,
    };
    let engine = engine(Mode::Strict);
    for mail in [
        engine.render_mail(&VerifyEmail::samples().remove(0).1, reader),
        engine.render_mail(&ConfirmNewEmail::samples().remove(0).1, reader),
        engine.render_mail(&RecoverUnknown::samples().remove(0).1, reader),
    ] {
        let mail = mail.unwrap();
        assert!(!mail.text.contains("evil.example") && !mail.html.contains("evil.example"));
    }
    let mail = engine.render_mail(&PasswordChanged::samples().remove(0).1, reader);
    assert!(mail.unwrap().text.contains("Hello Win at"), "others greet");
}

#[test]
fn the_live_check_answers_in_words_and_never_calls_a_refused_password_strong() {
    let engine = engine(Mode::Strict);
    let refused = PasswordFeedback {
        score: 4,
        unmet: vec![FieldError::TooShort { min: 12 }],
        suggestion: None,
    };
    let view = refused.view(&engine, "en");
    assert_eq!(
        (view.ok, view.word.as_str(), view.hints),
        (false, "Weak", vec!["Use at least 12 characters".to_owned()])
    );
    let fine = PasswordFeedback {
        score: 4,
        unmet: Vec::new(),
        suggestion: Some(Suggestion::AddWords),
    };
    assert_eq!(fine.view(&engine, "de").word, "Stark");
}

#[test]
fn error_pages_carry_reference_and_time() {
    let html = engine(Mode::Strict)
        .render(&frame("en"), &ErrorPage::samples().remove(0).1)
        .unwrap();
    assert!(
        html.contains("0190-7f3a-c2d4") && html.contains("datetime=\"2026-11-21T21:34:00Z\""),
        "{html}"
    );
}
