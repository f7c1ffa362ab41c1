//! Values from the environment: `IDENTITY_SECTION__KEY`.

use serde::Deserialize as _;
use toml::{Table, Value};

use super::keys::{Key, Kind, table};
use super::load::{put, unknown};
use super::problem::{Place, Problem, suggestion};
use super::sections::Config;

const PREFIX: &str = "IDENTITY_";

/// Read by the command line, not by the configuration.
const OTHERS: [&str; 1] = ["IDENTITY_CONFIG"];

/// One variable that sets a key.
pub(super) struct Variable {
    pub key: &'static Key,
    pub value: Value,
}

/// What the environment sets, in the order of names. An empty variable sets nothing.
pub(super) fn variables(
    environment: impl IntoIterator<Item = (String, String)>,
) -> impl Iterator<Item = Result<Variable, Problem>> {
    let mut ours: Vec<_> = environment
        .into_iter()
        .filter(|(name, text)| {
            name.starts_with(PREFIX) && !text.is_empty() && !OTHERS.contains(&name.as_str())
        })
        .collect();
    ours.sort();
    ours.into_iter()
        .filter_map(|(name, text)| variable(&name, &text).transpose())
}

fn variable(name: &str, text: &str) -> Result<Option<Variable>, Problem> {
    let inner = name
        .strip_prefix(PREFIX)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let (section, key_name) = inner.split_once("__").unwrap_or(("", &inner));
    let place = Place::Environment(name.to_owned());
    let Some(key) = table().find(section, key_name) else {
        return unknown_variable(section, key_name, place).map_or(Ok(None), Err);
    };
    let value =
        parse(key, text).map_err(|reason| Problem::new(key.path(), place.clone(), reason))?;
    let mut alone = Table::new();
    put(&mut alone, key, value.clone());
    match Config::deserialize(Value::Table(alone)) {
        Ok(_) => Ok(Some(Variable { key, value })),
        Err(error) => Err(Problem::new(
            key.path(),
            place,
            error.message().trim().to_owned(),
        )),
    }
}

/// Other programs set variables that begin like ours: an orchestrator makes `IDENTITY_SERVICE_HOST` for a service named
/// `identity`. Only what looks like a slip is an error.
fn unknown_variable(section: &str, name: &str, place: Place) -> Option<Problem> {
    if section.is_empty() {
        let top = table()
            .keys
            .iter()
            .filter(|key| key.section.is_empty())
            .map(|key| key.name.as_str());
        let meant =
            suggestion(name, top).filter(|meant| strsim::damerau_levenshtein(name, meant) <= 2)?;
        return Some(Problem::new(
            name,
            place,
            format!("is unknown; did you mean `{meant}`?"),
        ));
    }
    let message = if table().has_section(section) {
        unknown(section, name)
    } else {
        unknown("", section)
    };
    Some(Problem::new(format!("{section}.{name}"), place, message))
}

fn parse(key: &Key, text: &str) -> Result<Value, String> {
    let text = text.trim();
    match key.kind {
        Kind::Text => Ok(Value::String(text.to_owned())),
        Kind::Integer => text
            .parse()
            .map(Value::Integer)
            .map_err(|_| "must be a whole number".to_owned()),
        Kind::Boolean => text
            .parse()
            .map(Value::Boolean)
            .map_err(|_| "must be true or false".to_owned()),
        Kind::List => {
            let parts = text
                .trim_start_matches('[')
                .trim_end_matches(']')
                .split(',');
            let parts = parts
                .map(|part| part.trim().trim_matches('"'))
                .filter(|part| !part.is_empty());
            Ok(Value::Array(
                parts.map(|part| Value::String(part.to_owned())).collect(),
            ))
        }
    }
}
