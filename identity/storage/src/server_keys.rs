//! Keys under which the product authenticates its own refresh tokens, numbered and sealed.

use identity_domain::secret::Secret;
use identity_domain::{Fault, Timestamp};

use crate::envelope::Place;
use crate::store::Store;
use crate::value::{Value, args};
use crate::work::Work;

impl Store {
    /// All refresh-token keys with their numbers, oldest first.
    pub async fn refresh_keys(&self) -> Result<Vec<(u32, Secret<Vec<u8>>)>, Fault> {
        let sql = "SELECT number, sealed FROM server_keys WHERE kind = 'refresh' ORDER BY number";
        let rows = self
            .all(sql, &[], |row| Ok((row.int(0)?, row.blob(1)?)))
            .await?;
        let mut keys = Vec::with_capacity(rows.len());
        for (number, sealed) in rows {
            let plain = self.open_sealed(&key_place(number), &sealed).await?;
            let number = u32::try_from(number)
                .map_err(|_| Fault::new("a stored key has a number out of range"))?;
            keys.push((number, Secret::new(plain.to_vec())));
        }
        Ok(keys)
    }
}

impl Work {
    /// Stores a new refresh-token key. A number that is taken is [`crate::Lost::Conflict`] of `server_keys`.
    pub fn insert_refresh_key(self, number: u32, key: &Secret<Vec<u8>>, now: Timestamp) -> Self {
        let number = i64::from(number);
        self.step(
            "INSERT INTO server_keys (kind, number, sealed, created_at) VALUES ('refresh', ?, ?, ?)",
            args![number, Value::seal(key.expose(), key_place(number)), now],
        )
        .announce_keys(now)
    }

    /// Removes a refresh-token key: tokens under it open no more.
    pub fn delete_refresh_key(self, number: u32, now: Timestamp) -> Self {
        self.step(
            "DELETE FROM server_keys WHERE kind = 'refresh' AND number = ?",
            args![i64::from(number)],
        )
        .announce_keys(now)
    }
}

pub(crate) fn key_place(number: i64) -> Place {
    Place::new("server_keys", "sealed", &number.to_be_bytes(), b"refresh")
}
