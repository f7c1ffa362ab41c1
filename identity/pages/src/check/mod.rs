//! `identity themes check`: everything about a theme that can be judged without a person.
//!
//! Every sample of every page and mail is rendered in every locale with undefined variables, missing texts and missing assets as
//! errors; the result is linted; texts are compared between locales; the contrast of the tokens is measured.

mod contrast;
mod html;
mod lints;
mod texts;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::brand::Brand;
use crate::catalogue::{self, Entry, MailEntry};
use crate::engine::{Engine, EngineOptions, Mode};
use crate::frame::{ColorScheme, PageFrame};
use crate::mail::Reader;
use crate::theme::ThemeProblem;

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Reasons to refuse the theme.
    pub problems: Vec<ThemeProblem>,
    /// Worth a look.
    pub warnings: Vec<ThemeProblem>,
    /// Percent of the English messages each locale has.
    pub coverage: BTreeMap<String, u8>,
    /// Rendered pages and mails.
    pub rendered: usize,
}

impl Report {
    /// Fit for use.
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Checks the embedded theme under these overlays.
pub fn check(overlays: &[PathBuf]) -> Report {
    let mut report = Report::default();
    let brand = Arc::new(Brand::sample());
    let options = EngineOptions {
        mode: Mode::Strict,
        overlays: overlays.to_vec(),
        brand,
        ..EngineOptions::default()
    };
    let engine = match Engine::new(options) {
        Ok(engine) => engine,
        Err(error) => {
            report.problems = error.problems;
            return report;
        }
    };
    texts::check(&engine, &mut report);
    contrast::check(&engine, &mut report);
    for locale in engine.locales() {
        for page in catalogue::pages() {
            check_page(&engine, &locale, page, &mut report);
        }
        for mail in catalogue::mails() {
            check_mail(&engine, &locale, mail, &mut report);
        }
    }
    report
}

/// The frames every sample has to survive: all there is, and as little as there can be.
pub(crate) fn frames(locale: &str) -> [PageFrame; 2] {
    let full = PageFrame {
        zone: Some("Asia/Kathmandu".to_owned()),
        ..PageFrame::sample(locale, ColorScheme::Dark)
    };
    let bare = PageFrame {
        brand: Arc::new(Brand {
            accent: Some("#b4530a".to_owned()),
            background: Some("#fff4d6".to_owned()),
            ..Brand::default()
        }),
        app: None,
        organization: None,
        account: None,
        preferences_url: None,
        ..PageFrame::sample(locale, ColorScheme::Auto)
    };
    [full, bare]
}

fn check_page(engine: &Engine, locale: &str, page: Entry, report: &mut Report) {
    for (sample, value) in (page.samples)() {
        for frame in frames(locale) {
            let place = format!("{} ({sample}, {locale})", page.template);
            match engine.render_value(&frame, page.template, value.clone()) {
                Ok(html) => {
                    report.rendered += 1;
                    let found = lints::page(&html)
                        .into_iter()
                        .map(|message| ThemeProblem::new(&place, message));
                    report.problems.extend(found);
                }
                Err(error) => report.problems.push(ThemeProblem::new(
                    place,
                    format!("{error}\n{}", error.excerpt),
                )),
            }
        }
    }
}

fn check_mail(engine: &Engine, locale: &str, mail: MailEntry, report: &mut Report) {
    for (sample, value) in (mail.samples)() {
        let place = format!("mail/{} ({sample}, {locale})", mail.name);
        match engine.render_mail_value(mail.name, value, Reader::sample(locale)) {
            Ok(rendered) => {
                report.rendered += 1;
                report.problems.extend(
                    lints::mail(&rendered)
                        .into_iter()
                        .map(|m| ThemeProblem::new(&place, m)),
                );
            }
            Err(error) => report.problems.push(ThemeProblem::new(
                place,
                format!("{error}\n{}", error.excerpt),
            )),
        }
    }
}
