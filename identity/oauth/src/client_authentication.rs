//! Client authentication at the token endpoint and its kin (RFC 6749 §2.3, OpenID Connect Core §9): what was presented.
//!
//! Secrets are compared by whoever holds their hashes; assertions are checked in [`assertion`].

pub mod assertion;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::authorization_request::MAX_CLIENT_ID;
use crate::client_metadata::TokenEndpointAuthMethod;
use crate::error::{ErrorCode, OAuthError};
use crate::jose::decode_unverified;
use crate::parameters::{Parameters, form_decode};
use crate::sensitive::Sensitive;

/// RFC 7523 §2.2
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const MAX_SECRET: usize = 512;

/// Credentials as they came in. Nothing is verified.
#[derive(Clone, Debug)]
pub enum PresentedClient {
    /// A public client: only its name.
    None { client_id: String },
    Basic {
        client_id: String,
        client_secret: Sensitive,
    },
    Post {
        client_id: String,
        client_secret: Sensitive,
    },
    /// `private_key_jwt`; `client_id` is what the assertion claims.
    Assertion {
        client_id: String,
        assertion: Sensitive,
    },
}

impl PresentedClient {
    /// Read the `Authorization` header (its value, if there is one) and the body. Never give it a query: secrets are
    /// not accepted there (RFC 6749 §2.3.1).
    pub fn parse(authorization: Option<&str>, parameters: &Parameters) -> Result<Self, OAuthError> {
        let post = parameters.get("client_secret");
        let assertion = parameters.get("client_assertion");
        let methods = [authorization.is_some(), post.is_some(), assertion.is_some()];
        // RFC 6749 §2.3: not more than one method in each request.
        if methods.into_iter().filter(|used| *used).count() > 1 {
            return Err(OAuthError::invalid_request(
                "more than one client authentication method is used",
            ));
        }
        let named = parameters.get("client_id");
        if let Some(header) = authorization {
            let presented = basic(header)?;
            return check_named(presented, named);
        }
        if let Some(assertion) = assertion {
            return check_named(
                from_assertion(assertion, parameters.get("client_assertion_type"))?,
                named,
            );
        }
        if parameters.contains("client_assertion_type") {
            return Err(OAuthError::invalid_request("client_assertion is missing"));
        }
        let client_id = bounded_id(
            named.ok_or_else(|| OAuthError::invalid_client("client authentication is missing"))?,
        )?;
        Ok(match post {
            Some(secret) => Self::Post {
                client_id,
                client_secret: bounded_secret(secret)?,
            },
            None => Self::None { client_id },
        })
    }

    pub fn client_id(&self) -> &str {
        match self {
            Self::None { client_id }
            | Self::Basic { client_id, .. }
            | Self::Post { client_id, .. }
            | Self::Assertion { client_id, .. } => client_id,
        }
    }

    pub fn method(&self) -> TokenEndpointAuthMethod {
        match self {
            Self::None { .. } => TokenEndpointAuthMethod::None,
            Self::Basic { .. } => TokenEndpointAuthMethod::ClientSecretBasic,
            Self::Post { .. } => TokenEndpointAuthMethod::ClientSecretPost,
            Self::Assertion { .. } => TokenEndpointAuthMethod::PrivateKeyJwt,
        }
    }
}

/// A client named twice must be the same one.
fn check_named(
    presented: PresentedClient,
    named: Option<&str>,
) -> Result<PresentedClient, OAuthError> {
    match named {
        Some(named) if named != presented.client_id() => Err(OAuthError::invalid_request(
            "client_id is not that of the client authentication",
        )),
        _ => Ok(presented),
    }
}

/// RFC 6749 §2.3.1: name and secret are form-urlencoded, joined by a colon, in base64.
fn basic(header: &str) -> Result<PresentedClient, OAuthError> {
    let malformed = || {
        OAuthError::invalid_client(
            "the Authorization header is not well-formed Basic authentication",
        )
    };
    let (scheme, encoded) = header.split_once(' ').ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(malformed());
    }
    let decoded = STANDARD
        .decode(encoded.trim_matches(' '))
        .map_err(|_| malformed())?;
    let colon = decoded
        .iter()
        .position(|byte| *byte == b':')
        .ok_or_else(malformed)?;
    let (name, secret) = decoded.split_at_checked(colon).ok_or_else(malformed)?;
    let secret = secret.get(1..).unwrap_or_default();
    let client_id = form_decode(name)
        .filter(|name| !name.is_empty())
        .ok_or_else(malformed)?;
    let client_secret = form_decode(secret).ok_or_else(malformed)?;
    if client_id
        .chars()
        .chain(client_secret.chars())
        .any(char::is_control)
    {
        return Err(malformed());
    }
    Ok(PresentedClient::Basic {
        client_id: bounded_id(&client_id)?,
        client_secret: bounded_secret(&client_secret)?,
    })
}

fn from_assertion(
    assertion: &str,
    assertion_type: Option<&str>,
) -> Result<PresentedClient, OAuthError> {
    if assertion_type != Some(JWT_BEARER) {
        return Err(OAuthError::invalid_request(
            "client_assertion_type is missing or not supported",
        ));
    }
    let unverified = decode_unverified(assertion).map_err(|error| {
        OAuthError::new(
            ErrorCode::InvalidClient,
            format!("client_assertion: {error}"),
        )
    })?;
    // RFC 7523 §3: sub is the client_id. Whose key to check with is all it is used for here.
    let client_id = unverified
        .text("sub")
        .ok_or_else(|| OAuthError::invalid_client("client_assertion: no sub"))?;
    Ok(PresentedClient::Assertion {
        client_id: bounded_id(client_id)?,
        assertion: Sensitive::new(assertion),
    })
}

fn bounded_id(client_id: &str) -> Result<String, OAuthError> {
    if client_id.len() <= MAX_CLIENT_ID && !client_id.is_empty() {
        Ok(client_id.to_owned())
    } else {
        Err(OAuthError::invalid_client("client_id is empty or too long"))
    }
}

fn bounded_secret(secret: &str) -> Result<Sensitive, OAuthError> {
    if secret.len() <= MAX_SECRET {
        Ok(Sensitive::new(secret))
    } else {
        Err(OAuthError::invalid_client("client_secret is too long"))
    }
}

#[cfg(test)]
mod tests;
