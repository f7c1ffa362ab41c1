//! Declarative objects: organizations, people and clients described in files and reconciled with what is stored, not imported once.
//!
//! [`read`] turns parsed text into a typed [`Document`] or a list of [`Problem`]s, each with its path. [`plan`] compares it with the
//! database, [`apply`] carries the difference out, one unit of work per object, and [`export`] writes down what is stored so that
//! applying it again changes nothing.
//!
//! What decides where a file is silent:
//! - **Organizations and users**: a key that is not written is left as it is. A list that is written is meant completely: `memberships: []`
//!   takes somebody out of every organization. A password in a file wins over the stored one, at every run. An imported hash that is
//!   weaker than today's is replaced at the first sign-in; it then counts as unchanged.
//! - **Clients**: the metadata is the whole registration, as in RFC 7592 §2.2; a key that is not written has its default, and so has
//!   `branding`. Secrets that are not written are left as they are.
//! - **Owner**: an object described by a file is marked as managed by it, unless the file says `ownership: keep`, as exports do.
//!   Pruning removes objects that are managed by files and described by none of those at hand, never the last administrator.

mod apply;
mod branding;
mod clients;
mod demo;
mod document;
mod export;
mod organizations;
mod plan;
mod read;
mod removal;
mod stored;
mod users;

pub use apply::{ApplyFailure, Report, apply};
pub use branding::looks_in;
pub use demo::{DemoServices, demo_document};
pub use document::{
    ClientEntry, Document, MembershipEntry, OrganizationEntry, Origin, PasswordEntry, RoleEntry,
    SecretEntry, UserEntry,
};
pub use export::export;
pub use plan::{Action, Change, FieldChange, ObjectKind, Plan, PlanFailure, plan};
pub use read::{SecretReference, SecretSource, Source, read};

use serde::Serialize;

/// One thing to fix in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where in it, such as `users[2].email`; empty for the document as a whole.
    pub path: String,
    /// What is wrong and what to do. Never a secret.
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests;
