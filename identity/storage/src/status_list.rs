//! What was revoked before it expired: bits of the status list, and single access tokens.

use identity_domain::secret::ValueHash;
use identity_domain::{Fault, Timestamp};

use crate::store::Store;
use crate::value::args;
use crate::work::Work;

/// A bit of the status list that is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedStatus {
    /// Which.
    pub status_index: i64,
    /// Since when.
    pub revoked_at: Timestamp,
    /// When it may be forgotten: everything it speaks of has expired.
    pub until_at: Timestamp,
}

impl Store {
    /// Bits set at or after an instant that still matter. Units of other nodes become visible later than they are dated: ask
    /// with some overlap.
    pub async fn revoked_statuses_since(
        &self,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<RevokedStatus>, Fault> {
        let sql = "SELECT status_index, revoked_at, until_at FROM revoked_statuses WHERE revoked_at >= ? AND until_at > ?";
        self.all(sql, &args![since, now], |row| {
            Ok(RevokedStatus {
                status_index: row.int(0)?,
                revoked_at: row.at(1)?,
                until_at: row.at(2)?,
            })
        })
        .await
    }

    /// Single tokens revoked at or after an instant that have not expired: the hash of `jti` and the expiry.
    pub async fn revoked_tokens_since(
        &self,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<(ValueHash, Timestamp)>, Fault> {
        let sql = "SELECT jti_hash, expires_at FROM revoked_tokens WHERE revoked_at >= ? AND expires_at > ?";
        self.all(sql, &args![since, now], |row| {
            Ok((row.hash(0)?, row.at(1)?))
        })
        .await
    }

    /// Whether a single token was revoked.
    pub async fn is_token_revoked(&self, jti_hash: ValueHash) -> Result<bool, Fault> {
        let found = self
            .first(
                "SELECT expires_at FROM revoked_tokens WHERE jti_hash = ?",
                &args![jti_hash],
                |row| row.at(0),
            )
            .await?;
        Ok(found.is_some())
    }
}

impl Work {
    /// Sets one bit; nothing happens where it is set.
    pub fn revoke_status(self, status_index: i64, now: Timestamp, until_at: Timestamp) -> Self {
        self.step(
            "INSERT INTO revoked_statuses (status_index, revoked_at, until_at) VALUES (?, ?, ?) ON CONFLICT (status_index) DO NOTHING",
            args![status_index, now, until_at],
        )
    }

    /// Revokes a single token until it expires by itself.
    pub fn revoke_token(self, jti_hash: ValueHash, now: Timestamp, expires_at: Timestamp) -> Self {
        self.step(
            "INSERT INTO revoked_tokens (jti_hash, revoked_at, expires_at) VALUES (?, ?, ?) ON CONFLICT (jti_hash) DO NOTHING",
            args![jti_hash, now, expires_at],
        )
    }
}
