//! A signed-in browser, and what was proven in it.

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::device::Device;
use crate::secret::ValueHash;
use crate::time::{Duration, Timestamp};
use crate::user::User;

/// Most live sessions a user may have; the oldest gives way.
pub const MAX_PER_USER: usize = 100;

/// A session. Its cookie holds an opaque token; the row holds only that token's hash.
#[derive(Clone, Debug)]
pub struct Session {
    /// `sid` of tokens (OIDC Back-Channel Logout §2.1).
    pub id: Id<Session>,
    /// Who is signed in.
    pub user_id: Id<User>,
    /// Hash of the cookie's token; changes at every change of privilege.
    pub token_hash: ValueHash,
    /// What was proven, and when.
    pub authentication: Authentication,
    /// "Keep me signed in" was chosen.
    pub remember: bool,
    /// Signed in at.
    pub created_at: Timestamp,
    /// Last use; written at most once a minute.
    pub last_seen_at: Timestamp,
    /// Ends when unused until then.
    pub idle_expires_at: Timestamp,
    /// Ends then, however much it is used.
    pub expires_at: Timestamp,
    /// From where it was made.
    pub address: String,
    /// With what it was made, capped.
    pub user_agent: String,
    /// When and why it ended.
    pub ended: Option<(Timestamp, EndReason)>,
    /// The user's epoch when it was made; a later epoch ends it.
    pub security_epoch: i64,
    /// The recognised browser it was made in.
    pub device_id: Option<Id<Device>>,
}

/// What was proven by the steps of a login; never derived from policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// When the person last proved themselves actively (`auth_time`).
    pub at: Timestamp,
    /// Methods, RFC 8176 §2, in the order used.
    pub amr: Vec<String>,
    /// Level reached.
    pub acr: Acr,
}

/// Authentication context classes, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Acr {
    /// One factor.
    #[serde(rename = "urn:identity:acr:1fa")]
    OneFactor,
    /// Two factors, or one that counts as two.
    #[serde(rename = "urn:identity:acr:2fa")]
    TwoFactors,
}

impl Acr {
    /// All levels, for discovery.
    pub const ALL: [Self; 2] = [Self::OneFactor, Self::TwoFactors];

    /// The value in tokens and requests.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneFactor => "urn:identity:acr:1fa",
            Self::TwoFactors => "urn:identity:acr:2fa",
        }
    }
    /// Reads a requested or stored value.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acr| acr.as_str() == value)
    }
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// Its owner signed out.
    SignedOut,
    /// Its owner ended it from another browser.
    EndedByUser,
    /// The password was changed or reset.
    PasswordChanged,
    /// Replaced by a new one in the same browser.
    Replaced,
    /// An operator or administrator ended it.
    EndedByOperator,
    /// One too many.
    TooMany,
    /// A second factor was removed or replaced.
    FactorChanged,
    /// The owner forgot or disowned the device it was made in.
    DeviceRemoved,
    /// The owner said "this wasn't me".
    Reported,
    /// The account is being deleted.
    AccountDeleted,
}

impl EndReason {
    const ALL: [Self; 10] = [
        Self::SignedOut,
        Self::EndedByUser,
        Self::PasswordChanged,
        Self::Replaced,
        Self::EndedByOperator,
        Self::TooMany,
        Self::FactorChanged,
        Self::DeviceRemoved,
        Self::Reported,
        Self::AccountDeleted,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::EndedByUser => "ended_by_user",
            Self::PasswordChanged => "password_changed",
            Self::Replaced => "replaced",
            Self::EndedByOperator => "ended_by_operator",
            Self::TooMany => "too_many",
            Self::FactorChanged => "factor_changed",
            Self::DeviceRemoved => "device_removed",
            Self::Reported => "reported",
            Self::AccountDeleted => "account_deleted",
        }
    }
    /// Reads the stored word.
    pub fn from_stored(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|reason| reason.as_str() == word)
            .unwrap_or(Self::EndedByOperator)
    }
}

/// Limits in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Ends after so long without use.
    pub idle: Duration,
    /// Ends after so long in any case.
    pub absolute: Duration,
    /// Both limits when "keep me signed in" was chosen; `None` forbids it.
    pub remember: Option<Duration>,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self {
            idle: Duration::hours(1),
            absolute: Duration::hours(24),
            remember: Some(Duration::days(30)),
        }
    }
}

impl SessionPolicy {
    /// The two ends of a session made or used now: (idle, absolute).
    pub fn ends(
        &self,
        created_at: Timestamp,
        now: Timestamp,
        remember: bool,
    ) -> (Timestamp, Timestamp) {
        let remembered = self.remember.filter(|_| remember);
        let absolute = created_at + remembered.unwrap_or(self.absolute);
        let idle = now + remembered.unwrap_or(self.idle);
        (idle.min(absolute), absolute)
    }
}

impl Session {
    /// Whether it still signs its owner in. Limits are judged by today's policy, so that tightening reaches sessions that exist.
    pub fn is_alive(&self, policy: &SessionPolicy, now: Timestamp) -> bool {
        let (idle, absolute) = policy.ends(self.created_at, self.last_seen_at, self.remember);
        self.ended.is_none()
            && now < self.idle_expires_at.min(idle)
            && now < self.expires_at.min(absolute)
    }

    /// Whether its last use should be written down: at most once a minute.
    pub fn is_due_for_touch(&self, now: Timestamp) -> bool {
        now.since(self.last_seen_at) >= Duration::minutes(1)
    }

    /// Whether the person proved themselves within `max_age`.
    pub fn is_fresh(&self, max_age: Duration, now: Timestamp) -> bool {
        now.since(self.authentication.at) <= max_age
    }
}
