//! What a person allowed an application.

use crate::Id;
use crate::time::Timestamp;
use crate::user::User;

/// A remembered "Allow".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Who allowed.
    pub user_id: Id<User>,
    /// Which client.
    pub client_id: String,
    /// The scopes allowed, sorted.
    pub scopes: Vec<String>,
    /// First time.
    pub granted_at: Timestamp,
    /// Last widening.
    pub updated_at: Timestamp,
}

impl Consent {
    /// Whether every scope asked for was allowed before.
    pub fn covers<'a>(&self, asked: impl IntoIterator<Item = &'a str>) -> bool {
        asked
            .into_iter()
            .all(|scope| self.scopes.iter().any(|allowed| allowed == scope))
    }
}
