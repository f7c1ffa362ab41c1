//! Recognised browsers of people.

use identity_domain::device::Device;
use identity_domain::secret::ValueHash;
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_domain::{Fault, Id};
use uuid::Uuid;

use crate::row::Row;
use crate::store::Store;
use crate::value::args;
use crate::work::Work;

/// A device's columns, read by [`read_device`].
macro_rules! device_columns {
    () => {
        "d.id, d.user_id, d.token_hash, d.traits, d.label, d.first_seen_at, d.last_seen_at, d.address, d.country, d.user_agent, \
         d.trusted_until, d.distrusted_at, d.passed_over_at"
    };
}

impl Store {
    /// The device a browser is for one person, by one of the few secrets it holds.
    pub async fn device_by_tokens(&self, hashes: &[ValueHash]) -> Result<Option<Device>, Fault> {
        let Some(first) = hashes.first() else {
            return Ok(None);
        };
        let sql = concat!(
            "SELECT ",
            device_columns!(),
            " FROM devices d WHERE d.token_hash IN (?, ?, ?, ?, ?)"
        );
        let [one, two, three, four, five] =
            std::array::from_fn(|index| *hashes.get(index).unwrap_or(first));
        let args = args![one, two, three, four, five];
        self.first(sql, &args, read_device).await
    }

    /// One device of a person; somebody else's does not exist here.
    pub async fn device(&self, user: Id<User>, id: Id<Device>) -> Result<Option<Device>, Fault> {
        let sql = concat!(
            "SELECT ",
            device_columns!(),
            " FROM devices d WHERE d.id = ? AND d.user_id = ?"
        );
        self.first(sql, &args![id, user], read_device).await
    }

    /// All devices of a person, last used first.
    pub async fn devices_of(&self, user: Id<User>) -> Result<Vec<Device>, Fault> {
        let sql = concat!(
            "SELECT ",
            device_columns!(),
            " FROM devices d WHERE d.user_id = ? ORDER BY d.last_seen_at DESC LIMIT 200"
        );
        self.all(sql, &args![user], read_device).await
    }
}

impl Work {
    /// Notes a sign-in from a device: a new row, or the row there is with its new secret and what was seen now. What its owner said about it
    /// stays; trust is given anew when the row says so, and lost when the token turns up in another kind of browser (SES-11). It is passed
    /// over no more.
    pub fn put_device(self, device: &Device) -> Self {
        self.step(
            "INSERT INTO devices (id, user_id, token_hash, traits, label, first_seen_at, last_seen_at, address, country, user_agent, \
             trusted_until, distrusted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, last_seen_at = excluded.last_seen_at, address = excluded.address, \
             country = excluded.country, user_agent = excluded.user_agent, traits = excluded.traits, passed_over_at = NULL, \
             trusted_until = COALESCE(excluded.trusted_until, CASE WHEN devices.traits = excluded.traits THEN devices.trusted_until END)",
            args![
                device.id,
                device.user_id,
                device.token_hash,
                device.traits.as_str(),
                device.label.as_ref(),
                device.first_seen_at,
                device.last_seen_at,
                device.address.as_str(),
                device.country.as_ref(),
                device.user_agent.as_str(),
                device.trusted_until,
                device.distrusted_at,
            ],
        )
    }

    /// Stores what its owner said about a device. Guard `device`: it is there and that person's.
    pub fn update_device(self, device: &Device) -> Self {
        self.guarded(
            "device",
            "UPDATE devices SET label = ?, trusted_until = ?, distrusted_at = ? WHERE id = ? AND user_id = ?",
            args![
                device.label.as_ref(),
                device.trusted_until,
                device.distrusted_at,
                device.id,
                device.user_id,
            ],
        )
    }

    /// Notes that a person's devices are passed over, all but the one in hand. What was noted first stays.
    pub fn pass_over_devices_of(
        self,
        user: Id<User>,
        in_hand: Option<Id<Device>>,
        now: Timestamp,
    ) -> Self {
        let nobodys = Id::from_uuid(Uuid::nil());
        self.step(
            "UPDATE devices SET passed_over_at = ? WHERE user_id = ? AND passed_over_at IS NULL AND id <> ?",
            args![now, user, in_hand.unwrap_or(nobodys)],
        )
    }

    /// The same of one device.
    pub fn pass_over_device(self, user: Id<User>, id: Id<Device>, now: Timestamp) -> Self {
        self.step(
            "UPDATE devices SET passed_over_at = ? WHERE user_id = ? AND passed_over_at IS NULL AND id = ?",
            args![now, user, id],
        )
    }

    /// Forgets a device. Guard `device`: it is there and that person's.
    pub fn delete_device(self, user: Id<User>, id: Id<Device>) -> Self {
        self.guarded(
            "device",
            "DELETE FROM devices WHERE id = ? AND user_id = ?",
            args![id, user],
        )
    }

    /// Takes back all trust in devices of a person: their password was reset, or a factor removed (H-46).
    pub fn distrust_devices_of(self, user: Id<User>) -> Self {
        self.step(
            "UPDATE devices SET trusted_until = NULL WHERE user_id = ? AND trusted_until IS NOT NULL",
            args![user],
        )
    }

    /// Forgets the devices of a person that were unused longest, but for the `keep` used last.
    pub fn trim_devices_of(self, user: Id<User>, keep: usize) -> Self {
        let keep = i64::try_from(keep).unwrap_or(i64::MAX);
        self.step(
            "DELETE FROM devices WHERE user_id = ?1 AND id NOT IN \
             (SELECT id FROM devices WHERE user_id = ?1 ORDER BY last_seen_at DESC LIMIT ?2)",
            args![user, keep],
        )
    }
}

fn read_device(row: &Row<'_>) -> Result<Device, Fault> {
    Ok(Device {
        id: row.id(0)?,
        user_id: row.id(1)?,
        token_hash: row.hash(2)?,
        traits: row.text(3)?,
        label: row.text_or_null(4)?,
        first_seen_at: row.at(5)?,
        last_seen_at: row.at(6)?,
        address: row.text(7)?,
        country: row.text_or_null(8)?,
        user_agent: row.text(9)?,
        trusted_until: row.at_or_null(10)?,
        distrusted_at: row.at_or_null(11)?,
        passed_over_at: row.at_or_null(12)?,
    })
}
