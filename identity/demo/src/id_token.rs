//! What an ID token must say before a session is made of it (OpenID Connect Core §3.1.3.7).

use identity_verify::claims::Audience;
use serde::Deserialize;
use serde_json::Value;

use crate::trouble::Trouble;

/// Seconds clocks may be apart.
const LEEWAY: i64 = 10;

/// The claims that are used.
#[derive(Debug, Deserialize)]
pub(crate) struct IdToken {
    iss: String,
    pub(crate) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    pub(crate) sid: Option<String>,
    name: Option<String>,
    preferred_username: Option<String>,
    email: Option<String>,
}

/// What the token is expected to answer.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    /// `None` for tokens from a refresh, which need not have one.
    pub(crate) nonce: Option<&'a str>,
    /// Seconds.
    pub(crate) now: i64,
}

impl IdToken {
    /// Reads and checks the payload of a token whose signature was verified.
    pub(crate) fn check(payload: &[u8], expected: &Expected<'_>) -> Result<(Self, Value), Trouble> {
        let unreadable = |_| Trouble::Refused("ID token unreadable");
        let token: Self = serde_json::from_slice(payload).map_err(unreadable)?;
        let claims: Value = serde_json::from_slice(payload).map_err(unreadable)?;
        if token.iss != expected.issuer {
            return Err(Trouble::Refused("ID token of another issuer"));
        }
        let several = token.aud.as_slice().len() > 1;
        let azp_fits = match &token.azp {
            Some(azp) => azp == expected.client_id,
            None => !several,
        };
        if !token.aud.contains(expected.client_id) || !azp_fits {
            return Err(Trouble::Refused("ID token for another client"));
        }
        if expected.now >= token.exp.saturating_add(LEEWAY)
            || token.iat > expected.now.saturating_add(LEEWAY)
        {
            return Err(Trouble::Refused("ID token not valid now"));
        }
        // §15.5.2: the nonce ties the token to this sign-in, so that a stolen code of another is useless.
        if expected.nonce.is_some() && token.nonce.as_deref() != expected.nonce {
            return Err(Trouble::Refused("ID token of another sign-in"));
        }
        Ok((token, claims))
    }

    /// A name to greet somebody with.
    pub(crate) fn display_name(&self) -> String {
        let candidates = [&self.name, &self.preferred_username, &self.email];
        candidates
            .into_iter()
            .flatten()
            .find(|name| !name.is_empty())
            .unwrap_or(&self.sub)
            .clone()
    }
}
