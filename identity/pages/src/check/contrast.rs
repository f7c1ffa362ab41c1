//! Measures the colour tokens of the style sheets (V-03).

use std::collections::BTreeMap;

use identity_domain::brand::Rgb;

use super::Report;
use crate::engine::Engine;
use crate::theme::ThemeProblem;

const TEXT: f64 = 4.5;
/// WCAG 2.2 1.4.11: borders of controls.
const CONTROL: f64 = 3.0;

/// What stands on what, and how clearly.
const PAIRS: [(&str, &str, f64); 27] = [
    ("text", "bg", TEXT),
    ("text", "surface", TEXT),
    ("text", "surface-2", TEXT),
    ("muted", "bg", TEXT),
    ("muted", "surface", TEXT),
    ("muted", "surface-2", TEXT),
    ("accent", "bg", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "surface-2", TEXT),
    ("accent", "accent-soft", TEXT),
    ("accent-hover", "surface", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("danger", "surface", TEXT),
    ("danger", "danger-soft", TEXT),
    ("text", "danger-soft", TEXT),
    ("success", "surface", TEXT),
    ("success", "success-soft", TEXT),
    ("text", "success-soft", TEXT),
    ("warning", "surface", TEXT),
    ("warning", "warning-soft", TEXT),
    ("text", "warning-soft", TEXT),
    ("info", "surface", TEXT),
    ("info", "info-soft", TEXT),
    ("text", "info-soft", TEXT),
    ("line-strong", "surface", CONTROL),
    ("line-strong", "bg", CONTROL),
];

type Tokens = BTreeMap<String, Rgb>;

pub(super) fn check(engine: &Engine, report: &mut Report) {
    let css: String = ["css/tokens.css", "css/theme.css"]
        .iter()
        .filter_map(|name| {
            Some(String::from_utf8_lossy(&engine.loaded().files.named(name)?.bytes).into_owned())
        })
        .collect();
    let (light, dark, chosen) = read_tokens(&css);
    if dark != chosen {
        let message = "the dark tokens of the media query and of data-theme=dark differ";
        report
            .problems
            .push(ThemeProblem::new("static/css/tokens.css", message));
    }
    for (mode, tokens) in [("light", light), ("dark", dark)] {
        for (front, back, least) in PAIRS {
            let message = match (tokens.get(front), tokens.get(back)) {
                (Some(a), Some(b)) if a.contrast(*b) >= least => continue,
                (Some(a), Some(b)) => format!(
                    "--{front} on --{back} ({mode}) is {:.2}, needs {least}",
                    a.contrast(*b)
                ),
                _ => format!("--{front} or --{back} ({mode}) is no hex colour"),
            };
            report
                .problems
                .push(ThemeProblem::new("static/css/tokens.css", message));
        }
    }
}

/// Light, dark by media query, dark by choice. Dark ones start from the light ones, as the cascade does.
fn read_tokens(css: &str) -> (Tokens, Tokens, Tokens) {
    let (mut light, mut query, mut chosen) = (Tokens::new(), Tokens::new(), Tokens::new());
    for (selector, body) in rules(css) {
        let target =
            if selector.contains("data-theme=\"dark\"") || selector.contains("data-theme=dark") {
                &mut chosen
            } else if selector.contains(":not(") {
                &mut query
            } else if selector.ends_with(":root") {
                &mut light
            } else {
                continue;
            };
        for declaration in body.split(';') {
            if let Some((name, value)) = declaration.split_once(':')
                && let Some(name) = name.trim().strip_prefix("--")
                && let Some(color) = Rgb::parse(value)
            {
                target.insert(name.to_owned(), color);
            }
        }
    }
    let over = |mut own: Tokens| {
        for (name, color) in &light {
            own.entry(name.clone()).or_insert(*color);
        }
        own
    };
    (light.clone(), over(query), over(chosen))
}

/// Innermost rules: selector and declarations.
fn rules(css: &str) -> Vec<(&str, &str)> {
    css.split('}')
        .filter_map(|part| {
            let (head, body) = part.rsplit_once('{')?;
            Some((head.rsplit(['{', ';']).next().unwrap_or(head).trim(), body))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn tokens_are_read_by_mode() {
        let css = "@layer a;@layer tokens{:root{--bg:#fff;--text: #000000}@media (x){:root:not([data-theme=\"light\"]){--bg:#111}}:root[data-theme=\"dark\"]{--bg:#111}}";
        let (light, dark, chosen) = read_tokens(css);
        assert_eq!(
            (light["bg"].hex(), dark["bg"].hex()),
            ("#ffffff".to_owned(), "#111111".to_owned())
        );
        assert_eq!(dark, chosen);
        assert_eq!(dark["text"].hex(), "#000000");
    }
}
