//! From parameters to a request that may be answered.

use std::sync::Arc;

use identity_domain::Fault;
use identity_domain::client::Client;
use identity_oauth::authorization_request::{AuthorizationRequest, RequestTarget};
use identity_oauth::authorization_response::{AuthorizationResponse, Reply};
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_oauth::parameters::Parameters;
use identity_oauth::redirect_uri::{self, Unresolved, VerifiedRedirectUri};
use identity_oauth::token_request::GrantType;

use super::Asked;
use crate::claims;
use crate::env::Env;

/// A request that cannot be taken.
#[derive(Debug)]
pub enum Unanswerable {
    /// Nobody known asks, or a client that is disabled: a page.
    UnknownClient {
        /// As presented.
        client_id: String,
    },
    /// The answer would go to an address that is not registered: a page, never a redirect.
    RedirectUri {
        /// Who asks.
        client: Arc<Client>,
        /// What is wrong with it.
        unresolved: Unresolved,
    },
    /// Not even that much could be read: a page.
    Malformed(OAuthError),
    /// Wrong, but the application can be told.
    Refused(AuthorizationResponse),
}

/// Reads and checks a request. The order of the checks is the order below; nothing is redirected before the redirect URI is verified.
pub fn receive(env: &Env, parameters: &Parameters) -> Result<Asked, Unanswerable> {
    let target = RequestTarget::parse(parameters).map_err(Unanswerable::Malformed)?;
    let client = env
        .directory
        .client(&target.client_id)
        .filter(|client| client.is_active())
        .ok_or_else(|| Unanswerable::UnknownClient {
            client_id: target.client_id.clone(),
        })?;
    let redirect_uri = verified(&client, target.redirect_uri.as_deref()).map_err(|unresolved| {
        Unanswerable::RedirectUri {
            client: Arc::clone(&client),
            unresolved,
        }
    })?;
    let issuer = &env.settings.issuer;
    let mut request = AuthorizationRequest::parse(parameters, target).map_err(|error| {
        let reply = Reply {
            redirect_uri: &redirect_uri,
            response_mode: error.response_mode,
            state: error.state.as_deref(),
            issuer,
        };
        Unanswerable::Refused(reply.error(&error.error))
    })?;
    claims::keep_registered(&mut request.claims, &client.metadata.scope);
    let asked = Asked {
        request,
        client,
        redirect_uri,
    };
    match permitted(env, &asked) {
        Ok(()) => Ok(asked),
        Err(error) => Err(Unanswerable::Refused(asked.reply(issuer).error(&error))),
    }
}

/// What this client may ask.
fn permitted(env: &Env, asked: &Asked) -> Result<(), OAuthError> {
    let metadata = &asked.client.metadata;
    if !metadata.grant_types.contains(&GrantType::AuthorizationCode) {
        return Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "this client may not use the authorization code grant",
        ));
    }
    if metadata.require_pkce || metadata.is_public() {
        asked.request.require_pkce()?;
    }
    let unknown = asked.request.scope.difference(&metadata.scope);
    if !unknown.is_empty() {
        return Err(OAuthError::new(
            ErrorCode::InvalidScope,
            format!(
                "scope {} is not registered for this client",
                unknown.iter().collect::<Vec<_>>().join(" ")
            ),
        ));
    }
    audience(env, &asked.client, &requested_resources(&asked.request))?;
    Ok(())
}

/// `resource` and the customary `audience`, together.
pub fn requested_resources(request: &AuthorizationRequest) -> Vec<String> {
    request
        .resource
        .iter()
        .chain(request.audience.as_ref())
        .cloned()
        .collect()
}

/// The audience of an access token: what was asked for if this client may ask for it, else all that is registered for it, else
/// ourselves (RFC 8707 §2, RFC 9068 §3).
pub fn audience(
    env: &Env,
    client: &Client,
    requested: &[String],
) -> Result<Vec<String>, OAuthError> {
    let registered = &client.metadata.audience;
    if let Some(foreign) = requested
        .iter()
        .find(|resource| !registered.contains(resource) && **resource != env.settings.issuer)
    {
        return Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            format!("{foreign} is not a resource this client may ask for"),
        ));
    }
    Ok(match (requested, registered.as_slice()) {
        ([], []) => vec![env.settings.issuer.clone()],
        ([], registered) => registered.to_vec(),
        (requested, _) => requested.to_vec(),
    })
}

fn verified(client: &Client, presented: Option<&str>) -> Result<VerifiedRedirectUri, Unresolved> {
    redirect_uri::resolve(
        &client.metadata.redirect_uris,
        presented,
        client.metadata.application_type,
    )
}

/// Verifies a stored redirect URI again: the registration may have changed while the person was typing.
pub fn reverify(
    env: &Env,
    request: &AuthorizationRequest,
    stored: &str,
) -> Result<VerifiedRedirectUri, Fault> {
    let client = env
        .directory
        .client(&request.client_id)
        .ok_or_else(|| Fault::new("the client of a login is gone"))?;
    verified(&client, Some(stored))
        .map_err(|_| Fault::new("the redirect URI of a login is no longer registered"))
}
