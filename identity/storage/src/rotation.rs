//! Renewing the data key: a new one is made, then every value sealed under an older one is sealed anew, row by row, while the
//! product runs. Killed in between, every value is readable under the one key or the other, and the next call leaves none behind.

use identity_domain::audit::Record;
use identity_domain::{Fault, Timestamp};
use uuid::Uuid;

use crate::envelope::{Place, split_data_key, user_key_place};
use crate::keys::data_key_place;
use crate::row::Row;
use crate::store::Store;
use crate::value::{Value, args};
use crate::work::{Lost, Work};

/// Most passes over everything.
const MOST_PASSES: usize = 10;
/// Rows looked at in one go.
const BATCH: i64 = 200;

/// How far a rotation came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Values sealed anew.
    pub resealed: u64,
}

/// A column of values sealed under data keys.
struct Sealed {
    /// Key, then value, of the rows whose key is beyond `?`, in the order of the key.
    select: &'static str,
    /// Sets the new value where the row still holds the old one.
    update: &'static str,
    /// The smallest key.
    first: fn() -> Value,
    key: fn(&Row<'_>) -> Result<Key, Fault>,
}

/// The key of a row and the cell it stands for.
struct Key {
    value: fn(&Key) -> Value,
    uuid: Uuid,
    text: String,
    number: i64,
    place: Place,
}

fn by_uuid(row: &Row<'_>, place: fn(Uuid) -> Place) -> Result<Key, Fault> {
    let uuid = row.uuid(0)?;
    Ok(Key {
        value: |key| key.uuid.into(),
        uuid,
        text: String::new(),
        number: 0,
        place: place(uuid),
    })
}

const COLUMNS: [Sealed; 4] = [
    Sealed {
        select: "SELECT id, data_key_sealed FROM users WHERE id > ? ORDER BY id LIMIT ?",
        update: "UPDATE users SET data_key_sealed = ? WHERE id = ? AND data_key_sealed = ?",
        first: || Uuid::nil().into(),
        key: |row| by_uuid(row, user_key_place),
    },
    Sealed {
        select: "SELECT id, payload_sealed FROM jobs WHERE id > ? ORDER BY id LIMIT ?",
        update: "UPDATE jobs SET payload_sealed = ? WHERE id = ? AND payload_sealed = ?",
        first: || Uuid::nil().into(),
        key: |row| by_uuid(row, crate::jobs::payload_place),
    },
    Sealed {
        select: "SELECT kid, private_sealed FROM signing_keys WHERE kid > ? ORDER BY kid LIMIT ?",
        update: "UPDATE signing_keys SET private_sealed = ? WHERE kid = ? AND private_sealed = ?",
        first: || "".into(),
        key: |row| {
            let text = row.text(0)?;
            let place = crate::signing_keys::private_place(&text);
            Ok(Key {
                value: |key| key.text.as_str().into(),
                uuid: Uuid::nil(),
                text,
                number: 0,
                place,
            })
        },
    },
    Sealed {
        select: "SELECT number, sealed FROM server_keys WHERE kind = 'refresh' AND number > ? ORDER BY number LIMIT ?",
        update: "UPDATE server_keys SET sealed = ? WHERE kind = 'refresh' AND number = ? AND sealed = ?",
        first: || (-1_i64).into(),
        key: |row| {
            let number = row.int(0)?;
            let place = crate::server_keys::key_place(number);
            Ok(Key {
                value: |key| key.number.into(),
                uuid: Uuid::nil(),
                text: String::new(),
                number,
                place,
            })
        },
    },
];

impl Store {
    /// Makes a new data key and seals everything anew under it: also what a rotation that was interrupted left under an older one. Old keys
    /// are kept: a backup needs them. The event is recorded with the new key. `taken_up` ends when every other process has had time to
    /// take up the key: what one of them seals under the old key behind our back would stay there.
    pub async fn rotate_encryption(
        &self,
        now: Timestamp,
        event: Record,
        taken_up: impl Future<Output = ()>,
    ) -> Result<Rotated, Fault> {
        self.reload_keys().await?;
        self.make_data_key(now, event).await?;
        taken_up.await;
        self.finish_rotation().await
    }

    /// Seals anew what is still sealed under older data keys.
    pub async fn finish_rotation(&self) -> Result<Rotated, Fault> {
        let mut done = Rotated::default();
        // A value may be written under the old key while we pass; a pass that finds nothing is the last. A process that
        // never takes up the new key must not keep us here for ever: what it writes stays readable.
        for _ in 0..MOST_PASSES {
            let mut resealed = 0;
            for column in &COLUMNS {
                resealed += self.reseal(column).await?;
            }
            if resealed == 0 {
                break;
            }
            done.resealed += resealed;
        }
        Ok(done)
    }

    async fn make_data_key(&self, now: Timestamp, event: Record) -> Result<(), Fault> {
        let id = self.envelope().random_id();
        let key = self.envelope().random_key();
        let wrapped =
            self.envelope()
                .master()
                .wrap(self.envelope().entropy(), &data_key_place(id), &key)?;
        let work = Work::audited(event)
            .step(
                "UPDATE data_keys SET state = 'retired' WHERE state = 'active'",
                Vec::new(),
            )
            .step(
                "INSERT INTO data_keys (id, wrapped, created_at, state) VALUES (?, ?, ?, 'active')",
                args![id, wrapped, now],
            )
            .announce_data_keys(now)
            .ordered();
        self.commit(work).await?;
        self.reload_keys().await
    }

    async fn reseal(&self, column: &Sealed) -> Result<u64, Fault> {
        let active = self.envelope().active();
        let mut resealed = 0;
        let mut after = (column.first)();
        loop {
            let rows = self
                .all(column.select, &[after, BATCH.into()], |row| {
                    Ok(((column.key)(row)?, row.blob(1)?))
                })
                .await?;
            let Some((last, _)) = rows.last() else {
                return Ok(resealed);
            };
            after = (last.value)(last);
            for (key, old) in rows {
                if split_data_key(&old).is_some_and(|(id, _)| id == active) {
                    continue;
                }
                let plain = self.open_sealed(&key.place, &old).await?;
                let fresh = self.envelope().seal(&key.place, &plain)?;
                let work = Work::unaudited("the value stays the same, only its sealing is new")
                    .guarded(
                        "sealed",
                        column.update,
                        vec![fresh.into(), (key.value)(&key), old.into()],
                    );
                match self.commit(work).await {
                    // Somebody wrote the row meanwhile: the next pass looks again.
                    Ok(()) | Err(Lost::Guard(_)) => resealed += 1,
                    Err(other) => return Err(other.into()),
                }
            }
        }
    }
}
