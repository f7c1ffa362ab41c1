//! Every way of saying no.

use crate::claims::UnreadableClaims;

/// Why a token was refused. `Display` is for logs; callers get [`VerifyError::public`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// Longer than allowed.
    #[error("token longer than allowed")]
    TooLong,
    /// Not three base64url parts, or no signature.
    #[error("token is not a signed JWT")]
    Malformed,
    /// The header is not the JSON object it should be.
    #[error("token header unreadable: {0}")]
    Header(String),
    /// A header that would let the token bring its own key or change the rules.
    #[error("token header `{0}` refused")]
    ForbiddenHeader(&'static str),
    /// `typ` is missing or another one.
    #[error("token is of another type")]
    WrongType,
    /// `alg` is none of those allowed here.
    #[error("algorithm not allowed")]
    AlgorithmNotAllowed,
    /// `alg` is not the one of the key.
    #[error("algorithm is not that of the key")]
    AlgorithmMismatch,
    /// No `kid`.
    #[error("token names no key")]
    KeyMissing,
    /// `kid` is not among the issuer's keys.
    #[error("token names an unknown key")]
    UnknownKey,
    /// The signature does not fit.
    #[error("signature does not fit")]
    BadSignature,
    /// A claim is missing, doubled, or of the wrong JSON type.
    #[error(transparent)]
    Claims(#[from] UnreadableClaims),
    /// `iss` is not the issuer.
    #[error("token of another issuer")]
    WrongIssuer,
    /// `aud` names none of our audiences.
    #[error("token for another audience")]
    WrongAudience,
    /// `exp` has passed.
    #[error("token expired")]
    Expired,
    /// `nbf` has not come.
    #[error("token not valid yet")]
    NotYetValid,
    /// `iat` lies ahead of us.
    #[error("token issued in the future")]
    IssuedInFuture,
    /// `exp` is not after `iat`, or a time is negative.
    #[error("token has no lifetime")]
    NoLifetime,
    /// `cnf`: the token is bound to a key and must not be used as a bearer token.
    #[error("token is bound to a key")]
    SenderConstrained,
    /// The status list says the token was revoked or suspended.
    #[error("token revoked")]
    Revoked,
    /// The token's place is not in the list, or the list is not the issuer's.
    #[error("token has no valid status reference")]
    StatusReference,
    /// There is no status list young enough to decide.
    #[error("status list unavailable")]
    StatusUnavailable,
    /// No keys could be loaded so far.
    #[error("issuer keys unavailable")]
    KeysUnavailable,
}

impl VerifyError {
    /// What a caller may be told: short, and without telling apart why a forgery failed.
    pub fn public(&self) -> &'static str {
        match self {
            Self::Expired => "The access token expired",
            Self::Revoked => "The access token was revoked",
            Self::StatusUnavailable | Self::KeysUnavailable => "Try again later",
            _ => "The access token is invalid",
        }
    }

    /// Whether the token may be fine and only the issuer could not be reached.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::StatusUnavailable | Self::KeysUnavailable)
    }
}
