//! Tokens whose signature was checked before, bounded in number.
//!
//! Two generations per shard: when the young one is full it becomes the old one and the old one goes.
//! That is constant work, and a flood of tokens costs the owner of the flood only.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};

use crate::jwk::PublicKey;
use crate::token::Token;

const SHARDS: usize = 16;

/// SHA-256 of the whole token, signature included.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(token: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(bytes)
    }

    fn shard(&self) -> usize {
        self.0.first().map_or(0, |byte| usize::from(*byte) % SHARDS)
    }
}

/// A token with the key that signed it.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) token: Token,
    pub(super) kid: String,
    pub(super) key: Arc<PublicKey>,
}

#[derive(Default)]
struct Shard {
    young: HashMap<Fingerprint, Entry>,
    old: HashMap<Fingerprint, Entry>,
}

pub(super) struct VerifiedTokens {
    shards: Vec<Mutex<Shard>>,
    per_generation: usize,
}

impl VerifiedTokens {
    pub(super) fn new(capacity: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self {
            shards,
            per_generation: (capacity / SHARDS / 2).max(1),
        }
    }

    pub(super) fn get(&self, fingerprint: &Fingerprint) -> Option<Entry> {
        let shard = self.shards.get(fingerprint.shard())?;
        let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        shard
            .young
            .get(fingerprint)
            .or_else(|| shard.old.get(fingerprint))
            .cloned()
    }

    pub(super) fn insert(&self, fingerprint: Fingerprint, entry: Entry) {
        let Some(shard) = self.shards.get(fingerprint.shard()) else {
            return;
        };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.young.len() >= self.per_generation {
            shard.old = mem::take(&mut shard.young);
        }
        shard.young.insert(fingerprint, entry);
    }
}
