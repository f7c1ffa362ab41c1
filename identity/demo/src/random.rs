//! Unguessable values, and hashes of them.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::trouble::Trouble;

/// 256 random bits as text.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that draws randomness here"
)]
pub(crate) fn secret() -> Result<String, Trouble> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Trouble::Fault)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// SHA-256 as text: the S256 challenge of RFC 7636 §4.2, and the name under which secrets are kept.
pub(crate) fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// Whether two secrets are the same, without telling how much of them is.
pub(crate) fn same(one: &str, other: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}
