//! ZLIB and base64url of `lst` (draft-ietf-oauth-status-list §4.1).

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::StatusListError;

/// How hard to compress. §4.1 recommends the best; a list signed every second may prefer speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    /// Smallest result.
    #[default]
    Best,
    /// Least work.
    Fast,
}

pub(super) fn deflate(bytes: &[u8], compression: Compression) -> String {
    let level = match compression {
        Compression::Best => flate2::Compression::best(),
        Compression::Fast => flate2::Compression::fast(),
    };
    let mut encoder = ZlibEncoder::new(Vec::new(), level);
    // Writing into a Vec has no way to fail; an empty list would be refused by every reader.
    let compressed = encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .unwrap_or_default();
    URL_SAFE_NO_PAD.encode(compressed)
}

pub(super) fn inflate(lst: &str, max_inflated: usize) -> Result<Vec<u8>, StatusListError> {
    let compressed = URL_SAFE_NO_PAD
        .decode(lst)
        .map_err(|_| StatusListError::Base64)?;
    let mut decoder = ZlibDecoder::new(compressed.as_slice());
    let mut bytes = Vec::new();
    // One byte beyond the cap tells "exactly full" from "too large" without inflating a bomb.
    let cap = u64::try_from(max_inflated)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    decoder
        .by_ref()
        .take(cap)
        .read_to_end(&mut bytes)
        .map_err(|_| StatusListError::Zlib)?;
    if bytes.len() > max_inflated {
        return Err(StatusListError::TooLarge);
    }
    let consumed = usize::try_from(decoder.total_in()).map_err(|_| StatusListError::TooLarge)?;
    if consumed != compressed.len() {
        return Err(StatusListError::Zlib);
    }
    Ok(bytes)
}
