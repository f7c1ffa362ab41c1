//! "Secure my account": what a person does after somebody else was here, step by step (H-53).

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::failure::{Failure, Fault};
use identity_domain::lockout::BudgetKey;
use identity_domain::refusal::LoginRefusal;
use identity_domain::user::{RemovedFactor, Review, Securing, User};
use identity_storage::{AuditRow, Lost, Work};
use uuid::Uuid;

use super::activity;
use super::change_password::password_of;
use super::elevation::ElevatedSession;
use crate::env::{Env, fault};
use crate::factors::recovery;
use crate::login::LoginResult;
use crate::report::tell_administrators;
use crate::session::LiveSession;
use crate::{budget, jobs};

/// How often a change is tried again when another tab was faster.
const TRIES: usize = 3;

/// How far the person came.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Somebody said that it was not the owner; until it is done the account reminds of it.
    pub is_reported: bool,
    /// Other sessions that live.
    pub other_sessions: usize,
    /// Whether there is a password.
    pub has_password: bool,
    /// The password was changed since. Whoever else was here may have changed it before.
    pub password_changed: bool,
    /// What was looked at.
    pub reviewed: Vec<Review>,
    /// Second factors that went with the report.
    pub removed: Vec<RemovedFactor>,
    /// What the person said of that it was not them.
    pub about: Option<AuditRow>,
    /// Devices there are to look at.
    pub devices: usize,
    /// Applications there are to look at.
    pub applications: usize,
}

/// Where the person stands.
pub async fn progress(env: &Env, here: &LiveSession) -> Result<Progress, Fault> {
    let securing = here.user.standing.securing.clone();
    let since = securing.as_ref().map(|securing| securing.since);
    let about = match securing.as_ref().and_then(|securing| securing.about) {
        Some(id) => activity::entry(env, here, id).await?,
        None => None,
    };
    let password = password_of(env, here.user.id).await?;
    Ok(Progress {
        is_reported: securing.is_some(),
        other_sessions: super::sessions::list(env, here)
            .await?
            .len()
            .saturating_sub(1),
        has_password: password.is_some(),
        password_changed: since
            .zip(password)
            .is_some_and(|(since, owner)| owner.credential.changed_at >= since),
        about,
        removed: securing
            .as_ref()
            .map(|securing| securing.removed.clone())
            .unwrap_or_default(),
        reviewed: securing
            .map(|securing| securing.reviewed)
            .unwrap_or_default(),
        devices: env.store.devices_of(here.user.id).await?.len(),
        applications: super::applications::list(env, here).await?.len(),
    })
}

/// Begins the list where none is begun: from now on what is done counts.
pub async fn begin(env: &Env, here: &LiveSession) -> LoginResult<()> {
    if here.user.standing.securing.is_some() {
        return Ok(());
    }
    let since = env.now();
    let work = || Work::unaudited("a list to work through; what is done has events");
    change(env, here, work, |user| {
        user.standing.securing.get_or_insert_with(|| Securing {
            since,
            ..Securing::default()
        });
    })
    .await
}

/// "This wasn't me", said of an entry of one's own activity: the list begins anew, and what was done before does not count.
pub async fn report(
    env: &Env,
    here: &LiveSession,
    id: Uuid,
    context: &RequestContext,
) -> LoginResult<()> {
    let visit = env.visit(context);
    let entry = activity::entry(env, here, id).await?;
    let entry = entry.ok_or(Failure::Refused(LoginRefusal::Unknown))?;
    let before = here.user.standing.securing.as_ref();
    if before.and_then(|securing| securing.about) == Some(entry.id) {
        return Ok(());
    }
    // Whoever else holds a session does not spend its owner's.
    let reports = BudgetKey::Report(here.session.id.to_string());
    budget::spend(env, &reports, visit.now).await?;
    let work = || {
        let event = Event::SignInReported {
            user: here.user.id,
            what: "activity",
        };
        env.audited(None, Actor::User(here.user.id), event, visit)
            .enqueue(tell_administrators(env, here.user.id, visit.now))
    };
    change(env, here, work, |user| {
        let removed = user.standing.securing.take().unwrap_or_default().removed;
        user.standing.securing = Some(Securing {
            since: visit.now,
            removed,
            about: Some(entry.id),
            ..Securing::default()
        });
    })
    .await?;
    jobs::wake(env);
    Ok(())
}

/// Ends a wait for the removal of all second factors: a fresh proof at the account's own level was one of them.
pub async fn keep_factors(
    env: &Env,
    proven: &ElevatedSession,
    context: &RequestContext,
) -> Result<(), Fault> {
    recovery::found(env, proven.live().user.id, env.visit(context)).await
}

/// Notes that the person looked at something.
pub async fn review(env: &Env, here: &LiveSession, review: Review) -> LoginResult<()> {
    let since = env.now();
    let work = || Work::unaudited("what a person looked at is no event");
    change(env, here, work, |user| {
        let securing = user.standing.securing.get_or_insert_with(|| Securing {
            since,
            ..Securing::default()
        });
        if !securing.reviewed.contains(&review) {
            securing.reviewed.push(review);
        }
    })
    .await
}

/// Done.
pub async fn finish(
    env: &Env,
    proven: &ElevatedSession,
    context: &RequestContext,
) -> LoginResult<()> {
    let here = proven.live();
    let visit = env.visit(context);
    let work = || {
        let event = Event::ProfileChanged {
            user: here.user.id,
            change: "secured",
        };
        env.audited(None, Actor::User(here.user.id), event, visit)
    };
    change(env, here, work, |user| user.standing.securing = None).await
}

/// Changes the person as they are stored by now.
async fn change(
    env: &Env,
    here: &LiveSession,
    work: impl Fn() -> Work,
    apply: impl Fn(&mut User),
) -> LoginResult<()> {
    let mut user = here.user.clone();
    for _ in 0..TRIES {
        user.updated_at = env.now();
        apply(&mut user);
        match env.store.commit(work().update_user(&user)).await {
            Ok(()) => return Ok(()),
            Err(Lost::Guard(_)) => {}
            Err(lost) => return Err(Failure::Fault(fault(lost))),
        }
        let Some(fresh) = env.store.user(user.id).await? else {
            break;
        };
        user = fresh;
    }
    Err(Failure::Fault(Fault::busy("the account is being changed")))
}
