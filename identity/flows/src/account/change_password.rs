//! A new password, by its owner: the current one is proven again, earlier ones do not come back, other sessions end.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::credential::password::PasswordCredential;
use identity_domain::credential::password_hash::Normalized;
use identity_domain::credential::password_policy::PasswordRefusal;
use identity_domain::device::Device;
use identity_domain::failure::{Failure, Fault};
use identity_domain::notification::{Notification, Scene};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::session::{EndReason, Session};
use identity_domain::time::Timestamp;
use identity_domain::user::{Pages, User};
use identity_storage::{Lost, PasswordOwner, Work};

use super::elevation::{self, ElevatedSession};
use crate::browser::{Browser, Cookies};
use crate::budget;
use crate::env::{Env, Visit, fault};
use crate::factors::recovery;
use crate::jobs::mail::to_person;
use crate::login::LoginResult;
use crate::login::password::{Attempt, Proven, prove};
use crate::registration::checked_for;
use crate::report::{self, Changed, Reported};
use crate::session;
use crate::{jobs, mailed};

/// What the form held.
pub struct Change {
    /// The password in force, as typed.
    pub current: SecretString,
    /// The new one, as typed.
    pub new: SecretString,
    /// End all other sessions; on by default.
    pub end_others: bool,
}

/// Changes the password of a person who proved themselves a moment ago at the account's own level, and renews the session under a new
/// token. The password alone makes no proof of two factors fresh again: the session counts as proven when it was.
pub async fn change(
    env: &Env,
    elevated: &ElevatedSession,
    change: Change,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Cookies> {
    let visit = env.visit(context);
    let now = visit.now;
    let here = elevated.live();
    let key = here.user.email.key();
    let attempt = Attempt {
        key: &key,
        password: &change.current,
        browser,
    };
    let owner = match prove(env, attempt, visit).await {
        Ok(Proven { owner, tries }) if owner.user.id == here.user.id => {
            // At once: the new password may still be refused, and whoever tries another knows the present one.
            budget::refund(env, &tries).await?;
            owner
        }
        Ok(_) => return Err(Failure::Refused(LoginRefusal::WrongCredentials)),
        Err(failure) => return Err(refused(env, here.user.id, failure, context, now).await),
    };
    let normalized = checked_for(env, &here.user, &change.new).await?;
    not_reused(env, Some(&owner.credential), &change.new).await?;
    let hash = env.hashing.create(normalized).await?;
    let credential = owner
        .credential
        .clone()
        .changed(hash, env.settings.password.history, now);
    let after = ended(owner.user.clone(), change.end_others, now);
    let renewed = elevation::raised_to(env, here, &after, visit);
    let event = Event::PasswordChanged {
        user: after.id,
        how: "changed",
    };
    let work = env.audited(None, Actor::User(after.id), event, visit);
    let work = recovery::outlived(env, work, &here.user, &after, visit);
    let replaced = Replaced {
        user: &after,
        credential: &credential,
        previous: Some(&owner),
        keep: change.end_others.then_some(here.session.id),
        device_id: here.session.device_id,
        reason: EndReason::PasswordChanged,
    };
    let work = if change.end_others {
        replace(env, work, replaced, context, now).await?
    } else {
        store(env, work, &replaced, context, now)
    };
    let work = work.renew_session(&renewed.session, here.session.token_hash);
    env.store.commit(work).await.map_err(|lost| match lost {
        Lost::Guard(_) => Failure::Refused(LoginRefusal::NotFresh),
        lost => Failure::Fault(fault(lost)),
    })?;
    env.directory.forget_person(after.id);
    env.status.refresh(env).await?;
    jobs::wake(env);
    Ok(session::cookies_for(
        browser,
        &renewed,
        std::slice::from_ref(here),
    ))
}

/// The person after the change. The epoch ends whatever else exists; the session in hand is renewed into the new one.
fn ended(mut after: User, everything: bool, now: Timestamp) -> User {
    if everything {
        after.raise_epoch(now);
    } else {
        after.end_what_waits(now);
    }
    after
}

/// Refuses the password in force and those remembered before it.
pub async fn not_reused(
    env: &Env,
    credential: Option<&PasswordCredential>,
    new: &SecretString,
) -> LoginResult<()> {
    let Some(credential) = credential else {
        return Ok(());
    };
    let refused = |refusal| Failure::Refused(LoginRefusal::Password(refusal));
    let busy = |_| Failure::Fault(Fault::busy("the hashing queue is full"));
    let normalized = || Normalized::of(new).ok_or_else(|| refused(PasswordRefusal::TooLong));
    if env
        .hashing
        .verify(Some(normalized()?), Some(credential.hash.clone()))
        .await
        .map_err(busy)?
    {
        return Err(refused(PasswordRefusal::Unchanged));
    }
    let kept: Vec<_> = credential
        .history
        .iter()
        .take(env.settings.password.history)
        .cloned()
        .collect();
    if !kept.is_empty()
        && env
            .hashing
            .any_matches(normalized()?, kept)
            .await
            .map_err(busy)?
    {
        return Err(refused(PasswordRefusal::Reused));
    }
    Ok(())
}

/// A person's password as stored, by their id.
pub async fn password_of(env: &Env, id: Id<User>) -> Result<Option<PasswordOwner>, Fault> {
    match env.store.user(id).await? {
        Some(user) => env.store.password_owner(&user.email.key()).await,
        None => Ok(None),
    }
}

/// A password that takes the place of another.
pub struct Replaced<'a> {
    /// The person after the change.
    pub user: &'a User,
    /// The credential after the change.
    pub credential: &'a PasswordCredential,
    /// What there was before, if anything.
    pub previous: Option<&'a PasswordOwner>,
    /// The one session that lives on.
    pub keep: Option<Id<Session>>,
    /// The device it is done in, where it is done in a session.
    pub device_id: Option<Id<Device>>,
    /// Why the others end.
    pub reason: EndReason,
}

