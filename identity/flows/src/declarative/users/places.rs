//! Where people belong.

use identity_domain::Id;
use identity_domain::membership::Membership;
use identity_domain::organization::Organization;
use identity_domain::role::is_built_in;
use identity_domain::time::Timestamp;
use identity_domain::user::{User, UserStatus};
use serde_json::{Value, json};

use super::super::Problem;
use super::super::document::UserEntry;
use super::super::plan::Tenants;

/// Where somebody who will be in a state may act as an administrator.
pub(super) fn administered(places: &[Membership], status: UserStatus) -> Vec<Id<Organization>> {
    let is_admin = |place: &&Membership| place.roles.iter().any(|role| role == "admin");
    let active = places.iter().filter(|_| status == UserStatus::Active);
    active
        .filter(is_admin)
        .map(|place| place.organization_id)
        .collect()
}

/// Places that are new or have other roles.
pub(super) fn changed(old: &[Membership], places: &[Membership]) -> Vec<Membership> {
    let same = |place: &Membership, old: &Membership| {
        old.organization_id == place.organization_id && old.roles == place.roles
    };
    let differs = |place: &&Membership| !old.iter().any(|old| same(place, old));
    places.iter().filter(differs).cloned().collect()
}

/// Organizations that the person leaves.
pub(super) fn left(old: &[Membership], places: &[Membership]) -> Vec<Id<Organization>> {
    let stays = |id| places.iter().any(|place| place.organization_id == id);
    let all = old.iter().map(|old| old.organization_id);
    all.filter(|id| !stays(*id)).collect()
}

/// Where a person will belong. Organizations and roles that nobody knows are problems.
pub(super) fn described(
    entry: &UserEntry,
    old: &[Membership],
    user_id: Id<User>,
    tenants: &Tenants,
    now: Timestamp,
) -> Result<Vec<Membership>, Vec<Problem>> {
    let Some(described) = &entry.memberships else {
        return Ok(old.to_vec());
    };
    let mut problems = Vec::new();
    let mut problem = |message| problems.push(entry.origin.problem("memberships", message));
    let mut places = Vec::with_capacity(described.len());
    for place in described {
        let slug = place.organization.as_str();
        let Some(tenant) = tenants.get(slug) else {
            problem(format!(
                "there is no organization `{slug}`, neither stored nor in the files"
            ));
            continue;
        };
        let known = |role: &String| is_built_in(role) || tenant.roles.contains(role);
        for role in place.roles.iter().filter(|role| !known(role)) {
            problem(format!("the organization `{slug}` has no role `{role}`"));
        }
        let before = old.iter().find(|old| old.organization_id == tenant.id);
        places.push(Membership {
            user_id,
            organization_id: tenant.id,
            roles: place.roles.clone(),
            created_at: before.map_or(now, |before| before.created_at),
        });
    }
    if problems.is_empty() {
        Ok(places)
    } else {
        Err(problems)
    }
}

/// Memberships as files write them, sorted by slug.
pub(super) fn written(places: &[Membership], tenants: &Tenants) -> Value {
    let slug_of = |id| {
        let found = tenants.iter().find(|(_, tenant)| tenant.id == id);
        found.map(|(slug, _)| slug.as_str())
    };
    let mut places: Vec<(Option<&str>, &Vec<String>)> = places
        .iter()
        .map(|place| (slug_of(place.organization_id), &place.roles))
        .collect();
    places.sort_unstable();
    places
        .into_iter()
        .map(|(slug, roles)| json!({"organization": slug, "roles": roles}))
        .collect()
}
