//! Token introspection (RFC 7662). What is not the caller's business is inactive.

use identity_domain::audit::RequestContext;
use identity_domain::failure::{Failure, Fault};
use identity_domain::token::{RefreshToken, Verdict};
use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::error::OAuthError;
use identity_oauth::introspection::{
    ActiveToken, IntrospectionRequest, IntrospectionResponse, ShownClaims,
};
use serde_json::{Value, json};

use crate::access;
use crate::client_authentication::{AuthenticatedClient, authenticate};
use crate::env::Env;

/// Answers an authenticated client.
pub async fn introspect(
    env: &Env,
    presented: PresentedClient,
    request: &IntrospectionRequest,
    context: &RequestContext,
) -> Result<IntrospectionResponse, Failure<OAuthError>> {
    let client = authenticate(env, presented, context).await?;
    if !client.is_confidential() {
        // RFC 7662 §2.1: the endpoint must not be open to guessing.
        return Err(Failure::Refused(OAuthError::invalid_client(
            "introspection needs client authentication",
        )));
    }
    let token = request.token.expose();
    if let Some(active) = access_token(env, &client, token) {
        return Ok(active);
    }
    Ok(refresh_token(env, &client, token)
        .await?
        .unwrap_or(IntrospectionResponse::Inactive))
}

/// An access token is shown to the client it was issued to and to the resource servers in its audience.
fn access_token(
    env: &Env,
    client: &AuthenticatedClient,
    token: &str,
) -> Option<IntrospectionResponse> {
    let claims = access::verify(env, token)?;
    let own = claims.client_id == client.client().client_id;
    let audience = claims.aud.contains(&client.client().client_id)
        || client
            .client()
            .metadata
            .audience
            .iter()
            .any(|resource| claims.aud.contains(resource));
    if !own && !audience {
        return Some(IntrospectionResponse::Inactive);
    }
    Some(active(Some("Bearer"), ShownClaims::OfToken(claims)))
}

async fn refresh_token(
    env: &Env,
    client: &AuthenticatedClient,
    token: &str,
) -> Result<Option<IntrospectionResponse>, Fault> {
    let Some(token) = env.keys.opening(|keys| RefreshToken::open(token, keys)) else {
        return Ok(None);
    };
    let Some(state) = env.store.family_in_use(token.family_id).await? else {
        return Ok(None);
    };
    let now = env.now();
    let family = &state.family;
    let newest = matches!(
        family.judge(token.generation, &env.settings.token.refresh, now),
        Verdict::Rotate(_)
    );
    if family.client_id != client.client().client_id || !newest {
        return Ok(None);
    }
    if super::grants::standing_in_use(env, family, &state.user, state.session, now)
        .await?
        .is_err()
    {
        return Ok(None);
    }
    let claims = json!({
        "iss": env.settings.issuer,
        "sub": family.grant.user_id,
        "client_id": family.client_id,
        "scope": family.grant.scope.join(" "),
        "iat": family.rotated_at.seconds(),
        "exp": family.idle_expires_at.min(family.expires_at).seconds(),
        "sid": family.grant.session_id,
    });
    Ok(match claims {
        Value::Object(claims) => Some(active(None, ShownClaims::Told(claims))),
        _ => None,
    })
}

fn active(token_type: Option<&'static str>, claims: ShownClaims) -> IntrospectionResponse {
    IntrospectionResponse::Active(Box::new(ActiveToken {
        token_type,
        username: None,
        claims,
    }))
}
