//! Clients: compared and recorded.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, chain_of};
use identity_domain::client::{Client, ClientSecret, ClientStatus, WeakSecret};
use identity_domain::failure::Fault;
use identity_domain::organization::Organization;
use identity_domain::secret::SecretString;
use identity_domain::time::Timestamp;
use identity_oauth::client_metadata::ClientMetadata;
use identity_storage::Work;
use serde_json::{Map, Value};

use super::Problem;
use super::branding;
use super::document::{ClientEntry, SecretEntry};
use super::plan::{Fields, ObjectKind, Operation, Step, Tenants, touched};
use super::stored::Stored;
use crate::env::{Env, Visit};

mod secret;

use secret::{kept, new_secret};
pub(super) use secret::{secret_from_text, secret_to_text};

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
    let organization_id = match organization(entry, tenants) {
        Ok(id) => id,
        Err(problem) => return Ok(Err(vec![problem])),
    };
    let mut after = before.cloned().unwrap_or_else(|| new(entry, now));
    after.organization_id = organization_id;
    after.metadata = entry.metadata.clone();
    after.status = entry.status.unwrap_or(after.status);
    after.branding = entry.branding.as_ref().and_then(branding::settled);
    if entry.origin.managed_by.is_some() {
        after.managed_by.clone_from(&entry.origin.managed_by);
    }
    let mut fields = Fields::default();
    compare_client(&mut fields, before, &after, tenants);
    let uses_secret = entry.metadata.token_endpoint_auth_method.uses_secret();
    let old: &[ClientSecret] = before.map_or(&[], |client| &client.secrets);
    let secret = new_secret(env, entry.secret.as_ref(), old).await?;
    if let Some(SecretEntry::Clear(clear)) = &secret
        && let Some(problem) = too_weak(env, entry, clear)
    {
        return Ok(Err(vec![problem]));
    }
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

fn organization(
    entry: &ClientEntry,
    tenants: &Tenants,
) -> Result<Option<Id<Organization>>, Problem> {
    let Some(slug) = &entry.organization else {
        return Ok(None);
    };
    let found = tenants.get(slug.as_str()).map(|tenant| Some(tenant.id));
    found.ok_or_else(|| {
        let message = format!("there is no organization `{slug}`, neither stored nor in the files");
        entry.origin.problem("organization", message)
    })
}

fn compare_client(fields: &mut Fields, before: Option<&Client>, after: &Client, tenants: &Tenants) {
    compare_metadata(
        fields,
        before.map(|client| &client.metadata),
        &after.metadata,
    );
    branding::compare(
        fields,
        before.and_then(|client| client.branding.as_ref()),
        after.branding.as_ref(),
    );
    let slug = |id: Option<Id<Organization>>| {
        id.and_then(|id| tenants.iter().find(|(_, tenant)| tenant.id == id))
            .map(|(slug, _)| slug)
    };
    let status = |client: &Client| client.status.as_str();
    fields.compare(
        "organization",
        before.and_then(|client| slug(client.organization_id)),
        slug(after.organization_id),
    );
    fields.compare(
        "status",
        before.map_or(ClientStatus::Active.as_str(), status),
        status(after),
    );
    fields.compare(
        "managed_by",
        before.and_then(|client| client.managed_by.as_ref()),
        &after.managed_by,
    );
}

/// Only a secret that is new is refused: a file that was applied before goes on as it is. `identity dev` is nobody's provider.
fn too_weak(env: &Env, entry: &ClientEntry, clear: &SecretString) -> Option<Problem> {
    let weak = WeakSecret::of(clear.expose()).filter(|_| !env.settings.dev)?;
    let fix = format!(
        "make one with `openssl rand -base64 32`, or let `identity client create --client-id {}` make one and leave it out here",
        entry.client_id
    );
    let problem = format!("{weak}: {fix}");
    Some(entry.origin.problem("client_secret", problem))
}

fn new(entry: &ClientEntry, now: Timestamp) -> Client {
    Client {
        client_id: entry.client_id.clone(),
        organization_id: None,
        metadata: entry.metadata.clone(),
        secrets: Vec::new(),
        branding: None,
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

impl ClientStep {
    pub fn into_step(mut self, entry: &ClientEntry) -> Step {
        let fields = std::mem::take(&mut self.fields);
        let mut change = fields.into_change(
            ObjectKind::Client,
            &entry.client_id,
            self.before.is_some(),
            entry.origin.file.as_deref(),
        );
        change.warnings = branding::warnings(&entry.origin, entry.branding.as_ref());
        Step {
            change,
            operation: Operation::Client(Box::new(self)),
        }
    }

    /// The unit of work that makes it so. A client that is no longer served loses its grants.
    pub async fn record(&self, env: &Env, visit: Visit<'_>) -> Result<Work, Fault> {
        let now = visit.now;
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
        let work = env.audited(chain_of(&after), Actor::Operator, event, visit);
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
