//! Keys that sign, their private halves sealed.

use identity_domain::secret::Secret;
use identity_domain::signing_key::{KeyRecord, KeyState};
use identity_domain::{Fault, Timestamp};

use crate::envelope::Place;
use crate::row::Row;
use crate::store::Store;
use crate::value::{Value, args};
use crate::work::Work;

macro_rules! key_columns {
    () => {
        "kid, algorithm, state, public_jwk, created_at, active_at, retiring_at, retired_at"
    };
}

/// The column after [`key_columns`].
const PRIVATE: usize = 8;

impl Store {
    /// The published keys (pending, active, retiring) with their private halves as PKCS #8, oldest first.
    pub async fn keys(&self) -> Result<Vec<(KeyRecord, Secret<Vec<u8>>)>, Fault> {
        let sql = concat!(
            "SELECT /* whole table */ ",
            key_columns!(),
            ", private_sealed FROM signing_keys WHERE state IN ('pending', 'active', 'retiring') ORDER BY created_at, kid"
        );
        let mut keys = Vec::new();
        for (record, sealed) in self.all(sql, &[], read_with_private).await? {
            let plain = self
                .open_sealed(&private_place(&record.kid), &sealed)
                .await?;
            keys.push((record, Secret::new(plain.to_vec())));
        }
        Ok(keys)
    }

    /// All keys that ever were, oldest first; without its private half where that was not sealed by us.
    pub async fn keys_ever(&self) -> Result<Vec<(KeyRecord, Option<Secret<Vec<u8>>>)>, Fault> {
        let sql = concat!(
            "SELECT /* whole table */ ",
            key_columns!(),
            ", private_sealed FROM signing_keys ORDER BY created_at, kid"
        );
        let mut keys = Vec::new();
        for (record, sealed) in self.all(sql, &[], read_with_private).await? {
            let private = match self.open_sealed(&private_place(&record.kid), &sealed).await {
                Ok(plain) => Some(Secret::new(plain.to_vec())),
                Err(fault) if fault.busy => return Err(fault),
                Err(_) => None,
            };
            keys.push((record, private));
        }
        Ok(keys)
    }

    /// All keys that ever were, without their private halves, oldest first.
    pub async fn all_keys(&self) -> Result<Vec<KeyRecord>, Fault> {
        let sql = concat!(
            "SELECT /* whole table */ ",
            key_columns!(),
            " FROM signing_keys ORDER BY created_at, kid"
        );
        self.all(sql, &[], read_key).await
    }
}

impl Work {
    /// Stores a new key; `private` is PKCS #8.
    pub fn insert_key(self, record: &KeyRecord, private: &Secret<Vec<u8>>) -> Self {
        self.step(
            "INSERT INTO signing_keys (kid, algorithm, state, private_sealed, public_jwk, created_at, active_at, retiring_at, retired_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            args![
                record.kid.as_str(),
                record.algorithm.as_str(),
                record.state.as_str(),
                Value::seal(private.expose(), private_place(&record.kid)),
                record.public_jwk.as_str(),
                record.created_at,
                record.active_at,
                record.retiring_at,
                record.retired_at,
            ],
        )
        .announce_keys(record.created_at)
    }

    /// Moves a key on and dates the move. Guard `key`: it is in the state `from`.
    pub fn set_key_state(self, kid: &str, from: KeyState, to: KeyState, now: Timestamp) -> Self {
        let sql = match to {
            KeyState::Active => {
                "UPDATE signing_keys SET state = ?, active_at = ? WHERE kid = ? AND state = ?"
            }
            KeyState::Retiring => {
                "UPDATE signing_keys SET state = ?, retiring_at = ? WHERE kid = ? AND state = ?"
            }
            KeyState::Revoked => {
                "UPDATE signing_keys SET state = ?, revoked_at = ? WHERE kid = ? AND state = ?"
            }
            KeyState::Retired | KeyState::Pending => {
                "UPDATE signing_keys SET state = ?, retired_at = ? WHERE kid = ? AND state = ?"
            }
        };
        self.guarded("key", sql, args![to.as_str(), now, kid, from.as_str()])
            .announce_keys(now)
    }
}

fn read_with_private(row: &Row<'_>) -> Result<(KeyRecord, Vec<u8>), Fault> {
    Ok((read_key(row)?, row.blob(PRIVATE)?))
}

fn read_key(row: &Row<'_>) -> Result<KeyRecord, Fault> {
    let algorithm = row.text(1)?;
    Ok(KeyRecord {
        kid: row.text(0)?,
        // By its serialised name: this crate does not name the type, which belongs to the OAuth crate.
        algorithm: serde_json::from_value(algorithm.into())
            .map_err(|_| Fault::new("a stored key has an unknown algorithm"))?,
        state: KeyState::from_stored(&row.text(2)?),
        public_jwk: row.text(3)?,
        created_at: row.at(4)?,
        active_at: row.at_or_null(5)?,
        retiring_at: row.at_or_null(6)?,
        retired_at: row.at_or_null(7)?,
    })
}

pub(crate) fn private_place(kid: &str) -> Place {
    Place::new("signing_keys", "private_sealed", kid.as_bytes(), b"")
}
