//! The authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1), read in two phases.
//!
//! Phase one, [`RequestTarget`], is what decides where an answer may go; until the client and its redirect URI are
//! verified every error is a page. Phase two, [`AuthorizationRequest`], is all the rest; its errors are sent to the
//! redirect URI, with the `state` and by the `response_mode` of the request.

mod target;

use serde::{Deserialize, Serialize};

use crate::acr::AcrValues;
use crate::claims_request::ClaimsRequest;
use crate::error::{ErrorCode, OAuthError};
use crate::parameters::Parameters;
use crate::pkce::CodeChallenge;
use crate::prompt::Prompts;
use crate::response_mode::ResponseMode;
use crate::scope::Scope;
use crate::token_request::resources;
pub use target::RequestTarget;

/// `state` and `nonce` come back as they were; these are the longest kept, in bytes.
const MAX_STATE: usize = 4096;
const MAX_NONCE: usize = 1024;
const MAX_LOGIN_HINT: usize = 320;
const MAX_LOCALES: usize = 16;
const MAX_SLUG: usize = 64;
pub(crate) const MAX_CLIENT_ID: usize = 256;

/// A well-formed request. What this client may ask, and whether the user can satisfy it, is decided elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    pub client_id: String,
    /// As presented. The code is bound to it, and the token request must repeat it if it is here (RFC 6749 §4.1.3).
    pub redirect_uri: Option<String>,
    #[serde(default)]
    pub scope: Scope,
    pub state: Option<String>,
    pub nonce: Option<String>,
    #[serde(default)]
    pub response_mode: ResponseMode,
    pub code_challenge: Option<CodeChallenge>,
    #[serde(default)]
    pub prompt: Prompts,
    /// Seconds since the last active authentication; 0 is as `prompt=login`.
    pub max_age: Option<u32>,
    pub login_hint: Option<String>,
    #[serde(default)]
    pub ui_locales: Vec<String>,
    #[serde(default)]
    pub acr_values: AcrValues,
    pub id_token_hint: Option<IdTokenHint>,
    #[serde(default)]
    pub claims: ClaimsRequest,
    /// RFC 8707: absolute URIs without fragment.
    #[serde(default)]
    pub resource: Vec<String>,
    /// Not of any RFC, but asked by many clients in place of `resource`.
    pub audience: Option<String>,
    /// Slug of the organization to sign in to.
    pub organization: Option<String>,
    /// Slug of the connection to sign in with.
    pub connection: Option<String>,
}

/// An ID token as a hint who is meant. Unverified; kept out of logs because it names a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdTokenHint(String);

impl IdTokenHint {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for IdTokenHint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// An error of phase two, with what is needed to send it to the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct RequestError {
    pub error: OAuthError,
    pub state: Option<String>,
    pub response_mode: ResponseMode,
}

impl AuthorizationRequest {
    /// Phase two. Call it once the client is known and [`crate::redirect_uri::resolve`] has accepted the target.
    pub fn parse(parameters: &Parameters, target: RequestTarget) -> Result<Self, RequestError> {
        let state = parameters.get("state").map(str::to_owned);
        let response_mode = error_mode(parameters);
        read(parameters, target).map_err(|error| RequestError {
            error,
            // One too long to keep is also too long to send back.
            state: state.filter(|state| state.len() <= MAX_STATE),
            response_mode,
        })
    }

    /// The rule for clients that must use PKCE (RFC 9700 §2.1.1).
    pub fn require_pkce(&self) -> Result<(), OAuthError> {
        match self.code_challenge {
            Some(_) => Ok(()),
            None => Err(OAuthError::invalid_request(
                "code_challenge is missing: this client must use PKCE",
            )),
        }
    }
}

/// How an error is sent even if the request is not understood otherwise.
fn error_mode(parameters: &Parameters) -> ResponseMode {
    match parameters.get("response_mode").map(ResponseMode::parse) {
        Some(Ok(mode)) => mode,
        // Multiple Response Types §2.1: a response type with tokens in it is answered in the fragment.
        None if parameters.get("response_type").is_some_and(asks_for_tokens) => {
            ResponseMode::Fragment
        }
        _ => ResponseMode::default(),
    }
}

fn asks_for_tokens(response_type: &str) -> bool {
    response_type
        .split(' ')
        .any(|part| matches!(part, "token" | "id_token"))
}

