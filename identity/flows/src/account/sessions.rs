//! The list of a person's sessions, and how they end them.

use identity_domain::Id;
use identity_domain::audit::{Actor, RequestContext};
use identity_domain::failure::{Failure, Fault};
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::{EndReason, Session};

use crate::env::Env;
use crate::login::LoginResult;
use crate::session::{self, LiveSession};

/// The person's live sessions, newest use first, at most [`identity_domain::session::MAX_PER_USER`].
pub async fn list(env: &Env, here: &LiveSession) -> Result<Vec<Session>, Fault> {
    let now = env.now();
    let mut sessions = env.store.sessions_of(here.user.id).await?;
    sessions.retain(|session| {
        session.is_alive(&env.settings.session, now)
            && session.security_epoch == here.user.security_epoch
    });
    sessions.sort_by_key(|session| std::cmp::Reverse(session.last_seen_at));
    Ok(sessions)
}

/// Ends one session of the person; one that is not theirs does not exist for them.
pub async fn end_one(
    env: &Env,
    here: &LiveSession,
    id: Id<Session>,
    context: &RequestContext,
) -> LoginResult<()> {
    let session = list(env, here)
        .await?
        .into_iter()
        .find(|session| session.id == id)
        .ok_or(Failure::Refused(LoginRefusal::Unknown))?;
    let reason = if id == here.session.id {
        EndReason::SignedOut
    } else {
        EndReason::EndedByUser
    };
    session::end(
        env,
        &[session],
        Actor::User(here.user.id),
        reason,
        env.visit(context),
    )
    .await?;
    crate::jobs::wake(env);
    Ok(())
}

/// Ends all of the person's sessions but the one in hand.
pub async fn end_others(
    env: &Env,
    here: &LiveSession,
    context: &RequestContext,
) -> LoginResult<()> {
    let others: Vec<Session> = list(env, here)
        .await?
        .into_iter()
        .filter(|session| session.id != here.session.id)
        .collect();
    session::end(
        env,
        &others,
        Actor::User(here.user.id),
        EndReason::EndedByUser,
        env.visit(context),
    )
    .await?;
    crate::jobs::wake(env);
    Ok(())
}
