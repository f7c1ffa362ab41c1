//! Ending sessions: RP-Initiated Logout 1.0 and Back-Channel Logout 1.0.

use serde::{Deserialize, Serialize};

use crate::authorization_request::locales;
use crate::client_metadata::ApplicationType;
use crate::error::OAuthError;
use crate::parameters::{Parameters, form_encode};
use crate::redirect_uri::RegisteredRedirectUri;
use crate::sensitive::Sensitive;

const MAX_STATE: usize = 4096;
const MAX_HINT: usize = 320;

/// The member of `events` that makes a token a logout token (Back-Channel Logout §2.4).
pub const BACKCHANNEL_LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// RP-Initiated Logout §2. Every parameter is optional; nothing is verified.
#[derive(Clone, Debug)]
pub struct EndSessionRequest {
    pub id_token_hint: Option<Sensitive>,
    pub logout_hint: Option<String>,
    pub client_id: Option<String>,
    pub post_logout_redirect_uri: Option<String>,
    pub state: Option<String>,
    pub ui_locales: Vec<String>,
}

impl EndSessionRequest {
    pub fn parse(parameters: &Parameters) -> Result<Self, OAuthError> {
        let bounded = |name: &str, max: usize| match parameters.get(name) {
            Some(value) if value.len() > max => Err(OAuthError::invalid_request(format!(
                "parameter {name} is too long"
            ))),
            value => Ok(value.map(str::to_owned)),
        };
        Ok(Self {
            id_token_hint: parameters.get("id_token_hint").map(Sensitive::new),
            logout_hint: bounded("logout_hint", MAX_HINT)?,
            client_id: bounded("client_id", crate::authorization_request::MAX_CLIENT_ID)?,
            post_logout_redirect_uri: bounded(
                "post_logout_redirect_uri",
                crate::redirect_uri::MAX_LENGTH,
            )?,
            state: bounded("state", MAX_STATE)?,
            ui_locales: parameters
                .get("ui_locales")
                .map(locales)
                .unwrap_or_default(),
        })
    }
}

/// A `post_logout_redirect_uri` that the client has registered. Only [`match_post_logout`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedPostLogoutRedirectUri(String);

/// RP-Initiated Logout §3: exact string comparison, without the loopback exception.
pub fn match_post_logout(
    registered: &[String],
    presented: &str,
) -> Option<VerifiedPostLogoutRedirectUri> {
    let found = registered.iter().any(|uri| uri == presented);
    // The registration rules again, as for redirect URIs: a stored script URI is still no way out.
    let sound = RegisteredRedirectUri::parse(presented, ApplicationType::Native).is_ok();
    (found && sound).then(|| VerifiedPostLogoutRedirectUri(presented.to_owned()))
}

impl VerifiedPostLogoutRedirectUri {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the browser goes: with `state` if the client sent one.
    pub fn with_state(&self, state: Option<&str>) -> String {
        let Some(state) = state else {
            return self.0.clone();
        };
        let separator = if self.0.contains('?') { "&" } else { "?" };
        format!("{}{separator}{}", self.0, form_encode([("state", state)]))
    }
}

/// An address that [`VerifiedPostLogoutRedirectUri::with_state`] made, on its way back through a form: it is made again from the registered
/// address and the state, and anything that does not come out the same was made by somebody else.
pub fn match_returned(registered: &[String], presented: &str) -> Option<String> {
    registered.iter().find_map(|uri| {
        let verified = match_post_logout(registered, uri)?;
        let rest = presented.strip_prefix(uri)?;
        let state = rest
            .strip_prefix(['?', '&'])
            .filter(|query| query.starts_with("state="))
            .and_then(|query| url::form_urlencoded::parse(query.as_bytes()).next())
            .map(|(_, state)| state);
        let again = verified.with_state(state.as_deref());
        (again == presented).then_some(again)
    })
}

/// Claims of a logout token (Back-Channel Logout §2.4), signed with `typ: logout+jwt`. There is never a `nonce`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutTokenClaims {
    pub iss: String,
    /// The client.
    pub aud: String,
    pub iat: i64,
    /// At most two minutes ahead is recommended.
    pub exp: i64,
    pub jti: String,
    pub events: LogoutEvents,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
}

