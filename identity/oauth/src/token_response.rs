//! The successful token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). Errors are [`crate::OAuthError`].

use std::fmt;

use serde::Serialize;

use crate::scope::Scope;

/// Sent as JSON with `Cache-Control: no-store`. `Debug` shows no token.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TokenResponse {
    pub access_token: String,
    pub token_type: TokenType,
    /// Seconds.
    pub expires_in: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// Always sent: required where it differs from the request, and a client cannot know (RFC 6749 §3.3).
    pub scope: Scope,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum TokenType {
    /// RFC 6750
    #[default]
    Bearer,
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenResponse")
            .field("expires_in", &self.expires_in)
            .field("scope", &self.scope)
            .field("refresh_token", &self.refresh_token.is_some())
            .field("id_token", &self.id_token.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn it_is_written_as_the_rfc_says_and_debug_hides_tokens() {
        let response = TokenResponse {
            access_token: "at-secret".to_owned(),
            token_type: TokenType::Bearer,
            expires_in: 600,
            refresh_token: None,
            id_token: Some("id-secret".to_owned()),
            scope: Scope::parse("openid email").unwrap(),
        };
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"access_token":"at-secret","token_type":"Bearer","expires_in":600,"id_token":"id-secret","scope":"openid email"}"#
        );
        assert!(!format!("{response:?}").contains("secret"));
    }
}
