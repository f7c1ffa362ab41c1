//! Clients: compared and recorded.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext, chain_of};
use identity_domain::client::{Client, ClientSecret, ClientStatus, HexHash};
use identity_domain::credential::password_hash::{Normalized, PasswordHash};
use identity_domain::failure::Fault;
use identity_domain::organization::Organization;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::time::Timestamp;
use identity_oauth::client_metadata::ClientMetadata;
use identity_storage::Work;
use serde_json::{Map, Value};

use super::Problem;
use super::document::{ClientEntry, SecretEntry};
use super::plan::{Fields, ObjectKind, Operation, Step, Tenants, touched};
use super::stored::Stored;
use crate::env::{Env, Visit};

/// From this length on, text of the base64url alphabet is taken for random bytes: 43 characters are 256 bits.
const RANDOM_LENGTH: usize = 43;

/// What is to be recorded of one client.
pub(super) struct ClientStep {
    fields: Fields,
    before: Option<Client>,
    after: Client,
    secret: Option<SecretEntry>,
}

/// Compares one client. The outer error is a fault, the inner one what does not fit.
pub(super) async fn compare(
    env: &Env,
    entry: &ClientEntry,
    stored: &Stored,
    tenants: &Tenants,
    now: Timestamp,
) -> Result<Result<ClientStep, Vec<Problem>>, Fault> {
    let before = stored.clients.get(&entry.client_id);
    let organization_id = match &entry.organization {
        Some(slug) => match tenants.get(slug.as_str()) {
            Some(tenant) => Some(tenant.id),
            None => {
                let message =
                    format!("there is no organization `{slug}`, neither stored nor in the files");
                return Ok(Err(vec![entry.origin.problem("organization", message)]));
            }
        },
        None => None,
    };
    let mut after = before.cloned().unwrap_or_else(|| new(entry, now));
    after.organization_id = organization_id;
    after.metadata = entry.metadata.clone();
    after.status = entry.status.unwrap_or(after.status);
    if entry.origin.managed_by.is_some() {
        after.managed_by.clone_from(&entry.origin.managed_by);
    }
    let mut fields = Fields::default();
    compare_metadata(
        &mut fields,
        before.map(|client| &client.metadata),
        &after.metadata,
    );
    let slug = |id: Option<Id<Organization>>| {
        id.and_then(|id| tenants.iter().find(|(_, tenant)| tenant.id == id))
            .map(|(slug, _)| slug)
    };
    fields.compare(
        "organization",
        before.and_then(|client| slug(client.organization_id)),
        slug(organization_id),
    );
    let status = |client: &Client| client.status.as_str();
    fields.compare(
        "status",
        before.map_or(ClientStatus::Active.as_str(), status),
        status(&after),
    );
    fields.compare(
        "managed_by",
        before.and_then(|client| client.managed_by.as_ref()),
        &after.managed_by,
    );
    let uses_secret = entry.metadata.token_endpoint_auth_method.uses_secret();
    let old: &[ClientSecret] = before.map_or(&[], |client| &client.secrets);
    let secret = new_secret(env, entry.secret.as_ref(), old).await?;
    if uses_secret && old.is_empty() && secret.is_none() {
        let method = entry.metadata.token_endpoint_auth_method.as_str();
        let message = format!(
            "is required for {method}; a public client says `token_endpoint_auth_method: none`"
        );
        return Ok(Err(vec![entry.origin.problem("client_secret", message)]));
    }
    if secret.is_some() {
        fields.hidden("client_secret", !old.is_empty());
    } else if !uses_secret && !old.is_empty() {
        // A secret that is no longer asked for would only be something to steal.
        after.secrets.clear();
        fields.compare("client_secret", "(secret)", Value::Null);
    }
    touched(&fields, &mut after.updated_at, now);
    Ok(Ok(ClientStep {
        fields,
        before: before.cloned(),
        after,
        secret,
    }))
}

