//! What operators do: one file per operation. The command line calls these; the management API and the console will.
//!
//! Objects that declarative files manage are changed all the same, since this is also the way out of an emergency; the answer names the
//! file, because the next apply may take the change back.

pub mod clients;
pub mod link;
pub mod organizations;
pub mod sessions;
pub mod users;

use identity_domain::email::{EmailAddress, EmailKey};
use identity_domain::failure::{Failure, Fault};
use identity_domain::id::Id;
use identity_domain::organization::{Organization, Slug};
use identity_domain::user::User;
use identity_storage::{Lost, Work};

use crate::env::{Env, fault};

/// A result of the family.
pub type AdminResult<T> = Result<T, Failure<AdminRefusal>>;

/// Why an operator is not obeyed. The texts are for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdminRefusal {
    /// No such person.
    #[error("there is no user {0}")]
    UnknownUser(String),
    /// No such client.
    #[error("there is no client {0}")]
    UnknownClient(String),
    /// No such organization.
    #[error("there is no organization {0}")]
    UnknownOrganization(String),
    /// No such role.
    #[error("the organization {organization} has no role {role}")]
    UnknownRole {
        /// Where.
        organization: String,
        /// The role.
        role: String,
    },
    /// The address, slug or id is taken.
    #[error("{0} exists already")]
    Exists(String),
    /// Not an address.
    #[error("{0} is not an e-mail address")]
    NotAnAddress(String),
    /// It would shut out the last administrator.
    #[error(
        "this would leave the organization {0} without an administrator; make somebody else administrator first"
    )]
    LastAdministrator(String),
    /// The person administers nothing.
    #[error("{0} administers no organization")]
    NoAdministrator(String),
    /// The person is suspended.
    #[error("{0} is suspended")]
    Suspended(String),
    /// The operation needs something the object does not have.
    #[error("{0}")]
    NotApplicable(String),
    /// The registration is not sound.
    #[error("the client cannot be registered: {0}")]
    Metadata(String),
    /// Somebody changed it in the same moment.
    #[error("somebody else changed {0} in the same moment; try again")]
    Overtaken(String),
}

fn refused<T>(refusal: AdminRefusal) -> AdminResult<T> {
    Err(Failure::Refused(refusal))
}

/// What a lost unit means for an operator.
fn lost(lost: Lost, name: &str) -> Failure<AdminRefusal> {
    match lost {
        Lost::Guard(_) => Failure::Refused(AdminRefusal::Overtaken(name.to_owned())),
        Lost::Conflict(_) => Failure::Refused(AdminRefusal::Exists(name.to_owned())),
        other => Failure::Fault(fault(other)),
    }
}

/// The person with an address as typed.
async fn user_by_address(env: &Env, address: &str) -> AdminResult<User> {
    let found = env.store.user_by_email(&EmailKey::of(address)).await?;
    found.ok_or_else(|| Failure::Refused(AdminRefusal::UnknownUser(address.to_owned())))
}

/// The organization with a slug as typed.
async fn organization_by_slug(env: &Env, slug: &str) -> AdminResult<Organization> {
    let unknown = || Failure::Refused(AdminRefusal::UnknownOrganization(slug.to_owned()));
    let parsed = Slug::parse(slug).map_err(|_| unknown())?;
    env.store
        .organization_by_slug(&parsed)
        .await?
        .ok_or_else(unknown)
}

fn address(text: &str) -> AdminResult<EmailAddress> {
    EmailAddress::parse(text)
        .map_err(|_| Failure::Refused(AdminRefusal::NotAnAddress(text.to_owned())))
}

/// Refuses when nobody else administers an organization that the person administers.
async fn not_the_last_administrator(env: &Env, user: &User) -> AdminResult<()> {
    let administrators = env.store.administrators().await?;
    let others = |organization| {
        administrators
            .iter()
            .any(|(id, other)| *id == organization && *other != user.id)
    };
    for (organization, _) in administrators.iter().filter(|(_, id)| *id == user.id) {
        if !others(*organization) {
            let found = env.store.organization(*organization).await?;
            let slug = found.map_or_else(
                || organization.to_string(),
                |found| found.slug.as_str().to_owned(),
            );
            return refused(AdminRefusal::LastAdministrator(slug));
        }
    }
    Ok(())
}

/// Guards a unit in which somebody leaves: every organization they administer keeps an administrator.
pub(crate) async fn keeping_administrators(
    env: &Env,
    work: Work,
    leaving: Id<User>,
) -> Result<Work, Fault> {
    let memberships = env.store.memberships_of(leaving).await?;
    Ok(memberships
        .iter()
        .filter(|membership| membership.roles.iter().any(|role| role == "admin"))
        .fold(work, |work, membership| {
            work.keep_an_administrator(membership.organization_id, leaving)
        }))
}

/// After a change: this process sees it at once, and the worker is woken.
async fn settled(env: &Env) -> Result<(), Fault> {
    env.directory.refresh(&env.store, env.now()).await?;
    env.status.refresh(env).await?;
    crate::jobs::wake(env);
    Ok(())
}
