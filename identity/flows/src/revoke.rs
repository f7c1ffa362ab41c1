//! Token revocation (RFC 7009). Unknown and foreign tokens are answered like any other: there is nothing to learn here.

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::failure::{Failure, Fault};
use identity_domain::secret::ValueHash;
use identity_domain::time::Timestamp;
use identity_domain::token::RefreshToken;
use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::error::OAuthError;
use identity_oauth::revocation::RevocationRequest;

use crate::access;
use crate::client_authentication::{AuthenticatedClient, authenticate};
use crate::env::{Env, Visit, fault};

/// Revokes a client's own token. A refresh token takes its whole grant along, access tokens included (§2.1).
pub async fn revoke(
    env: &Env,
    presented: PresentedClient,
    request: &RevocationRequest,
    context: &RequestContext,
) -> Result<(), Failure<OAuthError>> {
    let client = authenticate(env, presented, context).await?;
    let token = request.token.expose();
    if let Some(token) = env.keys.opening(|keys| RefreshToken::open(token, keys)) {
        family(env, &client, token, context).await?;
    } else if let Some(claims) = access::verify(env, token)
        && claims.client_id == client.client().client_id
    {
        let until = Timestamp::from_seconds(claims.exp);
        let now = env.now();
        let work = env.audited(
            client.client().organization_id,
            actor(&client),
            revoked(&client, "access_token"),
            Visit { context, now },
        );
        env.store
            .commit(work.revoke_token(ValueHash::of(claims.jti.as_bytes()), now, until))
            .await
            .map_err(fault)?;
        env.status.refresh(env).await?;
    }
    Ok(())
}

async fn family(
    env: &Env,
    client: &AuthenticatedClient,
    token: RefreshToken,
    context: &RequestContext,
) -> Result<(), Fault> {
    let Some(family) = env.store.family(token.family_id).await? else {
        return Ok(());
    };
    if family.client_id != client.client().client_id {
        return Ok(());
    }
    let now = env.now();
    let work = env
        .audited(
            family.grant.organization_id,
            actor(client),
            revoked(client, "refresh_token"),
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
