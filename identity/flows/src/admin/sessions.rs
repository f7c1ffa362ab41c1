//! Ending sessions in bulk: after a leak, or when somebody left.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::session::{EndReason, Session};
use identity_domain::time::Timestamp;
use identity_domain::user::User;

use super::users::sign_out;
use super::{AdminResult, lost, organization_by_slug, settled, user_by_address};
use crate::env::{Env, Visit};
use crate::session;

/// Whose sessions end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// One person's, by address.
    User(String),
    /// Those of an organization's members, by slug.
    Organization(String),
}

/// Ends sessions with every grant and token under them, those begun before an instant if one is given. Returns how many ended.
pub async fn revoke(
    env: &Env,
    whose: &Whose,
    before: Option<Timestamp>,
    context: &RequestContext,
) -> AdminResult<usize> {
    let people = match whose {
        Whose::All => env.store.people_with_sessions().await?,
        Whose::User(address) => vec![user_by_address(env, address).await?.id],
        Whose::Organization(slug) => {
            env.store
                .members_of(organization_by_slug(env, slug).await?.id)
                .await?
        }
    };
    let mut ended = 0;
    for user in people {
        ended += match before {
            Some(before) => end_older(env, user, before, context).await?,
            None => end_all(env, user, context).await?,
        };
    }
    settled(env).await?;
    Ok(ended)
}

/// Everything of one person: also grants whose session is gone already.
async fn end_all(env: &Env, id: Id<User>, context: &RequestContext) -> AdminResult<usize> {
    let now = env.now();
    let Some(mut user) = env.store.user(id).await? else {
        return Ok(0);
    };
    let count = env.store.sessions_of(id).await?.len();
    // A higher epoch also ends what was begun while this unit was on its way.
    user.raise_epoch(now);
    let event = Event::SessionsEnded {
        user: id,
        count: u64::try_from(count).ok(),
        reason: EndReason::EndedByOperator.as_str(),
    };
    let work = env
        .audited(None, Actor::Operator, event, Visit { context, now })
        .update_user(&user);
    let work = sign_out(env, work, &user, now).await?;
    env.store
        .commit(work)
        .await
        .map_err(|error| lost(error, user.email.as_str()))?;
    Ok(count)
}

async fn end_older(
    env: &Env,
    id: Id<User>,
    before: Timestamp,
    context: &RequestContext,
) -> AdminResult<usize> {
    let mut older: Vec<Session> = env.store.sessions_of(id).await?;
    older.retain(|session| session.created_at < before);
    session::end(
        env,
        &older,
        Actor::Operator,
        EndReason::EndedByOperator,
        env.visit(context),
    )
    .await?;
    Ok(older.len())
}
