//! Fluent bundles: one for HTML and one for plain text per locale, parsed when the locale is first used. Overlays change single
//! messages.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::FALLBACK;
use crate::engine::Mode;
use crate::theme::{TextVersion, Theme, ThemeProblem};

/// How the result will be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Markup {
    /// Escaped, and arguments carry bidi isolation marks.
    Html,
    /// Neither: subjects, text mails, JSON.
    Text,
}

/// One argument of a message.
#[derive(Clone, Debug)]
pub(crate) enum Arg {
    Number(i64),
    /// Escaped in HTML.
    Text(String),
    /// Already safe HTML, made by a template.
    Safe(String),
}

/// The texts of one locale.
pub(crate) struct Messages {
    language: LanguageIdentifier,
    /// The weakest first: later ones override single messages.
    sources: Vec<Cow<'static, str>>,
    bundles: OnceLock<Bundles>,
    fallback: Option<Arc<Messages>>,
}

/// The parsed texts, shared by both.
struct Bundles {
    html: FluentBundle<Arc<FluentResource>>,
    text: FluentBundle<Arc<FluentResource>>,
}

/// All locales of a theme.
pub(crate) struct Catalogues {
    pub(crate) by_locale: BTreeMap<String, Arc<Messages>>,
}

impl Catalogues {
    /// Loads `locales/<tag>/*.ftl` of all layers, the weakest first, so that stronger ones override single keys.
    pub(crate) fn load(theme: &Theme, mode: Mode, problems: &mut Vec<ThemeProblem>) -> Self {
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in theme.list("locales/") {
            let mut parts = path.split('/').skip(1);
            if let (Some(locale), Some(file), None) = (parts.next(), parts.next(), parts.next())
                && has_extension(file, "ftl")
            {
                files.entry(locale.to_owned()).or_default().push(path);
            }
        }
        let sources = |paths: Option<&Vec<String>>, problems: &mut Vec<ThemeProblem>| {
            load_sources(theme, mode, paths, problems)
        };
        let english = sources(files.get(FALLBACK), problems);
        let fallback = Arc::new(Messages::new(LanguageIdentifier::default(), english, None));
        let mut by_locale = BTreeMap::from([(FALLBACK.to_owned(), Arc::clone(&fallback))]);
        for (locale, paths) in files.iter().filter(|(locale, _)| *locale != FALLBACK) {
            let Ok(language) = locale.parse() else {
                problems.push(ThemeProblem::new(
                    format!("locales/{locale}"),
                    "the folder's name is not a language tag",
                ));
                continue;
            };
            let own = sources(Some(paths), problems);
            let messages = Messages::new(language, own, Some(Arc::clone(&fallback)));
            by_locale.insert(locale.clone(), Arc::new(messages));
        }
        Self { by_locale }
    }

    /// The texts of a locale, or English.
    pub(crate) fn get(&self, locale: &str) -> Option<&Arc<Messages>> {
        self.by_locale
            .get(locale)
            .or_else(|| self.by_locale.get(FALLBACK))
    }
}

impl Messages {
    fn new(
        language: LanguageIdentifier,
        sources: Vec<Cow<'static, str>>,
        fallback: Option<Arc<Self>>,
    ) -> Self {
        Self {
            language,
            sources,
            bundles: OnceLock::new(),
            fallback,
        }
    }

    fn bundle(&self, markup: Markup) -> &FluentBundle<Arc<FluentResource>> {
        let bundles = self.bundles.get_or_init(|| {
            let mut html = FluentBundle::new_concurrent(vec![self.language.clone()]);
            html.set_transform(Some(escape));
            let mut text = FluentBundle::new_concurrent(vec![self.language.clone()]);
            text.set_use_isolating(false);
            for source in &self.sources {
                // Mistakes were told when the theme was loaded; what is right about the file counts.
                let parsed = FluentResource::try_new(source.clone().into_owned());
                let parsed = Arc::new(parsed.unwrap_or_else(|(partial, _)| partial));
                html.add_resource_overriding(Arc::clone(&parsed));
                text.add_resource_overriding(parsed);
            }
            Bundles { html, text }
        });
        match markup {
            Markup::Html => &bundles.html,
            Markup::Text => &bundles.text,
        }
    }

    /// The keys (`id` and `id.attribute`) this locale has of its own.
    pub(crate) fn keys(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for source in &self.sources {
            collect_keys(source, &mut keys);
        }
        keys
    }

