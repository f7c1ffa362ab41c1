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
    /// What its owner may do was changed then, and its token was not since.
    pub renewal_due_at: Option<Timestamp>,
    /// When its token was changed for that, the last time.
    pub renewed_at: Option<Timestamp>,
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

    /// Whether somebody ended it from elsewhere: whoever sits at its device may be who was meant.
    pub const fn is_from_elsewhere(self) -> bool {
        matches!(self, Self::EndedByUser | Self::EndedByOperator)
    }

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

/// Why a session signs nobody in any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// It was not used for too long.
    Idle,
    /// It lasted as long as any may.
    Absolute,
    /// It was ended.
    Ended(EndReason),
}

/// So long after a session got a new token the one before it is taken for it: requests that were under way then sign nobody out.
const HANDED_OVER_FOR: Duration = Duration::seconds(30);

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
    /// Whether it still signs its owner in.
    pub fn is_alive(&self, policy: &SessionPolicy, now: Timestamp) -> bool {
        self.over(policy, now).is_none()
    }

    /// Why it no longer signs its owner in, if it does not. Limits are judged by today's policy, so that tightening reaches sessions
    /// that exist.
    pub fn over(&self, policy: &SessionPolicy, now: Timestamp) -> Option<Over> {
        if let Some((_, reason)) = self.ended {
            return Some(Over::Ended(reason));
        }
        let (idle, absolute) = self.limits(policy);
        // Whichever limit came first ended it.
        match (now < idle, now < absolute) {
            (true, true) => None,
            _ if idle < absolute => Some(Over::Idle),
            _ => Some(Over::Absolute),
        }
    }

    /// Until when it lives if it is not used again, when that is sooner than it may live at all: the owner can do something about it.
    pub fn idle_end(&self, policy: &SessionPolicy) -> Option<Timestamp> {
        let (idle, absolute) = self.limits(policy);
        (idle < absolute).then_some(idle)
    }

    fn limits(&self, policy: &SessionPolicy) -> (Timestamp, Timestamp) {
        let (idle, absolute) = policy.ends(self.created_at, self.last_seen_at, self.remember);
        (
            self.idle_expires_at.min(idle),
            self.expires_at.min(absolute),
        )
    }

    /// Whether whoever presents the token before this one is only late: it was changed a moment ago, because what its owner may do was.
    pub fn is_being_handed_over(&self, now: Timestamp) -> bool {
        self.renewed_at
            .is_some_and(|at| now.since(at) < HANDED_OVER_FOR)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const MINUTE: Duration = Duration::minutes(1);

    fn session(policy: &SessionPolicy, remember: bool) -> Session {
        let start = Timestamp(0);
        let (idle_expires_at, expires_at) = policy.ends(start, start, remember);
        Session {
            id: "0190b1d4-7f5a-7c3e-8000-000000000001".parse().unwrap(),
            user_id: "0190b1d4-7f5a-7c3e-8000-000000000002".parse().unwrap(),
            token_hash: ValueHash::of(b"token"),
            authentication: Authentication {
                at: start,
                amr: vec![],
                acr: Acr::OneFactor,
            },
            remember,
            created_at: start,
            last_seen_at: start,
            idle_expires_at,
            expires_at,
            address: String::new(),
            user_agent: String::new(),
            ended: None,
            security_epoch: 0,
            device_id: None,
            renewal_due_at: None,
            renewed_at: None,
        }
    }

    #[test]
    fn ses_07_limits_end_a_session_to_the_minute_and_say_which_one_did() {
        let policy = SessionPolicy::default();
        let unused = session(&policy, false);
        let idle = Timestamp(0) + policy.idle;
        assert_eq!(unused.over(&policy, idle - MINUTE), None);
        assert_eq!(unused.over(&policy, idle), Some(Over::Idle));
        assert_eq!(
            unused.over(&policy, idle + Duration::days(9)),
            Some(Over::Idle)
        );
        let end = Timestamp(0) + policy.absolute;
        let mut used = unused;
        used.last_seen_at = end - MINUTE;
        (used.idle_expires_at, _) = policy.ends(used.created_at, used.last_seen_at, false);
        assert_eq!(used.over(&policy, end - MINUTE), None);
        assert_eq!(used.over(&policy, end), Some(Over::Absolute));
        assert_eq!(used.idle_end(&policy), None, "use does not help any more");
    }

    #[test]
    fn ses_07_tightening_reaches_sessions_that_exist_and_loosening_does_not() {
        let loose = SessionPolicy::default();
        let tight = SessionPolicy {
            idle: Duration::minutes(15),
            absolute: Duration::hours(2),
            remember: None,
        };
        let (usual, kept) = (session(&loose, false), session(&loose, true));
        let end = Timestamp(0) + tight.idle;
        for session in [usual, kept] {
            assert_eq!(session.over(&tight, end - MINUTE), None);
            assert_eq!(session.over(&tight, end), Some(Over::Idle));
        }
        let made_tight = session(&tight, true);
        assert_eq!(made_tight.over(&loose, end), Some(Over::Idle));
    }

    #[test]
    fn what_was_ended_says_so_whatever_the_limits_say() {
        let policy = SessionPolicy::default();
        let mut ended = session(&policy, false);
        ended.ended = Some((Timestamp(1), EndReason::PasswordChanged));
        let why = Some(Over::Ended(EndReason::PasswordChanged));
        assert_eq!(ended.over(&policy, Timestamp(2)), why);
        assert_eq!(ended.over(&policy, Timestamp(0) + Duration::days(99)), why);
    }
}
