//! Refresh tokens as families: one row per grant, generations counted up by one guarded update.

use identity_domain::client::ClientStatus;
use identity_domain::session::Session;
use identity_domain::token::RefreshFamily;
use identity_domain::user::User;
use identity_domain::{Fault, Id, Timestamp};

use crate::row::{Row, to_json};
use crate::sessions::keep_or_none;
use crate::store::Store;
use crate::users::{USER_COLUMNS, read_user, user_columns};
use crate::value::{Value, args};
use crate::work::Work;

/// A family's columns, read by [`read_family`].
macro_rules! family_columns {
    () => {
        "f.id, f.client_id, f.granted, f.generation, f.created_at, f.rotated_at, f.idle_expires_at, f.expires_at, f.revoked_at"
    };
}

/// How many columns [`family_columns`] names.
const FAMILY_COLUMNS: usize = 9;

/// A family with everything its use depends on, read in one round trip.
#[derive(Clone, Debug)]
pub struct FamilyInUse {
    /// The family.
    pub family: RefreshFamily,
    /// Its person as they are now.
    pub user: User,
    /// Whether its client is served.
    pub client_status: ClientStatus,
    /// Its session, if that still has a row: when it ended, and the person's epoch it was made in.
    pub session: Option<SessionState>,
}

/// What matters of the session a family came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionState {
    /// When it was ended, if it was.
    pub ended_at: Option<Timestamp>,
    /// The person's epoch it was made in.
    pub security_epoch: i64,
}

impl Store {
    /// The family with its person, client and session as they are now.
    pub async fn family_in_use(&self, id: Id<RefreshFamily>) -> Result<Option<FamilyInUse>, Fault> {
        let sql = concat!(
            "SELECT ",
            family_columns!(),
            ", ",
            user_columns!(),
            ", c.status, s.ended_at, s.security_epoch FROM refresh_families f JOIN users u ON u.id = f.user_id \
             JOIN clients c ON c.id = f.client_id LEFT JOIN sessions s ON s.id = f.session_id WHERE f.id = ?"
        );
        let at = FAMILY_COLUMNS + USER_COLUMNS;
        self.first(sql, &args![id], |row| {
            let epoch = row.int_or_null(at + 2)?;
            let ended_at = row.at_or_null(at + 1)?;
            Ok(FamilyInUse {
                family: read_family(row)?,
                user: read_user(row, FAMILY_COLUMNS)?,
                client_status: ClientStatus::from_stored(&row.text(at)?),
                session: epoch.map(|security_epoch| SessionState {
                    ended_at,
                    security_epoch,
                }),
            })
        })
        .await
    }

    /// The family alone.
    pub async fn family(&self, id: Id<RefreshFamily>) -> Result<Option<RefreshFamily>, Fault> {
        let sql = concat!(
            "SELECT ",
            family_columns!(),
            " FROM refresh_families f WHERE f.id = ?"
        );
        self.first(sql, &args![id], read_family).await
    }

    /// The family of a session that a bit of the status lists speaks of.
    pub async fn family_of_status(
        &self,
        session: Id<Session>,
        status_index: i64,
    ) -> Result<Option<RefreshFamily>, Fault> {
        let sql = concat!(
            "SELECT ",
            family_columns!(),
            " FROM refresh_families f WHERE f.session_id = ? AND f.status_index = ?"
        );
        self.first(sql, &args![session, status_index], read_family)
            .await
    }

    /// The clients with living grants of a person, each with its last token.
    pub async fn applications_of(&self, user: Id<User>) -> Result<Vec<(String, Timestamp)>, Fault> {
        let sql = "SELECT client_id, MAX(rotated_at) FROM refresh_families WHERE user_id = ? AND revoked_at IS NULL GROUP BY client_id";
        self.all(sql, &args![user], |row| Ok((row.text(0)?, row.at(1)?)))
            .await
    }
}