fn new(entry: &ClientEntry, now: Timestamp) -> Client {
    Client {
        client_id: entry.client_id.clone(),
        organization_id: None,
        metadata: entry.metadata.clone(),
        secrets: Vec::new(),
        status: ClientStatus::Active,
        managed_by: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn compare_metadata(fields: &mut Fields, before: Option<&ClientMetadata>, after: &ClientMetadata) {
    let (before, after) = (before.map(members).unwrap_or_default(), members(after));
    let removed = before.keys().filter(|key| !after.contains_key(*key));
    for key in after.keys().chain(removed) {
        fields.compare(key, before.get(key), after.get(key));
    }
}

/// Metadata as a mapping.
pub(super) fn members(metadata: &ClientMetadata) -> Map<String, Value> {
    match serde_json::to_value(metadata) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The secret to set, if what is stored is not it already. A stored second secret, from a rotation under way, is left alone.
async fn new_secret(
    env: &Env,
    described: Option<&SecretEntry>,
    stored: &[ClientSecret],
) -> Result<Option<SecretEntry>, Fault> {
    let same = match described {
        None => true,
        Some(SecretEntry::Hashes(hashes)) => {
            hashes.len() == stored.len()
                && hashes
                    .iter()
                    .zip(stored)
                    .all(|(left, right)| secret_to_text(left) == secret_to_text(right))
        }
        Some(SecretEntry::Clear(clear)) => is_among(env, clear, stored).await?,
    };
    Ok(described.filter(|_| !same).cloned())
}

async fn is_among(env: &Env, clear: &SecretString, stored: &[ClientSecret]) -> Result<bool, Fault> {
    for secret in stored {
        let matches = match secret {
            ClientSecret::Generated(hash) => hash.0.matches(&clear.hash()),
            ClientSecret::Chosen(hash) => env
                .hashing
                .verify(Normalized::of(clear), Some(hash.clone()))
                .await
                .map_err(|_| Fault::busy("the hashing queue is full"))?,
        };
        if matches {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A secret as it is kept: what looks like 256 random bits is hashed once, anything else like a password.
async fn kept(env: &Env, clear: &SecretString) -> Result<ClientSecret, Fault> {
    let text = clear.expose();
    let random = text.len() >= RANDOM_LENGTH
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if random {
        return Ok(ClientSecret::Generated(HexHash(clear.hash())));
    }
    let normalized =
        Normalized::of(clear).ok_or_else(|| Fault::new("a client secret that cannot be hashed"))?;
    let hash = env
        .hashing
        .create(normalized)
        .await
        .map_err(|_| Fault::busy("the hashing queue is full"))?;
    Ok(ClientSecret::Chosen(hash))
}

/// A kept secret as exports write it: `sha256:` and hexadecimal digits, or a password hash.
pub(super) fn secret_to_text(secret: &ClientSecret) -> String {
    match secret {
        ClientSecret::Generated(hash) => {
            hash.0.0.iter().fold("sha256:".to_owned(), |text, byte| {
                format!("{text}{byte:02x}")
            })
        }
        ClientSecret::Chosen(hash) => hash.as_str().to_owned(),
    }
}

/// The reverse of [`secret_to_text`].
pub(super) fn secret_from_text(text: &str) -> Option<ClientSecret> {
    let Some(hex) = text.strip_prefix("sha256:") else {
        return PasswordHash::parse(text).ok().map(ClientSecret::Chosen);
    };
    let mut bytes = [0_u8; 32];
    if hex.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(ClientSecret::Generated(HexHash(ValueHash(bytes))))
}

impl ClientStep {
    pub fn into_step(mut self, entry: &ClientEntry) -> Step {
        let fields = std::mem::take(&mut self.fields);
        let change = fields.into_change(
            ObjectKind::Client,
            &entry.client_id,
            self.before.is_some(),
            entry.origin.file.as_deref(),
        );
        Step {
            change,
            operation: Operation::Client(Box::new(self)),
        }
    }

    /// The unit of work that makes it so. A client that is no longer served loses its grants.
    pub async fn record(
        &self,
        env: &Env,
        context: &RequestContext,
        now: Timestamp,
    ) -> Result<Work, Fault> {
        let mut after = self.after.clone();
        match &self.secret {
            None => {}
            Some(SecretEntry::Clear(clear)) => after.secrets = vec![kept(env, clear).await?],
            Some(SecretEntry::Hashes(hashes)) => after.secrets.clone_from(hashes),
        }
        let change = if self.before.is_some() {
            "changed"
        } else {
            "created"
        };
        let event = Event::ClientChanged {
            client: after.client_id.clone(),
            change,
        };
        let work = env.audited(
            chain_of(&after),
            Actor::Operator,
            event,
            Visit { context, now },
        );
        let Some(before) = &self.before else {
            return Ok(work.insert_client(&after));
        };
        let work = work.update_client(&after);
        if before.is_active() && !after.is_active() {
            let until = now + env.settings.token.access;
            return Ok(work.revoke_families_of_client(
                &after.client_id,
                "client_disabled",
                now,
                until,
            ));
        }
        Ok(work)
    }
}
