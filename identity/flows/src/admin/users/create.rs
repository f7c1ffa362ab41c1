//! A new account, made by an operator.

use std::collections::BTreeSet;

use identity_domain::audit::{Actor, Event, RequestContext, one_line};
use identity_domain::credential::password::PasswordCredential;
use identity_domain::failure::{Failure, Fault};
use identity_domain::membership::Membership;
use identity_domain::refusal::LoginRefusal;
use identity_domain::role::is_built_in;
use identity_domain::secret::SecretString;
use identity_domain::time::Timestamp;
use identity_domain::user::{Profile, Standing, User, UserStatus};
use identity_storage::Work;

use super::super::{
    AdminRefusal, AdminResult, address, lost, organization_by_slug, refused, settled,
};
use crate::env::{Env, Visit};
use crate::registration::checked;

/// What the operator says about a new person.
pub struct NewUser {
    /// Address as typed.
    pub email: String,
    /// Full name.
    pub name: Option<String>,
    /// Whether the address counts as proven.
    pub email_verified: bool,
    /// A password, if the operator sets one; rules apply.
    pub password: Option<SecretString>,
    /// Whether the first sign-in ends in choosing another password.
    pub require_change: bool,
    /// Slug of an organization, and the roles there.
    pub membership: Option<(String, Vec<String>)>,
}

/// Makes the account.
pub async fn create(env: &Env, new: NewUser, context: &RequestContext) -> AdminResult<User> {
    let now = env.now();
    let email = address(&new.email)?;
    if env.store.user_by_email(&email.key()).await?.is_some() {
        return refused(AdminRefusal::Exists(email.as_str().to_owned()));
    }
    let name = new
        .name
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let profile = Profile {
        name: name.map(|name| one_line(name, 120)),
        ..Profile::default()
    };
    let user = User {
        id: env.id(now),
        email,
        email_verified_at: new.email_verified.then_some(now),
        profile,
        status: UserStatus::Active,
        managed_by: None,
        standing: Standing::default(),
        language: None,
        security_epoch: 1,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let event = Event::UserChanged {
        user: user.id,
        change: "created",
    };
    let visit = Visit { context, now };
    let work = env
        .audited(None, Actor::Operator, event, visit)
        .insert_user(&user);
    let work = match &new.password {
        Some(password) => {
            let credential = credential(env, &user, password, new.require_change, now).await?;
            work.insert_password(env.id(now), user.id, &credential, now)
        }
        None => work,
    };
    let work = match &new.membership {
        Some((slug, roles)) => place(env, work, &user, (slug, roles), visit).await?,
        None => work,
    };
    env.store
        .commit(work.ordered())
        .await
        .map_err(|error| lost(error, user.email.as_str()))?;
    settled(env).await?;
    Ok(user)
}

async fn credential(
    env: &Env,
    user: &User,
    password: &SecretString,
    require_change: bool,
    now: Timestamp,
) -> AdminResult<PasswordCredential> {
    let words = [
        user.display_name(),
        user.email.as_str(),
        &env.settings.product,
    ];
    let normalized = match checked(env, password, &words).await {
        Ok(normalized) => normalized,
        Err(Failure::Refused(LoginRefusal::Password(refusal))) => {
            return refused(AdminRefusal::NotApplicable(format!(
                "the password is {refusal}"
            )));
        }
        Err(Failure::Refused(refusal)) => {
            return refused(AdminRefusal::NotApplicable(refusal.to_string()));
        }
        Err(Failure::Fault(fault)) => return Err(Failure::Fault(fault)),
    };
    let hash = env
        .hashing
        .create(normalized)
        .await
        .map_err(|_| Fault::busy("the hashing queue is full"))?;
    Ok(PasswordCredential {
        must_change: require_change,
        ..PasswordCredential::new(hash, now)
    })
}

async fn place(
    env: &Env,
    work: Work,
    user: &User,
    (slug, roles): (&str, &[String]),
    visit: Visit<'_>,
) -> AdminResult<Work> {
    let organization = organization_by_slug(env, slug).await?;
    let own = env.store.roles_of(organization.id).await?;
    let known = |role: &String| is_built_in(role) || own.iter().any(|own| own.name == *role);
    if let Some(role) = roles.iter().find(|role| !known(role)) {
        return refused(AdminRefusal::UnknownRole {
            organization: slug.to_owned(),
            role: role.clone(),
        });
    }
    let roles: BTreeSet<String> = roles.iter().cloned().collect();
    let membership = Membership {
        user_id: user.id,
        organization_id: organization.id,
        roles: roles.into_iter().collect(),
        created_at: visit.now,
    };
    let event = Event::MembershipChanged {
        user: user.id,
        organization: organization.id,
        roles: membership.roles.clone(),
        change: "set",
    };
    let record = env.record(Some(organization.id), Actor::Operator, event, visit);
    Ok(work
        .put_membership(&membership, visit.now)
        .and_event(record))
}
