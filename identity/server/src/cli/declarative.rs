//! Declarative files: YAML or JSON text into documents, with line and column for whatever is wrong.

mod yaml;

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use identity_domain::secret::SecretString;
use identity_flows::declarative::{
    self, ApplyFailure, Document, Problem, SecretReference, SecretSource, Source,
};
use serde::Serialize;

use super::Failed;

/// Largest file that is read.
const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// Largest secret that is read from a file.
const MAX_SECRET_BYTES: u64 = 64 * 1024;
/// The name of standard input on the command line.
const STANDARD_INPUT: &str = "-";

/// What files describe, and where each part of it stands.
pub struct Described {
    /// All of it.
    pub document: Document,
    places: Places,
}

/// Line and column by file and path.
#[derive(Default)]
struct Places(HashMap<(String, String), (u64, u64)>);

/// A problem with its place.
#[derive(Serialize)]
pub struct Placed<'a> {
    #[serde(flatten)]
    problem: &'a Problem,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
}

/// Reads files; `-` is standard input, whose objects keep whom they are managed by.
///
/// # Errors
/// With everything that is wrong in any of them.
pub fn load(files: &[PathBuf]) -> Result<Described, Failed> {
    let mut places = Places::default();
    let mut documents = Vec::new();
    let mut problems = Vec::new();
    for path in files {
        match load_one(path, &mut places) {
            Ok(document) => documents.push(document),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(places.failed(&problems));
    }
    let document = Document::join(documents).map_err(|problems| places.failed(&problems))?;
    Ok(Described { document, places })
}

/// All that files describe, without its places.
///
/// # Errors
/// With everything that is wrong in any of them.
pub fn read_files(files: &[PathBuf]) -> Result<Document, Failed> {
    load(files).map(|described| described.document)
}

/// An apply that did not come to its end, in words.
pub fn failed(failure: &ApplyFailure) -> Failed {
    Failed::new(failure)
}

impl Described {
    /// A problem with its place.
    pub fn placed<'a>(&self, problem: &'a Problem) -> Placed<'a> {
        self.places.placed(problem)
    }

    /// An apply or a plan that did not come to its end, with the places of what is wrong.
    pub fn failed(&self, failure: &ApplyFailure) -> Failed {
        match failure {
            ApplyFailure::Refused(problems) => self.places.failed(problems),
            other => Failed::new(other),
        }
    }
}

impl Places {
    /// The place of a path, or of the nearest thing around it.
    fn of(&self, problem: &Problem) -> Option<(u64, u64)> {
        let file = problem.file.as_deref()?;
        let mut path = problem.path.as_str();
        loop {
            if let Some(place) = self.0.get(&(file.to_owned(), path.to_owned())) {
                return Some(*place);
            }
            let end = path.rfind(['.', '['])?;
            path = path.get(..end)?;
        }
    }

    fn failed(&self, problems: &[Problem]) -> Failed {
        let placed: Vec<Placed<'_>> = problems
            .iter()
            .map(|problem| self.placed(problem))
            .collect();
        let lines: Vec<String> = placed.iter().map(ToString::to_string).collect();
        Failed::new(lines.join("\n")).with_details(&placed)
    }

    fn placed<'a>(&self, problem: &'a Problem) -> Placed<'a> {
        let (line, column) = self.of(problem).unzip();
        Placed {
            problem,
            line,
            column,
        }
    }
}

impl std::fmt::Display for Placed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.problem.file {
            f.write_str(file)?;
            if let (Some(line), Some(column)) = (self.line, self.column) {
                write!(f, ":{line}:{column}")?;
            }
            f.write_str(": ")?;
        }
        if !self.problem.path.is_empty() {
            write!(f, "{}: ", self.problem.path)?;
        }
        f.write_str(&self.problem.message)
    }
}

fn load_one(path: &Path, places: &mut Places) -> Result<Document, Vec<Problem>> {
    let is_input = path == Path::new(STANDARD_INPUT);
    let shown = if is_input {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    let problem = |message: String| {
        vec![Problem {
            file: Some(shown.clone()),
            path: String::new(),
            message,
        }]
    };
    let text = if is_input {
        read_input()
    } else {
        read_file(path)
    }
    .map_err(problem)?;
    let parsed = yaml::parse(&text).map_err(|error| {
        if let Some(place) = error.place {
            places.0.insert((shown.clone(), String::new()), place);
        }
        problem(error.message)
    })?;
    for (path, place) in parsed.places {
        places.0.insert((shown.clone(), path), place);
    }
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let source = Source {
        file: Some(&shown),
        managed_by: name.as_deref().filter(|_| !is_input),
    };
    let folder = path.parent().filter(|_| !is_input).unwrap_or(Path::new(""));
    declarative::read(&parsed.value, source, &Secrets { folder })
}

fn read_input() -> Result<String, String> {
    bounded(std::io::stdin().lock(), MAX_BYTES)
}

fn read_file(path: &Path) -> Result<String, String> {
    bounded(
        std::fs::File::open(path).map_err(|error| error.to_string())?,
        MAX_BYTES,
    )
}

fn bounded(from: impl std::io::Read, most: u64) -> Result<String, String> {
    let mut text = String::new();
    let read = from
        .take(most + 1)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    if u64::try_from(read).unwrap_or(u64::MAX) > most {
        return Err("is too large".to_owned());
    }
    Ok(text)
}

/// Secrets from the environment and from files beside the one that names them.
struct Secrets<'a> {
    folder: &'a Path,
}

impl SecretSource for Secrets<'_> {
    fn bytes(&self, path: &str, most: usize) -> Result<Vec<u8>, String> {
        let path = self.folder.join(path);
        let unreadable = |error: std::io::Error| format!("names {}: {error}", path.display());
        let file = std::fs::File::open(&path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        file.take(most.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        Ok(bytes)
    }

    fn resolve(&self, reference: SecretReference<'_>) -> Result<SecretString, String> {
        match reference {
            SecretReference::Environment(name) => match std::env::var(name) {
                Ok(value) if !value.is_empty() => Ok(value.into()),
                Ok(_) => Err(format!("names the variable {name}, which is empty")),
                Err(_) => Err(format!("names the variable {name}, which is not set")),
            },
            SecretReference::File(path) => {
                let path = self.folder.join(path);
                let unreadable = |reason: String| format!("names {}: {reason}", path.display());
                let file =
                    std::fs::File::open(&path).map_err(|error| unreadable(error.to_string()))?;
                let text = SecretString::new(bounded(file, MAX_SECRET_BYTES).map_err(unreadable)?);
                // Editors and `echo` end a file with a line break that belongs to nobody's secret.
                let trimmed = text.expose().trim_end_matches(['\r', '\n']);
                if trimmed.is_empty() {
                    Err(unreadable("the file is empty".to_owned()))
                } else {
                    Ok(trimmed.into())
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
