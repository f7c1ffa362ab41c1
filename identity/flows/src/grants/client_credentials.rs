//! A client asks for itself (RFC 6749 §4.4). The token is stateless: nothing is stored, so nothing is waited for.

use identity_domain::failure::Failure;
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_oauth::scope::{OFFLINE_ACCESS, OPENID, Scope};
use identity_oauth::token_response::TokenResponse;

use super::TokenResult;
use crate::authorize::audience;
use crate::client_authentication::AuthenticatedClient;
use crate::env::Env;
use crate::issue;

/// Issues an access token to a confidential client.
pub fn issue(
    env: &Env,
    client: &AuthenticatedClient,
    scope: Option<Scope>,
    resource: &[String],
) -> TokenResult<TokenResponse> {
    if !client.is_confidential() {
        return Err(Failure::Refused(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "a public client cannot speak for itself",
        )));
    }
    // Scopes that speak of a person mean nothing here.
    let own =
        client.client().metadata.scope.filtered(|token| {
            ![OPENID, OFFLINE_ACCESS, "profile", "email", "phone"].contains(&token)
        });
    let scope = match scope {
        None => own,
        Some(asked) if asked.is_subset_of(&own) => asked,
        Some(_) => {
            return Err(Failure::Refused(OAuthError::new(
                ErrorCode::InvalidScope,
                "a scope asked for is not registered for this client, or speaks of a person",
            )));
        }
    };
    let audience = audience(env, client.client(), resource).map_err(Failure::Refused)?;
    Ok(issue::client_token(
        env,
        client,
        scope,
        audience,
        env.now(),
    )?)
}
