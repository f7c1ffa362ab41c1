//! Rotation: one guarded update of the family's generation. An authentic older token means that two parties hold it.

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::failure::{Failure, Fault};
use identity_domain::refusal::GrantRefusal;
use identity_domain::time::Timestamp;
use identity_domain::token::{RefreshFamily, RefreshToken, Verdict};
use identity_domain::user::User;
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_oauth::scope::Scope;
use identity_oauth::sensitive::Sensitive;
use identity_oauth::token_response::TokenResponse;
use identity_storage::{FamilyInUse, Lost, SessionState};

use super::authorization_code::narrowed;
use super::{Reuse, Standing, TokenResult, refresh_token, refused, reused, standing_in_use};
use crate::client_authentication::AuthenticatedClient;
use crate::env::{Env, Visit, fault};
use crate::issue::{self, Subject};
use crate::login::enrol;

/// What the client sent.
pub struct Presented {
    /// `refresh_token`.
    pub token: Sensitive,
    /// `scope`: all that was granted, or less.
    pub scope: Option<Scope>,
    /// `resource`: all that was granted, or less.
    pub resource: Vec<String>,
}

/// Refreshes. A lost race is judged anew once: the winner's rotation makes ours a repeat within the grace time, or a reuse.
pub async fn refresh(
    env: &Env,
    client: &AuthenticatedClient,
    presented: Presented,
    context: &RequestContext,
) -> TokenResult<TokenResponse> {
    let Some(token) = env
        .keys
        .opening(|keys| RefreshToken::open(presented.token.expose(), keys))
    else {
        return refused(env, client, None, GrantRefusal::Unknown, context).await;
    };
    for _ in 0..2 {
        match attempt(env, client, token, &presented, context).await {
            Ok(Some(response)) => return Ok(response),
            Ok(None) => {}
            Err(failure) => return Err(failure),
        }
    }
    refused(env, client, None, GrantRefusal::UsedBefore, context).await
}

/// `Ok(None)` when somebody else rotated between our look and our unit.
async fn attempt(
    env: &Env,
    client: &AuthenticatedClient,
    token: RefreshToken,
    presented: &Presented,
    context: &RequestContext,
) -> TokenResult<Option<TokenResponse>> {
    let Some(in_use) = env.store.family_in_use(token.family_id).await? else {
        return refused(env, client, None, GrantRefusal::Unknown, context).await;
    };
    // Looked at after the family: what was read did not happen later than now, on this node.
    let visit = env.visit(context);
    let now = visit.now;
    let Use {
        generation,
        is_repeat,
    } = judged(env, client, &in_use, token, visit).await?;
    let FamilyInUse {
        family,
        user,
        session,
        ..
    } = in_use;
    let standing = match admitted(env, &family, &user, session, now).await? {
        Ok(standing) => standing,
        Err(refusal) => return refused(env, client, Some(user.id), refusal, context).await,
    };
    let scope = scope(&family.grant.scope, presented.scope.as_ref())?;
    let audience = narrowed(&family.grant.audience, &presented.resource)?;
    let successor = refresh_token(env, family.id, generation)?;
    let subject = Subject {
        grant: &family.grant,
        person: &standing.person,
        place: standing.place.as_ref(),
        scope: &scope,
        audience: &audience,
    };
    let tokens = issue::person_tokens(env, client, &subject, Some(successor), now)?;
    if is_repeat {
        // The identical successor again: a retry on a bad network. Nothing changes, so nothing is recorded.
        return Ok(Some(tokens));
    }
    let event = Event::TokenRefreshed {
        user: user.id,
        client: family.client_id.clone(),
        family: family.id.to_string(),
        generation,
    };
    let mut rotated = family.clone();
    rotated.generation = generation;
    rotated.rotated_at = now;
    rotated.idle_expires_at = now + env.settings.token.refresh.idle;
    let work = env
        .audited(
            family.grant.organization_id,
            Actor::User(user.id),
            event,
            visit,
        )
        .advance_family(&rotated, token.generation);
    match env.store.commit(work).await {
        Ok(()) => Ok(Some(tokens)),
        Err(Lost::Guard(_)) => Ok(None),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// The gate, and what a requirement of second factors that came later asks for.
async fn admitted(
    env: &Env,
    family: &RefreshFamily,
    user: &User,
    session: Option<SessionState>,
    now: Timestamp,
) -> Result<Result<Standing, GrantRefusal>, Fault> {
    if enrol::is_overdue(env, user, &family.grant.authentication, now).await? {
        return Ok(Err(GrantRefusal::SecondFactorMissing));
    }
    standing_in_use(env, family, user, session, now).await
}

/// Whether this token may be used now; a refusal is recorded, a reuse ends the family.
async fn judged(
    env: &Env,
    client: &AuthenticatedClient,
    in_use: &FamilyInUse,
    token: RefreshToken,
    visit: Visit<'_>,
) -> TokenResult<Use> {
    let (family, user) = (&in_use.family, in_use.user.id);
    if family.client_id != client.client().client_id {
        let refusal = GrantRefusal::OtherClient;
        return refused(env, client, Some(user), refusal, visit.context).await;
    }
    match family.judge(token.generation, &env.settings.token.refresh, visit.now) {
        Verdict::Rotate(generation) => Ok(Use {
            generation,
            is_repeat: false,
        }),
        Verdict::Repeat(generation) => Ok(Use {
            generation,
            is_repeat: true,
        }),
        Verdict::Reuse => {
            let reuse = Reuse {
                family: family.id,
                user,
                what: "refresh_token",
            };
            reused(env, client, reuse, visit.context).await
        }
        Verdict::Ended => {
            let refusal = if family.revoked_at.is_some() {
                GrantRefusal::Revoked
            } else {
                GrantRefusal::Expired
            };
            refused(env, client, Some(user), refusal, visit.context).await
        }
    }
}

/// How an accepted token is answered.
struct Use {
    /// The generation of the answer.
    generation: i64,
    /// The identical successor again, within the grace time.
    is_repeat: bool,
}

/// RFC 6749 §6: never more than was granted.
fn scope(granted: &[String], asked: Option<&Scope>) -> TokenResult<Vec<String>> {
    let Some(asked) = asked else {
        return Ok(granted.to_vec());
    };
    if asked
        .iter()
        .all(|scope| granted.iter().any(|granted| granted == scope))
    {
        return Ok(asked.iter().map(str::to_owned).collect());
    }
    Err(Failure::Refused(OAuthError::new(
        ErrorCode::InvalidScope,
        "scope is wider than what was granted",
    )))
}
