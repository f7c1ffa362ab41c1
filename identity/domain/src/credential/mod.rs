//! What a person proves themselves with.

pub mod password;
pub mod password_hash;
pub mod password_policy;

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::time::Timestamp;
use crate::user::User;

/// A stored credential: a kind and a versioned JSON document, sealed at rest where it holds a secret.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its id.
    pub id: Id<Credential>,
    /// Whose it is.
    pub user_id: Id<User>,
    /// What kind.
    pub kind: CredentialKind,
    /// The name its owner gave it; empty where there can be only one.
    pub label: String,
    /// Versioned JSON of the kind.
    pub data: String,
    /// Bound since (NIST SP 800-63B-4 §4).
    pub created_at: Timestamp,
    /// Last successful use.
    pub last_used_at: Option<Timestamp>,
    /// Guard against lost updates.
    pub version: i64,
}

/// Kinds of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// A password; one per user.
    Password,
}

impl CredentialKind {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
        }
    }
}
