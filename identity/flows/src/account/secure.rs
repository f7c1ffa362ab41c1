//! "Secure my account": what a person does after somebody else was here, step by step (H-53).

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::failure::{Failure, Fault};
use identity_domain::time::Duration;
use identity_domain::user::{RemovedFactor, Review, Securing, User};
use identity_storage::{Lost, Work};

use super::change_password::password_of;
use super::elevation::ElevatedSession;
use crate::env::{Env, fault};
use crate::login::LoginResult;
use crate::session::LiveSession;

/// Without a report before, what was done within this time counts.
const JUST_NOW: Duration = Duration::hours(1);
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
    /// The password was changed since.
    pub password_changed: bool,
    /// What was looked at.
    pub reviewed: Vec<Review>,
    /// Second factors that went with the report.
    pub removed: Vec<RemovedFactor>,
    /// Devices there are to look at.
    pub devices: usize,
    /// Applications there are to look at.
    pub applications: usize,
}

/// Where the person stands.
pub async fn progress(env: &Env, here: &LiveSession) -> Result<Progress, Fault> {
    let now = env.now();
    let securing = here.user.standing.securing.clone();
    let since = securing
        .as_ref()
        .map_or(now - JUST_NOW, |securing| securing.since);
    let password = password_of(env, here.user.id).await?;
    Ok(Progress {
        is_reported: securing.is_some(),
        other_sessions: super::sessions::list(env, here)
            .await?
            .len()
            .saturating_sub(1),
        has_password: password.is_some(),
        password_changed: password.is_some_and(|owner| owner.credential.changed_at >= since),
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

/// Notes that the person looked at something.
pub async fn review(env: &Env, here: &LiveSession, review: Review) -> LoginResult<()> {
    let since = env.now() - JUST_NOW;
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
