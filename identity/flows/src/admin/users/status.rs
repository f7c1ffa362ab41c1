//! Shutting a person out, and letting them in again.

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::user::{User, UserStatus};

use super::super::{
    AdminRefusal, AdminResult, keeping_administrators, lost, not_the_last_administrator, refused,
    settled, user_by_address,
};
use super::sign_out;
use crate::env::{Env, Visit};
use crate::factors::recovery;

/// Shuts a person out: every session, grant and token ends. Never the last administrator.
pub async fn suspend(env: &Env, address: &str, context: &RequestContext) -> AdminResult<User> {
    let now = env.now();
    let mut user = user_by_address(env, address).await?;
    if user.status != UserStatus::Active {
        return refused(AdminRefusal::NotApplicable(format!(
            "{address} is {} already",
            user.status.as_str()
        )));
    }
    not_the_last_administrator(env, &user).await?;
    user.status = UserStatus::Suspended;
    user.raise_epoch(now);
    let event = Event::UserChanged {
        user: user.id,
        change: "suspended",
    };
    let work = env
        .audited(None, Actor::Operator, event, Visit { context, now })
        .update_user(&user);
    // Looked at above for the answer, and here for the moment in which it counts.
    let work = keeping_administrators(env, work, user.id).await?;
    let work = sign_out(env, work, &user, now).await?;
    env.store
        .commit(work)
        .await
        .map_err(|error| lost(error, address))?;
    settled(env).await?;
    Ok(user)
}

/// Lets a suspended person in again. Nothing they were signed in to comes back.
pub async fn activate(env: &Env, address: &str, context: &RequestContext) -> AdminResult<User> {
    let now = env.now();
    let mut user = user_by_address(env, address).await?;
    if user.status != UserStatus::Suspended {
        return refused(AdminRefusal::NotApplicable(format!(
            "{address} is {}, not suspended",
            user.status.as_str()
        )));
    }
    user.status = UserStatus::Active;
    user.standing.disputed_at = None;
    user.updated_at = now;
    let event = Event::UserChanged {
        user: user.id,
        change: "activated",
    };
    let visit = Visit { context, now };
    let work = env.audited(None, Actor::Operator, event, visit);
    let work = recovery::held_anew(env, work, &mut user, visit).update_user(&user);
    env.store
        .commit(work)
        .await
        .map_err(|error| lost(error, address))?;
    settled(env).await?;
    Ok(user)
}
