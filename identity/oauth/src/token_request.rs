//! The token request (RFC 6749 §4.1.3, §4.4.2, §6), one variant per grant. Client authentication is read apart, in
//! [`crate::client_authentication`].

use url::Url;

use crate::error::{ErrorCode, OAuthError};
use crate::parameters::Parameters;
use crate::scope::Scope;
use crate::sensitive::Sensitive;

/// The longest code or refresh token, in bytes; ours are far shorter.
const MAX_SECRET: usize = 1024;
const MAX_VERIFIER: usize = 256;
const MAX_RESOURCES: usize = 16;

/// The grants of this provider.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
}

impl GrantType {
    pub const ALL: [Self; 3] = [
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant| grant.as_str() == text)
    }
}

/// A well-formed token request.
#[derive(Clone, Debug)]
pub enum TokenRequest {
    AuthorizationCode {
        code: Sensitive,
        redirect_uri: Option<String>,
        code_verifier: Option<Sensitive>,
        /// RFC 8707 §2.2: a subset of what was authorized.
        resource: Vec<String>,
    },
    RefreshToken {
        refresh_token: Sensitive,
        /// Absent means all that was granted (RFC 6749 §6).
        scope: Option<Scope>,
        resource: Vec<String>,
    },
    ClientCredentials {
        scope: Option<Scope>,
        /// `resource` of RFC 8707 and the customary `audience`, together.
        resource: Vec<String>,
    },
}

impl TokenRequest {
    pub fn parse(parameters: &Parameters) -> Result<Self, OAuthError> {
        let grant_type = parameters.required("grant_type")?;
        let Some(grant) = GrantType::parse(grant_type) else {
            return Err(OAuthError::new(
                ErrorCode::UnsupportedGrantType,
                "grant_type is not supported",
            ));
        };
        match grant {
            GrantType::AuthorizationCode => Ok(Self::AuthorizationCode {
                code: secret(parameters, "code")?,
                redirect_uri: parameters.get("redirect_uri").map(str::to_owned),
                // RFC 7636 §4.1 says at most 128; whatever is longer is judged, and refused, with the challenge.
                code_verifier: match parameters.get("code_verifier") {
                    Some(verifier) if verifier.len() > MAX_VERIFIER => {
                        return Err(OAuthError::invalid_grant("code_verifier is too long"));
                    }
                    verifier => verifier.map(Sensitive::new),
                },
                resource: resources(parameters)?,
            }),
            GrantType::RefreshToken => Ok(Self::RefreshToken {
                refresh_token: secret(parameters, "refresh_token")?,
                scope: scope(parameters)?,
                resource: resources(parameters)?,
            }),
            GrantType::ClientCredentials => {
                let mut resource = resources(parameters)?;
                if let Some(audience) = parameters.get("audience") {
                    resource.push(audience.to_owned());
                }
                Ok(Self::ClientCredentials {
                    scope: scope(parameters)?,
                    resource,
                })
            }
        }
    }

    pub fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode { .. } => GrantType::AuthorizationCode,
            Self::RefreshToken { .. } => GrantType::RefreshToken,
            Self::ClientCredentials { .. } => GrantType::ClientCredentials,
        }
    }
}

fn secret(parameters: &Parameters, name: &str) -> Result<Sensitive, OAuthError> {
    let value = parameters.required(name)?;
    if value.len() > MAX_SECRET {
        return Err(OAuthError::invalid_grant(format!("{name} is too long")));
    }
    Ok(Sensitive::new(value))
}

fn scope(parameters: &Parameters) -> Result<Option<Scope>, OAuthError> {
    parameters.get("scope").map(Scope::parse).transpose()
}

/// RFC 8707 §2: absolute URIs without a fragment; anything else is `invalid_target`.
pub(crate) fn resources(parameters: &Parameters) -> Result<Vec<String>, OAuthError> {
    let mut resources: Vec<String> = Vec::new();
    for resource in parameters.all("resource") {
        if resources.len() == MAX_RESOURCES {
            return Err(OAuthError::new(
                ErrorCode::InvalidTarget,
                "too many resource parameters",
            ));
        }
        if !is_resource(resource) {
            return Err(OAuthError::new(
                ErrorCode::InvalidTarget,
                "resource is not an absolute URI without fragment",
            ));
        }
        if !resources.iter().any(|other| other == resource) {
            resources.push(resource.to_owned());
        }
    }
    Ok(resources)
}

/// Whether a text may name a resource (RFC 8707 §2).
pub(crate) fn is_resource(text: &str) -> bool {
    text.len() <= 2048
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.contains('#')
        && Url::parse(text).is_ok()
}

#[cfg(test)]
mod tests;
