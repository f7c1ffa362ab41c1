//! Token introspection (RFC 7662).

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::access_token::AccessTokenClaims;
use crate::error::OAuthError;
use crate::parameters::Parameters;
use crate::sensitive::Sensitive;

/// What kind of token the caller believes it has. Only a hint: the other kind is looked for as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenTypeHint {
    AccessToken,
    RefreshToken,
}

impl TokenTypeHint {
    /// RFC 7009 §2.1: an unknown hint is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "access_token" => Some(Self::AccessToken),
            "refresh_token" => Some(Self::RefreshToken),
            _ => None,
        }
    }
}

/// RFC 7662 §2.1. Client authentication is read apart.
#[derive(Clone, Debug)]
pub struct IntrospectionRequest {
    pub token: Sensitive,
    pub token_type_hint: Option<TokenTypeHint>,
}

impl IntrospectionRequest {
    pub fn parse(parameters: &Parameters) -> Result<Self, OAuthError> {
        Ok(Self {
            token: Sensitive::new(parameters.required("token")?),
            token_type_hint: parameters
                .get("token_type_hint")
                .and_then(TokenTypeHint::parse),
        })
    }
}

/// RFC 7662 §2.2.
#[derive(Clone, Debug, PartialEq)]
pub enum IntrospectionResponse {
    /// Unknown, expired, revoked, or none of the caller's business: always the same answer.
    Inactive,
    Active(Box<ActiveToken>),
}

/// What is said about an active token.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActiveToken {
    /// `Bearer` for access tokens; absent for refresh tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The claims of the token: `iss`, `sub`, `aud`, `client_id`, `exp`, `iat`, `scope`, …
    #[serde(flatten)]
    pub claims: ShownClaims,
}

/// The claims that are shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ShownClaims {
    /// Those of an access token, as they were signed.
    OfToken(Arc<AccessTokenClaims>),
    /// Put together for the answer.
    Told(Map<String, Value>),
}

impl Serialize for IntrospectionResponse {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            active: bool,
            #[serde(flatten)]
            token: Option<&'a ActiveToken>,
        }
        let token = match self {
            Self::Inactive => None,
            Self::Active(token) => Some(token.as_ref()),
        };
        Wire {
            active: token.is_some(),
            token,
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn an_inactive_token_has_no_other_member() {
        assert_eq!(
            serde_json::to_string(&IntrospectionResponse::Inactive).unwrap(),
            r#"{"active":false}"#
        );
    }

    #[test]
    fn an_active_token_shows_its_claims() {
        let claims = json!({"sub": "u", "exp": 5}).as_object().cloned().unwrap();
        let active = ActiveToken {
            token_type: Some("Bearer"),
            username: None,
            claims: ShownClaims::Told(claims),
        };
        assert_eq!(
            serde_json::to_value(IntrospectionResponse::Active(Box::new(active))).unwrap(),
            json!({"active": true, "token_type": "Bearer", "sub": "u", "exp": 5})
        );
    }

    #[test]
    fn unknown_hints_are_ignored_and_the_token_is_required() {
        let parameters = Parameters::parse(b"token=abc&token_type_hint=other").unwrap();
        let request = IntrospectionRequest::parse(&parameters).unwrap();
        assert!(request.token.equals("abc") && request.token_type_hint.is_none());
        assert!(IntrospectionRequest::parse(&Parameters::default()).is_err());
    }
}
