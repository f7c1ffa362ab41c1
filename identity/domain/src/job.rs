//! Work that is done after the answer: enqueued in the unit of work of its cause, done at least once, idempotent.

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::device::UnusualSignIn;
use crate::notification::Notification;
use crate::text_message::TextNotice;
use crate::time::{Duration, Timestamp};
use crate::user::User;

/// What is to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobKind {
    /// Render and send one mail.
    Mail {
        /// Receiver's address.
        to: String,
        /// What the receiver is called; nobody's where the address may be somebody else's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The receiver's time zone, an IANA name; nobody's where the address may be somebody else's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
        /// Locale to write in, BCP 47.
        locale: String,
        /// What to say.
        notification: Notification,
    },
    /// Write and send one text message.
    Sms {
        /// Receiver's number, E.164.
        to: String,
        /// Locale to write in, BCP 47.
        locale: String,
        /// What to say.
        notice: TextNotice,
    },
    /// Remove an account whose grace is over, unless its deletion was taken back.
    PurgeUser {
        /// Whose.
        user_id: Id<User>,
        /// The instant that was promised; a later request has another.
        delete_at: Timestamp,
    },
    /// Remove all second factors of a person who lost them, unless it was stopped.
    RemoveFactors {
        /// Whose.
        user_id: Id<User>,
        /// The instant that was promised; a later request has another.
        removed_at: Timestamp,
    },
    /// Tell a person of a sign-in that is unusual for them.
    TellSignIn {
        /// The sign-in.
        sign_in: UnusualSignIn,
    },
    /// Tell a person of many failed sign-ins, once in an hour. Nobody is told for an account that does not exist (PWD-01).
    FailureDigest {
        /// Whose.
        user_id: Option<Id<User>>,
        /// The log does not hold them all: whoever caused them had caused too many others.
        #[serde(default)]
        unrecorded: bool,
    },
    /// Tell the administrators of a person's organizations that they said "This wasn't me".
    TellAdministrators {
        /// Who said it.
        user_id: Id<User>,
        /// When.
        at: Timestamp,
    },
    /// Tell one client that a session ended (OIDC Back-Channel Logout 1.0 §2.5).
    BackchannelLogout {
        /// Receiver.
        client_id: String,
        /// `sub` of the logout token.
        sub: String,
        /// `sid` of the logout token.
        sid: String,
    },
}

/// Whom a job is done for. Each lane is worked off by itself: services that do not answer hold up nobody's mail (SSR-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// People, who wait for a code.
    People,
    /// Services of others, of which any may be dead.
    Services,
}

impl Lane {
    /// Both.
    pub const ALL: [Self; 2] = [Self::People, Self::Services];
}

impl JobKind {
    /// The stored word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Mail { .. } => "mail",
            Self::PurgeUser { .. } => "purge_user",
            Self::RemoveFactors { .. } => "remove_factors",
            Self::Sms { .. } => "sms",
            Self::TellSignIn { .. } => "tell_sign_in",
            Self::FailureDigest { .. } => "failure_digest",
            Self::TellAdministrators { .. } => "tell_administrators",
            Self::BackchannelLogout { .. } => "backchannel_logout",
        }
    }
}

/// A job as stored. The payload is sealed at rest: it may hold a mailed code.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: Id<Job>,
    /// What to do.
    pub kind: JobKind,
    /// Not before.
    pub run_at: Timestamp,
    /// Tries so far.
    pub attempts: i64,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

/// After how many tries a job is given up.
pub const MAX_ATTEMPTS: i64 = 10;

/// How long to wait after the given number of failed tries: 5 s doubling up to 30 min.
pub fn retry_delay(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(0, 16)).unwrap_or(16);
    Duration::seconds((5_i64 << doublings).min(1_800))
}
