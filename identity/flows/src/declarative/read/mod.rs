//! From parsed text to a typed [`Document`]. Everything wrong is reported in one go, each with its path.

mod branding;
mod clients;
mod members;
mod names;
mod organizations;
mod users;

use identity_domain::secret::SecretString;
use serde_json::Value;

use super::Problem;
use super::document::{Document, Origin};
use members::{Later, Members, Reader};

/// The only version of the format there is.
const VERSION: u64 = 1;

const KEYS: &[&str] = &["version", "ownership", "organizations", "users", "clients"];
const LATER: &[Later] = &[
    Later {
        key: "connections",
        what: "sign-in through other identity providers",
    },
    Later {
        key: "service_providers",
        what: "SAML applications",
    },
    Later {
        key: "policy",
        what: "a policy of the whole instance",
    },
];

/// Where a secret is to be found, as a file writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretReference<'a> {
    /// `{env: NAME}`
    Environment(&'a str),
    /// `{file: PATH}`, relative to the file that names it.
    File(&'a str),
}

/// Looks up what a file names: secrets and pictures. Flows know neither files nor variables.
pub trait SecretSource {
    /// The secret behind a reference, or the reason why there is none, in words for the author of the file.
    fn resolve(&self, reference: SecretReference<'_>) -> Result<SecretString, String>;

    /// The bytes of a file, its path relative to the file that names it: at most `most` and one more, by which a reader knows that
    /// there are too many.
    fn bytes(&self, path: &str, most: usize) -> Result<Vec<u8>, String>;
}

/// Whose text it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Source<'a> {
    /// The file as messages name it.
    pub file: Option<&'a str>,
    /// The name its objects are marked to be managed by; without one they keep the mark they have.
    pub managed_by: Option<&'a str>,
}

/// Reads one document.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(
    value: &Value,
    source: Source<'_>,
    secrets: &dyn SecretSource,
) -> Result<Document, Vec<Problem>> {
    let mut reader = Reader::new(source, secrets);
    let Value::Object(map) = value else {
        return Err(vec![
            reader.made("", "must be a mapping that starts with `version: 1`"),
        ]);
    };
    let top = Members::new(map, "");
    reader.only(&top, KEYS, LATER);
    match map.get("version") {
        Some(version) if version.as_u64() == Some(VERSION) => {}
        Some(_) => reader.problem(&top, "version", "must be 1"),
        None => reader.problem(&top, "version", "is required: write `version: 1`"),
    }
    match reader.text(&top, "ownership").as_deref() {
        None => {}
        Some("keep") => reader.keep_ownership(),
        Some(_) => reader.problem(
            &top,
            "ownership",
            "can only be `keep`: the objects stay managed by whom they are",
        ),
    }
    let mut document = Document::default();
    for entry in reader.mappings(&top, "organizations") {
        document
            .organizations
            .extend(organizations::read(&mut reader, &entry));
    }
    for entry in reader.mappings(&top, "users") {
        document.users.extend(users::read(&mut reader, &entry));
    }
    for entry in reader.mappings(&top, "clients") {
        document.clients.extend(clients::read(&mut reader, &entry));
    }
    let problems = reader.finish();
    if problems.is_empty() {
        Document::join([document])
    } else {
        Err(problems)
    }
}

impl Reader<'_> {
    fn origin(&self, entry: &Members<'_>) -> Origin {
        Origin {
            file: self.file().map(str::to_owned),
            managed_by: self.managed_by(),
            path: entry.path().to_owned(),
        }
    }
}
