//! What a logout token must say (OpenID Connect Back-Channel Logout 1.0 §2.6).

use identity_verify::claims::Audience;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Seconds clocks may be apart.
const LEEWAY: i64 = 10;
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The claims of a logout token.
#[derive(Debug, Deserialize)]
pub(crate) struct LogoutToken {
    iss: String,
    aud: Audience,
    iat: i64,
    pub(crate) exp: i64,
    pub(crate) jti: String,
    events: Map<String, Value>,
    pub(crate) sub: Option<String>,
    pub(crate) sid: Option<String>,
    nonce: Option<Value>,
}

impl LogoutToken {
    /// Reads and checks the payload of a token whose signature and type were verified.
    pub(crate) fn check(
        payload: &[u8],
        issuer: &str,
        client_id: &str,
        now: i64,
    ) -> Result<Self, &'static str> {
        let token: Self = serde_json::from_slice(payload).map_err(|_| "unreadable")?;
        if token.iss != issuer || !token.aud.contains(client_id) {
            return Err("of another issuer or for another client");
        }
        if now >= token.exp.saturating_add(LEEWAY) || token.iat > now.saturating_add(LEEWAY) {
            return Err("not valid now");
        }
        if token.sub.is_none() && token.sid.is_none() {
            return Err("about nobody");
        }
        if !token.events.get(EVENT).is_some_and(Value::is_object) {
            return Err("not about a logout");
        }
        // §2.4: with a nonce it could be an ID token in disguise.
        if token.nonce.is_some() || token.jti.is_empty() {
            return Err("with a nonce, or without a jti");
        }
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{EVENT, LogoutToken};

    fn check(token: &Value) -> bool {
        LogoutToken::check(
            token.to_string().as_bytes(),
            "https://idp.test",
            "chat",
            1000,
        )
        .is_ok()
    }

    #[test]
    fn s47_a_logout_token_is_checked_claim_by_claim() {
        let good = json!({
            "iss": "https://idp.test", "aud": "chat", "iat": 1000, "exp": 1120, "jti": "1",
            "events": {EVENT: {}}, "sid": "s", "sub": "u",
        });
        assert!(check(&good));
        let changes = [
            ("iss", json!("https://evil.test")),
            ("aud", json!("analysis")),
            ("aud", json!([])),
            ("iat", json!(1011)),
            ("exp", json!(990)),
            ("exp", json!("1120")),
            ("jti", json!("")),
            ("jti", json!(null)),
            ("events", json!({})),
            ("events", json!({EVENT: "x"})),
            ("events", json!([EVENT])),
            ("nonce", json!("n")),
            ("sid", json!(1)),
        ];
        for (name, value) in changes {
            let mut bad = good.clone();
            bad[name] = value.clone();
            assert!(!check(&bad), "{name} {value}");
        }
        for (gone, fine) in [
            (vec!["sid"], true),
            (vec!["sub"], true),
            (vec!["sid", "sub"], false),
            (vec!["jti"], false),
        ] {
            let mut token = good.clone();
            token
                .as_object_mut()
                .unwrap()
                .retain(|name, _| !gone.contains(&name.as_str()));
            assert_eq!(check(&token), fine, "{gone:?}");
        }
    }
}
