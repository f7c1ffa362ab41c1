//! The members of one mapping, read one by one; what is wrong is collected and reading goes on.

use serde_json::{Map, Value};

use identity_domain::secret::SecretString;
use identity_oauth::text::is_readable;

use super::super::Problem;
use super::names::unknown;
use super::{SecretReference, SecretSource, Source};

/// A mapping and where it stands.
pub(super) struct Members<'a> {
    map: &'a Map<String, Value>,
    path: String,
}

/// A key of the format that this release does not act on. It is refused by name, since to ignore it would be worse.
pub(super) struct Later {
    /// The key.
    pub key: &'static str,
    /// What it would be for.
    pub what: &'static str,
}

/// Collects what is wrong.
pub(super) struct Reader<'a> {
    source: Source<'a>,
    secrets: &'a dyn SecretSource,
    problems: Vec<Problem>,
}

impl<'a> Members<'a> {
    pub fn new(map: &'a Map<String, Value>, path: impl Into<String>) -> Self {
        Self {
            map,
            path: path.into(),
        }
    }

    /// The mapping itself.
    pub const fn map(&self) -> &'a Map<String, Value> {
        self.map
    }

    /// Where it stands.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A member that is there and not null.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    fn path_of(&self, key: &str) -> String {
        match (self.path.as_str(), key) {
            ("", key) => key.to_owned(),
            (path, "") => path.to_owned(),
            (path, key) => format!("{path}.{key}"),
        }
    }
}

impl<'a> Reader<'a> {
    pub fn new(source: Source<'a>, secrets: &'a dyn SecretSource) -> Self {
        Self {
            source,
            secrets,
            problems: Vec::new(),
        }
    }

