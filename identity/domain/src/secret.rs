//! Values that must not be seen: they cannot be printed, serialised or compared with `==`.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::ports::Entropy;

/// A value that hides itself in `Debug` and is wiped when dropped.
pub struct Secret<T: Zeroize>(T);

/// A secret text: a password, an opaque token, a code.
pub type SecretString = Secret<String>;

/// SHA-256 of a whole opaque value; what the database holds in its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ValueHash(pub [u8; 32]);

impl<T: Zeroize> Secret<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The value itself; each call is a place to look at in a review.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl SecretString {
    /// A fresh opaque token: 256 random bits in base64url.
    pub fn random_token(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0_u8; 32];
        entropy.fill(&mut bytes);
        let token = URL_SAFE_NO_PAD.encode(bytes);
        bytes.zeroize();
        Self::new(token)
    }

    /// The hash of the entire string, for storage and look-up. Nothing is decoded, so nothing of the tail is ignored.
    pub fn hash(&self) -> ValueHash {
        ValueHash::of(self.0.as_bytes())
    }

    /// Whether both are the same, in time that does not depend on where they differ.
    pub fn matches(&self, other: &str) -> bool {
        self.hash()
            .0
            .ct_eq(&ValueHash::of(other.as_bytes()).0)
            .into()
    }
}

impl ValueHash {
    /// SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut out = [0_u8; 32];
        out.copy_from_slice(digest(&SHA256, bytes).as_ref());
        Self(out)
    }

    /// Constant-time comparison.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl<T: Zeroize + Clone> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
impl From<String> for SecretString {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}
impl From<&str> for SecretString {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}
impl<'de> serde::Deserialize<'de> for SecretString {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
impl fmt::Debug for ValueHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ValueHash(…)")
    }
}
