//! Fluent bundles: one for HTML and one for plain text per locale. Overlays change single messages.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::FALLBACK;
use crate::theme::{Theme, ThemeProblem};

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
    html: FluentBundle<FluentResource>,
    text: FluentBundle<FluentResource>,
    keys: BTreeSet<String>,
    fallback: Option<Arc<Messages>>,
}

/// All locales of a theme.
pub(crate) struct Catalogues {
    pub(crate) by_locale: BTreeMap<String, Arc<Messages>>,
}

impl Catalogues {
    /// Loads `locales/<tag>/*.ftl` of all layers, the weakest first, so that stronger ones override single keys.
    pub(crate) fn load(theme: &Theme, problems: &mut Vec<ThemeProblem>) -> Self {
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in theme.list("locales/") {
            let mut parts = path.split('/').skip(1);
            if let (Some(locale), Some(file), None) = (parts.next(), parts.next(), parts.next())
                && has_extension(file, "ftl")
            {
                files.entry(locale.to_owned()).or_default().push(path);
            }
        }
        let fallback = Arc::new(Messages::load(
            theme,
            FALLBACK,
            files.get(FALLBACK),
            None,
            problems,
        ));
        let mut by_locale = BTreeMap::from([(FALLBACK.to_owned(), Arc::clone(&fallback))]);
        for (locale, paths) in files.iter().filter(|(locale, _)| *locale != FALLBACK) {
            if locale.parse::<LanguageIdentifier>().is_err() {
                problems.push(ThemeProblem::new(
                    format!("locales/{locale}"),
                    "the folder's name is not a language tag",
                ));
                continue;
            }
            let messages = Messages::load(
                theme,
                locale,
                Some(paths),
                Some(Arc::clone(&fallback)),
                problems,
            );
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
    fn load(
        theme: &Theme,
        locale: &str,
        paths: Option<&Vec<String>>,
        fallback: Option<Arc<Self>>,
        problems: &mut Vec<ThemeProblem>,
    ) -> Self {
        let id: LanguageIdentifier = locale.parse().unwrap_or_default();
        let mut html = FluentBundle::new_concurrent(vec![id.clone()]);
        html.set_transform(Some(escape));
        let mut text = FluentBundle::new_concurrent(vec![id]);
        text.set_use_isolating(false);
        let mut keys = BTreeSet::new();
        for path in paths.into_iter().flatten() {
            for (label, bytes) in theme.versions(path).into_iter().rev() {
                let Ok(source) = String::from_utf8(bytes.into_owned()) else {
                    problems.push(ThemeProblem::new(label, "not UTF-8"));
                    continue;
                };
                collect_keys(&source, &mut keys);
                html.add_resource_overriding(parse(&source, &label, Some(problems)));
                text.add_resource_overriding(parse(&source, &label, None));
            }
        }
        Self {
            html,
            text,
            keys,
            fallback,
        }
    }

    /// The keys (`id` and `id.attribute`) this locale has of its own.
    pub(crate) fn keys(&self) -> &BTreeSet<String> {
        &self.keys
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
        let bundle = match markup {
            Markup::Html => &self.html,
            Markup::Text => &self.text,
        };
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

fn parse(source: &str, label: &str, problems: Option<&mut Vec<ThemeProblem>>) -> FluentResource {
    FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, errors)| {
        if let Some(problems) = problems {
            problems.extend(
                errors
                    .iter()
                    .map(|error| ThemeProblem::new(label, error.to_string())),
            );
        }
        partial
    })
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
