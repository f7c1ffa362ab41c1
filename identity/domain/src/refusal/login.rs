//! Refusals on the way to a session.

use crate::credential::password_policy::PasswordRefusal;
use crate::time::Timestamp;

/// Why a step of a login, a sign-up or a recovery was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginRefusal {
    /// Unknown account, wrong password, or no password: one answer for all (W-01).
    #[error("wrong_credentials")]
    WrongCredentials,
    /// Too many tries; the same for known and unknown accounts (W-02).
    #[error("throttled")]
    Throttled {
        /// When the next try is let through.
        until: Timestamp,
    },
    /// The hashing queue is full.
    #[error("overloaded")]
    Overloaded,
    /// Suspended by an administrator; only told after the password was right (H-70).
    #[error("suspended")]
    Suspended,
    /// Its owner asked for the deletion of the account; only told after the password was right.
    #[error("being_deleted")]
    BeingDeleted {
        /// When nothing of it is left.
        delete_at: Timestamp,
        /// The owner's time zone, an IANA name, in which they are told so.
        zone: Option<String>,
    },
    /// No such login, or it is long gone.
    #[error("login_unknown")]
    Unknown,
    /// It waited too long (W-06).
    #[error("login_expired")]
    Expired,
    /// The browser cookie is missing: cookies are blocked, or the address was opened elsewhere.
    #[error("no_browser_cookie")]
    NoBrowserCookie,
    /// The login was begun in another browser (SES-01).
    #[error("other_browser")]
    OtherBrowser,
    /// The step is not what this login waits for.
    #[error("step_not_accepted")]
    StepNotAccepted,
    /// It is already finished: another tab was faster.
    #[error("already_finished")]
    AlreadyFinished,
    /// A mailed or typed code did not match (W-04).
    #[error("wrong_code")]
    WrongCode,
    /// A mailed link or code is used or expired (W-05).
    #[error("link_dead")]
    LinkDead,
    /// The chosen password breaks a rule.
    #[error("password_refused: {0}")]
    Password(PasswordRefusal),
    /// Not an address.
    #[error("not_an_address")]
    NotAnAddress,
    /// Sign-up is closed.
    #[error("registration_closed")]
    RegistrationClosed,
    /// The session is too old for what was asked: prove yourself again.
    #[error("not_fresh")]
    NotFresh,
    /// There is no session.
    #[error("signed_out")]
    SignedOut,
    /// A code of an authenticator app that is right for another time: the phone's clock is off (H-34).
    #[error("clock_skewed")]
    ClockSkewed {
        /// By about so many seconds.
        seconds: i64,
    },
    /// The method is not set up, or policy does not allow it.
    #[error("method_not_available")]
    MethodNotAvailable,
    /// A passkey we do not know: its manager should forget it (H-06).
    #[error("passkey_unknown")]
    PasskeyUnknown,
    /// A passkey's answer does not hold; the reason is for the log alone.
    #[error("passkey_refused: {0}")]
    PasskeyRefused(&'static str),
    /// The second factors are on hold: a passkey opens nothing by itself. Their removal may have been put off because it was there.
    #[error("factors_on_hold")]
    FactorsOnHold {
        /// It was.
        put_off: bool,
    },
    /// The last second factor stays where policy needs one (H-44).
    #[error("last_factor")]
    LastFactor,
    /// As many as one person may have.
    #[error("too_many")]
    TooMany,
    /// Described by a declarative file: changed there, not here.
    #[error("managed_by_file")]
    ManagedByFile,
    /// An organization would be left without an administrator.
    #[error("last_administrator")]
    LastAdministrator,
    /// Somebody changed the same thing in the same moment.
    #[error("changed_elsewhere")]
    ChangedElsewhere,
    /// Not a phone number that can be written to.
    #[error("not_a_phone_number")]
    NotAPhoneNumber,
}

impl LoginRefusal {
    /// The word that stands in the audit log.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::WrongCredentials => "wrong_credentials",
            Self::Throttled { .. } => "throttled",
            Self::Overloaded => "overloaded",
            Self::Suspended => "suspended",
            Self::BeingDeleted { .. } => "being_deleted",
            Self::Unknown => "login_unknown",
            Self::Expired => "login_expired",
            Self::NoBrowserCookie => "no_browser_cookie",
            Self::OtherBrowser => "other_browser",
            Self::StepNotAccepted => "step_not_accepted",
            Self::AlreadyFinished => "already_finished",
            Self::WrongCode => "wrong_code",
            Self::LinkDead => "link_dead",
            Self::Password(_) => "password_refused",
            Self::NotAnAddress => "not_an_address",
            Self::RegistrationClosed => "registration_closed",
            Self::NotFresh => "not_fresh",
            Self::SignedOut => "signed_out",
            Self::ClockSkewed { .. } => "clock_skewed",
            Self::MethodNotAvailable => "method_not_available",
            Self::PasskeyUnknown => "passkey_unknown",
            Self::PasskeyRefused(_) => "passkey_refused",
            Self::FactorsOnHold { .. } => "factors_on_hold",
            Self::LastFactor => "last_factor",
            Self::TooMany => "too_many",
            Self::ManagedByFile => "managed_by_file",
            Self::LastAdministrator => "last_administrator",
            Self::ChangedElsewhere => "changed_elsewhere",
            Self::NotAPhoneNumber => "not_a_phone_number",
        }
    }
}
