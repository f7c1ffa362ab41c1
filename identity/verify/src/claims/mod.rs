//! The wire form of an access token's claims. This crate owns it; the provider writes what is
//! declared here and every relying service reads the same.
//!
//! RFC 9068 §2.2 gives the members, RFC 9470 `acr` and `auth_time`, RFC 8693 `act`, RFC 7800 `cnf`,
//! draft-ietf-oauth-status-list §6 `status`. A member of the wrong JSON type, `null` included, makes
//! the whole token unreadable: it is never treated as absent.

mod audience;
mod scope;

pub use audience::Audience;
pub use scope::{InvalidScope, Scope};

use serde::{Deserialize, Deserializer, Serialize};

/// Seconds since the Unix epoch, an integer on the wire (RFC 7519 §2 `NumericDate`, without fractions).
pub type NumericDate = i64;

/// The claims of an access token (`typ: at+jwt`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// The issuer identifier, exactly as in discovery.
    pub iss: String,
    /// The resources the token is meant for.
    pub aud: Audience,
    /// The person, or the client itself for tokens without a person.
    pub sub: String,
    /// The client the token was issued to.
    pub client_id: String,
    /// When it was issued.
    pub iat: NumericDate,
    /// From when on it is refused.
    pub exp: NumericDate,
    /// Unique name of this token.
    pub jti: String,
    /// What was granted; absent on the wire when empty.
    #[serde(default, skip_serializing_if = "Scope::is_empty")]
    pub scope: Scope,
    /// Before when it is refused.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub nbf: Option<NumericDate>,
    /// The session the token belongs to.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub sid: Option<String>,
    /// When the person last proved who they are.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub auth_time: Option<NumericDate>,
    /// How strongly they proved it.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub acr: Option<String>,
    /// By which methods (RFC 8176).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// The organization the person acts in.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub org_id: Option<String>,
    /// Its short name in addresses.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub org_slug: Option<String>,
    /// The person's roles in that organization.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// What those roles permit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// Where to look whether the token has been revoked.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub status: Option<StatusClaim>,
    /// The key the token is bound to; such a token is not a bearer token.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub cnf: Option<Confirmation>,
    /// Who acts on behalf of `sub`.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub act: Option<Actor>,
}

/// `status` (draft-ietf-oauth-status-list §6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusClaim {
    /// The list and the place in it.
    pub status_list: StatusReference,
}

/// Index and address of a status list (draft-ietf-oauth-status-list §6.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReference {
    /// Position in the list, from zero.
    pub idx: u64,
    /// Address of the list, equal to the list token's `sub`.
    pub uri: String,
}

/// `cnf` (RFC 7800): the key that has to be proven together with the token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// RFC 7638 thumbprint of the `DPoP` key (RFC 9449 §6.1).
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub jkt: Option<String>,
    /// SHA-256 thumbprint of the client certificate (RFC 8705 §3.1).
    #[serde(
        rename = "x5t#S256",
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub x5t_s256: Option<String>,
}

/// `act` (RFC 8693 §4.1): the acting party, and whom it acts through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The acting party.
    pub sub: String,
    /// The issuer of that `sub` when it is not ours.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub iss: Option<String>,
    /// The client through which it acts.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_id: Option<String>,
    /// The party before it in the chain.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub act: Option<Box<Actor>>,
}

impl AccessTokenClaims {
    /// Reads claims from the bytes of a JWT payload. Wrong JSON types, missing members and duplicate
    /// member names are errors. Nothing is verified.
    pub fn from_json(bytes: &[u8]) -> Result<Self, UnreadableClaims> {
        crate::json::from_slice(bytes).map_err(|error| UnreadableClaims(error.to_string()))
    }
}

/// Why claims could not be read; the text is for logs, not for callers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("claims unreadable: {0}")]
pub struct UnreadableClaims(pub(crate) String);

/// An optional member that, when there, must have its type: `null` is not "absent".
/// CVE-2026-25537 was a check skipped because a wrong type counted as a missing claim.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests;
