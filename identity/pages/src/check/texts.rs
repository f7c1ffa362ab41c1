//! Texts: every key a template or an enum uses exists, and every locale has every key.

use std::collections::BTreeSet;

use super::Report;
use crate::engine::Engine;
use crate::i18n::FALLBACK;
use crate::notice::{Alert, FieldError};
use crate::password::Suggestion;
use crate::text_message::CodeMessage;
use crate::theme::ThemeProblem;

pub(super) fn check(engine: &Engine, report: &mut Report) {
    let loaded = engine.loaded();
    let Some(english) = loaded.messages(FALLBACK) else {
        report
            .problems
            .push(ThemeProblem::new("locales/en", "missing"));
        return;
    };
    let english = english.keys();
    for (template, source) in loaded.sources() {
        for key in literal_keys(source)
            .into_iter()
            .filter(|key| !english.contains(*key))
        {
            report.problems.push(ThemeProblem::new(
                template,
                format!("the text {key} does not exist"),
            ));
        }
    }
    for key in keys_of_enums()
        .into_iter()
        .filter(|key| !english.contains(key))
    {
        report.problems.push(ThemeProblem::new(
            "locales/en",
            format!("the text {key} does not exist"),
        ));
    }
    for locale in loaded.locales() {
        let Some(messages) = loaded.messages(locale) else {
            continue;
        };
        let own = messages.keys();
        let missing: Vec<&String> = english.difference(&own).collect();
        let percent = (english.len() - missing.len()) * 100 / english.len().max(1);
        report
            .coverage
            .insert(locale.to_owned(), u8::try_from(percent).unwrap_or(100));
        let place = format!("locales/{locale}");
        for key in missing {
            report.problems.push(ThemeProblem::new(
                &place,
                format!("the text {key} is missing"),
            ));
        }
        for key in own.difference(&english) {
            report.warnings.push(ThemeProblem::new(
                &place,
                format!("nobody uses the text {key}"),
            ));
        }
    }
}

/// Keys given as literals: `t("key")`. Composed keys (`t("a-" ~ b)`) are proven by rendering the samples.
fn literal_keys(source: &str) -> BTreeSet<&str> {
    let mut keys = BTreeSet::new();
    for (before, after) in source
        .match_indices("t(\"")
        .filter_map(|(at, call)| source.get(at + call.len()..).map(|a| (at, a)))
    {
        let starts_a_word = !source
            .get(..before)
            .is_some_and(|s| s.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        let Some((key, tail)) = after.split_once('"') else {
            continue;
        };
        if starts_a_word && !tail.trim_start().starts_with('~') {
            keys.insert(key);
        }
    }
    keys
}

fn keys_of_enums() -> Vec<String> {
    let alerts = Alert::samples().into_iter().flat_map(|alert| {
        let key = alert.text().key;
        [key.to_owned(), format!("{key}.title")]
    });
    let errors = FieldError::samples()
        .into_iter()
        .map(|error| error.text().key.to_owned());
    let suggestions = Suggestion::ALL
        .into_iter()
        .map(|suggestion| suggestion.key().to_owned());
    let levels = [
        "meter-very-weak",
        "meter-weak",
        "meter-fair",
        "meter-good",
        "meter-strong",
    ]
    .map(ToOwned::to_owned);
    let messages = CodeMessage::samples()
        .into_iter()
        .map(|message| message.text("", "").key.to_owned());
    alerts
        .chain(messages)
        .chain(errors)
        .chain(suggestions)
        .chain(levels)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_literals_are_keys() {
        let source = "{{ t(\"a\") }} {{ t(\"b-\" ~ x) }} {{ t(\"c\", n=1) }} {{ list(\"d\") }}";
        assert_eq!(
            literal_keys(source).into_iter().collect::<Vec<_>>(),
            ["a", "c"]
        );
    }
}
