//! Organizations.

use std::collections::BTreeMap;

use identity_domain::audit::{Actor, Event, RequestContext, one_line};
use identity_domain::failure::{Failure, Fault};
use identity_domain::organization::{Organization, OrganizationStatus, Slug};
use serde::Serialize;

use super::{AdminRefusal, AdminResult, lost, settled};
use crate::env::{Env, Visit};

/// An organization as a list shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// `org_id` of tokens.
    pub id: String,
    /// `org_slug` of tokens.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// `active` or `suspended`.
    pub status: &'static str,
    /// Verified mail domains.
    pub domains: Vec<String>,
    /// Roles of its own, with their permissions.
    pub roles: BTreeMap<String, Vec<String>>,
    /// How many people belong to it.
    pub members: usize,
    /// The file that manages it.
    pub managed_by: Option<String>,
}

/// All organizations by slug.
pub async fn list(env: &Env) -> Result<Vec<Listed>, Fault> {
    let mut listed = Vec::new();
    for (stored, roles) in env.store.all_organizations().await? {
        listed.push(Listed {
            id: stored.id.to_string(),
            members: env.store.members_of(stored.id).await?.len(),
            slug: stored.slug.as_str().to_owned(),
            name: stored.name,
            status: stored.status.as_str(),
            domains: stored.domains,
            roles: roles
                .into_iter()
                .map(|role| (role.name, role.permissions.into_iter().collect()))
                .collect(),
            managed_by: stored.managed_by,
        });
    }
    listed.sort_by(|left, right| left.slug.cmp(&right.slug));
    Ok(listed)
}

/// Makes an organization.
pub async fn create(
    env: &Env,
    slug: &str,
    name: Option<&str>,
    context: &RequestContext,
) -> AdminResult<Organization> {
    let now = env.now();
    let parsed = Slug::parse(slug)
        .map_err(|error| Failure::Refused(AdminRefusal::NotApplicable(error.to_string())))?;
    let name = name
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .unwrap_or(slug);
    let organization = Organization {
        id: env.id(now),
        slug: parsed,
        name: one_line(name, 120),
        status: OrganizationStatus::Active,
        domains: Vec::new(),
        branding: None,
        managed_by: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let event = Event::OrganizationChanged {
        organization: organization.id,
        change: "created",
    };
    let work = env
        .audited(
            Some(organization.id),
            Actor::Operator,
            event,
            Visit { context, now },
        )
        .insert_organization(&organization);
    env.store
        .commit(work)
        .await
        .map_err(|error| lost(error, slug))?;
    settled(env).await?;
    Ok(organization)
}
