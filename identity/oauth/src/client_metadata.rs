//! What a client registers about itself (RFC 7591 §2, OpenID Connect Registration §2, and our extension keys).

mod keys;
mod validate;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::jose::{Algorithm, JwkSet};
use crate::scope::Scope;
use crate::token_request::GrantType;

/// OpenID Connect Registration §2: decides which redirect URIs may be registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    #[default]
    Web,
    Native,
}

/// How a client proves itself (RFC 7591 §2, OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenEndpointAuthMethod {
    #[default]
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
    /// A public client.
    None,
}

impl TokenEndpointAuthMethod {
    pub const ALL: [Self; 4] = [
        Self::ClientSecretBasic,
        Self::ClientSecretPost,
        Self::PrivateKeyJwt,
        Self::None,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }

    /// Whether the client has a `client_secret`.
    pub const fn uses_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

/// The metadata of a client. `client_id` and `client_secret` are kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the members are those of the registration"
)]
pub struct ClientMetadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    pub application_type: ApplicationType,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    pub backchannel_logout_session_required: bool,
    pub grant_types: Vec<GrantType>,
    pub response_types: Vec<ResponseType>,
    pub token_endpoint_auth_method: TokenEndpointAuthMethod,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<Algorithm>,
    /// What the client may ask for.
    pub scope: Scope,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<JwkSet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    pub subject_type: SubjectType,
    pub id_token_signed_response_alg: Algorithm,
    /// Seconds; as if every request had this `max_age`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u32>,
    /// `auth_time` is in every ID token anyway; kept so that a registration reads back as it was.
    pub require_auth_time: bool,

    // Ours.
    /// Ask the user before a code is issued.
    pub require_consent: bool,
    pub require_pkce: bool,
    pub access_token_signed_response_alg: Algorithm,
    /// `aud` of access tokens, and what `resource` may narrow them to.
    pub audience: Vec<String>,
}

/// `response_types`: the only one there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseType {
    Code,
}

/// `subject_type`: pairwise subjects are not offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    #[default]
    Public,
}

impl Default for ClientMetadata {
    fn default() -> Self {
        Self {
            client_name: None,
            application_type: ApplicationType::Web,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            // RFC 7591 §2: the defaults of grant_types, response_types and token_endpoint_auth_method.
            grant_types: vec![GrantType::AuthorizationCode],
            response_types: vec![ResponseType::Code],
            token_endpoint_auth_method: TokenEndpointAuthMethod::ClientSecretBasic,
            token_endpoint_auth_signing_alg: None,
            scope: Scope::default(),
            client_uri: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
            contacts: Vec::new(),
            jwks: None,
            jwks_uri: None,
            subject_type: SubjectType::Public,
            id_token_signed_response_alg: Algorithm::ES256,
            default_max_age: None,
            require_auth_time: false,
            require_consent: true,
            require_pkce: true,
            access_token_signed_response_alg: Algorithm::ES256,
            audience: Vec::new(),
        }
    }
}

/// One thing wrong with a registration, by the key it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct MetadataError {
    pub field: String,
    pub problem: String,
}

impl MetadataError {
    pub(crate) fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            problem: problem.into(),
        }
    }
}

impl ClientMetadata {
    /// Read and validate a registration. `client_id` and `client_secret` may be there and are not looked at.
    ///
    /// Every error is reported, not only the first. A member that is null counts as not given (RFC 7592 §2.2).
    pub fn parse(members: &Map<String, Value>) -> Result<Self, Vec<MetadataError>> {
        let mut errors = keys::check(members);
        let mut known = Map::new();
        for (name, value) in members
            .iter()
            .filter(|(name, value)| keys::is_supported(name) && !value.is_null())
        {
            match Self::read_one(name, value) {
                Ok(()) => drop(known.insert(name.clone(), value.clone())),
                Err(error) => errors.push(error),
            }
        }
        let has_scope = known.contains_key("scope");
        let mut metadata: Self = match serde_json::from_value(Value::Object(known)) {
            Ok(metadata) => metadata,
            Err(error) => {
                errors.push(MetadataError::new("client", error.to_string()));
                return Err(errors);
            }
        };
        metadata.fill(has_scope, members.contains_key("response_types"));
        errors.extend(metadata.validate().err().unwrap_or_default());
        if errors.is_empty() {
            Ok(metadata)
        } else {
            Err(errors)
        }
    }

    /// Read a member alone, so that an error can name it.
    fn read_one(name: &str, value: &Value) -> Result<(), MetadataError> {
        let alone = Map::from_iter([(name.to_owned(), value.clone())]);
        match serde_json::from_value::<Self>(Value::Object(alone)) {
            Ok(_) => Ok(()),
            // serde's text may quote the value; these keys hold no secrets.
            Err(error) => Err(MetadataError::new(name, error.to_string())),
        }
    }

    /// Defaults that depend on other members.
    fn fill(&mut self, has_scope: bool, has_response_types: bool) {
        let code = self.uses_code();
        if !has_scope && code {
            self.scope = Scope::parse("openid profile email").unwrap_or_default();
        }
        if !has_response_types && !code {
            self.response_types.clear();
        }
    }

    /// Whether the client sends users to the authorization endpoint.
    pub fn uses_code(&self) -> bool {
        self.grant_types.contains(&GrantType::AuthorizationCode)
    }

    pub fn allows(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }

    /// A client that cannot keep a secret.
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == TokenEndpointAuthMethod::None
    }
}

/// Whether a text may be a `client_id`: RFC 6749 appendix A.1, without spaces, at most 256 bytes.
pub fn is_client_id(text: &str) -> bool {
    (1..=crate::authorization_request::MAX_CLIENT_ID).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests;
