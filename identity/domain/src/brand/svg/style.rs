//! What styles refer to: `url(#name)` in attributes and in style sheets.

use super::cost::{How, Reference};

/// A declaration of a style sheet that refers to something.
pub(super) struct Rule<'a> {
    /// Elements of this class; `None`: any element, as far as this reader knows.
    pub(super) class: Option<&'a str>,
    pub(super) names: Reference<'a>,
}

/// How often a property draws what it names.
pub(super) fn how(property: &str) -> How {
    match property.trim() {
        "clip-path" | "mask" => How::Once,
        _ => How::Inherited,
    }
}

/// A name that cannot be written in two ways: browsers decode `%70` in an address.
pub(super) fn name(text: &str) -> Result<&str, String> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    if text.chars().all(is_plain) {
        Ok(text)
    } else {
        Err("refers to a name with other characters than letters, digits and - _ . :".to_owned())
    }
}

/// The names in all `url(#name)`, each with the place at which it begins.
pub(super) fn targets(text: &str) -> Result<Vec<(usize, &str)>, String> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (at, opening) in lower.match_indices("url(") {
        let rest = text.get(at + opening.len()..).unwrap_or_default();
        let inner = rest.split(')').next().unwrap_or_default().trim();
        let inner = inner.trim_matches(['"', '\'']);
        found.push((at, name(inner.trim().trim_start_matches('#'))?));
    }
    Ok(found)
}

/// The references in a `style="…"`.
pub(super) fn declarations(text: &str) -> Result<Vec<Reference<'_>>, String> {
    let references = targets(text)?.into_iter().map(|(at, target)| Reference {
        target,
        how: property_at(text, at),
    });
    Ok(references.collect())
}

fn property_at(text: &str, at: usize) -> How {
    let before = text.get(..at).unwrap_or_default();
    let declaration = before.rsplit(['{', '}', ';']).next().unwrap_or_default();
    declaration
        .split_once(':')
        .map_or(How::Inherited, |(property, _)| how(property))
}

/// The references of a style sheet.
pub(super) fn rules(text: &str) -> Result<Vec<Rule<'_>>, String> {
    let plain = is_plain(text);
    let mut rules = Vec::new();
    for (at, target) in targets(text)? {
        let names = Reference {
            target,
            how: if plain {
                property_at(text, at)
            } else {
                How::Inherited
            },
        };
        let selector = if plain { selector_at(text, at) } else { "" };
        for class in classes(selector) {
            rules.push(Rule { class, names });
        }
    }
    Ok(rules)
}

/// Whether braces say where a rule begins and ends: not if they may stand within quotes, comments or brackets.
fn is_plain(text: &str) -> bool {
    // What is open, and what closes it.
    let mut closing = None;
    let mut within = |c: char| match (closing, c) {
        (Some(end), c) if c == end => {
            closing = None;
            true
        }
        (Some(')'), _) => !matches!(c, '(' | '{' | '}' | '"' | '\'' | '[' | ']'),
        (Some(_), _) => c.is_alphanumeric() || matches!(c, ' ' | '-' | '#'),
        (None, '(' | '"' | '\'') => {
            closing = Some(if c == '(' { ')' } else { c });
            true
        }
        (None, _) => !matches!(c, ')' | '[' | ']'),
    };
    !text.contains("/*") && text.chars().all(&mut within)
}

/// The selector of the rule in which something stands.
fn selector_at(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let mut open = Vec::new();
    let mut since = 0;
    for (place, brace) in before.match_indices(['{', '}', ';']) {
        match brace {
            "{" => open.push(before.get(since..place).unwrap_or_default()),
            "}" => {
                open.pop();
            }
            _ => {}
        }
        since = place + brace.len();
    }
    open.pop().unwrap_or_default()
}

/// The classes of a list of selectors, if they are nothing else.
fn classes(selector: &str) -> Vec<Option<&str>> {
    let class = |one: &'_ str| {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        !one.is_empty() && one.chars().all(is_name)
    };
    let all: Option<Vec<&str>> = selector
        .split(',')
        .map(|one| one.trim().strip_prefix('.').filter(|name| class(name)))
        .collect();
    match all {
        Some(names) => names.into_iter().map(Some).collect(),
        None => vec![None],
    }
}
