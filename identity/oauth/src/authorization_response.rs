//! The answer to an authorization request (RFC 6749 §4.1.2, RFC 9207), ready to be sent by its response mode.

use std::fmt;

use crate::error::OAuthError;
use crate::parameters::form_encode;
use crate::redirect_uri::VerifiedRedirectUri;
use crate::response_mode::ResponseMode;

/// What the browser is told. `Debug` shows neither code nor state.
#[derive(Clone, PartialEq, Eq)]
pub enum AuthorizationResponse {
    /// 303 to this URL (RFC 9700 §4.12: never 307).
    Redirect { url: String },
    /// A page with a form that submits itself to `action` (OAuth 2.0 Form Post Response Mode §2).
    FormPost {
        action: String,
        fields: Vec<(&'static str, String)>,
    },
}

/// Where and how an answer goes: known as soon as the redirect URI is verified.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    pub redirect_uri: &'a VerifiedRedirectUri,
    pub response_mode: ResponseMode,
    /// As the client sent it.
    pub state: Option<&'a str>,
    /// The issuer identifier. RFC 9207 §2: in every answer, so that a client can tell who it is from.
    pub issuer: &'a str,
}

impl Reply<'_> {
    pub fn success(&self, code: &str) -> AuthorizationResponse {
        self.build(vec![("code", code.to_owned())])
    }

    pub fn error(&self, error: &OAuthError) -> AuthorizationResponse {
        self.build(
            error
                .members()
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
        )
    }

    fn build(&self, mut fields: Vec<(&'static str, String)>) -> AuthorizationResponse {
        if let Some(state) = self.state {
            fields.push(("state", state.to_owned()));
        }
        fields.push(("iss", self.issuer.to_owned()));
        let uri = self.redirect_uri.as_str();
        let encode = |fields: &[(&'static str, String)]| {
            form_encode(fields.iter().map(|(name, value)| (*name, value.as_str())))
        };
        match self.response_mode {
            // RFC 6749 §3.1.2: a query of the registered URI is kept, ours is added.
            ResponseMode::Query => {
                let separator = match uri.split_once('?') {
                    None => "?",
                    Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
                    Some(_) => "&",
                };
                AuthorizationResponse::Redirect {
                    url: format!("{uri}{separator}{}", encode(&fields)),
                }
            }
            ResponseMode::Fragment => AuthorizationResponse::Redirect {
                url: format!("{uri}#{}", encode(&fields)),
            },
            ResponseMode::FormPost => AuthorizationResponse::FormPost {
                action: uri.to_owned(),
                fields,
            },
        }
    }
}

impl fmt::Debug for AuthorizationResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Redirect { url } => {
                let target = url.split(['?', '#']).next().unwrap_or_default();
                write!(f, "Redirect({target})")
            }
            Self::FormPost { action, .. } => write!(f, "FormPost({action})"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;
    use crate::client_metadata::ApplicationType;
    use crate::error::ErrorCode;
    use crate::redirect_uri::match_registered;

    fn answer(
        uri: &str,
        response_mode: ResponseMode,
        state: Option<&str>,
    ) -> AuthorizationResponse {
        let redirect_uri =
            match_registered(&[uri.to_owned()], uri, ApplicationType::Native).unwrap();
        Reply {
            redirect_uri: &redirect_uri,
            response_mode,
            state,
            issuer: "https://idp.test",
        }
        .success("c&d")
    }

    fn url(response: AuthorizationResponse) -> String {
        match response {
            AuthorizationResponse::Redirect { url } => url,
            AuthorizationResponse::FormPost { .. } => panic!("a form"),
        }
    }

    #[test]
    fn the_query_of_the_registered_uri_is_kept() {
        let iss = "iss=https%3A%2F%2Fidp.test";
        for (uri, expected) in [
            (
                "https://rp.test/cb",
                format!("https://rp.test/cb?code=c%26d&state=a+b&{iss}"),
            ),
            (
                "https://rp.test/cb?x=1",
                format!("https://rp.test/cb?x=1&code=c%26d&state=a+b&{iss}"),
            ),
            (
                "https://rp.test/cb?",
                format!("https://rp.test/cb?code=c%26d&state=a+b&{iss}"),
            ),
            (
                "https://rp.test",
                format!("https://rp.test?code=c%26d&state=a+b&{iss}"),
            ),
            (
                "com.example.app:/cb",
                format!("com.example.app:/cb?code=c%26d&state=a+b&{iss}"),
            ),
        ] {
            assert_eq!(url(answer(uri, ResponseMode::Query, Some("a b"))), expected);
        }
    }

    #[test]
    fn fragments_and_forms_carry_the_same_members() {
        let fragment = url(answer(
            "https://rp.test/cb?x=1",
            ResponseMode::Fragment,
            None,
        ));
        assert_eq!(
            fragment,
            "https://rp.test/cb?x=1#code=c%26d&iss=https%3A%2F%2Fidp.test"
        );
        let form = answer("https://rp.test/cb", ResponseMode::FormPost, Some("s"));
        let fields = vec![
            ("code", "c&d".to_owned()),
            ("state", "s".to_owned()),
            ("iss", "https://idp.test".to_owned()),
        ];
        assert_eq!(
            form,
            AuthorizationResponse::FormPost {
                action: "https://rp.test/cb".to_owned(),
                fields
            }
        );
    }

    #[test]
    fn oau_13_errors_carry_iss_and_state_too() {
        let uri = "https://rp.test/cb".to_owned();
        let redirect_uri =
            match_registered(std::slice::from_ref(&uri), &uri, ApplicationType::Web).unwrap();
        let reply = Reply {
            redirect_uri: &redirect_uri,
            response_mode: ResponseMode::Query,
            state: Some("s"),
            issuer: "https://idp.test",
        };
        let sent = url(reply.error(&OAuthError::new(
            ErrorCode::AccessDenied,
            "the user said no",
        )));
        assert_eq!(
            sent,
            "https://rp.test/cb?error=access_denied&error_description=the+user+said+no&state=s&iss=https%3A%2F%2Fidp.test"
        );
    }

    #[test]
    fn debug_hides_code_and_state() {
        let shown = format!(
            "{:?}",
            answer("https://rp.test/cb", ResponseMode::Query, Some("s3cret"))
        );
        assert_eq!(shown, "Redirect(https://rp.test/cb)");
    }
}
