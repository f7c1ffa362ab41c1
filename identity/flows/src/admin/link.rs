//! A one-time sign-in link for an administrator, made at the command line against the database: it needs no mail and no password.
//! It acts on POST only, lives for a quarter of an hour, and a newer one kills the older.

mod redeem;

pub use redeem::{peek, redeem};

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::credential::password::PasswordCredential;
use identity_domain::credential::password_hash::Normalized;
use identity_domain::failure::{Failure, Fault};
use identity_domain::lockout::BudgetKey;
use identity_domain::membership::Membership;
use identity_domain::secret::SecretString;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::{User, UserStatus};
use identity_storage::Work;

use super::{
    AdminRefusal, AdminResult, lost, organization_by_slug, refused, settled, user_by_address,
};
use crate::budget;
use crate::env::{Env, Visit};
use crate::mailed;

/// How long a link lives.
pub const LIFETIME: Duration = Duration::minutes(15);

/// A link, shown once.
pub struct Link {
    /// The whole address.
    pub url: SecretString,
    /// For whom.
    pub user: User,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Makes a link for an administrator: the one named, or the only one there is. Somebody without a password must set one with it.
pub async fn create(
    env: &Env,
    address: Option<&str>,
    context: &RequestContext,
) -> AdminResult<Link> {
    let administrators = env.store.administrators().await?;
    let user = match address {
        Some(address) => user_by_address(env, address).await?,
        None => only_one(env, administrators.iter().map(|(_, user)| *user).collect()).await?,
    };
    if !user.is_active() {
        return refused(AdminRefusal::Suspended(user.email.as_str().to_owned()));
    }
    if !administrators.iter().any(|(_, id)| *id == user.id) {
        return refused(AdminRefusal::NoAdministrator(
            user.email.as_str().to_owned(),
        ));
    }
    let visit = Visit {
        context,
        now: env.now(),
    };
    let event = Event::AdminLinkCreated { user: user.id };
    let work = env.audited(None, Actor::Operator, event, visit);
    issue(env, work, user, false, visit.now).await
}

/// The way back in when nobody can sign in any more: activates the account, lifts its lockout, gives the role of an administrator in the
/// organization that is named, demands a new password, and makes a link.
pub async fn recover(
    env: &Env,
    address: &str,
    organization: Option<&str>,
    context: &RequestContext,
) -> AdminResult<Link> {
    let mut user = user_by_address(env, address).await?;
    if user.status == UserStatus::Deleted {
        let message = format!("{address} is deleted and waits for its purge");
        return refused(AdminRefusal::NotApplicable(message));
    }
    let visit = Visit {
        context,
        now: env.now(),
    };
    let recovered = Event::UserChanged {
        user: user.id,
        change: "recovered",
    };
    let made = Event::AdminLinkCreated { user: user.id };
    let work = env
        .audited(None, Actor::Operator, made, visit)
        .and_event(env.record(None, Actor::Operator, recovered, visit));
    let places = env.store.memberships_of(user.id).await?;
    let work = match organization {
        Some(slug) => promote(env, work, &user, slug, visit).await?,
        None if places
            .iter()
            .any(|place| place.roles.iter().any(|role| role == "admin")) =>
        {
            work
        }
        None => {
            let message =
                format!("{address} administers no organization; name one with --organization");
            return refused(AdminRefusal::NotApplicable(message));
        }
    };
    user.status = UserStatus::Active;
    let link = issue(env, work, user, true, visit.now).await?;
    budget::refund(
        env,
        &BudgetKey::Account(link.user.email.key().as_str().to_owned()),
    )
    .await?;
    Ok(link)
}

async fn only_one(
    env: &Env,
    mut administrators: Vec<identity_domain::Id<User>>,
) -> AdminResult<User> {
    administrators.sort_unstable();
    administrators.dedup();
    let mut people = Vec::new();
    for id in administrators {
        people.extend(env.store.user(id).await?);
    }
    match people.len() {
        0 => {
            let message = "there is no administrator yet: `identity user create EMAIL --organization SLUG --role admin` makes one";
            refused(AdminRefusal::NotApplicable(message.to_owned()))
        }
        1 => people
            .pop()
            .ok_or_else(|| Failure::Fault(Fault::new("a list of one is empty"))),
        _ => {
            people.sort_by(|left, right| left.email.as_str().cmp(right.email.as_str()));
            let addresses: Vec<&str> = people.iter().map(|user| user.email.as_str()).collect();
            refused(AdminRefusal::NotApplicable(format!(
                "name one of the administrators: {}",
                addresses.join(", ")
            )))
        }
    }
}

async fn promote(
    env: &Env,
    work: Work,
    user: &User,
    slug: &str,
    visit: Visit<'_>,
) -> AdminResult<Work> {
    let organization = organization_by_slug(env, slug).await?;
    let present = env.store.membership(user.id, organization.id).await?;
    let created_at = present.as_ref().map_or(visit.now, |place| place.created_at);
    let mut roles = present.map(|place| place.roles).unwrap_or_default();
    if !roles.iter().any(|role| role == "admin") {
        roles.push("admin".to_owned());
        roles.sort_unstable();
    }
    let membership = Membership {
        user_id: user.id,
        organization_id: organization.id,
        roles: roles.clone(),
        created_at,
    };
    let event = Event::MembershipChanged {
        user: user.id,
        organization: organization.id,
        roles,
        change: "set",
    };
    let record = env.record(Some(organization.id), Actor::Operator, event, visit);
    Ok(work
        .put_membership(&membership, visit.now)
        .and_event(record))
}

/// Stores the link. The operator vouches for the address: without mail it could never be proven otherwise.
async fn issue(
    env: &Env,
    work: Work,
    mut user: User,
    demand: bool,
    now: Timestamp,
) -> AdminResult<Link> {
    user.email_verified_at = user.email_verified_at.or(Some(now));
    user.updated_at = now;
    let token = SecretString::random_token(env.entropy.as_ref());
    let tenant = user.id.to_string();
    let artefact = Artefact {
        kind: SingleUseKind::AdminLink,
        tenant: tenant.clone(),
        value_hash: token.hash(),
        payload: mailed::binding_of(&user),
        created_at: now,
        expires_at: now + LIFETIME,
        used_at: None,
    };
    let work = work
        .update_user(&user)
        .cancel(SingleUseKind::AdminLink, &tenant, None)
        .issue(&artefact);
    let work = with_password(env, work, &user, demand, now).await?;
    env.store
        .commit(work.ordered())
        .await
        .map_err(|error| lost(error, user.email.as_str()))?;
    settled(env).await?;
    let url = env
        .settings
        .url(&format!("/admin/link/{tenant}.{}", token.expose()));
    Ok(Link {
        url: url.into(),
        user,
        expires_at: artefact.expires_at,
    })
}

/// Somebody without a password gets one that nobody knows and that must be changed: the link cannot become the only way in.
async fn with_password(
    env: &Env,
    work: Work,
    user: &User,
    demand: bool,
    now: Timestamp,
) -> Result<Work, Fault> {
    match env.store.password_owner(&user.email.key()).await? {
        Some(owner) if demand && !owner.credential.must_change => {
            let credential = PasswordCredential {
                must_change: true,
                ..owner.credential
            };
            Ok(work.update_password(owner.credential_id, &credential, owner.credential_version))
        }
        Some(_) => Ok(work),
        None => {
            let unknown = SecretString::random_token(env.entropy.as_ref());
            let normalized = Normalized::of(&unknown)
                .ok_or_else(|| Fault::new("a token that cannot be hashed"))?;
            let hash = env
                .hashing
                .create(normalized)
                .await
                .map_err(|_| Fault::busy("the hashing queue is full"))?;
            let credential = PasswordCredential {
                must_change: true,
                ..PasswordCredential::new(hash, now)
            };
            Ok(work.insert_password(env.id(now), user.id, &credential, now))
        }
    }
}
