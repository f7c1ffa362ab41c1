//! `private_key_jwt`: the assertion a client signs with its own key (RFC 7523 §3, RFC 10070).

use serde::Deserialize;

use crate::jose::{Algorithm, Expected, JoseError, JwkSet, Lifetime, VerificationKey, typ, verify};
use crate::sensitive::Sensitive;

/// An assertion that lives longer is a password.
pub const MAX_LIFETIME: i64 = 10 * 60;
/// How far the client's clock may be off, in seconds.
pub const LEEWAY: i64 = 10;
const MAX_JTI: usize = 256;

/// What an assertion of this client must look like.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedAssertion<'a> {
    pub client_id: &'a str,
    /// The issuer identifier of this provider.
    pub issuer: &'a str,
    /// `token_endpoint_auth_signing_alg` of the registration; without one, whatever the client's keys are for.
    pub algorithm: Option<Algorithm>,
    /// Seconds since the Unix epoch.
    pub now: i64,
}

/// A genuine assertion. It must still be consumed: `jti` may be seen once until `expires_at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedClientAssertion {
    client_id: String,
    jti: String,
    expires_at: i64,
}

impl VerifiedClientAssertion {
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    pub fn jti(&self) -> &str {
        &self.jti
    }

    /// Until when the `jti` must be remembered, in seconds since the Unix epoch; the leeway is in it.
    pub fn expires_at(&self) -> i64 {
        self.expires_at
    }
}

/// Why an assertion was refused. All are `invalid_client`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    #[error(transparent)]
    Token(#[from] JoseError),
    #[error("iss and sub are not both the client_id")]
    NotTheClient,
    #[error("aud is not the issuer identifier, alone and as a string")]
    Audience,
    #[error("exp is more than ten minutes ahead")]
    TooLong,
    #[error("jti is empty or too long")]
    Jti,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: serde_json::Value,
    exp: i64,
    jti: String,
}

/// Check an assertion with the client's registered keys.
pub fn verify_assertion(
    assertion: &Sensitive,
    keys: &JwkSet,
    expected: &ExpectedAssertion<'_>,
) -> Result<VerifiedClientAssertion, AssertionError> {
    let keys: Vec<_> = keys
        .keys
        .iter()
        .filter_map(|jwk| {
            // An RSA key that does not say: RS256, the default of OpenID Connect Registration §2.
            let algorithm = expected
                .algorithm
                .or_else(|| jwk.alg())
                .or(jwk.allows(Algorithm::RS256).then_some(Algorithm::RS256));
            VerificationKey::from_jwk(jwk, algorithm).ok()
        })
        .collect();
    let checks = Expected {
        typ: &[typ::ABSENT, typ::JWT, typ::CLIENT_AUTHENTICATION],
        issuer: None,
        audience: None,
        lifetime: Lifetime::Checked {
            now: expected.now,
            leeway: LEEWAY,
        },
    };
    let claims: Claims = verify(assertion.expose(), &keys, &checks)?.claims;
    // RFC 10070: the issuer identifier as a string; an array would let one assertion serve two servers.
    if claims.aud != expected.issuer {
        return Err(AssertionError::Audience);
    }
    if claims.iss != expected.client_id || claims.sub != expected.client_id {
        return Err(AssertionError::NotTheClient);
    }
    if claims.exp > expected.now.saturating_add(MAX_LIFETIME + LEEWAY) {
        return Err(AssertionError::TooLong);
    }
    if claims.jti.is_empty() || claims.jti.len() > MAX_JTI {
        return Err(AssertionError::Jti);
    }
    Ok(VerifiedClientAssertion {
        client_id: claims.sub,
        jti: claims.jti,
        expires_at: claims.exp.saturating_add(LEEWAY),
    })
}
