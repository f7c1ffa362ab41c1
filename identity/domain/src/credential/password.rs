//! The password credential: the hash in force, the ones before it, and whether it must be changed.

use serde::{Deserialize, Serialize};

use super::password_hash::PasswordHash;
use crate::time::Timestamp;

/// The stored document of a password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasswordCredential {
    /// Version of this document.
    pub v: u8,
    /// The hash in force.
    pub hash: PasswordHash,
    /// Hashes before it, newest first; never longer than policy asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<PasswordHash>,
    /// Since when this password is in force.
    pub changed_at: Timestamp,
    /// Set on evidence of compromise: the next sign-in ends in choosing a new one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub must_change: bool,
    /// Its owner said that somebody else signed in with it: it opens nothing any more, until another is set by recovery.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disowned: bool,
}

impl PasswordCredential {
    /// A first password.
    pub const fn new(hash: PasswordHash, now: Timestamp) -> Self {
        Self {
            v: 1,
            hash,
            history: Vec::new(),
            changed_at: now,
            must_change: false,
            disowned: false,
        }
    }

    /// The credential after a change of password, remembering at most `keep` earlier hashes.
    #[must_use]
    pub fn changed(mut self, hash: PasswordHash, keep: usize, now: Timestamp) -> Self {
        let old = std::mem::replace(&mut self.hash, hash);
        self.history.insert(0, old);
        self.history.truncate(keep);
        self.changed_at = now;
        self.must_change = false;
        self.disowned = false;
        self
    }

    /// The credential after its owner said that somebody else uses it.
    #[must_use]
    pub const fn disown(mut self) -> Self {
        self.must_change = true;
        self.disowned = true;
        self
    }

    /// The same password under stronger parameters.
    #[must_use]
    pub fn rehashed(mut self, hash: PasswordHash) -> Self {
        self.hash = hash;
        self
    }
}
