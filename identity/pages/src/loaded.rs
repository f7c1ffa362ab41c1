//! A theme in memory: one template environment per locale. Texts and templates are parsed when they are first used.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value};

use crate::engine::{EngineError, Mode, RenderError};
use crate::functions::{self, Reach};
use crate::i18n::{Catalogues, FALLBACK, Messages};
use crate::static_files::StaticFiles;
use crate::theme::{Theme, ThemeProblem};
use crate::view::LocaleName;

/// Steps of one render; the largest page needs a hundredth.
const FUEL: u64 = 1_000_000;
/// Nesting of includes, macros and blocks.
const DEPTH: usize = 60;
/// Bytes of one page.
const MAX_OUTPUT: usize = 4 * 1024 * 1024;
/// Folders whose files are templates.
const TEMPLATE_FOLDERS: [&str; 4] = ["layouts/", "components/", "pages/", "mail/"];

/// Template names and sources.
pub(crate) type Sources = BTreeMap<String, Cow<'static, str>>;

pub(crate) struct Loaded {
    theme: Theme,
    mode: Mode,
    pub(crate) files: Arc<StaticFiles>,
    pub(crate) problems: Vec<ThemeProblem>,
    catalogues: Catalogues,
    /// Template name and source, the strongest version that parses.
    sources: Arc<Sources>,
    environments: BTreeMap<String, OnceLock<Environment<'static>>>,
    names: Vec<LocaleName>,
    fingerprint: (u64, usize),
}

impl Loaded {
    pub(crate) fn load(overlays: &[PathBuf], mode: Mode) -> Result<Self, EngineError> {
        let mut problems = Vec::new();
        let theme = if overlays.is_empty() {
            Theme::embedded()
        } else {
            Theme::with_overlays(overlays, &mut problems)
        };
        let fingerprint = if mode == Mode::Development {
            theme.fingerprint()
        } else {
            (0, 0)
        };
        let catalogues = Catalogues::load(&theme, mode, &mut problems);
        let sources = load_sources(&theme, mode, &mut problems);
        if sources.is_empty() {
            problems.push(ThemeProblem::new("themes/default", "no templates found"));
            return Err(EngineError { problems });
        }
        if mode == Mode::Strict && !problems.is_empty() {
            return Err(EngineError { problems });
        }
        for problem in &problems {
            tracing::warn!(%problem, "the theme has a problem");
        }
        let files = Arc::new(StaticFiles::load(&theme));
        let environments = catalogues
            .by_locale
            .keys()
            .map(|locale| (locale.clone(), OnceLock::new()))
            .collect();
        let names = catalogues
            .by_locale
            .iter()
            .map(|(tag, messages)| locale_name(tag, messages))
            .collect();
        Ok(Self {
            theme,
            mode,
            files,
            problems,
            catalogues,
            sources: Arc::new(sources),
            environments,
            names,
            fingerprint,
        })
    }

    /// The tag that will be used for a wished one.
    pub(crate) fn locale<'a>(&'a self, wished: &'a str) -> &'a str {
        if self.environments.contains_key(wished) {
            wished
        } else {
            FALLBACK
        }
    }

    pub(crate) fn locales(&self) -> impl Iterator<Item = &str> {
        self.environments.keys().map(String::as_str)
    }

    pub(crate) fn locale_names(&self) -> &[LocaleName] {
        &self.names
    }