fn read(
    parameters: &Parameters,
    target: RequestTarget,
) -> Result<AuthorizationRequest, OAuthError> {
    refuse_unsupported(parameters)?;
    // RFC 9700 §2.1.2: code is the only response type.
    if parameters.required("response_type")? != "code" {
        return Err(OAuthError::new(
            ErrorCode::UnsupportedResponseType,
            "only response_type=code is supported",
        ));
    }
    Ok(AuthorizationRequest {
        client_id: target.client_id,
        redirect_uri: target.redirect_uri,
        scope: parameters
            .get("scope")
            .map(Scope::parse)
            .transpose()?
            .unwrap_or_default(),
        state: bounded(parameters, "state", MAX_STATE)?,
        nonce: bounded(parameters, "nonce", MAX_NONCE)?,
        response_mode: parameters
            .get("response_mode")
            .map(ResponseMode::parse)
            .transpose()?
            .unwrap_or_default(),
        code_challenge: code_challenge(parameters)?,
        prompt: parameters
            .get("prompt")
            .map(Prompts::parse)
            .transpose()?
            .unwrap_or_default(),
        max_age: parameters.get("max_age").map(max_age).transpose()?,
        login_hint: bounded(parameters, "login_hint", MAX_LOGIN_HINT)?,
        ui_locales: parameters
            .get("ui_locales")
            .map(locales)
            .unwrap_or_default(),
        acr_values: parameters
            .get("acr_values")
            .map(AcrValues::parse)
            .transpose()?
            .unwrap_or_default(),
        id_token_hint: parameters
            .get("id_token_hint")
            .map(|hint| IdTokenHint(hint.to_owned())),
        claims: parameters
            .get("claims")
            .map(ClaimsRequest::parse)
            .transpose()?
            .unwrap_or_default(),
        resource: resources(parameters)?,
        audience: bounded(parameters, "audience", MAX_NONCE)?,
        organization: slug(parameters, "organization")?,
        connection: slug(parameters, "connection")?,
    })
}

/// OpenID Connect Core §6.1, §7.2.1: what is not supported is refused by its own code, not ignored.
fn refuse_unsupported(parameters: &Parameters) -> Result<(), OAuthError> {
    let unsupported = [
        ("request", ErrorCode::RequestNotSupported),
        ("request_uri", ErrorCode::RequestUriNotSupported),
        ("registration", ErrorCode::RegistrationNotSupported),
    ];
    match unsupported
        .into_iter()
        .find(|(name, _)| parameters.contains(name))
    {
        Some((name, code)) => Err(OAuthError::new(
            code,
            format!("parameter {name} is not supported"),
        )),
        None => Ok(()),
    }
}

fn code_challenge(parameters: &Parameters) -> Result<Option<CodeChallenge>, OAuthError> {
    let method = parameters.get("code_challenge_method");
    match parameters.get("code_challenge") {
        Some(challenge) => CodeChallenge::parse(challenge, method).map(Some),
        // A method alone means that somebody lost, or removed, the challenge.
        None if method.is_some() => Err(OAuthError::invalid_request("code_challenge is missing")),
        None => Ok(None),
    }
}

fn bounded(parameters: &Parameters, name: &str, max: usize) -> Result<Option<String>, OAuthError> {
    match parameters.get(name) {
        Some(value) if value.len() > max => Err(OAuthError::invalid_request(format!(
            "parameter {name} is too long"
        ))),
        value => Ok(value.map(str::to_owned)),
    }
}

fn max_age(text: &str) -> Result<u32, OAuthError> {
    // u32::parse would accept a plus sign.
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse()
            .map_err(|_| OAuthError::invalid_request("max_age is too large"))
    } else {
        Err(OAuthError::invalid_request(
            "max_age is not a number of seconds",
        ))
    }
}

/// OpenID Connect Core §3.1.2.1: locales we do not know are no error, neither are malformed ones.
pub(crate) fn locales(text: &str) -> Vec<String> {
    let plausible = |tag: &&str| {
        (1..=35).contains(&tag.len())
            && tag
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.split(' ')
        .filter(plausible)
        .take(MAX_LOCALES)
        .map(str::to_owned)
        .collect()
}

fn slug(parameters: &Parameters, name: &str) -> Result<Option<String>, OAuthError> {
    let Some(value) = parameters.get(name) else {
        return Ok(None);
    };
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
    };
    if value.len() <= MAX_SLUG && value.bytes().all(allowed) {
        Ok(Some(value.to_owned()))
    } else {
        Err(OAuthError::invalid_request(format!(
            "parameter {name} is not a slug"
        )))
    }
}

#[cfg(test)]
mod tests;