impl Work {
    /// Stores a family that begins.
    pub fn insert_family(self, family: &RefreshFamily) -> Self {
        self.step(
            "INSERT INTO refresh_families (id, client_id, user_id, session_id, organization_id, granted, status_index, generation, \
             created_at, rotated_at, idle_expires_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            args![
                family.id,
                family.client_id.as_str(),
                family.grant.user_id,
                family.grant.session_id,
                family.grant.organization_id,
                to_json(&family.grant),
                family.grant.status_index,
                family.generation,
                family.created_at,
                family.rotated_at,
                family.idle_expires_at,
                family.expires_at,
                family.revoked_at,
            ],
        )
    }

    /// Rotates: stores the family as it is after the rotation. Guard `family`: it was not revoked and still has generation
    /// `from`, the one that was judged. Of many who present one token, one succeeds.
    pub fn advance_family(self, family: &RefreshFamily, from: i64) -> Self {
        self.guarded(
            "family",
            "UPDATE refresh_families SET generation = ?, rotated_at = ?, idle_expires_at = ? \
             WHERE id = ? AND generation = ? AND revoked_at IS NULL",
            args![
                family.generation,
                family.rotated_at,
                family.idle_expires_at,
                family.id,
                from
            ],
        )
    }

    /// Revokes one family and sets its status bit; nothing happens where it is revoked already. `tokens_live_until` is when the
    /// last access token issued under it has expired and the bit may be forgotten.
    pub fn revoke_family(
        self,
        id: Id<RefreshFamily>,
        reason: &str,
        now: Timestamp,
        tokens_live_until: Timestamp,
    ) -> Self {
        self.revoke(
            [
                "INSERT INTO revoked_statuses (status_index, revoked_at, until_at) SELECT status_index, ?1, ?2 FROM refresh_families \
                 WHERE id = ?3 AND revoked_at IS NULL AND status_index IS NOT NULL ON CONFLICT (status_index) DO NOTHING",
                "UPDATE refresh_families SET revoked_at = ?1, revoked_reason = ?2 WHERE id = ?3 AND revoked_at IS NULL",
            ],
            (reason, now, tokens_live_until),
            || args![id].into(),
        )
    }

    /// Revokes all families of a session.
    pub fn revoke_families_of_session(
        self,
        session: Id<Session>,
        reason: &str,
        now: Timestamp,
        tokens_live_until: Timestamp,
    ) -> Self {
        self.revoke(
            [
                "INSERT INTO revoked_statuses (status_index, revoked_at, until_at) SELECT status_index, ?1, ?2 FROM refresh_families \
                 WHERE session_id = ?3 AND revoked_at IS NULL AND status_index IS NOT NULL ON CONFLICT (status_index) DO NOTHING",
                "UPDATE refresh_families SET revoked_at = ?1, revoked_reason = ?2 WHERE session_id = ?3 AND revoked_at IS NULL",
            ],
            (reason, now, tokens_live_until),
            || args![session].into(),
        )
    }

    /// Revokes all families of a person, but for those of one session if it is named.
    #[expect(clippy::too_many_arguments, reason = "the sixth is the unit itself")]
    pub fn revoke_families_of_user(
        self,
        user: Id<User>,
        keep: Option<Id<Session>>,
        reason: &str,
        now: Timestamp,
        tokens_live_until: Timestamp,
    ) -> Self {
        self.revoke(
            [
                "INSERT INTO revoked_statuses (status_index, revoked_at, until_at) SELECT status_index, ?1, ?2 FROM refresh_families \
                 WHERE user_id = ?3 AND session_id <> ?4 AND revoked_at IS NULL AND status_index IS NOT NULL \
                 ON CONFLICT (status_index) DO NOTHING",
                "UPDATE refresh_families SET revoked_at = ?1, revoked_reason = ?2 \
                 WHERE user_id = ?3 AND session_id <> ?4 AND revoked_at IS NULL",
            ],
            (reason, now, tokens_live_until),
            || args![user, keep_or_none(keep)].into(),
        )
    }

    /// Revokes all families of a person with one client.
    #[expect(clippy::too_many_arguments, reason = "the sixth is the unit itself")]
    pub fn revoke_families_of_user_and_client(
        self,
        user: Id<User>,
        client_id: &str,
        reason: &str,
        now: Timestamp,
        tokens_live_until: Timestamp,
    ) -> Self {
        self.revoke(
            [
                "INSERT INTO revoked_statuses (status_index, revoked_at, until_at) SELECT status_index, ?1, ?2 FROM refresh_families \
                 WHERE user_id = ?3 AND client_id = ?4 AND revoked_at IS NULL AND status_index IS NOT NULL \
                 ON CONFLICT (status_index) DO NOTHING",
                "UPDATE refresh_families SET revoked_at = ?1, revoked_reason = ?2 \
                 WHERE user_id = ?3 AND client_id = ?4 AND revoked_at IS NULL",
            ],
            (reason, now, tokens_live_until),
            || args![user, client_id].into(),
        )
    }

    /// Revokes all families of a client.
    pub fn revoke_families_of_client(
        self,
        client_id: &str,
        reason: &str,
        now: Timestamp,
        tokens_live_until: Timestamp,
    ) -> Self {
        self.revoke(
            [
                "INSERT INTO revoked_statuses (status_index, revoked_at, until_at) SELECT status_index, ?1, ?2 FROM refresh_families \
                 WHERE client_id = ?3 AND revoked_at IS NULL AND status_index IS NOT NULL ON CONFLICT (status_index) DO NOTHING",
                "UPDATE refresh_families SET revoked_at = ?1, revoked_reason = ?2 WHERE client_id = ?3 AND revoked_at IS NULL",
            ],
            (reason, now, tokens_live_until),
            || args![client_id].into(),
        )
    }

    /// The bits first, because they are chosen by what is not revoked yet.
    fn revoke(
        self,
        [bits, rows]: [&'static str; 2],
        (reason, now, until): (&str, Timestamp, Timestamp),
        which: impl Fn() -> Vec<Value>,
    ) -> Self {
        let with = |args: [Value; 2]| {
            let mut args = Vec::from(args);
            args.extend(which());
            args
        };
        self.step(bits, with(args![now, until]))
            .step(rows, with(args![now, reason]))
    }
}

/// Reads [`family_columns`].
fn read_family(row: &Row<'_>) -> Result<RefreshFamily, Fault> {
    Ok(RefreshFamily {
        id: row.id(0)?,
        client_id: row.text(1)?,
        grant: row.json(2)?,
        generation: row.int(3)?,
        created_at: row.at(4)?,
        rotated_at: row.at(5)?,
        idle_expires_at: row.at(6)?,
        expires_at: row.at(7)?,
        revoked_at: row.at_or_null(8)?,
    })
}
