//! Things that work once: one kind, one tenant, one value, one instant after which they are dead.

use crate::secret::ValueHash;
use crate::time::Timestamp;

/// What kind of single-use value it is. The kind is part of the key, so a value of one kind can never pass as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SingleUseKind {
    /// Authorization code (RFC 6749 §4.1.2).
    AuthorizationCode,
    /// Mailed link and code that prove a new account's address.
    EmailVerification,
    /// Mailed link and code of a password recovery.
    Recovery,
    /// One-time sign-in link of an administrator.
    AdminLink,
    /// `jti` of a client assertion (RFC 7523 §3): claimed, never issued.
    ClientAssertion,
    /// `jti` of a revoked or logged-out token seen.
    LogoutToken,
    /// A browser in which a person signed in before: claimed, never issued.
    KnownBrowser,
}

impl SingleUseKind {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::EmailVerification => "email_verification",
            Self::Recovery => "recovery",
            Self::AdminLink => "admin_link",
            Self::ClientAssertion => "client_assertion",
            Self::LogoutToken => "logout_token",
            Self::KnownBrowser => "known_browser",
        }
    }
}

/// A single-use value as it is stored: never the value, only its hash, with all that it was made for.
#[derive(Clone, Debug)]
pub struct Artefact {
    /// Its kind.
    pub kind: SingleUseKind,
    /// Whose it is: a client id, a user id, or empty for the instance.
    pub tenant: String,
    /// SHA-256 of the whole value.
    pub value_hash: ValueHash,
    /// What it is bound to, as JSON; compared at redemption.
    pub payload: String,
    /// When it was issued.
    pub created_at: Timestamp,
    /// Dead from this instant on, whether or not it was swept.
    pub expires_at: Timestamp,
    /// When it was used, if it was.
    pub used_at: Option<Timestamp>,
}
