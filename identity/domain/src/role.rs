//! What a member may do: four built-in roles and an organization's own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::organization::Organization;

/// A named set of permissions within one organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Whose role it is.
    pub organization_id: Id<Organization>,
    /// Its name, as tokens carry it.
    pub name: String,
    /// Permissions such as `chat:read`.
    pub permissions: BTreeSet<String>,
}

/// The roles every organization has, with what they allow.
pub const BUILT_IN: [(&str, &[&str]); 4] = [
    (
        "admin",
        &[
            "organization:manage",
            "members:manage",
            "data:write",
            "data:read",
        ],
    ),
    ("analyst", &["data:write", "data:read"]),
    ("viewer", &["data:read"]),
    ("guest", &[]),
];

/// Whether a role of that name exists in every organization.
pub fn is_built_in(name: &str) -> bool {
    BUILT_IN.iter().any(|(built_in, _)| *built_in == name)
}

/// The union of what `names` allow, given the organization's own roles.
pub fn permissions_of<'a>(names: impl IntoIterator<Item = &'a str>, own: &[Role]) -> Vec<String> {
    let mut all = BTreeSet::new();
    for name in names {
        if let Some((_, built_in)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
            all.extend(built_in.iter().map(ToString::to_string));
        }
        if let Some(role) = own.iter().find(|role| role.name == name) {
            all.extend(role.permissions.iter().cloned());
        }
    }
    all.into_iter().collect()
}
