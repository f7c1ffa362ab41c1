//! What a person proves themselves with.

pub mod backup_code;
pub mod password;
pub mod password_hash;
pub mod password_policy;
pub mod totp;
pub mod webauthn;

pub use backup_code::BackupCodes;
pub use totp::TotpCredential;
pub use webauthn::WebauthnCredential;

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::device::Device;
use crate::factor::Method;
use crate::time::Timestamp;
use crate::user::User;

/// A stored credential: a kind and a versioned JSON document, sealed at rest where it holds a secret.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its id.
    pub id: Id<Credential>,
    /// Whose it is.
    pub user_id: Id<User>,
    /// What kind.
    pub kind: CredentialKind,
    /// The name its owner gave it; empty where there can be only one.
    pub label: String,
    /// Versioned JSON of the kind.
    pub data: String,
    /// Bound since (NIST SP 800-63B-4 §4).
    pub created_at: Timestamp,
    /// Last successful use.
    pub last_used_at: Option<Timestamp>,
    /// The device it was set up in; none where an operator made it.
    pub device_id: Option<Id<Device>>,
    /// Guard against lost updates.
    pub version: i64,
}

/// Kinds of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// A password; one per user.
    Password,
    /// An authenticator app that was confirmed by a code.
    Totp,
    /// An authenticator app whose secret was shown and not confirmed yet; one per user. No factor.
    TotpPending,
    /// A passkey or security key.
    Webauthn,
    /// A set of backup codes; one per user.
    BackupCodes,
    /// Backup codes that were shown and not confirmed as saved yet; one set per user. No factor.
    BackupCodesPending,
    /// Text messages to the proven number were turned on as a second step; one per user.
    Sms,
    /// Codes by mail were turned on as a second step; one per user.
    Email,
}

impl CredentialKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Password,
        Self::Totp,
        Self::TotpPending,
        Self::Webauthn,
        Self::BackupCodes,
        Self::BackupCodesPending,
        Self::Sms,
        Self::Email,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::TotpPending => "totp_pending",
            Self::Webauthn => "webauthn",
            Self::BackupCodes => "backup_codes",
            Self::BackupCodesPending => "backup_codes_pending",
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }

    /// The second factor it stands for; `None` for a password and for what is not confirmed yet.
    pub const fn method(self) -> Option<Method> {
        match self {
            Self::Totp => Some(Method::Totp),
            Self::Webauthn => Some(Method::Webauthn),
            Self::Sms => Some(Method::Sms),
            Self::Email => Some(Method::Email),
            Self::BackupCodes => Some(Method::BackupCode),
            Self::Password | Self::TotpPending | Self::BackupCodesPending => None,
        }
    }

    /// Reads the stored word.
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Credential {
    /// The document of its kind; `None` when it cannot be read as that.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.data).ok()
    }
}