/// `events` with its only member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoutEvents {
    #[serde(rename = "http://schemas.openid.net/event/backchannel-logout")]
    backchannel_logout: Empty,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Empty {}

/// The body of a back-channel logout request (§2.5).
pub fn backchannel_logout_body(logout_token: &str) -> String {
    form_encode([("logout_token", logout_token)])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn post_logout_uris_are_compared_exactly() {
        let registered = [
            "https://rp.test/bye".to_owned(),
            "http://127.0.0.1:81/bye".to_owned(),
        ];
        assert!(match_post_logout(&registered, "https://rp.test/bye").is_some());
        for uri in [
            "https://rp.test/bye/",
            "https://rp.test/BYE",
            "http://127.0.0.1:82/bye",
            "",
        ] {
            assert!(match_post_logout(&registered, uri).is_none(), "{uri}");
        }
        let script = "javascript:alert(1)".to_owned();
        assert!(match_post_logout(std::slice::from_ref(&script), &script).is_none());
    }

    #[test]
    fn oau_18_an_address_that_comes_back_is_the_one_that_was_made() {
        let registered = [
            "https://rp.test".to_owned(),
            "https://rp.test/bye".to_owned(),
            "https://rp.test/bye?x=1".to_owned(),
        ];
        for uri in &registered {
            for state in [None, Some(""), Some("a&b=c#@evil.test/ ü"), Some("%41")] {
                let made = match_post_logout(&registered, uri)
                    .unwrap()
                    .with_state(state);
                assert_eq!(match_returned(&registered, &made), Some(made));
            }
        }
        for sent in [
            "https://rp.test&state=@evil.test/",
            "https://rp.test?state=x#@evil.test",
            "https://rp.test?state=@evil.test/",
            "https://rp.test/bye?state=a&b=c",
            "https://rp.test/bye?x=1?state=a",
            "https://rp.test/bye?x=2",
            "https://rp.test/bye/",
            "https://rp.test.evil.test/",
            "https://rp.test@evil.test/",
            "",
        ] {
            assert_eq!(match_returned(&registered, sent), None, "{sent}");
        }
        let script = "javascript:alert(1)".to_owned();
        assert_eq!(match_returned(std::slice::from_ref(&script), &script), None);
    }

    #[test]
    fn state_is_appended_encoded() {
        let uri = match_post_logout(
            &["https://rp.test/bye?x=1".to_owned()],
            "https://rp.test/bye?x=1",
        )
        .unwrap();
        assert_eq!(uri.with_state(None), "https://rp.test/bye?x=1");
        assert_eq!(
            uri.with_state(Some("a&b")),
            "https://rp.test/bye?x=1&state=a%26b"
        );
    }

    #[test]
    fn a_logout_token_has_the_event_and_no_nonce() {
        let claims = LogoutTokenClaims {
            iss: "https://idp.test".to_owned(),
            aud: "chat".to_owned(),
            iat: 1,
            exp: 121,
            jti: "j".to_owned(),
            events: LogoutEvents::default(),
            sub: Some("u".to_owned()),
            sid: None,
        };
        let value = serde_json::to_value(&claims).unwrap();
        assert_eq!(
            value.pointer("/events").unwrap(),
            &serde_json::json!({ BACKCHANNEL_LOGOUT_EVENT: {} })
        );
        assert!(value.get("nonce").is_none() && value.get("sid").is_none());
    }

    #[test]
    fn requests_are_read_and_bounded() {
        let parameters =
            Parameters::parse(b"id_token_hint=a.b.c&state=s&client_id=chat&ui_locales=de%20en")
                .unwrap();
        let request = EndSessionRequest::parse(&parameters).unwrap();
        assert_eq!(request.client_id.as_deref(), Some("chat"));
        assert_eq!(request.ui_locales, ["de", "en"]);
        let long = format!("state={}", "x".repeat(5000));
        assert!(EndSessionRequest::parse(&Parameters::parse(long.as_bytes()).unwrap()).is_err());
    }
}
