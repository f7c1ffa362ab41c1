//! What is removed by pruning, and the rule that stands above everything: the last administrator stays.

use std::collections::HashSet;

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, chain_of};
use identity_domain::client::Client;
use identity_domain::failure::Fault;
use identity_domain::organization::Organization;
use identity_domain::user::User;
use identity_storage::Work;

use super::Problem;
use super::document::Document;
use super::plan::{Action, Change, ObjectKind, Operation, Step};
use super::stored::Stored;
use crate::admin;
use crate::env::{Env, Visit};

/// An object to remove.
pub(super) enum Removal {
    Organization(Box<Organization>),
    /// With the organizations that must not lose their last administrator by it.
    User(Box<User>, Vec<Id<Organization>>),
    Client(Box<Client>),
}

/// Who administers what.
type Administrators = HashSet<(Id<Organization>, Id<User>)>;

/// The removals of a plan.
///
/// # Errors
/// When what is described would leave an organization that has an administrator without one.
pub(super) fn settle(
    document: &Document,
    stored: &Stored,
    prune: bool,
    steps: &[Step],
) -> Result<Vec<Step>, Vec<Problem>> {
    let mut remaining = stored.administrators.clone();
    for step in steps {
        if let Operation::User(user) = &step.operation {
            remaining.retain(|(_, id)| *id != user.user());
            remaining.extend(
                user.administers()
                    .iter()
                    .map(|organization| (*organization, user.user())),
            );
        }
    }
    let problems = demotions(document, stored, &remaining, steps);
    if !problems.is_empty() {
        return Err(problems);
    }
    if !prune {
        return Ok(Vec::new());
    }
    let mut removals = clients(document, stored);
    // People before organizations: whoever is kept as an administrator keeps the organization too.
    let organizations = organizations(document, stored, &mut remaining);
    removals.extend(people(document, stored, &mut remaining, &organizations));
    removals.extend(organizations);
    Ok(removals)
}

/// Problems with entries that take the last administrator out of an organization.
fn demotions(
    document: &Document,
    stored: &Stored,
    remaining: &Administrators,
    steps: &[Step],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for step in steps {
        let Operation::User(user) = &step.operation else {
            continue;
        };
        let Some(entry) = document
            .users
            .iter()
            .find(|entry| entry.email.as_str() == step.change.name)
        else {
            continue;
        };
        let lost = stored.administrators.iter().filter(|(organization, id)| {
            *id == user.user() && !remaining.iter().any(|(kept, _)| kept == organization)
        });
        for (organization, _) in lost {
            let slug = stored.slug_of(*organization).unwrap_or("?");
            let message = format!(
                "would leave the organization `{slug}` without an administrator; name another one first"
            );
            problems.push(entry.origin.problem("", message));
        }
    }
    problems
}

fn clients(document: &Document, stored: &Stored) -> Vec<Step> {
    stored
        .clients
        .values()
        .filter(|client| client.managed_by.is_some())
        .filter(|client| {
            !document
                .clients
                .iter()
                .any(|entry| entry.client_id == client.client_id)
        })
        .map(|client| {
            removal(
                ObjectKind::Client,
                &client.client_id,
                client.managed_by.as_ref(),
                Removal::Client(Box::new(client.clone())),
            )
        })
        .collect()
}

fn organizations(
    document: &Document,
    stored: &Stored,
    remaining: &mut Administrators,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for (organization, _) in stored.organizations.values() {
        let described = document
            .organizations
            .iter()
            .any(|entry| entry.slug == organization.slug);
        if organization.managed_by.is_none() || described {
            continue;
        }
        let others = remaining.iter().any(|(id, _)| *id != organization.id);
        let (name, file) = (organization.slug.as_str(), organization.managed_by.as_ref());
        if others || remaining.is_empty() {
            remaining.retain(|(id, _)| *id != organization.id);
            steps.push(removal(
                ObjectKind::Organization,
                name,
                file,
                Removal::Organization(Box::new(organization.clone())),
            ));
        } else {
            steps.push(kept(
                ObjectKind::Organization,
                name,
                file,
                "kept: it holds the last administrator of this instance",
            ));
        }
    }
    steps
}

