//! The token endpoint: the client is authenticated, the grant type allowed, the grant proven, tokens signed, and only then one unit recorded.

pub mod authorization_code;
pub mod client_credentials;
pub mod refresh_token;

use std::sync::Arc;

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::authorization::Grant;
use identity_domain::failure::{Failure, Fault};
use identity_domain::refusal::GrantRefusal;
use identity_domain::time::Timestamp;
use identity_domain::token::{RefreshFamily, RefreshToken};
use identity_domain::user::User;
use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_oauth::scope::OFFLINE_ACCESS;
use identity_oauth::token_request::{GrantType, TokenRequest};
use identity_oauth::token_response::TokenResponse;

use identity_storage::SessionState;

use crate::client_authentication::{AuthenticatedClient, authenticate};
use crate::directory::{Person, Place};
use crate::env::{Env, Visit, fault};
use crate::refusals;

/// A result of the token endpoint.
pub type TokenResult<T> = Result<T, Failure<OAuthError>>;

/// Answers a token request.
pub async fn token(
    env: &Env,
    presented: PresentedClient,
    request: TokenRequest,
    context: &RequestContext,
) -> TokenResult<TokenResponse> {
    let client = authenticate(env, presented, context).await?;
    let grant_type = request.grant_type();
    if !client.client().metadata.grant_types.contains(&grant_type) {
        return Err(Failure::Refused(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "this client may not use this grant_type",
        )));
    }
    match request {
        TokenRequest::AuthorizationCode {
            code,
            redirect_uri,
            code_verifier,
            resource,
        } => {
            let presented = authorization_code::Presented {
                code,
                redirect_uri,
                code_verifier,
                resource,
            };
            authorization_code::redeem(env, &client, presented, context).await
        }
        TokenRequest::RefreshToken {
            refresh_token,
            scope,
            resource,
        } => {
            let presented = refresh_token::Presented {
                token: refresh_token,
                scope,
                resource,
            };
            refresh_token::refresh(env, &client, presented, context).await
        }
        TokenRequest::ClientCredentials { scope, resource } => {
            client_credentials::issue(env, &client, scope, &resource)
        }
    }
}

/// A refusal is `invalid_grant` outside and has its reason in the audit log.
pub(crate) async fn refused<T>(
    env: &Env,
    client: &AuthenticatedClient,
    user: Option<Id<User>>,
    refusal: GrantRefusal,
    context: &RequestContext,
) -> TokenResult<T> {
    let now = env.now();
    let event = Event::TokenRefused {
        client: client.client().client_id.clone(),
        user,
        reason: refusal.to_string(),
    };
    let visit = Visit { context, now };
    refusals::record_of_client(env, client, event, visit).await?;
    Err(invalid_grant())
}

fn invalid_grant() -> Failure<OAuthError> {
    Failure::Refused(OAuthError::invalid_grant(
        "the code or token is not valid, was used, has expired, or belongs to another client",
    ))
}

/// What came back although it had been used.
pub(crate) struct Reuse {
    /// The family that dies of it.
    pub family: Id<RefreshFamily>,
    /// Whose grant it was.
    pub user: Id<User>,
    /// `authorization_code` or `refresh_token`.
    pub what: &'static str,
}

/// A used code or an old refresh token came back: everything of the grant dies (RFC 6749 §4.1.2, RFC 9700 §4.14.2), once. There is
/// nothing to kill where a code was spoiled and never redeemed: that is a refusal like any other.
pub(crate) async fn reused<T>(
    env: &Env,
    client: &AuthenticatedClient,
    reuse: Reuse,
    context: &RequestContext,
) -> TokenResult<T> {
    let Reuse { family, user, what } = reuse;
    match env.store.family(family).await? {
        None => {
            return refused(env, client, Some(user), GrantRefusal::UsedBefore, context).await;
        }
        Some(family) if family.revoked_at.is_some() => {
            // Perhaps by another node: its tokens are dead here from now on, too.
            env.status.refresh(env).await?;
            return Err(invalid_grant());
        }
        Some(_) => {}
    }
    let now = env.now();
    let client_id = client.client().client_id.clone();
    let event = Event::ReuseDetected {
        client: client_id.clone(),
        user,
        family: family.to_string(),
        what,
    };
    let work = env
        .audited(
            client.client().organization_id,
            Actor::Client(client_id),
            event,
            Visit { context, now },
        )
        .revoke_family(family, "reuse", now, now + env.settings.token.access);
    env.store.commit(work).await.map_err(fault)?;
    env.status.refresh(env).await?;
    Err(invalid_grant())
}

/// Whoever a grant speaks about, as they are now, or why they get no token.
pub(crate) struct Standing {
    /// The person.
    pub person: Arc<Person>,
    /// Their place in the grant's organization.
    pub place: Option<Place>,
}

/// The gate at the token endpoint: the person is active, the session good, the organization open and still theirs.
pub(crate) async fn standing(
    env: &Env,
    grant: &Grant,
    user: &User,
    session_is_good: bool,
) -> Result<Result<Standing, GrantRefusal>, Fault> {
    if !user.is_active() {
        return Ok(Err(GrantRefusal::UserNotActive));
    }
    if !session_is_good {
        return Ok(Err(GrantRefusal::SessionEnded));
    }
    let Some(person) = env.directory.person(&env.store, user.id).await? else {
        return Ok(Err(GrantRefusal::UserNotActive));
    };
    let place = grant
        .organization_id
        .map(|id| env.directory.place(&person, id));
    match place {
        Some(None) => Ok(Err(GrantRefusal::Organization)),
        place => Ok(Ok(Standing {
            place: place.flatten(),
            person,
        })),
    }
}

/// The gate for a family. `offline_access` outlives the time limits of a session, never its end by somebody's hand; without it the
/// limits are looked up too.
pub(crate) async fn standing_in_use(
    env: &Env,
    family: &RefreshFamily,
    user: &User,
    session: Option<SessionState>,
    now: Timestamp,
) -> Result<Result<Standing, GrantRefusal>, Fault> {
    let offline = family.grant.has_scope(OFFLINE_ACCESS);
    let good = match session {
        Some(state) if state.ended_at.is_some() => false,
        _ if offline => true,
        Some(_) => env
            .store
            .session(family.grant.session_id)
            .await?
            .is_some_and(|(session, _)| session.is_alive(&env.settings.session, now)),
        None => false,
    };
    standing(env, &family.grant, user, good).await
}

/// The token of a family's generation.
pub(crate) fn refresh_token(
    env: &Env,
    family_id: Id<RefreshFamily>,
    generation: i64,
) -> Result<String, Fault> {
    env.keys.sealing(|key| {
        RefreshToken {
            family_id,
            generation,
        }
        .seal(key)
        .expose()
        .clone()
    })
}

/// Whether a client gets refresh tokens at all.
pub(crate) fn may_refresh(client: &AuthenticatedClient) -> bool {
    client
        .client()
        .metadata
        .grant_types
        .contains(&GrantType::RefreshToken)
}
