//! The compact form of a JWS, taken apart strictly. Nothing here proves anything: see [`super::verify`].

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{Algorithm, JoseError};
use crate::strict_json;

/// The largest token read, in bytes.
pub const MAX_TOKEN: usize = 16 * 1024;
const MAX_KID: usize = 256;
const MAX_HEADER_DEPTH: usize = 3;
const MAX_PAYLOAD_DEPTH: usize = 10;

/// Header members that would let the sender choose the key, or change what is signed (RFC 8725 §3.9, §3.10,
/// RFC 7515 §4.1.11, RFC 7797).
const REFUSED_MEMBERS: [&str; 9] = [
    "crit", "b64", "jwk", "jku", "x5u", "x5c", "zip", "enc", "epk",
];

/// The header members that matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub alg: Algorithm,
    pub typ: Option<String>,
    pub kid: Option<String>,
}

/// A token whose signature nobody has looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    pub header: Header,
    pub claims: Map<String, Value>,
}

impl Unverified {
    /// A claim that is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }
}

/// Read a token **without** checking it. Only to find out whose key to check it with.
pub fn decode_unverified(token: &str) -> Result<Unverified, JoseError> {
    let compact = Compact::split(token)?;
    Ok(Unverified {
        claims: compact.claims()?,
        header: compact.header,
    })
}

/// The parts of a well-formed token.
pub(super) struct Compact<'a> {
    pub header: Header,
    /// Header and payload with the dot between: what is signed.
    pub signed: &'a str,
    pub signature: &'a str,
    payload: &'a str,
}

impl<'a> Compact<'a> {
    pub fn split(token: &'a str) -> Result<Self, JoseError> {
        if token.len() > MAX_TOKEN {
            return Err(JoseError::TooLarge);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(JoseError::NotCompact)?;
        let (header, payload) = signed.split_once('.').ok_or(JoseError::NotCompact)?;
        if payload.contains('.') || header.is_empty() || payload.is_empty() || signature.is_empty()
        {
            return Err(JoseError::NotCompact);
        }
        // The library checks this too, but only while verifying, and "empty" must not depend on it.
        if decode(signature)?.is_empty() {
            return Err(JoseError::NotCompact);
        }
        Ok(Self {
            header: read_header(&decode(header)?)?,
            signed,
            signature,
            payload,
        })
    }

    pub fn claims(&self) -> Result<Map<String, Value>, JoseError> {
        strict_json::object(&decode(self.payload)?, MAX_PAYLOAD_DEPTH)
            .map_err(|_| JoseError::Payload)
    }
}

/// base64url without padding; non-zero trailing bits are refused, so that a token has one spelling only.
fn decode(part: &str) -> Result<Vec<u8>, JoseError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| JoseError::Encoding)
}

fn read_header(bytes: &[u8]) -> Result<Header, JoseError> {
    let members = strict_json::object(bytes, MAX_HEADER_DEPTH).map_err(|_| JoseError::Header)?;
    if let Some(name) = REFUSED_MEMBERS
        .into_iter()
        .find(|name| members.contains_key(*name))
    {
        return Err(JoseError::RefusedHeader(name));
    }
    let alg = text(&members, "alg")?.ok_or(JoseError::Header)?;
    let kid = text(&members, "kid")?;
    if kid.is_some_and(|kid| kid.len() > MAX_KID || kid.chars().any(char::is_control)) {
        return Err(JoseError::Header);
    }
    Ok(Header {
        alg: Algorithm::parse(alg).ok_or(JoseError::Algorithm)?,
        typ: text(&members, "typ")?.map(str::to_owned),
        kid: kid.map(str::to_owned),
    })
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, JoseError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JoseError::Header),
    }
}