    pub const fn file(&self) -> Option<&'a str> {
        self.source.file
    }

    pub fn managed_by(&self) -> Option<String> {
        self.source.managed_by.map(str::to_owned)
    }

    pub const fn keep_ownership(&mut self) {
        self.source.managed_by = None;
    }

    pub fn finish(self) -> Vec<Problem> {
        self.problems
    }

    /// A problem at a path, not yet collected.
    pub fn made(&self, path: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem {
            file: self.source.file.map(str::to_owned),
            path: path.into(),
            message: message.into(),
        }
    }

    /// Collects a problem with a member.
    pub fn problem(&mut self, at: &Members<'_>, key: &str, message: impl Into<String>) {
        let problem = self.made(at.path_of(key), message);
        self.problems.push(problem);
    }

    /// Refuses members that nobody knows, and those that nobody acts on yet.
    pub fn only(&mut self, at: &Members<'_>, known: &[&str], later: &[Later]) {
        for (key, value) in at.map {
            if known.contains(&key.as_str()) {
                continue;
            }
            match later.iter().find(|later| later.key == key) {
                Some(_) if is_empty(value) => {}
                Some(Later { what, .. }) => {
                    self.problem(
                        at,
                        key,
                        format!(
                            "is not supported by this release yet ({what}); take it out of the file"
                        ),
                    );
                }
                None => {
                    let known = known
                        .iter()
                        .copied()
                        .chain(later.iter().map(|later| later.key));
                    self.problem(at, key, unknown(key, known));
                }
            }
        }
    }

    /// A text.
    pub fn text(&mut self, at: &Members<'_>, key: &str) -> Option<String> {
        match at.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => {
                self.problem(at, key, "must be a text: put it in quotes");
                None
            }
            _ => {
                self.problem(at, key, "must be a text");
                None
            }
        }
    }

    /// A text that must be there.
    pub fn required(&mut self, at: &Members<'_>, key: &str) -> Option<String> {
        if at.get(key).is_none() {
            self.problem(at, key, "is required");
        }
        self.text(at, key)
    }

    /// A text for people that holds a letter or a digit and no control characters or marks of direction, at most `most` characters; white
    /// space around is dropped. An empty one stays empty.
    pub fn words(&mut self, at: &Members<'_>, key: &str, most: usize) -> Option<String> {
        let text = self.text(at, key)?.trim().to_owned();
        if text.chars().count() > most || !(text.is_empty() || is_readable(&text)) {
            self.problem(
                at,
                key,
                format!("must have a letter or a digit, at most {most} characters, and no control characters or marks of direction"),
            );
            return None;
        }
        Some(text)
    }

    /// Yes or no.
    pub fn flag(&mut self, at: &Members<'_>, key: &str) -> Option<bool> {
        let value = at.get(key)?;
        if value.as_bool().is_none() {
            self.problem(at, key, "must be true or false");
        }
        value.as_bool()
    }

    /// One of a few words.
    pub fn choice<T: Copy>(
        &mut self,
        at: &Members<'_>,
        key: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(at, key)?;
        let found = choices.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.problem(at, key, format!("must be one of {}", words.join(", ")));
        }
        found.map(|(_, value)| *value)
    }

    /// A list, each entry with its path.
    fn list(&mut self, at: &Members<'a>, key: &str) -> Option<Vec<(String, &'a Value)>> {
        let Value::Array(list) = at.get(key)? else {
            self.problem(at, key, "must be a list");
            return None;
        };
        let path = at.path_of(key);
        Some(
            list.iter()
                .enumerate()
                .map(|(index, value)| (format!("{path}[{index}]"), value))
                .collect(),
        )
    }

    /// A list of texts, each checked and perhaps rewritten by `check`.
    pub fn texts(
        &mut self,
        at: &Members<'a>,
        key: &str,
        check: impl Fn(&str) -> Result<String, String>,
    ) -> Option<Vec<String>> {
        let list = self.list(at, key)?;
        let mut texts = Vec::with_capacity(list.len());
        for (path, value) in list {
            let checked = value
                .as_str()
                .map_or_else(|| Err("must be a text".to_owned()), &check);
            match checked {
                Ok(text) => texts.push(text),
                Err(message) => {
                    let problem = self.made(path, message);
                    self.problems.push(problem);
                }
            }
        }
        texts.sort_unstable();
        texts.dedup();
        Some(texts)
    }

    /// A list of mappings; absent is empty.
    pub fn mappings(&mut self, at: &Members<'a>, key: &str) -> Vec<Members<'a>> {
        self.mappings_if_given(at, key).unwrap_or_default()
    }

    /// A list of mappings, if it is there.
    pub fn mappings_if_given(&mut self, at: &Members<'a>, key: &str) -> Option<Vec<Members<'a>>> {
        let list = self.list(at, key)?;
        let mut mappings = Vec::with_capacity(list.len());
        for (path, value) in list {
            if let Value::Object(map) = value {
                mappings.push(Members::new(map, path));
            } else {
                let problem = self.made(path, "must be a mapping");
                self.problems.push(problem);
            }
        }
        Some(mappings)
    }

    /// A mapping, if it is there.
    pub fn mapping(&mut self, at: &Members<'a>, key: &str) -> Option<Members<'a>> {
        let Value::Object(map) = at.get(key)? else {
            self.problem(at, key, "must be a mapping");
            return None;
        };
        Some(Members::new(map, at.path_of(key)))
    }

    /// The bytes of a file beside the one that names it.
    pub fn bytes(&self, path: &str, most: usize) -> Result<Vec<u8>, String> {
        self.secrets.bytes(path, most)
    }

    /// A secret: inline, or `{env: NAME}`, or `{file: PATH}`.
    pub fn secret(&mut self, at: &Members<'_>, key: &str) -> Option<SecretString> {
        let reference = match at.get(key)? {
            Value::String(text) => return Some(SecretString::from(text.as_str())),
            Value::Object(map) => reference(map),
            Value::Number(_) | Value::Bool(_) => Err("must be a text: put it in quotes"),
            _ => Err(REFERENCE),
        };
        let found = match reference {
            Ok(reference) => self.secrets.resolve(reference),
            Err(message) => Err(message.to_owned()),
        };
        found.map_err(|message| self.problem(at, key, message)).ok()
    }
}

const REFERENCE: &str = "must be a text, {env: NAME} or {file: PATH}";

fn reference(map: &Map<String, Value>) -> Result<SecretReference<'_>, &'static str> {
    let mut members = map.iter();
    match (members.next(), members.next()) {
        (Some((key, Value::String(name))), None) if key == "env" => {
            Ok(SecretReference::Environment(name))
        }
        (Some((key, Value::String(path))), None) if key == "file" => {
            Ok(SecretReference::File(path))
        }
        _ => Err(REFERENCE),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}
