//! A user in an organization.

use crate::Id;
use crate::organization::Organization;
use crate::time::Timestamp;
use crate::user::User;

/// A user's place in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub user_id: Id<User>,
    /// Where.
    pub organization_id: Id<Organization>,
    /// Names of built-in or own roles, sorted.
    pub roles: Vec<String>,
    /// Since when.
    pub created_at: Timestamp,
}
