//! Turns typed contexts into HTML with the templates of a theme.
//!
//! A broken theme never stops a sign-in: a file that does not parse is replaced by the embedded one at load, a page that fails to
//! render is rendered again with the embedded theme alone. In development the error is shown instead.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use minijinja::value::Serde;
use minijinja::{Value, context};

use crate::brand::{Brand, Tokens};
use crate::frame::PageFrame;
use crate::i18n::{self, LocaleWishes, Markup};
use crate::loaded::Loaded;
use crate::mail::{Mail, Reader, RenderedMail, header_line};
use crate::notice::Text;
use crate::page::Page;
use crate::static_files::StaticFile;
use crate::theme::ThemeProblem;
use crate::view::{FrameView, MailFrame};

/// How forgiving the engine is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Compiled once; undefined variables are empty; falls back to the embedded theme.
    #[default]
    Production,
    /// Reloads when a file changes; errors are returned with file, line and excerpt.
    Development,
    /// Undefined variables, missing texts and missing assets are errors: checks and tests.
    Strict,
}

/// How to make an [`Engine`].
#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    pub mode: Mode,
    /// Theme folders over the embedded one, the strongest first.
    pub overlays: Vec<PathBuf>,
    /// The brand of mails, and of pages whose frame has none of its own.
    pub brand: Arc<Brand>,
    /// The language of whoever wishes none that there is; empty is English.
    pub default_locale: String,
    /// Called with the file, as the theme names it, each time the embedded one has to stand in: for `identity_theme_errors_total`.
    pub on_error: Option<fn(file: &str)>,
}

impl EngineOptions {
    /// A file of an overlay by its name in the theme; a theme that is left out as a whole is so for its manifest.
    fn name_in_theme<'a>(&self, file: &'a str) -> &'a str {
        let path = Path::new(file);
        let below = self
            .overlays
            .iter()
            .find_map(|overlay| path.strip_prefix(overlay).ok()?.to_str());
        match below {
            Some("") => "theme.toml",
            Some(name) => name,
            None => file,
        }
    }
}

/// The theme can't be loaded at all.
#[derive(Debug, thiserror::Error)]
#[error("the theme can't be loaded: {}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct EngineError {
    pub problems: Vec<ThemeProblem>,
}

/// A template that did not render.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct RenderError {
    pub file: String,
    /// 0 when unknown.
    pub line: usize,
    pub message: String,
    /// The lines around, with numbers; empty in production.
    pub excerpt: String,
}

/// Style sheets of brands that are kept ready. Any can be made again from its name, so none is ever missing.
const BRANDS: usize = 256;

/// The one object handlers render with. Shared; reloads are atomic.
pub struct Engine {
    options: EngineOptions,
    current: RwLock<Arc<Loaded>>,
    /// The embedded theme alone, for when an overlay fails.
    embedded: Arc<Loaded>,
    brands: Mutex<HashMap<Tokens, Arc<StaticFile>>>,
    errors: AtomicU64,
}

impl Engine {
    /// Loads the theme. In [`Mode::Production`] problems of overlays are tolerated and can be read from [`Engine::problems`].
    pub fn new(options: EngineOptions) -> Result<Self, EngineError> {
        let embedded = Arc::new(Loaded::load(&[], options.mode)?);
        let current = if options.overlays.is_empty() {
            Arc::clone(&embedded)
        } else {
            Arc::new(Loaded::load(&options.overlays, options.mode)?)
        };
        let engine = Self {
            options,
            current: RwLock::new(current),
            embedded,
            brands: Mutex::default(),
            errors: AtomicU64::default(),
        };
        engine.count_problems();
        Ok(engine)
    }

    /// The page as HTML.
    pub fn render<P: Page>(&self, frame: &PageFrame, page: &P) -> Result<String, RenderError> {
        self.render_value(frame, P::TEMPLATE, Value::from(Serde(page)))
    }

    pub(crate) fn render_value(
        &self,
        frame: &PageFrame,
        template: &str,
        page: Value,
    ) -> Result<String, RenderError> {
        if self.options.mode == Mode::Development {
            let _ = self.reload_if_changed();
        }
        let loaded = self.loaded();
        let locale = loaded.locale(&frame.locale);
        let view = self.frame_view(frame, &loaded);
        let context = context! { frame => Value::from(Serde(&view)), page => page };
        self.render_or_fall_back(&loaded, locale, template, &context)
    }

    fn frame_view<'a>(&self, frame: &'a PageFrame, loaded: &'a Loaded) -> FrameView<'a> {
        let locale = loaded.locale(&frame.locale);
        FrameView {
            frame,
            locale,
            dir: i18n::direction(locale),
            locales: loaded.locale_names(),
            brand_css: self.brand_css(&frame.brand).map(|file| file.url()),
            label: self.label(frame),
        }
    }

