//! `identity themes gallery`: every page, sample, locale and colour scheme as files that open without a server.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use identity_domain::brand::Picture;

use crate::brand::Brand;
use crate::catalogue;
use crate::engine::{Engine, EngineError, EngineOptions, Mode, RenderError};
use crate::frame::{ColorScheme, PageFrame};
use crate::i18n;
use crate::mail::Reader;
use crate::static_files::PREFIX;

/// The gallery could not be written.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    #[error(transparent)]
    Theme(#[from] EngineError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error("the gallery can't be written: {0}")]
    Io(#[from] io::Error),
}

struct Shown {
    title: String,
    file: String,
}

/// Writes the gallery into a folder, with the pictures of its brand, and returns how many pages it has. Renders are reproducible: same theme
/// and brand, same bytes.
pub fn gallery(
    overlays: &[PathBuf],
    brand: &Arc<Brand>,
    pictures: &[&Picture],
    out: &Path,
) -> Result<usize, GalleryError> {
    let mode = Mode::Strict;
    let engine = Engine::new(EngineOptions {
        mode,
        overlays: overlays.to_vec(),
        brand: Arc::clone(brand),
        ..EngineOptions::default()
    })?;
    let mut shown = Vec::new();
    let mut written = 0;
    for locale in engine.locales() {
        for scheme in [ColorScheme::Light, ColorScheme::Dark] {
            let folder = out.join(format!("{locale}-{}", scheme.as_str()));
            fs::create_dir_all(&folder)?;
            let frame = PageFrame {
                brand: Arc::clone(brand),
                ..PageFrame::sample(&locale, scheme)
            };
            shown = write_pages(&engine, &frame, &folder)?;
            shown.extend(write_mails(&engine, &locale, &folder)?);
            written += shown.len();
        }
    }
    write_assets(&engine, brand, out)?;
    for picture in pictures {
        fs::write(out.join("theme").join(picture.name()), picture.bytes())?;
    }
    fs::write(out.join("index.html"), index(&engine, &shown))?;
    Ok(written)
}

fn write_pages(
    engine: &Engine,
    frame: &PageFrame,
    folder: &Path,
) -> Result<Vec<Shown>, GalleryError> {
    let mut shown = Vec::new();
    for page in catalogue::pages() {
        let name = page
            .template
            .trim_start_matches("pages/")
            .trim_end_matches(".html");
        for (sample, value) in (page.samples)() {
            let html = engine.render_value(frame, page.template, value)?;
            let file = format!("{}--{sample}.html", name.replace('/', "-"));
            // Addresses of assets become relative, so that the folder opens from a disk.
            let html = html.replace(&format!("\"{PREFIX}"), "\"../theme/");
            fs::write(folder.join(&file), html)?;
            shown.push(Shown {
                title: format!("{name} · {sample}"),
                file,
            });
        }
    }
    Ok(shown)
}

fn write_mails(engine: &Engine, locale: &str, folder: &Path) -> Result<Vec<Shown>, GalleryError> {
    let mut shown = Vec::new();
    for mail in catalogue::mails() {
        for (sample, value) in (mail.samples)() {
            let rendered = engine.render_mail_value(mail.name, value, Reader::sample(locale))?;
            let file = format!("mail-{}--{sample}", mail.name);
            fs::write(folder.join(format!("{file}.html")), &rendered.html)?;
            fs::write(
                folder.join(format!("{file}.txt")),
                format!("{}\n\n{}", rendered.subject, rendered.text),
            )?;
            shown.push(Shown {
                title: format!("mail/{} · {sample}", mail.name),
                file: format!("{file}.html"),
            });
        }
    }
    Ok(shown)
}

fn write_assets(engine: &Engine, brand: &Brand, out: &Path) -> Result<(), GalleryError> {
    for file in engine
        .static_files()
        .into_iter()
        .chain(engine.brand_css(brand))
    {
        let path = out.join("theme").join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, &file.bytes)?;
    }
    Ok(())
}

fn index(engine: &Engine, shown: &[Shown]) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\" dir=\"ltr\"><head><meta charset=\"utf-8\"><title>Theme gallery</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    );
    for name in ["css/tokens.css", "css/app.css", "css/account.css"] {
        if let Some(file) = engine.loaded().files.named(name) {
            let _ = write!(
                html,
                "<link rel=\"stylesheet\" href=\"theme/{}\">",
                file.path
            );
        }
    }
    html.push_str("</head><body><div class=\"main\"><main class=\"content content-wide\"><h1>Theme gallery</h1><ul class=\"panel rows\">");
    for page in shown {
        let _ = write!(
            html,
            "<li class=\"panel-pad\"><div class=\"panel-head\"><b>{}</b><span class=\"chips\">",
            i18n::escape(&page.title)
        );
        for locale in engine.locales() {
            for scheme in ["light", "dark"] {
                let _ = write!(
                    html,
                    "<a class=\"chip\" href=\"{locale}-{scheme}/{}\">{locale} {scheme}</a>",
                    page.file
                );
            }
        }
        html.push_str("</span></div></li>");
    }
    html.push_str("</ul></main></div></body></html>");
    html
}