/// Adds to a unit: person and password stored, every session but one ended with all tokens under it, applications and owner told.
pub async fn replace(
    env: &Env,
    work: Work,
    replaced: Replaced<'_>,
    context: &RequestContext,
    now: Timestamp,
) -> Result<Work, Fault> {
    let work = store(env, work, &replaced, context, now).distrust_devices_of(replaced.user.id);
    session::ending_all(
        env,
        work,
        replaced.user,
        replaced.keep,
        replaced.reason,
        now,
    )
    .await
}

fn store(
    env: &Env,
    work: Work,
    replaced: &Replaced<'_>,
    context: &RequestContext,
    now: Timestamp,
) -> Work {
    // A mailed proof from before is no way around the password that was chosen since.
    let work = mailed::all_cancelled(work.update_user(replaced.user), replaced.user.id)
        .pass_over_devices_of(replaced.user.id, replaced.device_id, now);
    let work = match replaced.previous {
        Some(previous) => work.update_password(
            previous.credential_id,
            replaced.credential,
            previous.credential_version,
        ),
        None => work.insert_password(env.id(now), replaced.user.id, replaced.credential, now),
    };
    let about = Reported::Change(Changed {
        what: report::Change::Password,
        scene: Scene::of(context, now),
        device_id: replaced.device_id,
    });
    let (work, no_link) = report::not_me(env, work, replaced.user, about, now);
    let notification = Notification::PasswordChanged {
        at: now,
        address: context.address.clone(),
        user_agent: context.user_agent.clone(),
        no_link,
        recover_link: env.settings.url("/recover"),
    };
    work.enqueue(jobs::now(
        env,
        to_person(env, replaced.user, Pages::None, notification),
        now,
    ))
}

async fn refused(
    env: &Env,
    user: Id<User>,
    failure: Failure<LoginRefusal>,
    context: &RequestContext,
    now: Timestamp,
) -> Failure<LoginRefusal> {
    let Failure::Refused(refusal) = failure else {
        return failure;
    };
    let event = Event::PasswordChangeRefused {
        user,
        reason: refusal.reason(),
    };
    match env
        .store
        .commit(env.audited(None, Actor::User(user), event, Visit { context, now }))
        .await
    {
        Ok(()) => Failure::Refused(refusal),
        Err(lost) => Failure::Fault(fault(lost)),
    }
}
