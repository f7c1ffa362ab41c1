//! A new secret for a client.

use identity_domain::audit::{Actor, Event, RequestContext, chain_of};
use identity_domain::client::Client;
use identity_domain::secret::SecretString;

use super::super::{AdminRefusal, AdminResult, lost, refused, settled};
use super::{find, generate};
use crate::env::{Env, Visit};

/// What becomes of the secret there was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It is accepted until the next rotation, so that the application can be told in peace. At most two are accepted.
    KeepOld,
    /// It is dead at once: it may be known to somebody.
    DropOld,
}

/// Gives a client a new secret, shown once.
pub async fn rotate_secret(
    env: &Env,
    client_id: &str,
    rotation: Rotation,
    context: &RequestContext,
) -> AdminResult<(Client, SecretString)> {
    let now = env.now();
    let mut client = find(env, client_id).await?;
    if !client.metadata.token_endpoint_auth_method.uses_secret() {
        let method = client.metadata.token_endpoint_auth_method.as_str();
        return refused(AdminRefusal::NotApplicable(format!(
            "{client_id} has no secret: it uses {method}"
        )));
    }
    let (secret, kept) = generate(env);
    if rotation == Rotation::DropOld {
        client.secrets.clear();
    }
    client.secrets.insert(0, kept);
    client.secrets.truncate(2);
    client.updated_at = now;
    let event = Event::ClientChanged {
        client: client.client_id.clone(),
        change: "secret_rotated",
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
    Ok((client, secret))
}
