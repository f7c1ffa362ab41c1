//! Signing and reading JWTs (RFC 7515, 7517, 7519, 8037). The only user of the JWT library in this crate.
//!
//! The algorithm belongs to the key, never to the token: a [`SigningKey`] writes its own `alg`, a
//! [`VerificationKey`] refuses any other (RFC 8725 §3.1). Signing keeps the parsed key, because parsing a private key
//! costs as much as the signature.

mod compact;
mod jwk;
mod signing_key;
mod verification;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use compact::{Header, MAX_TOKEN, Unverified, decode_unverified};
pub use jwk::{JwkSet, PublicJwk};
pub use signing_key::{Pkcs8, RsaSize, SigningKey};
pub use verification::{Expected, Lifetime, VerificationKey, Verified, verify};

/// `typ` of the tokens of this provider and of those it reads.
pub mod typ {
    /// ID token.
    pub const JWT: &str = "JWT";
    /// RFC 9068 §2.1
    pub const ACCESS_TOKEN: &str = "at+jwt";
    /// OpenID Connect Back-Channel Logout §2.4
    pub const LOGOUT_TOKEN: &str = "logout+jwt";
    /// Token Status List §5.1
    pub const STATUS_LIST: &str = "statuslist+jwt";
    pub const CLIENT_AUTHENTICATION: &str = "client-authentication+jwt";
    /// In [`super::Expected::typ`]: a token without `typ` is accepted too.
    pub const ABSENT: &str = "";
}

/// The signature algorithms of this provider. Others, `none` and the HMAC family above all, cannot be expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Algorithm {
    ES256,
    EdDSA,
    RS256,
    PS256,
}

impl Algorithm {
    pub const ALL: [Self; 4] = [Self::ES256, Self::EdDSA, Self::RS256, Self::PS256];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::EdDSA => "EdDSA",
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
        }
    }

    /// Compared with case (RFC 7515 §4.1.1).
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == text)
    }

    const fn library(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::ES256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDSA => jsonwebtoken::Algorithm::EdDSA,
            Self::RS256 => jsonwebtoken::Algorithm::RS256,
            Self::PS256 => jsonwebtoken::Algorithm::PS256,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a token or a key was refused. For logs; a caller learns `invalid_token` or `invalid_client` at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    #[error("token is larger than 16 KiB")]
    TooLarge,
    #[error("token is not a compact JWS")]
    NotCompact,
    #[error("token part is not canonical base64url")]
    Encoding,
    #[error("token header is not a strict JSON object")]
    Header,
    #[error("token header has the refused member {0}")]
    RefusedHeader(&'static str),
    #[error("token algorithm is not allowed")]
    Algorithm,
    #[error("token algorithm is not that of the key")]
    AlgorithmMismatch,
    #[error("token typ is not the expected one")]
    Typ,
    #[error("no key for this token")]
    UnknownKey,
    #[error("signature is not valid")]
    Signature,
    #[error("token payload is not a strict JSON object")]
    Payload,
    #[error("claim {0} is missing")]
    MissingClaim(&'static str),
    #[error("claim {0} has the wrong type")]
    ClaimType(&'static str),
    #[error("claim {0} is not the expected one")]
    ClaimMismatch(&'static str),
    #[error("claims are not of the expected form")]
    Claims,
    #[error("token has expired")]
    Expired,
    #[error("token is not valid yet")]
    NotYetValid,
    #[error("key is malformed or too weak: {0}")]
    Key(&'static str),
    #[error("key contains private or symmetric key material")]
    PrivateKey,
    #[error("signing failed")]
    Signing,
}

#[cfg(test)]
mod tests;
