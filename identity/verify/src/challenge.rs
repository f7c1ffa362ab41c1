//! Answers of RFC 6750 §3 to requests without a good token.

use std::fmt::Write;

use http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};

use crate::claims::Scope;
use crate::error::VerifyError;

/// A refusal on its way to the caller: status and `WWW-Authenticate`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    status: StatusCode,
    realm: Option<String>,
    error: Option<&'static str>,
    description: Option<&'static str>,
    scope: Option<Scope>,
}

impl Challenge {
    /// 401 without an error code: the request brought no token (RFC 6750 §3.1).
    pub fn token_required() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, None, None)
    }

    /// 400 `invalid_request`: there is an Authorization header, but not one that can be read.
    pub fn invalid_request() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Some("invalid_request"),
            Some("One Authorization header with one bearer token is expected"),
        )
    }

    /// 401 `invalid_token`, or 503 when the token could not be decided on.
    pub fn refused(error: &VerifyError) -> Self {
        if error.is_unavailable() {
            Self::new(StatusCode::SERVICE_UNAVAILABLE, None, None)
        } else {
            Self::new(
                StatusCode::UNAUTHORIZED,
                Some("invalid_token"),
                Some(error.public()),
            )
        }
    }

    /// 403 `insufficient_scope`, naming what is needed.
    pub fn insufficient_scope(needed: Scope) -> Self {
        let scope = (!needed.is_empty()).then_some(needed);
        let description = Some("The access token does not grant this");
        Self {
            scope,
            ..Self::new(
                StatusCode::FORBIDDEN,
                Some("insufficient_scope"),
                description,
            )
        }
    }

    /// Names the protection space; characters that cannot be quoted are left out.
    #[must_use]
    pub fn with_realm(mut self, realm: &str) -> Self {
        let plain = |c: &char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
        self.realm = Some(realm.chars().filter(plain).collect());
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The whole answer, with an empty body.
    pub fn into_http<B: Default>(self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
        } else if let Ok(value) = HeaderValue::from_str(&self.header()) {
            headers.insert(WWW_AUTHENTICATE, value);
        }
        response
    }

    fn new(
        status: StatusCode,
        error: Option<&'static str>,
        description: Option<&'static str>,
    ) -> Self {
        Self {
            status,
            realm: None,
            error,
            description,
            scope: None,
        }
    }

    /// RFC 6750 §3: `Bearer` with quoted parameters; none of the values can contain a quote.
    fn header(&self) -> String {
        let parameters = [
            ("realm", self.realm.as_deref()),
            ("error", self.error),
            ("error_description", self.description),
            ("scope", self.scope.as_ref().map(Scope::as_str)),
        ];
        let mut header = "Bearer".to_owned();
        let mut separator = " ";
        for (name, value) in parameters {
            if let Some(value) = value {
                // Writing into a String has no way to fail.
                let _ = write!(header, "{separator}{name}=\"{value}\"");
                separator = ", ";
            }
        }
        header
    }
}
