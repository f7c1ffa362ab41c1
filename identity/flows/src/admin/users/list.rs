//! All people.

use std::collections::HashMap;

use identity_domain::failure::Fault;
use identity_domain::user::User;
use serde::Serialize;

use crate::env::Env;

/// People read at once.
const PORTION: usize = 500;

/// A person as a list shows them.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// `sub` of tokens.
    pub id: String,
    /// Address.
    pub email: String,
    /// Whether it was proven.
    pub email_verified: bool,
    /// Full name.
    pub name: Option<String>,
    /// `active`, `suspended` or `deleted`.
    pub status: &'static str,
    /// Where they belong.
    pub memberships: Vec<Membership>,
    /// The file that manages them.
    pub managed_by: Option<String>,
}

/// A place in an organization.
#[derive(Clone, Debug, Serialize)]
pub struct Membership {
    /// Slug.
    pub organization: String,
    /// Names of roles.
    pub roles: Vec<String>,
}

/// All people by address; of one organization, if its slug is given.
pub async fn list(env: &Env, organization: Option<&str>) -> Result<Vec<Listed>, Fault> {
    let slugs: HashMap<_, _> = env
        .store
        .all_organizations()
        .await?
        .into_iter()
        .map(|(stored, _)| (stored.id, stored.slug.as_str().to_owned()))
        .collect();
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let people = env.store.people_after(after.as_ref(), PORTION).await?;
        let Some(last) = people.last() else {
            return Ok(all);
        };
        after = Some(last.user.email.key());
        for person in people {
            let memberships = person.memberships.into_iter().filter_map(|place| {
                Some(Membership {
                    organization: slugs.get(&place.organization_id)?.clone(),
                    roles: place.roles,
                })
            });
            let memberships: Vec<Membership> = memberships.collect();
            if organization
                .is_none_or(|slug| memberships.iter().any(|place| place.organization == slug))
            {
                all.push(listed(person.user, memberships));
            }
        }
    }
}

fn listed(user: User, memberships: Vec<Membership>) -> Listed {
    Listed {
        id: user.id.to_string(),
        email: user.email.as_str().to_owned(),
        email_verified: user.email_verified_at.is_some(),
        name: user.profile.name,
        status: user.status.as_str(),
        memberships,
        managed_by: user.managed_by,
    }
}
