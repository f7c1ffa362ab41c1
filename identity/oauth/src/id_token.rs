//! The ID token (OpenID Connect Core §2).

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::jose::{Algorithm, Expected, JoseError, Lifetime, VerificationKey, typ, verify};

/// Claims of an ID token. Instants are seconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdTokenClaims {
    pub iss: String,
    /// At most 255 ASCII characters, never given to another person.
    pub sub: String,
    /// The client, alone.
    pub aud: String,
    pub exp: i64,
    pub iat: i64,
    /// As in the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
    /// The session, as a logout token names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// Claims about the user, as scopes and `claims` asked for. Fill it by [`Self::set_user_claims`].
    #[serde(flatten)]
    pub user: Map<String, Value>,
}

/// Claims that say what happened. No mapping of user attributes may set them.
pub const PROTOCOL_CLAIMS: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "sid",
    "at_hash",
    "c_hash",
    "s_hash",
    "client_id",
    "scope",
    "cnf",
    "act",
    "status",
    "events",
];

impl IdTokenClaims {
    /// Take claims about the user; those of the protocol are left out, they would be there twice.
    pub fn set_user_claims(&mut self, claims: Map<String, Value>) {
        self.user = claims;
        self.user
            .retain(|name, _| !PROTOCOL_CLAIMS.contains(&name.as_str()));
    }
}

/// Read an `id_token_hint`: an ID token of ours, which may have expired (OpenID Connect Core §3.1.2.1,
/// RP-Initiated Logout §2). It says whom the client means, and proves nothing about who is there.
pub fn verify_hint(
    token: &str,
    keys: &[VerificationKey],
    issuer: &str,
) -> Result<IdTokenClaims, JoseError> {
    let expected = Expected {
        typ: &[typ::JWT],
        issuer: Some(issuer),
        audience: None,
        lifetime: Lifetime::Ignored,
    };
    Ok(verify(token, keys, &expected)?.claims)
}

/// OpenID Connect Core §3.1.3.6: the left half of the hash of the access token, by the algorithm of the ID token.
pub fn at_hash(access_token: &str, algorithm: Algorithm) -> String {
    let hash = match algorithm {
        Algorithm::ES256 | Algorithm::RS256 | Algorithm::PS256 => {
            digest(&SHA256, access_token.as_bytes())
        }
        // Ed25519 hashes with SHA-512 (RFC 8032 §5.1), and so do the clients that check this.
        Algorithm::EdDSA => digest(&SHA512, access_token.as_bytes()),
    };
    let half = hash
        .as_ref()
        .get(..hash.as_ref().len() / 2)
        .unwrap_or_default();
    URL_SAFE_NO_PAD.encode(half)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::jose::SigningKey;

    #[test]
    fn at_hash_agrees_with_the_example_of_core_appendix_a_3() {
        let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(
            at_hash(access_token, Algorithm::RS256),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
        assert_eq!(at_hash(access_token, Algorithm::EdDSA).len(), 43);
    }

    fn smallest() -> IdTokenClaims {
        IdTokenClaims {
            iss: "https://idp.test".to_owned(),
            sub: "u".to_owned(),
            aud: "c".to_owned(),
            exp: 2,
            iat: 1,
            nonce: None,
            auth_time: None,
            acr: None,
            amr: Vec::new(),
            azp: None,
            sid: None,
            at_hash: None,
            user: Map::new(),
        }
    }

    #[test]
    fn user_claims_cannot_replace_those_of_the_protocol() {
        let mut claims = smallest();
        let user = serde_json::json!({ "sub": "root", "amr": ["mfa"], "email": "ana@acme.test" });
        claims.set_user_claims(user.as_object().cloned().unwrap());
        let json = serde_json::to_string(&claims).unwrap();
        assert!(json.contains("ana@acme.test") && !json.contains("root") && !json.contains("mfa"));
    }

    #[test]
    fn an_expired_hint_of_ours_is_read_and_another_token_is_not() {
        let pkcs8 = SigningKey::generate(Algorithm::ES256).unwrap();
        let key = SigningKey::from_pkcs8(Algorithm::ES256, &pkcs8).unwrap();
        let keys = [VerificationKey::from_jwk(key.public_jwk(), None).unwrap()];
        let hint = key.sign(typ::JWT, &smallest()).unwrap();
        assert_eq!(
            verify_hint(&hint, &keys, "https://idp.test").unwrap(),
            smallest()
        );
        assert!(verify_hint(&hint, &keys, "https://other.test").is_err());
        let access_token = key.sign(typ::ACCESS_TOKEN, &smallest()).unwrap();
        assert_eq!(
            verify_hint(&access_token, &keys, "https://idp.test"),
            Err(JoseError::Typ)
        );
    }

    #[test]
    fn absent_claims_are_left_out() {
        let claims = smallest();
        let json = serde_json::to_string(&claims).unwrap();
        assert_eq!(
            json,
            r#"{"iss":"https://idp.test","sub":"u","aud":"c","exp":2,"iat":1}"#
        );
        assert_eq!(
            serde_json::from_str::<IdTokenClaims>(&json).unwrap(),
            claims
        );
    }
}
