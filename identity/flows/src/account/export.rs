//! Everything we hold about a person, handed to them (GDPR Art. 15 and 20, PRI-01).

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::credential::Credential;
use identity_domain::time::Timestamp;
use serde_json::{Value, json};

use super::elevation::ElevatedSession;
use crate::env::{Env, fault};
use crate::login::LoginResult;

/// Most records of the log that are handed out at once.
const RECORDS: usize = 100_000;

/// The document. Secrets are not in it: a password's hash or an app's key is of no use to its owner and of much use to a thief.
pub async fn document(
    env: &Env,
    elevated: &ElevatedSession,
    context: &RequestContext,
) -> LoginResult<Value> {
    let visit = env.visit(context);
    let user = &elevated.live().user;
    let account = env.store.account(user.id).await?;
    let credentials = account.as_ref().map_or_else(Vec::new, |account| {
        account.credentials.iter().map(credential).collect()
    });
    let password = super::change_password::password_of(env, user.id).await?;
    let phone = env.store.phone_of(user.id).await?;
    let document = json!({
        "made_at": instant(visit.now),
        "issuer": env.settings.issuer,
        "person": {
            "id": user.id.to_string(),
            "email": user.email.as_str(),
            "email_verified_at": user.email_verified_at.map(instant),
            "phone_number": phone.as_ref().map(|phone| phone.expose().clone()),
            "profile": user.profile,
            "standing": user.standing,
            "language": user.language,
            "status": user.status.as_str(),
            "managed_by": user.managed_by,
            "created_at": instant(user.created_at),
            "updated_at": instant(user.updated_at),
        },
        "memberships": memberships(env, elevated).await?,
        "credentials": Value::Array(credentials),
        "password_changed_at": password.map(|owner| instant(owner.credential.changed_at)),
        "sessions": sessions(env, elevated).await?,
        "devices": devices(env, elevated).await?,
        "consents": consents(env, elevated).await?,
        "applications": applications(env, elevated).await?,
        "activity": activity(env, elevated).await?,
    });
    let event = Event::DataExported { user: user.id };
    let work = env.audited(None, Actor::User(user.id), event, visit);
    env.store.commit(work).await.map_err(fault)?;
    Ok(document)
}

fn instant(at: Timestamp) -> String {
    at.rfc3339()
}

fn credential(credential: &Credential) -> Value {
    json!({
        "kind": credential.kind.as_str(),
        "name": credential.label,
        "created_at": instant(credential.created_at),
        "last_used_at": credential.last_used_at.map(instant),
    })
}

async fn memberships(env: &Env, elevated: &ElevatedSession) -> LoginResult<Vec<Value>> {
    let found = env.store.organizations_of(elevated.live().user.id).await?;
    Ok(found
        .into_iter()
        .map(|(membership, organization)| {
            json!({
                "organization": organization.name,
                "slug": organization.slug.as_str(),
                "roles": membership.roles,
                "since": instant(membership.created_at),
            })
        })
        .collect())
}

async fn sessions(env: &Env, elevated: &ElevatedSession) -> LoginResult<Vec<Value>> {
    let found = env.store.all_sessions_of(elevated.live().user.id).await?;
    Ok(found
        .into_iter()
        .map(|session| {
            json!({
                "id": session.id.to_string(),
                "methods": session.authentication.amr,
                "address": session.address,
                "user_agent": session.user_agent,
                "signed_in_at": instant(session.created_at),
                "last_seen_at": instant(session.last_seen_at),
                "expires_at": instant(session.expires_at),
                "ended_at": session.ended.map(|(at, _)| instant(at)),
                "ended_because": session.ended.map(|(_, reason)| reason.as_str()),
            })
        })
        .collect())
}

async fn devices(env: &Env, elevated: &ElevatedSession) -> LoginResult<Vec<Value>> {
    let found = env.store.devices_of(elevated.live().user.id).await?;
    Ok(found
        .into_iter()
        .map(|device| {
            json!({
                "id": device.id.to_string(),
                "name": device.label,
                "browser": device.traits,
                "user_agent": device.user_agent,
                "address": device.address,
                "country": device.country,
                "first_seen_at": instant(device.first_seen_at),
                "last_seen_at": instant(device.last_seen_at),
                "trusted_until": device.trusted_until.map(instant),
                "disowned_at": device.distrusted_at.map(instant),
                "passed_over_at": device.passed_over_at.map(instant),
            })
        })
        .collect())
}

async fn consents(env: &Env, elevated: &ElevatedSession) -> LoginResult<Vec<Value>> {
    let found = env.store.consents_of(elevated.live().user.id).await?;
    Ok(found
        .into_iter()
        .map(|consent| {
            json!({
                "client_id": consent.client_id,
                "scopes": consent.scopes,
                "granted_at": instant(consent.granted_at),
                "updated_at": instant(consent.updated_at),
            })
        })
        .collect())
}

async fn applications(env: &Env, elevated: &ElevatedSession) -> LoginResult<Vec<Value>> {
    let found = env.store.applications_of(elevated.live().user.id).await?;
    Ok(found
        .into_iter()
        .map(|(client_id, last_used_at)| {
            json!({"client_id": client_id, "last_used_at": instant(last_used_at)})
        })
        .collect())
}

async fn activity(env: &Env, elevated: &ElevatedSession) -> LoginResult<Vec<Value>> {
    let ever = Timestamp(0);
    let rows = env
        .store
        .activity_of(elevated.live().user.id, ever, None, RECORDS)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let data: Value = serde_json::from_str(&row.data).unwrap_or(Value::Null);
            json!({
                "at": instant(row.at),
                "action": row.action,
                "result": row.result,
                "address": row.address,
                "user_agent": row.user_agent,
                "details": data,
            })
        })
        .collect())
}
