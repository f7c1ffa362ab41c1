//! Token revocation (RFC 7009). Unknown and foreign tokens are answered like any other: there is nothing to learn here.

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::failure::{Failure, Fault};
use identity_domain::secret::ValueHash;
use identity_domain::time::Timestamp;
use identity_domain::token::{RefreshFamily, RefreshToken};
use identity_oauth::access_token::AccessTokenClaims;
use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::error::OAuthError;
use identity_oauth::revocation::RevocationRequest;

use crate::access;
use crate::client_authentication::{AuthenticatedClient, authenticate};
use crate::env::{Env, Visit, fault};

/// Revokes a client's own token, and with it the grant that it came from: services that verify by themselves know the bit of the
/// grant and nothing of single tokens (RFC 7009 §2.1 leaves the choice). A token without a grant is revoked alone.
pub async fn revoke(
    env: &Env,
    presented: PresentedClient,
    request: &RevocationRequest,
    context: &RequestContext,
) -> Result<(), Failure<OAuthError>> {
    let client = authenticate(env, presented, context).await?;
    let token = request.token.expose();
    if let Some(token) = env.keys.opening(|keys| RefreshToken::open(token, keys)) {
        let family = env.store.family(token.family_id).await?;
        if let Some(family) = family.filter(|family| is_of(&client, &family.client_id)) {
            grant(env, &client, &family, ("refresh_token", context)).await?;
        }
    } else if let Some(claims) = access::verify(env, token)
        && is_of(&client, &claims.client_id)
    {
        match family_of(env, &claims).await? {
            Some(family) => grant(env, &client, &family, ("access_token", context)).await?,
            None => alone(env, &client, &claims, context).await?,
        }
    }
    Ok(())
}

fn is_of(client: &AuthenticatedClient, client_id: &str) -> bool {
    client.client().client_id == client_id
}

async fn family_of(env: &Env, claims: &AccessTokenClaims) -> Result<Option<RefreshFamily>, Fault> {
    let session = claims.sid.as_deref().and_then(|sid| sid.parse().ok());
    match session.zip(access::status_index(claims)) {
        Some((session, index)) => env.store.family_of_status(session, index).await,
        None => Ok(None),
    }
}

async fn alone(
    env: &Env,
    client: &AuthenticatedClient,
    claims: &AccessTokenClaims,
    context: &RequestContext,
) -> Result<(), Fault> {
    let (now, until) = (env.now(), Timestamp::from_seconds(claims.exp));
    let work = env.audited(
        client.client().organization_id,
        actor(client),
        revoked(client, "access_token"),
        Visit { context, now },
    );
    let jti = ValueHash::of(claims.jti.as_bytes());
    env.store
        .commit(work.revoke_token(jti, now, until))
        .await
        .map_err(fault)?;
    env.status.refresh(env).await
}

async fn grant(
    env: &Env,
    client: &AuthenticatedClient,
    family: &RefreshFamily,
    (presented, context): (&'static str, &RequestContext),
) -> Result<(), Fault> {
    let now = env.now();
    let work = env
        .audited(
            family.grant.organization_id,
            actor(client),
            revoked(client, presented),
            Visit { context, now },
        )
        .revoke_family(
            family.id,
            "revoked_by_client",
            now,
            now + env.settings.token.access,
        );
    env.store.commit(work).await.map_err(fault)?;
    env.status.refresh(env).await
}

fn actor(client: &AuthenticatedClient) -> Actor {
    Actor::Client(client.client().client_id.clone())
}

fn revoked(client: &AuthenticatedClient, what: &'static str) -> Event {
    Event::TokenRevoked {
        client: client.client().client_id.clone(),
        what,
    }
}
