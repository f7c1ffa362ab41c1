//! What is wrong with the configuration, and where: file, line and column, or the name of the variable.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the file.
    File {
        /// Which.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
    },
    /// In the environment.
    Environment(String),
    /// Nowhere: it is missing.
    Missing,
}

/// One thing to fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The key, as `section.name`; empty when the file cannot be read at all.
    pub key: String,
    /// Where.
    pub place: Place,
    /// What is wrong and what to do. Never the value of a secret.
    pub message: String,
}

/// Everything that is wrong, so that it is fixed in one go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct ConfigError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl Problem {
    /// A problem of `key` at `place`.
    pub fn new(key: impl Into<String>, place: Place, message: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            place,
            message: message.into(),
        }
    }

    /// A problem with a key that is not there.
    pub fn missing(key: &str, message: impl Into<String>) -> Self {
        Self::new(key, Place::Missing, message)
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, line, column } => write!(f, "{}:{line}:{column}: ", file.display()),
            Self::Environment(name) => write!(f, "{name}: "),
            Self::Missing => Ok(()),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        if !self.key.is_empty() {
            write!(f, "`{}` ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// The name that was probably meant.
pub(super) fn suggestion<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| {
            (
                strsim::jaro_winkler(&given.to_ascii_lowercase(), name),
                name,
            )
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}