fn people(
    document: &Document,
    stored: &Stored,
    remaining: &mut Administrators,
    organizations: &[Step],
) -> Vec<Step> {
    let removed: Vec<&str> = organizations
        .iter()
        .filter(|step| step.change.action == Action::Remove)
        .map(|step| step.change.name.as_str())
        .collect();
    let mut steps = Vec::new();
    for person in &stored.managed_people {
        let user = &person.user;
        if document
            .users
            .iter()
            .any(|entry| entry.email.key() == user.email.key())
        {
            continue;
        }
        let last_of = remaining.iter().find_map(|(organization, id)| {
            let alone = *id == user.id
                && !remaining
                    .iter()
                    .any(|(other, another)| other == organization && *another != user.id);
            stored
                .slug_of(*organization)
                .filter(|slug| alone && !removed.contains(slug))
        });
        let (name, file) = (user.email.as_str(), user.managed_by.as_ref());
        if let Some(slug) = last_of {
            let note = format!("kept: the last administrator of `{slug}`");
            steps.push(kept(ObjectKind::User, name, file, &note));
        } else {
            let administered = remaining
                .iter()
                .filter(|(organization, id)| {
                    let goes = |slug| removed.contains(&slug);
                    *id == user.id && !stored.slug_of(*organization).is_some_and(goes)
                })
                .map(|(organization, _)| *organization)
                .collect();
            remaining.retain(|(_, id)| *id != user.id);
            let what = Removal::User(Box::new(user.clone()), administered);
            steps.push(removal(ObjectKind::User, name, file, what));
        }
    }
    steps
}

fn removal(kind: ObjectKind, name: &str, file: Option<&String>, what: Removal) -> Step {
    Step {
        change: change(kind, name, file, Action::Remove, None),
        operation: Operation::Remove(Box::new(what)),
    }
}

fn kept(kind: ObjectKind, name: &str, file: Option<&String>, note: &str) -> Step {
    Step {
        change: change(kind, name, file, Action::Unchanged, Some(note)),
        operation: Operation::Nothing,
    }
}

fn change(
    kind: ObjectKind,
    name: &str,
    file: Option<&String>,
    action: Action,
    note: Option<&str>,
) -> Change {
    Change {
        kind,
        name: name.to_owned(),
        action,
        fields: Vec::new(),
        file: file.cloned(),
        note: note.map(str::to_owned),
        warnings: Vec::new(),
    }
}

impl Removal {
    /// The unit of work that removes it, after ending what hangs on it.
    pub async fn record(&self, env: &Env, visit: Visit<'_>) -> Result<Work, Fault> {
        let now = visit.now;
        match self {
            Self::Organization(organization) => {
                let event = Event::OrganizationChanged {
                    organization: organization.id,
                    change: "removed",
                };
                Ok(env
                    .audited(None, Actor::Operator, event, visit)
                    .delete_organization(organization.id, now))
            }
            Self::User(user, administered) => {
                let event = Event::UserChanged {
                    user: user.id,
                    change: "removed",
                };
                let work = env.audited(None, Actor::Operator, event, visit);
                let work = admin::users::sign_out(env, work, user, now).await?;
                let work = administered.iter().fold(work, |work, organization| {
                    work.keep_an_administrator(*organization, user.id)
                });
                Ok(work.delete_user(user.id, now).ordered())
            }
            Self::Client(client) => {
                let event = Event::ClientChanged {
                    client: client.client_id.clone(),
                    change: "removed",
                };
                let until = now + env.settings.token.access;
                let work = env.audited(chain_of(client), Actor::Operator, event, visit);
                let work =
                    work.revoke_families_of_client(&client.client_id, "client_removed", now, until);
                Ok(work.delete_client(&client.client_id, now).ordered())
            }
        }
    }
}
