//! A new client. Its secret is made here and shown once.

use identity_domain::audit::{Actor, Event, RequestContext, chain_of};
use identity_domain::client::{Client, ClientStatus};
use identity_domain::failure::Failure;
use identity_domain::secret::SecretString;
use identity_oauth::client_metadata::{ClientMetadata, is_client_id};
use serde_json::{Map, Value};

use super::super::{AdminRefusal, AdminResult, lost, organization_by_slug, refused, settled};
use super::generate;
use crate::env::{Env, Visit};
use crate::keyring;

/// What the operator says about a new client.
pub struct NewClient {
    /// Its id; made up when absent.
    pub client_id: Option<String>,
    /// Slug of the organization it belongs to.
    pub organization: Option<String>,
    /// The registration, by its RFC 7591 names.
    pub metadata: Map<String, Value>,
}

/// Registers a client. The secret, for those that have one, is in the answer and nowhere else.
pub async fn create(
    env: &Env,
    new: NewClient,
    context: &RequestContext,
) -> AdminResult<(Client, Option<SecretString>)> {
    let now = env.now();
    let client_id = new
        .client_id
        .unwrap_or_else(|| env.id::<Client>(now).to_string());
    if !is_client_id(&client_id) {
        return refused(AdminRefusal::Metadata(
            "a client_id has 1 to 256 visible ASCII characters".to_owned(),
        ));
    }
    let metadata = ClientMetadata::parse(&new.metadata).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::Refused(AdminRefusal::Metadata(errors.join("; ")))
    })?;
    let organization_id = match &new.organization {
        Some(slug) => Some(organization_by_slug(env, slug).await?.id),
        None => None,
    };
    let secret = metadata
        .token_endpoint_auth_method
        .uses_secret()
        .then(|| generate(env));
    let (shown, kept) = secret.unzip();
    let client = Client {
        client_id,
        organization_id,
        metadata,
        secrets: kept.into_iter().collect(),
        branding: None,
        status: ClientStatus::Active,
        managed_by: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let event = Event::ClientChanged {
        client: client.client_id.clone(),
        change: "created",
    };
    let work = env
        .audited(
            chain_of(&client),
            Actor::Operator,
            event,
            Visit { context, now },
        )
        .insert_client(&client);
    env.store
        .commit(work)
        .await
        .map_err(|error| lost(error, &client.client_id))?;
    settled(env).await?;
    // Keys of an algorithm come into being with the first client that wants them.
    keyring::rotate(env, false, false).await?;
    Ok((client, shown))
}