    /// The name beside the mark: the brand's own, else that of the organization the page is about.
    fn label<'a>(&self, frame: &'a PageFrame) -> &'a str {
        match &frame.organization {
            Some(organization) if frame.brand.name == self.options.brand.name => &organization.name,
            _ => &frame.brand.name,
        }
    }

    /// What templates see as `frame`, for the reference.
    pub(crate) fn frame_json(&self, frame: &PageFrame) -> serde_json::Value {
        serde_json::to_value(self.frame_view(frame, &self.loaded())).unwrap_or_default()
    }

    /// Subject, text and HTML of a mail.
    pub fn render_mail<'a, M: Mail>(
        &self,
        mail: &M,
        reader: impl Into<Reader<'a>>,
    ) -> Result<RenderedMail, RenderError> {
        self.render_mail_value(M::NAME, Value::from(Serde(mail)), reader.into())
    }

    pub(crate) fn render_mail_value(
        &self,
        name: &str,
        mail: Value,
        reader: Reader<'_>,
    ) -> Result<RenderedMail, RenderError> {
        if self.options.mode == Mode::Development {
            let _ = self.reload_if_changed();
        }
        let loaded = self.loaded();
        let locale = loaded.locale(reader.locale);
        let view = MailFrame {
            locale,
            dir: i18n::direction(locale),
            brand: &self.options.brand,
            name: reader.name.map(str::trim).filter(|name| !name.is_empty()),
            zone: reader.zone,
        };
        let context = context! { frame => Value::from(Serde(&view)), mail => mail };
        let part = |suffix: &str| {
            self.render_or_fall_back(&loaded, locale, &format!("mail/{name}.{suffix}"), &context)
        };
        Ok(RenderedMail {
            subject: header_line(&part("subject.txt")?),
            text: part("txt")?,
            html: part("html")?,
        })
    }

    fn render_or_fall_back(
        &self,
        loaded: &Arc<Loaded>,
        locale: &str,
        template: &str,
        context: &Value,
    ) -> Result<String, RenderError> {
        let error = match loaded.render(locale, template, context) {
            Ok(html) => return Ok(html),
            Err(error) => error,
        };
        if self.options.mode != Mode::Production || Arc::ptr_eq(loaded, &self.embedded) {
            return Err(error);
        }
        tracing::error!(%error, "a page of the theme is broken, the embedded one is used");
        self.count(&error.file);
        self.embedded
            .render(self.embedded.locale(locale), template, context)
    }

    /// The best locale for a person; the default one when no wish can be met.
    pub fn negotiate(&self, wishes: LocaleWishes<'_>) -> String {
        let loaded = self.loaded();
        let available: Vec<&str> = loaded.locales().collect();
        i18n::negotiate(wishes, &available)
            .unwrap_or_else(|| loaded.locale(&self.options.default_locale))
            .to_owned()
    }

    /// The tags of all locales, as discovery announces them (`ui_locales_supported`).
    pub fn locales(&self) -> Vec<String> {
        self.loaded().locales().map(ToOwned::to_owned).collect()
    }

    /// A message as plain text, for JSON answers.
    pub fn text(&self, locale: &str, text: &Text) -> String {
        let args: Vec<(String, i18n::Arg)> = text
            .args
            .iter()
            .map(|(name, value)| ((*name).to_owned(), plain_argument(value)))
            .collect();
        let loaded = self.loaded();
        match loaded
            .messages(locale)
            .map(|messages| messages.format(text.key, &args, Markup::Text))
        {
            Some(Ok(text)) => text,
            Some(Err(error)) => error.best,
            None => text.key.to_owned(),
        }
    }

    /// What the product calls itself where no page is.
    pub fn product(&self) -> &str {
        &self.options.brand.name
    }

    /// The file for a request to [`crate::static_files::PREFIX`]`{path}`.
    pub fn static_file(&self, path: &str) -> Option<Arc<StaticFile>> {
        if let Some(file) = self
            .loaded()
            .files
            .at(path)
            .or_else(|| self.embedded.files.at(path))
        {
            return Some(Arc::clone(file));
        }
        let sheet = self.sheet(Tokens::from_name(path)?)?;
        (sheet.path == path).then_some(sheet)
    }

    /// All files that never change under their name, except brand style sheets.
    pub fn static_files(&self) -> Vec<Arc<StaticFile>> {
        self.loaded().files.all().map(Arc::clone).collect()
    }

    /// The style sheet of a brand; `None` when it changes no token.
    pub fn brand_css(&self, brand: &Brand) -> Option<Arc<StaticFile>> {
        self.sheet(brand.tokens())
    }

    fn sheet(&self, tokens: Tokens) -> Option<Arc<StaticFile>> {
        let mut brands = self.brands.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = brands.get(&tokens) {
            return Some(Arc::clone(file));
        }
        let file = Arc::new(StaticFile::brand(tokens)?);
        if brands.len() >= BRANDS {
            brands.clear();
        }
        brands.insert(tokens, Arc::clone(&file));
        Some(file)
    }

    /// What is wrong with the theme, for `doctor` and the administrators' banner.
    pub fn problems(&self) -> Vec<ThemeProblem> {
        self.loaded().problems.clone()
    }

    /// How often the embedded theme had to stand in, over all themes that were loaded.
    pub fn errors_total(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    fn count(&self, file: &str) {
        self.errors.fetch_add(1, Ordering::Relaxed);
        if let Some(on_error) = self.options.on_error {
            on_error(file);
        }
    }

    /// What is left out of a theme as it is loaded is missing on every page (T-02).
    fn count_problems(&self) {
        for problem in &self.loaded().problems {
            self.count(self.options.name_in_theme(&problem.file));
        }
    }

    /// Loads everything anew; the old theme stays when that fails.
    pub fn reload(&self) -> Result<(), EngineError> {
        let fresh = Arc::new(Loaded::load(&self.options.overlays, self.options.mode)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        self.count_problems();
        Ok(())
    }

    /// Reloads if a file was changed, added or removed; true when it did. Called before each page in development.
    pub fn reload_if_changed(&self) -> Result<bool, EngineError> {
        if self.loaded().is_current() {
            return Ok(false);
        }
        self.reload().map(|()| true)
    }

    pub(crate) fn loaded(&self) -> Arc<Loaded> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn plain_argument(value: &serde_json::Value) -> i18n::Arg {
    match value {
        serde_json::Value::String(text) => i18n::Arg::Text(text.clone()),
        other => other
            .as_i64()
            .map_or_else(|| i18n::Arg::Text(other.to_string()), i18n::Arg::Number),
    }
}
