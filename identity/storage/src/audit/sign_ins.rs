//! What the log knows of one person's sign-ins: failed ones counted for their digest, and from where they succeeded.

use identity_domain::user::User;
use identity_domain::{Fault, Id, Timestamp};
use uuid::Uuid;

use crate::store::Store;
use crate::value::args;

/// What the log knows of failed sign-ins since an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FailedSignIns {
    /// How many.
    pub count: u32,
    /// The first.
    pub first_at: Timestamp,
    /// The last.
    pub last_at: Timestamp,
    /// From how many addresses.
    pub addresses: u32,
}

impl Store {
    /// The addresses a person signed in from, those used last first; some may be missing where there are very many.
    pub async fn sign_in_addresses_of(&self, user: Id<User>) -> Result<Vec<String>, Fault> {
        self.all(
            "SELECT address FROM audit \
             WHERE target = ? AND target >= 'user:' AND target < 'user;' AND action = 'session.sign_in' AND result = 'ok' \
             GROUP BY address ORDER BY MAX(at) DESC LIMIT 500",
            &args![format!("user:{user}")],
            |row| row.text(0),
        )
        .await
    }

    /// Counts the passwords and second factors of a person that were refused since an instant.
    pub async fn failed_sign_ins_of(
        &self,
        user: Id<User>,
        since: Timestamp,
    ) -> Result<FailedSignIns, Fault> {
        // Ids begin with their instant: the bound keeps the rest of the log unread.
        let millis = u64::try_from(since.millis()).unwrap_or_default();
        let from: Uuid = uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid();
        let found = self
            .first(
                "SELECT COUNT(*), COALESCE(MIN(at), 0), COALESCE(MAX(at), 0), COUNT(DISTINCT address) FROM audit \
                 WHERE target = ? AND target >= 'user:' AND target < 'user;' AND action IN ('session.sign_in', 'factor.use') AND result = 'refused' AND at >= ? AND id >= ?",
                &args![format!("user:{user}"), since, from],
                |row| {
                    Ok(FailedSignIns {
                        count: u32::try_from(row.int(0)?).unwrap_or(u32::MAX),
                        first_at: row.at(1)?,
                        last_at: row.at(2)?,
                        addresses: u32::try_from(row.int(3)?).unwrap_or(u32::MAX),
                    })
                },
            )
            .await?;
        Ok(found.unwrap_or_default())
    }
}
