//! The ID token (OpenID Connect Core §2).

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::jose::Algorithm;

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
    /// Claims about the user, as scopes and `claims` asked for.
    #[serde(flatten)]
    pub user: Map<String, Value>,
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

    #[test]
    fn at_hash_agrees_with_the_example_of_core_appendix_a_3() {
        let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(
            at_hash(access_token, Algorithm::RS256),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
        assert_eq!(at_hash(access_token, Algorithm::EdDSA).len(), 43);
    }

    #[test]
    fn absent_claims_are_left_out() {
        let claims = IdTokenClaims {
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
        };
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