    /// This locale's own text of one plain line, without parsing all the others.
    pub(crate) fn own_line(&self, key: &str) -> Option<String> {
        let lines = self.sources.iter().rev().flat_map(|source| source.lines());
        let mut values =
            lines.filter_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
        values.next().map(|value| value.trim().to_owned())
    }

    /// The text for a key, in this locale or in English. `Err` tells a missing key or argument; what to do about that
    /// is the caller's choice.
    pub(crate) fn format(
        &self,
        key: &str,
        args: &[(String, Arg)],
        markup: Markup,
    ) -> Result<String, MessageError> {
        let mut errors = Vec::new();
        let result = self.try_format(key, args, markup, &mut errors);
        match result {
            Some(text) if errors.is_empty() => Ok(text),
            Some(text) => Err(MessageError {
                message: format!("message {key}: {}", errors.join("; ")),
                best: text,
            }),
            None => Err(MessageError {
                message: format!("message {key} does not exist"),
                best: escape(key).into_owned(),
            }),
        }
    }

    fn try_format(
        &self,
        key: &str,
        args: &[(String, Arg)],
        markup: Markup,
        errors: &mut Vec<String>,
    ) -> Option<String> {
        let bundle = self.bundle(markup);
        let (id, attribute) = key
            .split_once('.')
            .map_or((key, None), |(id, attribute)| (id, Some(attribute)));
        let pattern = bundle.get_message(id).and_then(|message| match attribute {
            Some(name) => message
                .get_attribute(name)
                .map(|attribute| attribute.value()),
            None => message.value(),
        });
        let Some(pattern) = pattern else {
            return self
                .fallback
                .as_ref()?
                .try_format(key, args, markup, errors);
        };
        let mut fluent = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            fluent.set(name.as_str(), arg.fluent(markup));
        }
        let mut problems = Vec::new();
        let text = bundle
            .format_pattern(pattern, Some(&fluent), &mut problems)
            .into_owned();
        errors.extend(problems.iter().map(ToString::to_string));
        Some(text)
    }
}

/// A message that could not be formatted wholly; `best` is what can be shown all the same.
#[derive(Debug)]
pub(crate) struct MessageError {
    pub(crate) message: String,
    pub(crate) best: String,
}

impl Arg {
    fn fluent(&self, markup: Markup) -> FluentValue<'_> {
        match (self, markup) {
            (Self::Number(number), _) => FluentValue::from(*number),
            (Self::Text(text), Markup::Html) => FluentValue::String(escape(text)),
            (Self::Text(text) | Self::Safe(text), _) => FluentValue::from(text.as_str()),
        }
    }
}

/// The sources of one locale, the weakest first; mistakes in them are reported.
fn load_sources(
    theme: &Theme,
    mode: Mode,
    paths: Option<&Vec<String>>,
    problems: &mut Vec<ThemeProblem>,
) -> Vec<Cow<'static, str>> {
    let mut sources = Vec::new();
    for path in paths.into_iter().flatten() {
        for version in theme.texts(path, problems).into_iter().rev() {
            if version.is_checked(mode) {
                problems.extend(mistakes(&version));
            }
            sources.push(version.text);
        }
    }
    sources
}

fn mistakes(version: &TextVersion) -> Vec<ThemeProblem> {
    let Err((_, errors)) = FluentResource::try_new(version.text.clone().into_owned()) else {
        return Vec::new();
    };
    let told = errors.iter();
    told.map(|error| ThemeProblem::new(&version.label, error.to_string()))
        .collect()
}

/// Ids by line: fluent-bundle keeps its syntax tree to itself. Only plain messages and attributes are of interest.
fn collect_keys(source: &str, keys: &mut BTreeSet<String>) {
    let mut id = "";
    for line in source.lines() {
        let Some((name, _)) = line.split_once('=') else {
            continue;
        };
        let name = name.trim_end();
        if let Some(attribute) = name.trim_start().strip_prefix('.') {
            if name.starts_with(' ') && is_identifier(attribute) && !id.is_empty() {
                keys.insert(format!("{id}.{attribute}"));
            }
        } else if is_identifier(name) {
            id = name;
            keys.insert(name.to_owned());
        }
    }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

fn has_extension(file: &str, extension: &str) -> bool {
    file.rsplit_once('.')
        .is_some_and(|(_, found)| found == extension)
}

/// Escapes for element content and quoted attributes.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}
