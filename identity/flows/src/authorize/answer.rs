//! The code: bound to everything it was asked with, and worth one redemption.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event};
use identity_domain::authorization::{CodeBinding, Grant};
use identity_domain::failure::Fault;
use identity_domain::organization::Organization;
use identity_domain::secret::SecretString;
use identity_domain::session::Session;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_oauth::authorization_response::AuthorizationResponse;
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_storage::Work;

use super::Asked;
use super::choose::names_somebody_else;
use super::receive::{audience, requested_resources};
use crate::env::{Env, Visit};

/// Adds a code to a unit and builds the answer that carries it. A person the client does not serve gets `access_denied`,
/// one that it did not ask for `login_required`.
pub async fn issue_code(
    env: &Env,
    asked: &Asked,
    session: &Session,
    work: Work,
    visit: Visit<'_>,
) -> Result<(AuthorizationResponse, Work), Fault> {
    let now = visit.now;
    let organization_id = match served(env, asked, session.user_id).await? {
        Ok(organization_id) => organization_id,
        Err((code, why)) => {
            let event = Event::AuthorizationRefused {
                client: asked.client.client_id.clone(),
                reason: why.to_owned(),
            };
            let work = work.and_event(env.record(
                asked.client.organization_id,
                Actor::User(session.user_id),
                event,
                visit,
            ));
            let reply = asked.reply(&env.settings.issuer);
            return Ok((reply.error(&OAuthError::new(code, why)), work));
        }
    };
    let grant = grant(env, asked, session, organization_id, now).await?;
    let code = SecretString::random_token(env.entropy.as_ref());
    let event = Event::Authorized {
        user: session.user_id,
        client: asked.client.client_id.clone(),
        session: session.id.to_string(),
        scopes: grant.scope.clone(),
    };
    let binding = CodeBinding {
        client_id: asked.client.client_id.clone(),
        redirect_uri: asked.redirect_uri.as_str().to_owned(),
        redirect_uri_was_sent: asked.request.redirect_uri.is_some(),
        code_challenge: asked
            .request
            .code_challenge
            .as_ref()
            .map(|challenge| challenge.as_str().to_owned()),
        grant,
        family_id: env.id(now),
    };
    let artefact = Artefact {
        kind: SingleUseKind::AuthorizationCode,
        tenant: String::new(),
        value_hash: code.hash(),
        payload: serde_json::to_string(&binding).map_err(Fault::new)?,
        created_at: now,
        expires_at: now + env.settings.token.code,
        used_at: None,
    };
    let work = work.issue(&artefact).and_event(env.record(
        organization_id,
        Actor::User(session.user_id),
        event,
        visit,
    ));
    Ok((
        asked.reply(&env.settings.issuer).success(code.expose()),
        work,
    ))
}

async fn grant(
    env: &Env,
    asked: &Asked,
    session: &Session,
    organization_id: Option<Id<Organization>>,
    now: Timestamp,
) -> Result<Grant, Fault> {
    let request = &asked.request;
    let audience =
        audience(env, &asked.client, &requested_resources(request)).map_err(Fault::new)?;
    let claims = (!request.claims.is_empty())
        .then(|| serde_json::to_value(&request.claims))
        .transpose()
        .map_err(Fault::new)?;
    Ok(Grant {
        user_id: session.user_id,
        session_id: session.id,
        organization_id,
        scope: request.scope.iter().map(str::to_owned).collect(),
        audience,
        nonce: request.nonce.clone(),
        claims,
        authentication: session.authentication.clone(),
        status_index: env.status.allocate(env).await?,
        granted_at: now,
    })
}

/// The organization this person acts for here, or the error that the client gets instead of a code.
async fn served(
    env: &Env,
    asked: &Asked,
    user: Id<User>,
) -> Result<Result<Option<Id<Organization>>, (ErrorCode, &'static str)>, Fault> {
    if names_somebody_else(env, asked, user) {
        // OpenID Connect Core §3.1.2.1: a hint for one person must not be answered with another.
        let why = "another person signed in than the one asked for";
        return Ok(Err((ErrorCode::LoginRequired, why)));
    }
    let organization = organization(env, asked, user).await?;
    Ok(organization.map_err(|why| (ErrorCode::AccessDenied, why)))
}

/// The organization a person acts for: the client's own, the one asked for, or the only one they are in. `Err` says why there is none
/// where one is needed.
pub(super) async fn organization(
    env: &Env,
    asked: &Asked,
    user: Id<User>,
) -> Result<Result<Option<Id<Organization>>, &'static str>, Fault> {
    let Some(person) = env.directory.person(&env.store, user).await? else {
        return Ok(Err("the account is gone"));
    };
    let wanted = match (asked.client.organization_id, &asked.request.organization) {
        (Some(own), _) => Some(own),
        (None, Some(slug)) => match env.directory.organization_by_slug(slug) {
            Some(tenant) => Some(tenant.organization.id),
            None => {
                return Ok(Err(
                    "the organization asked for does not exist or has no such member",
                ));
            }
        },
        (None, None) => None,
    };
    Ok(match (wanted, person.memberships.as_slice()) {
        (Some(id), _) if env.directory.place(&person, id).is_some() => Ok(Some(id)),
        (Some(_), _) => Err("the organization asked for does not exist or has no such member"),
        (None, [only]) => Ok(env
            .directory
            .place(&person, only.organization_id)
            .map(|place| place.organization_id)),
        (None, _) => Ok(None),
    })
}
