//! Tokens as attackers make them: read, changed, put together again, signed with the wrong thing.

use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{self, EcdsaKeyPair, KeyPair as _, RsaKeyPair};
use aws_lc_rs::{hmac, rand::SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Value, json};

/// A token's header, unverified.
pub fn header(token: &str) -> Value {
    part(token, 0)
}

/// A token's claims, unverified.
pub fn claims(token: &str) -> Value {
    part(token, 1)
}

/// A token's claims as they were written, which shows what a parser hides: order and repetitions.
pub fn claims_text(token: &str) -> String {
    let middle = token.split('.').nth(1).expect("three parts");
    String::from_utf8(B64.decode(middle).expect("base64url")).expect("text")
}

/// A token's signature.
pub fn signature(token: &str) -> Vec<u8> {
    B64.decode(token.split('.').nth(2).expect("three parts"))
        .expect("base64url")
}

/// Header, claims and signature put together as they are, right or wrong.
pub fn assemble(header: &str, claims: &str, signature: &[u8]) -> String {
    format!(
        "{}.{}.{}",
        B64.encode(header),
        B64.encode(claims),
        B64.encode(signature)
    )
}

/// The same token with another header and its old signature.
pub fn with_header(token: &str, header: &Value) -> String {
    assemble(
        &header.to_string(),
        &claims(token).to_string(),
        &signature(token),
    )
}

/// Signed with HMAC: the classic confusion of a public key with a secret.
pub fn hs256(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let input = signing_input(&header.to_string(), &claims.to_string());
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
    format!("{input}.{}", B64.encode(tag))
}

/// A P-256 key of somebody else, or of a client that signs its assertions.
pub struct Es256(EcdsaKeyPair);

impl Es256 {
    /// A fresh key.
    pub fn generate() -> Self {
        Self(EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"))
    }

    /// The public half as a JWK.
    pub fn jwk(&self, kid: &str) -> Value {
        let point = self.0.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid, "x": B64.encode(&point[1..33]), "y": B64.encode(&point[33..65])})
    }

    /// A token signed with this key, whatever its header claims.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    /// The same for texts that are no sound JSON (duplicate keys).
    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        let input = signing_input(header, claims);
        let signature = self
            .0
            .sign(&system_random(), input.as_bytes())
            .expect("a signature");
        format!("{input}.{}", B64.encode(signature))
    }
}

/// The same for RSA.
pub struct Rs256(RsaKeyPair);

impl Rs256 {
    /// A fresh 2048-bit key.
    pub fn generate() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"))
    }

    /// A token signed with this key.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = signing_input(&header.to_string(), &claims.to_string());
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(
                &signature::RSA_PKCS1_SHA256,
                &system_random(),
                input.as_bytes(),
                &mut signature,
            )
            .expect("a signature");
        format!("{input}.{}", B64.encode(signature))
    }
}

fn signing_input(header: &str, claims: &str) -> String {
    format!("{}.{}", B64.encode(header), B64.encode(claims))
}

fn part(token: &str, index: usize) -> Value {
    let part = token
        .split('.')
        .nth(index)
        .unwrap_or_else(|| panic!("no JWT: {token}"));
    serde_json::from_slice(&B64.decode(part).expect("base64url")).expect("JSON")
}

#[expect(clippy::disallowed_methods, reason = "an attacker's own randomness")]
fn system_random() -> SystemRandom {
    SystemRandom::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};

    #[test]
    fn what_we_sign_verifies_with_the_published_key() {
        let key = Es256::generate();
        let claims = json!({"exp": 4_000_000_000_i64, "sub": "x"});
        let token = key.sign(&json!({"alg": "ES256", "kid": "k"}), &claims);
        let jwk = serde_json::from_value(key.jwk("k")).unwrap();
        let read: Value = decode(
            &token,
            &DecodingKey::from_jwk(&jwk).unwrap(),
            &Validation::new(Algorithm::ES256),
        )
        .unwrap()
        .claims;
        assert_eq!(read, claims);
        assert_eq!(super::claims(&token), claims);
        let other = Es256::generate().sign(&json!({"alg": "ES256"}), &claims);
        assert!(
            decode::<Value>(
                &other,
                &DecodingKey::from_jwk(&jwk).unwrap(),
                &Validation::new(Algorithm::ES256)
            )
            .is_err()
        );
    }
}
