//! Signed-in browsers.

use identity_domain::organization::Organization;
use identity_domain::secret::ValueHash;
use identity_domain::session::{Acr, Authentication, EndReason, Session};
use identity_domain::user::User;
use identity_domain::{Fault, Id, Timestamp};

use crate::row::{Row, to_json};
use crate::store::Store;
use crate::users::{USER_COLUMNS, read_user, user_columns};
use crate::value::args;
use crate::work::Work;

/// A session's columns, read by [`read_session`].
macro_rules! session_columns {
    () => {
        "s.id, s.user_id, s.token_hash, s.auth_time, s.acr, s.amr, s.remember, s.created_at, s.last_seen_at, s.idle_expires_at, \
         s.expires_at, s.address, s.user_agent, s.ended_at, s.ended_reason, s.security_epoch, s.device_id, \
         s.renewal_due_at, s.renewed_at"
    };
}

/// How many columns [`session_columns`] names.
const SESSION_COLUMNS: usize = 19;

/// A session with its owner as they are now.
#[derive(Clone, Debug)]
pub struct SessionFound {
    /// The session.
    pub session: Session,
    /// Its owner.
    pub user: User,
    /// Whether the owner has a second factor by now: read with the session, so that no sign-in needs a second look.
    pub has_second_factor: bool,
}

impl Store {
    /// The session a cookie's token belongs to, with its owner as they are now. Ended ones too: the caller judges.
    pub async fn session_by_token(
        &self,
        token_hash: ValueHash,
    ) -> Result<Option<SessionFound>, Fault> {
        let sql = concat!(
            "SELECT ",
            session_columns!(),
            ", ",
            user_columns!(),
            ", CAST(CASE WHEN EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = u.id ",
            "AND c.kind IN ('webauthn', 'totp', 'sms', 'email')) THEN 1 ELSE 0 END AS bigint)",
            " FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ?"
        );
        self.first(sql, &args![token_hash], |row| {
            Ok(SessionFound {
                session: read_session(row, 0)?,
                user: read_user(row, SESSION_COLUMNS)?,
                has_second_factor: row.int(SESSION_COLUMNS + USER_COLUMNS)? == 1,
            })
        })
        .await
    }

    /// The session with this id (`sid`), with its owner as they are now.
    pub async fn session(&self, id: Id<Session>) -> Result<Option<(Session, User)>, Fault> {
        let sql = concat!(
            "SELECT ",
            session_columns!(),
            ", ",
            user_columns!(),
            " FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ?"
        );
        self.first(sql, &args![id], |row| {
            Ok((read_session(row, 0)?, read_user(row, SESSION_COLUMNS)?))
        })
        .await
    }

    /// Sessions of a person that were not ended, newest first, at most a thousand; some may have run out.
    pub async fn sessions_of(&self, user: Id<User>) -> Result<Vec<Session>, Fault> {
        let sql = concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions s WHERE s.user_id = ? AND s.ended_at IS NULL ORDER BY s.created_at DESC LIMIT 1000"
        );
        self.all(sql, &args![user], |row| read_session(row, 0))
            .await
    }

    /// All sessions of a person that are still kept, ended ones too, newest first, at most a thousand.
    pub async fn all_sessions_of(&self, user: Id<User>) -> Result<Vec<Session>, Fault> {
        let sql = concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions s WHERE s.user_id = ? ORDER BY s.created_at DESC LIMIT 1000"
        );
        self.all(sql, &args![user], |row| read_session(row, 0))
            .await
    }

    /// The live sessions of a person beyond the `keep` that began last, at most fifty; the oldest are those that have to go.
    pub async fn sessions_beyond(
        &self,
        user: Id<User>,
        keep: usize,
        now: Timestamp,
    ) -> Result<Vec<Session>, Fault> {
        let sql = concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions s WHERE s.user_id = ? AND s.ended_at IS NULL AND s.idle_expires_at > ? ",
            "ORDER BY s.created_at DESC, s.id DESC LIMIT 50 OFFSET ?"
        );
        let keep = i64::try_from(keep).unwrap_or(i64::MAX);
        self.all(sql, &args![user, now, keep], |row| read_session(row, 0))
            .await
    }

    /// The clients that got tokens in a session.
    pub async fn clients_of_session(&self, session: Id<Session>) -> Result<Vec<String>, Fault> {
        self.all(
            "SELECT client_id FROM session_clients WHERE session_id = ?",
            &args![session],
            |row| row.text(0),
        )
        .await
    }

    /// The clients of all sessions of a person that were not ended, but for one session.
    pub async fn clients_of_sessions(
        &self,
        user: Id<User>,
        keep: Option<Id<Session>>,
    ) -> Result<Vec<(Id<Session>, String)>, Fault> {
        let sql = "SELECT s.id, c.client_id FROM sessions s JOIN session_clients c ON c.session_id = s.id \
                   WHERE s.user_id = ? AND s.ended_at IS NULL AND s.id <> ?";
        self.all(sql, &args![user, keep_or_none(keep)], |row| {
            Ok((row.id(0)?, row.text(1)?))
        })
        .await
    }
}

