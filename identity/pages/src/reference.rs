//! The page variables as a document for theme authors, made from the samples so that it can't lie.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::catalogue;
use crate::engine::Engine;

type Paths = BTreeMap<String, BTreeSet<&'static str>>;

/// Markdown: every template with the variables it gets.
pub fn reference(engine: &Engine) -> String {
    let mut text = String::from(
        "# Variables of the templates\n\nMade from the sample contexts; a test fails when it is stale. `?` marks what may be \
         missing.\n\n## Every page: `frame`\n\n",
    );
    let mut paths = Paths::new();
    for frame in crate::check::frames("en") {
        collect("frame", &engine.frame_json(&frame), &mut paths);
    }
    write_paths(&mut text, &paths);
    for page in catalogue::pages() {
        let samples = (page.samples)();
        let values = samples.iter().map(|(_, value)| value);
        write_section(&mut text, page.template, "page", values);
    }
    for mail in catalogue::mails() {
        let samples = (mail.samples)();
        let values = samples.iter().map(|(_, value)| value);
        let name = format!("mail/{}.{{subject.txt,txt,html}}", mail.name);
        write_section(&mut text, &name, "mail", values);
    }
    text
}

fn write_section<'a>(
    text: &mut String,
    title: &str,
    root: &str,
    samples: impl Iterator<Item = &'a minijinja::Value>,
) {
    let _ = write!(text, "\n## {title}\n\n");
    let mut paths = Paths::new();
    for value in samples {
        collect(
            root,
            &serde_json::to_value(value).unwrap_or_default(),
            &mut paths,
        );
    }
    write_paths(text, &paths);
}

fn write_paths(text: &mut String, paths: &Paths) {
    for (path, kinds) in paths {
        let optional = if kinds.contains("nothing") { "?" } else { "" };
        let kinds: Vec<&str> = kinds
            .iter()
            .copied()
            .filter(|kind| *kind != "nothing")
            .collect();
        let kinds = if kinds.is_empty() {
            "text".to_owned()
        } else {
            kinds.join(" or ")
        };
        let _ = writeln!(text, "- `{path}`{optional}: {kinds}");
    }
}

fn collect(path: &str, value: &Value, paths: &mut Paths) {
    let kind = match value {
        Value::Null => "nothing",
        Value::Bool(_) => "yes or no",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "record",
    };
    match value {
        Value::Object(fields) => {
            if path.contains('.') {
                paths.entry(path.to_owned()).or_default().insert(kind);
            }
            for (name, value) in fields {
                collect(&format!("{path}.{name}"), value, paths);
            }
        }
        Value::Array(items) => {
            paths.entry(path.to_owned()).or_default().insert(kind);
            for item in items {
                collect(&format!("{path}[]"), item, paths);
            }
        }
        _ => {
            paths.entry(path.to_owned()).or_default().insert(kind);
        }
    }
}
