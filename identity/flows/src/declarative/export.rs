//! What is stored, written down as a document: sorted, without ids and times, so that two exports differ only where the objects do.

use identity_domain::client::ClientStatus;
use identity_domain::failure::Fault;
use identity_domain::membership::Membership;
use identity_domain::organization::{Organization, OrganizationStatus};
use identity_domain::role::Role;
use identity_domain::user::{User, UserStatus};
use identity_domain::{Id, client::Client};
use identity_oauth::client_metadata::ClientMetadata;
use identity_storage::Person;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

use super::branding;
use super::clients::{members, secret_to_text};
use super::organizations::written;
use crate::env::Env;

/// People read at once.
const PORTION: usize = 500;
/// Members whose defaults depend on others: always written.
const ALWAYS: [&str; 4] = [
    "grant_types",
    "response_types",
    "scope",
    "token_endpoint_auth_method",
];

/// Everything, as the value of one file. It holds the hashes of passwords and secrets: treat it like a backup.
pub async fn export(env: &Env) -> Result<Value, Fault> {
    let mut organizations = env.store.all_organizations().await?;
    organizations.sort_by(|(left, _), (right, _)| left.slug.cmp(&right.slug));
    let slugs: HashMap<Id<Organization>, String> = organizations
        .iter()
        .map(|(stored, _)| (stored.id, stored.slug.as_str().to_owned()))
        .collect();
    let mut clients = env.store.all_clients().await?;
    clients.sort_by(|left, right| left.client_id.cmp(&right.client_id));
    Ok(json!({
        "version": 1,
        // Applied again, the objects stay managed by whom they are.
        "ownership": "keep",
        "organizations": organizations.iter().map(|(stored, roles)| organization(stored, roles)).collect::<Vec<_>>(),
        "users": users(env, &slugs).await?,
        "clients": clients.iter().map(|stored| client(stored, &slugs)).collect::<Vec<_>>(),
    }))
}

fn organization(stored: &Organization, roles: &[Role]) -> Value {
    let mut domains = stored.domains.clone();
    domains.sort_unstable();
    let mut entry = json!({
        "slug": stored.slug.as_str(),
        "name": stored.name,
        "domains": domains,
        "roles": written(roles),
    });
    if stored.status != OrganizationStatus::Active {
        set(&mut entry, "status", stored.status.as_str().into());
    }
    if let Some(looks) = &stored.branding {
        set(&mut entry, "branding", branding::written(looks));
    }
    entry
}

async fn users(env: &Env, slugs: &HashMap<Id<Organization>, String>) -> Result<Vec<Value>, Fault> {
    let mut written = Vec::new();
    let mut after = None;
    loop {
        let people = env.store.people_after(after.as_ref(), PORTION).await?;
        let Some(last) = people.last() else { break };
        after = Some(last.user.email.key());
        for person in &people {
            // Somebody who only waits for the purge is not part of what should be.
            if person.user.status != UserStatus::Deleted {
                let key = person.user.email.key().as_str().to_owned();
                written.push((key, user(env, person, slugs).await?));
            }
        }
    }
    // Databases sort by languages of their own; a file must not depend on them.
    written.sort_by(|(left, _), (right, _)| left.cmp(right));
    Ok(written.into_iter().map(|(_, entry)| entry).collect())
}

async fn user(
    env: &Env,
    person: &Person,
    slugs: &HashMap<Id<Organization>, String>,
) -> Result<Value, Fault> {
    let stored: &User = &person.user;
    let mut entry = json!({"email": stored.email.as_str(), "email_verified": stored.email_verified_at.is_some()});
    let profile = &stored.profile;
    for (key, text) in [
        ("name", &profile.name),
        ("given_name", &profile.given_name),
        ("family_name", &profile.family_name),
        ("locale", &profile.locale),
        ("zoneinfo", &profile.zoneinfo),
    ] {
        if let Some(text) = text {
            set(&mut entry, key, text.as_str().into());
        }
    }
    if let Some(owner) = env.store.password_owner(&stored.email.key()).await? {
        set(
            &mut entry,
            "password_hash",
            owner.credential.hash.as_str().into(),
        );
        if owner.credential.must_change {
            set(&mut entry, "require_password_change", true.into());
        }
    }
    if let Some(phone) = env.store.phone_of(stored.id).await? {
        set(&mut entry, "phone", phone.expose().as_str().into());
        set(
            &mut entry,
            "phone_verified",
            profile.phone_number_verified_at.is_some().into(),
        );
    }
    set(
        &mut entry,
        "memberships",
        memberships(&person.memberships, slugs),
    );
    if stored.status != UserStatus::Active {
        set(&mut entry, "status", stored.status.as_str().into());
    }
    Ok(entry)
}

fn memberships(places: &[Membership], slugs: &HashMap<Id<Organization>, String>) -> Value {
    let mut places: Vec<(&str, Vec<String>)> = places
        .iter()
        .filter_map(|place| {
            Some((
                slugs.get(&place.organization_id)?.as_str(),
                place.roles.clone(),
            ))
        })
        .collect();
    places.sort_unstable();
    places
        .into_iter()
        .map(|(slug, roles)| json!({"organization": slug, "roles": roles}))
        .collect()
}

fn client(stored: &Client, slugs: &HashMap<Id<Organization>, String>) -> Value {
    let mut entry = json!({"client_id": stored.client_id});
    if let Some(slug) = stored.organization_id.and_then(|id| slugs.get(&id)) {
        set(&mut entry, "organization", slug.as_str().into());
    }
    let mut hashes: Vec<Value> = stored
        .secrets
        .iter()
        .map(|secret| secret_to_text(secret).into())
        .collect();
    match (hashes.pop(), hashes.is_empty()) {
        (Some(only), true) => set(&mut entry, "client_secret_hash", only),
        (Some(last), false) => {
            hashes.push(last);
            set(&mut entry, "client_secret_hash", hashes.into());
        }
        (None, _) => {}
    }
    for (key, value) in worth_writing(&stored.metadata) {
        set(&mut entry, &key, value);
    }
    if stored.status != ClientStatus::Active {
        set(&mut entry, "status", stored.status.as_str().into());
    }
    if let Some(looks) = &stored.branding {
        set(&mut entry, "branding", branding::written(looks));
    }
    entry
}

/// The members that are not what they would be if they were not written.
fn worth_writing(metadata: &ClientMetadata) -> Map<String, Value> {
    let mut written = members(metadata);
    let defaults = members(&ClientMetadata::default());
    written.retain(|key, value| ALWAYS.contains(&key.as_str()) || defaults.get(key) != Some(value));
    written
}

fn set(entry: &mut Value, key: &str, value: Value) {
    if let Value::Object(entry) = entry {
        entry.insert(key.to_owned(), value);
    }
}