/// No session has the nil id, so "all but the nil one" is all.
pub(crate) fn keep_or_none(keep: Option<Id<Session>>) -> uuid::Uuid {
    keep.map_or(uuid::Uuid::nil(), Id::uuid)
}

impl Work {
    /// Stores a session that begins.
    pub fn insert_session(self, session: &Session) -> Self {
        self.step(
            "INSERT INTO sessions (id, user_id, token_hash, auth_time, acr, amr, remember, created_at, last_seen_at, \
             idle_expires_at, expires_at, address, user_agent, security_epoch, device_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            args![
                session.id,
                session.user_id,
                session.token_hash,
                session.authentication.at,
                session.authentication.acr.as_str(),
                to_json(&session.authentication.amr),
                session.remember,
                session.created_at,
                session.last_seen_at,
                session.idle_expires_at,
                session.expires_at,
                session.address.as_str(),
                session.user_agent.as_str(),
                session.security_epoch,
                session.device_id,
            ],
        )
    }

    /// Stores a session under a new token after a change of privilege; its id stays. Guard `session`: it was not ended and
    /// still has the token that was presented.
    pub fn renew_session(self, session: &Session, presented: ValueHash) -> Self {
        self.guarded(
            "session",
            "UPDATE sessions SET token_hash = ?, auth_time = ?, acr = ?, amr = ?, remember = ?, created_at = ?, last_seen_at = ?, \
             idle_expires_at = ?, expires_at = ?, address = ?, user_agent = ?, security_epoch = ?, device_id = ?, \
             renewal_due_at = NULL, renewed_at = NULL WHERE id = ? AND token_hash = ? AND ended_at IS NULL",
            args![
                session.token_hash,
                session.authentication.at,
                session.authentication.acr.as_str(),
                to_json(&session.authentication.amr),
                session.remember,
                session.created_at,
                session.last_seen_at,
                session.idle_expires_at,
                session.expires_at,
                session.address.as_str(),
                session.user_agent.as_str(),
                session.security_epoch,
                session.device_id,
                session.id,
                presented,
            ],
        )
    }

    /// Gives a session that is due for it a new token, and nothing else. Guard `session`: it was not ended, still has the token that was
    /// presented, and nobody did it before.
    pub fn renew_token(
        self,
        id: Id<Session>,
        presented: ValueHash,
        successor: ValueHash,
        now: Timestamp,
    ) -> Self {
        self.guarded(
            "session",
            "UPDATE sessions SET token_hash = ?, renewal_due_at = NULL, renewed_at = ? \
             WHERE id = ? AND token_hash = ? AND renewal_due_at IS NOT NULL AND ended_at IS NULL",
            args![successor, now, id, presented],
        )
    }

    /// Demands a new token of all sessions of a person: what they may do changes with this unit (SES-02).
    pub(crate) fn demand_renewal(self, user: Id<User>, now: Timestamp) -> Self {
        self.step(
            "UPDATE sessions SET renewal_due_at = ? WHERE user_id = ? AND ended_at IS NULL",
            args![now, user],
        )
    }

    /// The same for all members of an organization, of which a role means something else from now on.
    pub(crate) fn demand_renewal_of_members(
        self,
        organization: Id<Organization>,
        now: Timestamp,
    ) -> Self {
        self.step(
            "UPDATE sessions SET renewal_due_at = ? WHERE ended_at IS NULL \
             AND user_id IN (SELECT user_id FROM memberships WHERE organization_id = ?)",
            args![now, organization],
        )
    }

    /// Notes the last use and the idle limit that follows from it; never backwards, never on an ended session.
    pub fn touch_session(
        self,
        id: Id<Session>,
        now: Timestamp,
        idle_expires_at: Timestamp,
    ) -> Self {
        self.step(
            "UPDATE sessions SET last_seen_at = ?, idle_expires_at = ? WHERE id = ? AND last_seen_at < ? AND ended_at IS NULL",
            args![now, idle_expires_at, id, now],
        )
    }

    /// Ends one session. Guard `session`: nobody ended it before.
    pub fn end_session(self, id: Id<Session>, reason: EndReason, now: Timestamp) -> Self {
        self.guarded(
            "session",
            "UPDATE sessions SET ended_at = ?, ended_reason = ? WHERE id = ? AND ended_at IS NULL",
            args![now, reason.as_str(), id],
        )
    }

    /// Ends one session, or leaves it as it is when somebody ended it before.
    pub fn end_session_if_live(self, id: Id<Session>, reason: EndReason, now: Timestamp) -> Self {
        self.step(
            "UPDATE sessions SET ended_at = ?, ended_reason = ? WHERE id = ? AND ended_at IS NULL",
            args![now, reason.as_str(), id],
        )
    }

    /// Ends all sessions of a person, but for one if it is named.
    pub fn end_sessions_of(
        self,
        user: Id<User>,
        keep: Option<Id<Session>>,
        reason: EndReason,
        now: Timestamp,
    ) -> Self {
        self.step(
            "UPDATE sessions SET ended_at = ?, ended_reason = ? WHERE user_id = ? AND ended_at IS NULL AND id <> ?",
            args![now, reason.as_str(), user, keep_or_none(keep)],
        )
    }

    /// Notes that a client got tokens in a session, so that it is told when the session ends.
    pub fn note_session_client(
        self,
        session: Id<Session>,
        client_id: &str,
        now: Timestamp,
    ) -> Self {
        self.step(
            "INSERT INTO session_clients (session_id, client_id, first_at, last_at) VALUES (?1, ?2, ?3, ?3) \
             ON CONFLICT (session_id, client_id) DO UPDATE SET last_at = excluded.last_at",
            args![session, client_id, now],
        )
    }
}

