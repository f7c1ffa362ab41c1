//! All clients.

use std::collections::HashMap;

use identity_domain::client::Client;
use identity_domain::failure::Fault;
use identity_oauth::client_metadata::ClientMetadata;
use serde::Serialize;

use crate::env::Env;

/// A client as a list shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Its id.
    pub client_id: String,
    /// Slug of its organization.
    pub organization: Option<String>,
    /// `active` or `disabled`.
    pub status: &'static str,
    /// How many secrets are accepted.
    pub secrets: usize,
    /// The file that manages it.
    pub managed_by: Option<String>,
    /// When it was registered, RFC 3339.
    pub created_at: String,
    /// The registration.
    #[serde(flatten)]
    pub metadata: ClientMetadata,
}

/// All clients by id.
pub async fn list(env: &Env) -> Result<Vec<Listed>, Fault> {
    let slugs: HashMap<_, _> = env
        .store
        .all_organizations()
        .await?
        .into_iter()
        .map(|(stored, _)| (stored.id, stored.slug.as_str().to_owned()))
        .collect();
    let listed = |client: Client| Listed {
        organization: client
            .organization_id
            .and_then(|id| slugs.get(&id).cloned()),
        status: client.status.as_str(),
        secrets: client.secrets.len(),
        managed_by: client.managed_by,
        created_at: client.created_at.rfc3339(),
        client_id: client.client_id,
        metadata: client.metadata,
    };
    let mut all: Vec<Listed> = env
        .store
        .all_clients()
        .await?
        .into_iter()
        .map(listed)
        .collect();
    all.sort_by(|left, right| left.client_id.cmp(&right.client_id));
    Ok(all)
}
