//! Token status lists (draft-ietf-oauth-status-list): one small number per token, compressed.
//!
//! The provider publishes with [`StatusList::encode`], relying services read with
//! [`StatusList::decode`]. [`StatusListClaims`] are the claims of the signed list (`typ: statuslist+jwt`).

mod codec;

use serde::{Deserialize, Serialize};

use crate::claims::{NumericDate, UnreadableClaims, present};

pub use codec::Compression;

/// The `typ` header of a signed list (§5.1).
pub const TYP: &str = "statuslist+jwt";
/// The media type it is served as (§8.1).
pub const MEDIA_TYPE: &str = "application/statuslist+jwt";
/// Largest list that is inflated unless told otherwise: 32 MiB, a quarter of a billion tokens.
pub const MAX_INFLATED: usize = 32 * 1024 * 1024;

/// What a list says about a token (§7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Good.
    Valid,
    /// Revoked for ever.
    Invalid,
    /// Revoked for now.
    Suspended,
    /// A value without a meaning known here; not good.
    Other(u8),
}

impl Status {
    /// Whether the token may be used.
    pub fn is_valid(self) -> bool {
        self == Self::Valid
    }
}

impl From<u8> for Status {
    fn from(value: u8) -> Self {
        match value {
            0 => Self::Valid,
            1 => Self::Invalid,
            2 => Self::Suspended,
            other => Self::Other(other),
        }
    }
}

/// Why a list or an index was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatusListError {
    /// `bits` is none of 1, 2, 4, 8 (§4.2).
    #[error("status list: bits must be 1, 2, 4 or 8")]
    Bits,
    /// `lst` is not base64url without padding.
    #[error("status list: lst is not base64url")]
    Base64,
    /// `lst` is not ZLIB data, or there is something behind it.
    #[error("status list: lst is not zlib data")]
    Zlib,
    /// The list inflates to more than is allowed.
    #[error("status list: too large")]
    TooLarge,
    /// The index is not in the list. §8.3: such a token is refused.
    #[error("status list: index out of range")]
    OutOfRange,
    /// The value needs more bits than the list has per token.
    #[error("status list: value needs more bits")]
    Value,
}

/// Statuses of 1, 2, 4 or 8 bits each, packed from the least significant bit on (§4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    bits: u8,
    bytes: Vec<u8>,
}

impl StatusList {
    /// A list of `len` valid tokens (rounded up to whole bytes) with `bits` each.
    pub fn new(bits: u8, len: usize) -> Result<Self, StatusListError> {
        let per_byte = per_byte(bits)?;
        Ok(Self {
            bits,
            bytes: vec![0; len.div_ceil(per_byte)],
        })
    }

    /// A list of one bit each: valid or revoked.
    pub fn of_one_bit(len: usize) -> Self {
        Self {
            bits: 1,
            bytes: vec![0; len.div_ceil(8)],
        }
    }

    /// A list from its packed bytes.
    pub fn from_bytes(bits: u8, bytes: Vec<u8>) -> Result<Self, StatusListError> {
        per_byte(bits)?;
        Ok(Self { bits, bytes })
    }

    /// Bits per token.
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// The packed bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of tokens the list has room for.
    pub fn len(&self) -> usize {
        self.bytes.len().saturating_mul(8 / usize::from(self.bits))
    }

    /// Whether it has room for none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The status at an index; an index beyond the list is an error, never "valid" (§8.3).
    pub fn get(&self, index: u64) -> Result<Status, StatusListError> {
        let (at, shift) = self.place(index)?;
        let byte = self.bytes.get(at).ok_or(StatusListError::OutOfRange)?;
        Ok(Status::from((byte >> shift) & self.mask()))
    }

    /// Writes the value at an index.
    pub fn set(&mut self, index: u64, value: u8) -> Result<(), StatusListError> {
        let (at, shift) = self.place(index)?;
        let mask = self.mask();
        if value & !mask != 0 {
            return Err(StatusListError::Value);
        }
        let byte = self.bytes.get_mut(at).ok_or(StatusListError::OutOfRange)?;
        *byte = (*byte & !(mask << shift)) | (value << shift);
        Ok(())
    }

    /// Marks the token at an index as revoked.
    pub fn revoke(&mut self, index: u64) -> Result<(), StatusListError> {
        self.set(index, 1)
    }

    /// The `status_list` member of a list token.
    pub fn encode(&self, compression: Compression) -> EncodedStatusList {
        EncodedStatusList {
            bits: self.bits,
            lst: codec::deflate(&self.bytes, compression),
            aggregation_uri: None,
        }
    }

    /// Reads a `status_list` member, inflating to no more than `max_inflated` bytes.
    pub fn decode(
        encoded: &EncodedStatusList,
        max_inflated: usize,
    ) -> Result<Self, StatusListError> {
        per_byte(encoded.bits)?;
        Self::from_bytes(encoded.bits, codec::inflate(&encoded.lst, max_inflated)?)
    }

    fn mask(&self) -> u8 {
        u8::MAX >> (8 - self.bits)
    }

    fn place(&self, index: u64) -> Result<(usize, u8), StatusListError> {
        let per_byte = u64::from(8 / self.bits);
        let at = usize::try_from(index / per_byte).map_err(|_| StatusListError::OutOfRange)?;
        let within = u8::try_from(index % per_byte).map_err(|_| StatusListError::OutOfRange)?;
        Ok((at, within * self.bits))
    }
}

fn per_byte(bits: u8) -> Result<usize, StatusListError> {
    match bits {
        1 | 2 | 4 | 8 => Ok(8 / usize::from(bits)),
        _ => Err(StatusListError::Bits),
    }
}

/// `status_list` as it stands in a list token (§4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncodedStatusList {
    /// Bits per token.
    pub bits: u8,
    /// The packed bytes, ZLIB-compressed, base64url without padding.
    pub lst: String,
    /// Where the addresses of all lists are (§9), if told.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub aggregation_uri: Option<String>,
}

/// The claims of a signed list (§5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusListClaims {
    /// Who signed; when there it must be the issuer of the tokens it speaks of.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub iss: Option<String>,
    /// Address of the list, equal to `uri` in the tokens.
    pub sub: String,
    /// When it was signed.
    pub iat: NumericDate,
    /// From when on it must not be relied upon.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub exp: Option<NumericDate>,
    /// Seconds it may be cached before a fresh one is fetched.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub ttl: Option<u64>,
    /// The list.
    pub status_list: EncodedStatusList,
}

impl StatusListClaims {
    /// Reads claims from the bytes of a JWT payload; strict as [`crate::claims`]. Nothing is verified.
    pub fn from_json(bytes: &[u8]) -> Result<Self, UnreadableClaims> {
        crate::json::from_slice(bytes).map_err(|error| UnreadableClaims(error.to_string()))
    }
}

#[cfg(test)]
mod tests;
