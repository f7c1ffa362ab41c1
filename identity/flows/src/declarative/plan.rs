//! What an apply would do: per object, made, changed, left or removed, with the fields that differ. Secrets are never shown.

use std::collections::HashMap;

use identity_domain::Id;
use identity_domain::failure::Fault;
use identity_domain::organization::Organization;
use identity_domain::time::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Problem;
use super::clients::{self, ClientStep};
use super::document::Document;
use super::organizations::{self, OrganizationStep};
use super::removal::{self, Removal};
use super::stored::Stored;
use super::users::{self, UserStep};
use crate::env::Env;

/// What stands in place of a secret.
const SECRET: &str = "(secret)";

/// Kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A tenant.
    Organization,
    /// A person.
    User,
    /// An application.
    Client,
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// It is as described already.
    Unchanged,
    /// It is removed.
    Remove,
}

/// What happens to one object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What it is.
    pub kind: ObjectKind,
    /// Its slug, address or client id.
    pub name: String,
    /// What happens.
    pub action: Action,
    /// What differs; empty unless it is made or changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The file that describes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Why something that might be expected does not happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What is taken, but not as it was meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Problem>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldChange {
    /// The key, as files write it.
    pub field: String,
    /// What is stored; null for nothing.
    pub from: Value,
    /// What is described; null for nothing.
    pub to: Value,
}

/// Everything an apply would do, ready to be done.
pub struct Plan {
    pub(super) steps: Vec<Step>,
}

pub(super) struct Step {
    pub change: Change,
    pub operation: Operation,
}

/// What is to be recorded.
pub(super) enum Operation {
    Nothing,
    Organization(Box<OrganizationStep>),
    User(Box<UserStep>),
    Client(Box<ClientStep>),
    Remove(Box<Removal>),
}

/// Why there is no plan.
#[derive(Debug)]
pub enum PlanFailure {
    /// The files do not fit what is stored, or would shut the last administrator out.
    Refused(Vec<Problem>),
    /// Ours.
    Fault(Fault),
}

impl From<Fault> for PlanFailure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Plan {
    /// What would happen, organizations first, then people and clients, removals last.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.steps.iter().map(|step| &step.change)
    }

    /// Whether applying it would change nothing.
    pub fn is_empty(&self) -> bool {
        self.changes()
            .all(|change| change.action == Action::Unchanged)
    }
}

/// Organizations as they will be: ids and names of roles, by slug.
pub(super) type Tenants = HashMap<String, Tenant>;

pub(super) struct Tenant {
    pub id: Id<Organization>,
    pub roles: Vec<String>,
}

/// Compares what is described with what is stored. Nothing is written.
///
/// # Errors
/// [`PlanFailure::Refused`] with everything that does not fit.
pub async fn plan(env: &Env, document: &Document, prune: bool) -> Result<Plan, PlanFailure> {
    let now = env.now();
    let stored = Stored::load(env, document).await?;
    let mut problems = Vec::new();
    let mut steps = Vec::new();
    let mut tenants = existing(&stored);
    for entry in &document.organizations {
        let step = organizations::compare(
            env,
            entry,
            stored.organizations.get(entry.slug.as_str()),
            now,
        );
        tenants.insert(entry.slug.as_str().to_owned(), step.tenant());
        steps.push(step.into_step(entry));
    }
    for entry in &document.users {
        match users::compare(env, entry, &stored, &tenants, now).await? {
            Ok(step) => steps.push(step.into_step(entry)),
            Err(found) => problems.extend(found),
        }
    }
    for entry in &document.clients {
        match clients::compare(env, entry, &stored, &tenants, now).await? {
            Ok(step) => steps.push(step.into_step(entry)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        match removal::settle(document, &stored, prune, &steps) {
            Ok(removals) => steps.extend(removals),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(Plan { steps })
    } else {
        Err(PlanFailure::Refused(problems))
    }
}

fn existing(stored: &Stored) -> Tenants {
    stored
        .organizations
        .iter()
        .map(|(slug, (organization, roles))| {
            let roles = roles.iter().map(|role| role.name.clone()).collect();
            (
                slug.clone(),
                Tenant {
                    id: organization.id,
                    roles,
                },
            )
        })
        .collect()
}

/// Collects differences.
#[derive(Default)]
pub(super) struct Fields(Vec<FieldChange>);

impl Fields {
    /// A field whose values may be shown.
    pub fn compare(&mut self, field: &str, from: impl Serialize, to: impl Serialize) {
        let (from, to) = (shown(from), shown(to));
        if from != to {
            self.0.push(FieldChange {
                field: field.to_owned(),
                from,
                to,
            });
        }
    }

    /// A field whose values are secret or personal, and which differs.
    pub fn hidden(&mut self, field: &str, had_one: bool) {
        let from = if had_one {
            Value::from(SECRET)
        } else {
            Value::Null
        };
        self.0.push(FieldChange {
            field: field.to_owned(),
            from,
            to: SECRET.into(),
        });
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_change(
        self,
        kind: ObjectKind,
        name: &str,
        exists: bool,
        file: Option<&str>,
    ) -> Change {
        let action = match (exists, self.0.is_empty()) {
            (false, _) => Action::Create,
            (true, true) => Action::Unchanged,
            (true, false) => Action::Update,
        };
        Change {
            kind,
            name: name.to_owned(),
            action,
            fields: self.0,
            file: file.map(str::to_owned),
            note: None,
            warnings: Vec::new(),
        }
    }
}

/// An empty list and none at all are the same to a reader.
fn shown(value: impl Serialize) -> Value {
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    if value.as_array().is_some_and(Vec::is_empty) {
        Value::Null
    } else {
        value
    }
}

/// Whether an object is touched at all; `updated_at` follows it.
pub(super) fn touched(fields: &Fields, at: &mut Timestamp, now: Timestamp) {
    if !fields.is_empty() {
        *at = now;
    }
}
