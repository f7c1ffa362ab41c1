//! Taking a client out of service, and out of the world.

use identity_domain::audit::{Actor, Event, RequestContext, chain_of};
use identity_domain::client::{Client, ClientStatus};

use super::super::{AdminRefusal, AdminResult, lost, refused, settled};
use super::find;
use crate::env::{Env, Visit};

/// Refuses a client everywhere and ends every grant it holds.
pub async fn disable(env: &Env, client_id: &str, context: &RequestContext) -> AdminResult<Client> {
    let now = env.now();
    let mut client = find(env, client_id).await?;
    if !client.is_active() {
        return refused(AdminRefusal::NotApplicable(format!(
            "{client_id} is disabled already"
        )));
    }
    client.status = ClientStatus::Disabled;
    client.updated_at = now;
    let event = Event::ClientChanged {
        client: client.client_id.clone(),
        change: "disabled",
    };
    let until = now + env.settings.token.access;
    let work = env
        .audited(
            chain_of(&client),
            Actor::Operator,
            event,
            Visit { context, now },
        )
        .update_client(&client)
        .revoke_families_of_client(client_id, "client_disabled", now, until);
    env.store
        .commit(work)
        .await
        .map_err(|error| lost(error, client_id))?;
    settled(env).await?;
    Ok(client)
}

/// Serves a disabled client again. Grants it held do not come back.
pub async fn enable(env: &Env, client_id: &str, context: &RequestContext) -> AdminResult<Client> {
    let now = env.now();
    let mut client = find(env, client_id).await?;
    if client.is_active() {
        return refused(AdminRefusal::NotApplicable(format!(
            "{client_id} is not disabled"
        )));
    }
    client.status = ClientStatus::Active;
    client.updated_at = now;
    let event = Event::ClientChanged {
        client: client.client_id.clone(),
        change: "enabled",
    };
    let work = env
        .audited(
            chain_of(&client),
            Actor::Operator,
            event,
            Visit { context, now },
        )
        .update_client(&client);
    env.store
        .commit(work)
        .await
        .map_err(|error| lost(error, client_id))?;
    settled(env).await?;
    Ok(client)
}

/// Removes a client with its grants and what people allowed it.
pub async fn delete(env: &Env, client_id: &str, context: &RequestContext) -> AdminResult<Client> {
    let now = env.now();
    let client = find(env, client_id).await?;
    let event = Event::ClientChanged {
        client: client.client_id.clone(),
        change: "removed",
    };
    let until = now + env.settings.token.access;
    let work = env
        .audited(
            chain_of(&client),
            Actor::Operator,
            event,
            Visit { context, now },
        )
        .revoke_families_of_client(client_id, "client_removed", now, until)
        .delete_client(client_id, now)
        .ordered();
    env.store
        .commit(work)
        .await
        .map_err(|error| lost(error, client_id))?;
    settled(env).await?;
    Ok(client)
}
