//! Organizations and their own roles: compared and recorded.

use identity_domain::audit::{Actor, Event};
use identity_domain::organization::{Organization, OrganizationStatus};
use identity_domain::role::Role;
use identity_domain::time::Timestamp;
use identity_storage::Work;
use serde_json::{Value, json};

use super::branding;
use super::document::OrganizationEntry;
use super::plan::{Fields, ObjectKind, Operation, Step, Tenant, touched};
use crate::env::{Env, Visit};

/// What is to be recorded of one organization.
pub(super) struct OrganizationStep {
    fields: Fields,
    exists: bool,
    pub after: Organization,
    roles: Vec<Role>,
    put: Vec<Role>,
    delete: Vec<String>,
}

pub(super) fn compare(
    env: &Env,
    entry: &OrganizationEntry,
    stored: Option<&(Organization, Vec<Role>)>,
    now: Timestamp,
) -> OrganizationStep {
    let before = stored.map(|(organization, _)| organization);
    let mut after = before.cloned().unwrap_or_else(|| new(env, entry, now));
    if let Some(name) = &entry.name {
        after.name.clone_from(name);
    }
    if let Some(domains) = &entry.domains {
        after.domains.clone_from(domains);
    }
    after.status = entry.status.unwrap_or(after.status);
    if let Some(described) = &entry.branding {
        after.branding = branding::settled(described);
    }
    if entry.origin.managed_by.is_some() {
        after.managed_by.clone_from(&entry.origin.managed_by);
    }
    let old: &[Role] = stored.map_or(&[], |(_, roles)| roles);
    let roles = match &entry.roles {
        Some(roles) => roles
            .iter()
            .map(|role| Role {
                organization_id: after.id,
                name: role.name.clone(),
                permissions: role.permissions.clone(),
            })
            .collect(),
        None => old.to_vec(),
    };
    let mut fields = Fields::default();
    compare_organization(&mut fields, before, &after);
    fields.compare("roles", written(old), written(&roles));
    touched(&fields, &mut after.updated_at, now);
    let put = roles
        .iter()
        .filter(|role| !old.contains(role))
        .cloned()
        .collect();
    let gone = old
        .iter()
        .filter(|role| !roles.iter().any(|kept| kept.name == role.name));
    let delete = gone.map(|role| role.name.clone()).collect();
    OrganizationStep {
        fields,
        exists: before.is_some(),
        after,
        roles,
        put,
        delete,
    }
}

fn compare_organization(fields: &mut Fields, before: Option<&Organization>, after: &Organization) {
    fields.compare("name", before.map(|o| &o.name), &after.name);
    fields.compare(
        "domains",
        before.map(|o| sorted(&o.domains)),
        sorted(&after.domains),
    );
    fields.compare(
        "status",
        before.map_or(OrganizationStatus::Active, |o| o.status),
        after.status,
    );
    fields.compare(
        "managed_by",
        before.and_then(|o| o.managed_by.as_ref()),
        &after.managed_by,
    );
    branding::compare(
        fields,
        before.and_then(|o| o.branding.as_ref()),
        after.branding.as_ref(),
    );
}

fn new(env: &Env, entry: &OrganizationEntry, now: Timestamp) -> Organization {
    Organization {
        id: env.id(now),
        slug: entry.slug.clone(),
        name: entry.slug.as_str().to_owned(),
        status: OrganizationStatus::Active,
        domains: Vec::new(),
        branding: None,
        managed_by: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn sorted(domains: &[String]) -> Vec<String> {
    let mut sorted = domains.to_vec();
    sorted.sort_unstable();
    sorted
}

/// Roles as files write them, sorted by name.
pub(super) fn written(roles: &[Role]) -> Value {
    let mut roles: Vec<&Role> = roles.iter().collect();
    roles.sort_by(|left, right| left.name.cmp(&right.name));
    roles
        .iter()
        .map(|role| json!({"name": role.name, "permissions": role.permissions}))
        .collect()
}

impl OrganizationStep {
    /// The organization as people and clients will find it.
    pub fn tenant(&self) -> Tenant {
        Tenant {
            id: self.after.id,
            roles: self.roles.iter().map(|role| role.name.clone()).collect(),
        }
    }

    pub fn into_step(mut self, entry: &OrganizationEntry) -> Step {
        let fields = std::mem::take(&mut self.fields);
        let mut change = fields.into_change(
            ObjectKind::Organization,
            entry.slug.as_str(),
            self.exists,
            entry.origin.file.as_deref(),
        );
        change.warnings = branding::warnings(&entry.origin, entry.branding.as_ref());
        Step {
            change,
            operation: Operation::Organization(Box::new(self)),
        }
    }

    /// The unit of work that makes it so.
    pub fn record(&self, env: &Env, visit: Visit<'_>) -> Work {
        let now = visit.now;
        let change = if self.exists { "changed" } else { "created" };
        let event = Event::OrganizationChanged {
            organization: self.after.id,
            change,
        };
        let work = env.audited(Some(self.after.id), Actor::Operator, event, visit);
        let work = if self.exists {
            work.update_organization(&self.after)
        } else {
            work.insert_organization(&self.after)
        };
        let work = self
            .put
            .iter()
            .fold(work, |work, role| work.put_role(role, now));
        let work = self.delete.iter().fold(work, |work, name| {
            work.delete_role(self.after.id, name, now)
        });
        work.ordered()
    }
}