    pub(crate) fn messages(&self, locale: &str) -> Option<&Arc<Messages>> {
        self.catalogues.get(locale)
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    pub(crate) fn is_current(&self) -> bool {
        self.theme.fingerprint() == self.fingerprint
    }

    /// Renders a template in a locale of ours.
    pub(crate) fn render(
        &self,
        locale: &str,
        template: &str,
        context: &Value,
    ) -> Result<String, RenderError> {
        let missing = || RenderError {
            file: template.to_owned(),
            line: 0,
            message: format!("the locale {locale} is not loaded"),
            excerpt: String::new(),
        };
        let cell = self.environments.get(locale).ok_or_else(missing)?;
        let env = cell.get_or_init(|| self.environment(locale));
        let mut output = Limited {
            bytes: Vec::with_capacity(16 * 1024),
        };
        env.get_template(template)
            .and_then(|template| {
                template
                    .render_captured_to(context.clone(), &mut output)
                    .map(drop)
            })
            .map_err(|error| describe(&error, template))?;
        String::from_utf8(output.bytes).map_err(|_| missing())
    }

    fn environment(&self, locale: &str) -> Environment<'static> {
        let mut env = Environment::new();
        env.set_fuel(Some(FUEL));
        env.set_recursion_limit(DEPTH);
        env.set_debug(self.mode != Mode::Production);
        env.set_undefined_behavior(match self.mode {
            Mode::Strict => UndefinedBehavior::Strict,
            // A missing variable must not stop a sign-in.
            Mode::Production | Mode::Development => UndefinedBehavior::Chainable,
        });
        env.set_syntax(syntax());
        if let Some(messages) = self.messages(locale) {
            let strict = self.mode == Mode::Strict;
            let reach = Reach {
                messages: Arc::clone(messages),
                files: Arc::clone(&self.files),
                strict,
            };
            functions::install(&mut env, reach);
        }
        let sources = Arc::clone(&self.sources);
        env.set_loader(move |name| Ok(sources.get(name).map(|source| source.clone().into_owned())));
        env
    }
}

fn locale_name(tag: &str, messages: &Arc<Messages>) -> LocaleName {
    let name = messages
        .own_line("locale-name")
        .unwrap_or_else(|| tag.to_owned());
    LocaleName {
        tag: tag.to_owned(),
        name,
    }
}

/// The strongest version of each template that parses; weaker ones are the fallback (T-01, T-02).
fn load_sources(theme: &Theme, mode: Mode, problems: &mut Vec<ThemeProblem>) -> Sources {
    let mut sources = Sources::new();
    for name in TEMPLATE_FOLDERS
        .iter()
        .flat_map(|folder| theme.list(folder))
    {
        for version in theme.texts(&name, problems) {
            let parsed = if version.is_checked(mode) {
                parse(&name, &version.text)
            } else {
                Ok(())
            };
            match parsed {
                Ok(()) => {
                    sources.insert(name.clone(), version.text);
                    break;
                }
                Err(error) => {
                    let line = error
                        .line()
                        .map_or_else(String::new, |line| format!("line {line}: "));
                    let problem = ThemeProblem::new(version.label, format!("{line}{error}"));
                    problems.push(problem);
                }
            }
        }
    }
    sources
}

/// Block tags leave no empty lines behind.
fn syntax() -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .unwrap_or_default()
}

fn parse(name: &str, source: &str) -> Result<(), minijinja::Error> {
    let mut env = Environment::new();
    env.set_syntax(syntax());
    env.add_template_owned(name.to_owned(), source.to_owned())
}

/// Refuses to grow beyond [`MAX_OUTPUT`].
struct Limited {
    bytes: Vec<u8>,
}

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::Error::other("the page is too long"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The innermost place of an error, with the lines around it when the source is at hand.
fn describe(error: &minijinja::Error, template: &str) -> RenderError {
    let mut innermost = error;
    let mut next = std::error::Error::source(error);
    while let Some(inner) = next {
        if let Some(inner) = inner.downcast_ref::<minijinja::Error>() {
            innermost = inner;
        }
        next = inner.source();
    }
    let line = innermost.line().unwrap_or(0);
    let excerpt = innermost
        .template_source()
        .map(|source| excerpt(source, line))
        .unwrap_or_default();
    RenderError {
        file: innermost.name().unwrap_or(template).to_owned(),
        line,
        message: innermost.to_string(),
        excerpt,
    }
}

fn excerpt(source: &str, line: usize) -> String {
    let first = line.saturating_sub(4);
    let mut excerpt = String::new();
    for (index, text) in source.lines().enumerate().skip(first).take(7) {
        let marker = if index + 1 == line { '>' } else { ' ' };
        let _ = writeln!(excerpt, "{marker}{:4} | {text}", index + 1);
    }
    excerpt
}
