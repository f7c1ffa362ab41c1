//! The error answers of OAuth 2.0 and its extensions: one code, one short description, and how they are rendered.

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// The longest `error_description` sent.
const MAX_DESCRIPTION: usize = 300;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $status:literal;)*) => {
        /// Every registered error code this provider may answer with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $variant,)* }

        impl ErrorCode {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it stands on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The HTTP status of a direct (not redirected) answer.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }
        }
    };
}

error_codes! {
    // RFC 6749 §4.1.2.1 and §5.2
    InvalidRequest = "invalid_request", 400;
    UnauthorizedClient = "unauthorized_client", 400;
    AccessDenied = "access_denied", 400;
    UnsupportedResponseType = "unsupported_response_type", 400;
    InvalidScope = "invalid_scope", 400;
    ServerError = "server_error", 500;
    TemporarilyUnavailable = "temporarily_unavailable", 503;
    InvalidClient = "invalid_client", 401;
    InvalidGrant = "invalid_grant", 400;
    UnsupportedGrantType = "unsupported_grant_type", 400;
    // OpenID Connect Core §3.1.2.6
    InteractionRequired = "interaction_required", 400;
    LoginRequired = "login_required", 400;
    AccountSelectionRequired = "account_selection_required", 400;
    ConsentRequired = "consent_required", 400;
    InvalidRequestUri = "invalid_request_uri", 400;
    InvalidRequestObject = "invalid_request_object", 400;
    RequestNotSupported = "request_not_supported", 400;
    RequestUriNotSupported = "request_uri_not_supported", 400;
    RegistrationNotSupported = "registration_not_supported", 400;
    /// OpenID Connect Core Unmet Authentication Requirements 1.0
    UnmetAuthenticationRequirements = "unmet_authentication_requirements", 400;
    /// RFC 8707 §2
    InvalidTarget = "invalid_target", 400;
    /// RFC 9396 §5
    InvalidAuthorizationDetails = "invalid_authorization_details", 400;
    /// RFC 6750 §3.1
    InvalidToken = "invalid_token", 401;
    /// RFC 6750 §3.1
    InsufficientScope = "insufficient_scope", 403;
    /// RFC 9470 §3
    InsufficientUserAuthentication = "insufficient_user_authentication", 401;
    /// RFC 7009 §2.2.1
    UnsupportedTokenType = "unsupported_token_type", 400;
    /// RFC 7591 §3.2.2
    InvalidRedirectUri = "invalid_redirect_uri", 400;
    /// RFC 7591 §3.2.2
    InvalidClientMetadata = "invalid_client_metadata", 400;
    /// RFC 8628 §3.5
    AuthorizationPending = "authorization_pending", 400;
    /// RFC 8628 §3.5
    SlowDown = "slow_down", 400;
    /// RFC 8628 §3.5
    ExpiredToken = "expired_token", 400;
    /// RFC 9449 §5
    InvalidDpopProof = "invalid_dpop_proof", 400;
    /// RFC 9449 §8
    UseDpopNonce = "use_dpop_nonce", 400;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// An error answer. Its description holds only characters RFC 6749 allows, whatever it was made from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {description}")]
pub struct OAuthError {
    pub code: ErrorCode,
    description: String,
    error_uri: Option<Cow<'static, str>>,
    retry_after: Option<u32>,
}

impl OAuthError {
    /// `description` is for developers; characters outside RFC 6749's set become `?` and long texts are cut.
    pub fn new(code: ErrorCode, description: impl AsRef<str>) -> Self {
        Self {
            code,
            description: printable(description.as_ref()),
            error_uri: None,
            retry_after: None,
        }
    }

    /// A page that explains the error. Only URIs of our own making.
    #[must_use]
    pub fn with_uri(mut self, uri: impl Into<Cow<'static, str>>) -> Self {
        self.error_uri = Some(uri.into());
        self
    }

    /// Not before so many seconds: the answer is 429 (RFC 6585 §4) with `Retry-After`, whatever the code's own status.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// After how many seconds another try makes sense, if that is to be told.
    pub const fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    pub fn invalid_request(description: impl AsRef<str>) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    pub fn invalid_client(description: impl AsRef<str>) -> Self {
        Self::new(ErrorCode::InvalidClient, description)
    }

    pub fn invalid_grant(description: impl AsRef<str>) -> Self {
        Self::new(ErrorCode::InvalidGrant, description)
    }

    pub fn description(&self) -> &str {
        &self.description
    }

    pub fn error_uri(&self) -> Option<&str> {
        self.error_uri.as_deref()
    }

    /// The HTTP status of a direct answer.
    pub fn status(&self) -> u16 {
        if self.retry_after.is_some() {
            return 429;
        }
        self.code.status()
    }

    /// The members in the order they are sent, for JSON as for redirects.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let description = (!self.description.is_empty()).then_some(self.description.as_str());
        std::iter::once(("error", self.code.as_str()))
            .chain(description.map(|text| ("error_description", text)))
            .chain(self.error_uri.as_deref().map(|uri| ("error_uri", uri)))
    }
}

impl From<ErrorCode> for OAuthError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, "")
    }
}

/// RFC 6749 §5.2: the JSON object of an error answer.
impl Serialize for OAuthError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.members() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// RFC 6749 §5.2: `error_description` is %x20-21 / %x23-5B / %x5D-7E.
fn printable(text: &str) -> String {
    text.chars()
        .take(MAX_DESCRIPTION)
        .map(|c| match c {
            '"' => '\'',
            '\\' => '/',
            ' '..='~' => c,
            _ => '?',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn descriptions_hold_only_allowed_characters() {
        let error = OAuthError::invalid_request("a\"b\\c\r\nd\u{e9}");
        assert_eq!(error.description(), "a'b/c??d?");
    }

    #[test]
    fn json_leaves_empty_members_out() {
        let bare = serde_json::to_string(&OAuthError::from(ErrorCode::InvalidGrant)).unwrap();
        assert_eq!(bare, r#"{"error":"invalid_grant"}"#);
        let full = OAuthError::invalid_client("no").with_uri("https://idp.test/e");
        assert_eq!(
            serde_json::to_string(&full).unwrap(),
            r#"{"error":"invalid_client","error_description":"no","error_uri":"https://idp.test/e"}"#
        );
    }

    #[test]
    fn every_code_has_an_error_status_and_its_own_text() {
        let mut texts: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert!(
            ErrorCode::ALL
                .iter()
                .all(|code| (400..=503).contains(&code.status()))
        );
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), ErrorCode::ALL.len());
    }
}
