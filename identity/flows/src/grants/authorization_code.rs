//! A code is redeemed once, by the client and with everything it was bound to.

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::authorization::CodeBinding;
use identity_domain::failure::{Failure, Fault};
use identity_domain::refusal::GrantRefusal;
use identity_domain::secret::ValueHash;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::Timestamp;
use identity_domain::token::RefreshFamily;
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_oauth::pkce::{self, CodeChallenge};
use identity_oauth::sensitive::Sensitive;
use identity_oauth::token_response::TokenResponse;
use identity_storage::Lost;

use super::{Reuse, Standing, TokenResult, may_refresh, refresh_token, refused, reused, standing};
use crate::client_authentication::AuthenticatedClient;
use crate::env::{Env, Visit, fault};
use crate::issue::{self, Subject};

/// What the client sent.
pub struct Presented {
    /// `code`.
    pub code: Sensitive,
    /// `redirect_uri`.
    pub redirect_uri: Option<String>,
    /// `code_verifier`.
    pub code_verifier: Option<Sensitive>,
    /// `resource`.
    pub resource: Vec<String>,
}

/// Redeems a code.
pub async fn redeem(
    env: &Env,
    client: &AuthenticatedClient,
    presented: Presented,
    context: &RequestContext,
) -> TokenResult<TokenResponse> {
    let visit = env.visit(context);
    let now = visit.now;
    let hash = ValueHash::of(presented.code.expose().as_bytes());
    let binding = accepted(env, client, &presented, hash, visit).await?;
    let user_id = binding.grant.user_id;
    let audience = narrowed(&binding.grant.audience, &presented.resource)?;
    let standing = match present(env, &binding, now).await? {
        Ok(standing) => standing,
        Err(refusal) => return refused(env, client, Some(user_id), refusal, context).await,
    };
    let family = family(env, client, &binding, now);
    let refresh = may_refresh(client)
        .then(|| refresh_token(env, family.id, 1))
        .transpose()?;
    let grant = &family.grant;
    let subject = Subject {
        grant,
        person: &standing.person,
        place: standing.place.as_ref(),
        scope: &grant.scope,
        audience: &audience,
    };
    let tokens = issue::person_tokens(env, client, &subject, refresh, now)?;
    let event = Event::TokenIssued {
        user: user_id,
        client: binding.client_id.clone(),
        family: family.id.to_string(),
    };
    let work = env
        .audited(grant.organization_id, Actor::User(user_id), event, visit)
        .consume(SingleUseKind::AuthorizationCode, "", hash, now)
        .insert_family(&family)
        // Whoever got tokens in a session is told when it ends.
        .note_session_client(grant.session_id, &binding.client_id, now);
    match env.store.commit(work).await {
        Ok(()) => Ok(tokens),
        // Somebody redeemed it between our look and our unit: the second redemption revokes the first (S5).
        Err(Lost::Guard(_) | Lost::Conflict(_)) => {
            reused(env, client, again(&binding), context).await
        }
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// A code that came back after its redemption.
fn again(binding: &CodeBinding) -> Reuse {
    Reuse {
        family: binding.family_id,
        user: binding.grant.user_id,
        what: "authorization_code",
    }
}

/// What an unused code stands for, presented by its client with everything it was bound to.
async fn accepted(
    env: &Env,
    client: &AuthenticatedClient,
    presented: &Presented,
    hash: ValueHash,
    visit: Visit<'_>,
) -> TokenResult<CodeBinding> {
    let Visit { context, now } = visit;
    let Some(artefact) = env
        .store
        .artefact(SingleUseKind::AuthorizationCode, "", hash)
        .await?
    else {
        return refused(env, client, None, GrantRefusal::Unknown, context).await;
    };
    let binding: CodeBinding = serde_json::from_str(&artefact.payload).map_err(Fault::new)?;
    let user_id = binding.grant.user_id;
    if binding.client_id != client.client().client_id {
        // Somebody else holds this code: it must not work for anybody any more.
        spoil(env, hash, now).await?;
        return refused(
            env,
            client,
            Some(user_id),
            GrantRefusal::OtherClient,
            context,
        )
        .await;
    }
    if artefact.used_at.is_some() {
        return reused(env, client, again(&binding), context).await;
    }
    if let Err(refusal) = bound(&artefact, &binding, presented, now) {
        // One guess at what it is bound to, not as many as fit into its life.
        spoil(env, hash, now).await?;
        return refused(env, client, Some(user_id), refusal, context).await;
    }
    Ok(binding)
}

/// The gate for a code: its session and its person, as they are now.
async fn present(
    env: &Env,
    binding: &CodeBinding,
    now: Timestamp,
) -> Result<Result<Standing, GrantRefusal>, Fault> {
    let Some((session, user)) = env.store.session(binding.grant.session_id).await? else {
        return Ok(Err(GrantRefusal::SessionEnded));
    };
    let session_is_good = session.is_alive(&env.settings.session, now);
    standing(env, &binding.grant, &user, session_is_good).await
}

/// Everything the code was bound to, in one place.
fn bound(
    artefact: &Artefact,
    binding: &CodeBinding,
    presented: &Presented,
    now: Timestamp,
) -> Result<(), GrantRefusal> {
    if now >= artefact.expires_at {
        return Err(GrantRefusal::Expired);
    }
    // RFC 6749 §4.1.3: required if it was in the request, and then identical; OAuth 2.1 lets clients leave it out otherwise.
    let redirect_matches = match &presented.redirect_uri {
        Some(uri) => *uri == binding.redirect_uri,
        None => !binding.redirect_uri_was_sent,
    };
    if !redirect_matches {
        return Err(GrantRefusal::OtherRedirectUri);
    }
    let challenge = binding
        .code_challenge
        .as_deref()
        .map(|challenge| CodeChallenge::parse(challenge, Some(pkce::METHOD)))
        .transpose();
    let challenge = challenge.map_err(|_| GrantRefusal::CodeVerifier)?;
    let verifier = presented.code_verifier.as_ref().map(Sensitive::expose);
    // Also refuses a verifier where no challenge was sent: the downgrade of RFC 9700 §4.8.2.
    pkce::verify(challenge.as_ref(), verifier).map_err(|_| GrantRefusal::CodeVerifier)
}

/// The audience of these tokens: what was granted, or the part of it asked for (RFC 8707 §2.2).
pub(super) fn narrowed(granted: &[String], asked: &[String]) -> TokenResult<Vec<String>> {
    if asked.is_empty() {
        return Ok(granted.to_vec());
    }
    match asked.iter().find(|resource| !granted.contains(resource)) {
        Some(_) => Err(Failure::Refused(OAuthError::new(
            ErrorCode::InvalidTarget,
            "resource was not granted",
        ))),
        None => Ok(asked.to_vec()),
    }
}

fn family(
    env: &Env,
    client: &AuthenticatedClient,
    binding: &CodeBinding,
    now: Timestamp,
) -> RefreshFamily {
    let policy = env.settings.token.refresh;
    RefreshFamily {
        id: binding.family_id,
        client_id: binding.client_id.clone(),
        grant: binding.grant.clone(),
        generation: i64::from(may_refresh(client)),
        created_at: now,
        rotated_at: now,
        idle_expires_at: now + policy.idle,
        expires_at: now + policy.absolute,
        revoked_at: None,
    }
}

async fn spoil(env: &Env, hash: ValueHash, now: Timestamp) -> Result<(), Fault> {
    let work = identity_storage::Work::unaudited("the refusal that follows has its own event")
        .consume(SingleUseKind::AuthorizationCode, "", hash, now);
    match env.store.commit(work).await {
        Ok(()) | Err(Lost::Guard(_)) => Ok(()),
        Err(lost) => Err(fault(lost)),
    }
}