/// Reads [`session_columns`] from column `at` on.
pub(crate) fn read_session(row: &Row<'_>, at: usize) -> Result<Session, Fault> {
    let acr = row.text(at + 4)?;
    let ended = match row.at_or_null(at + 13)? {
        Some(ended_at) => Some((
            ended_at,
            EndReason::from_stored(&row.text_or_null(at + 14)?.unwrap_or_default()),
        )),
        None => None,
    };
    Ok(Session {
        id: row.id(at)?,
        user_id: row.id(at + 1)?,
        token_hash: row.hash(at + 2)?,
        authentication: Authentication {
            at: row.at(at + 3)?,
            acr: Acr::parse(&acr)
                .ok_or_else(|| Fault::new("a stored session has an unknown acr"))?,
            amr: row.json(at + 5)?,
        },
        remember: row.boolean(at + 6)?,
        created_at: row.at(at + 7)?,
        last_seen_at: row.at(at + 8)?,
        idle_expires_at: row.at(at + 9)?,
        expires_at: row.at(at + 10)?,
        address: row.text(at + 11)?,
        user_agent: row.text(at + 12)?,
        ended,
        security_epoch: row.int(at + 15)?,
        device_id: row.id_or_null(at + 16)?,
        renewal_due_at: row.at_or_null(at + 17)?,
        renewed_at: row.at_or_null(at + 18)?,
    })
}
