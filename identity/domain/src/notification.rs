//! Mails by meaning; the theme writes them.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Something a person is told by mail.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Notification {
    /// Prove the address of a new account.
    VerifyEmail {
        /// Where the link leads.
        link: String,
        /// What may be typed instead.
        code: String,
        /// Until when.
        expires_at: Timestamp,
    },
    /// Somebody signed up with an address that has an account (H-27).
    AlreadyRegistered {
        /// The sign-in page.
        sign_in_link: String,
        /// The recovery page.
        recover_link: String,
        /// When it was asked.
        at: Timestamp,
    },
    /// Choose a new password.
    Recover {
        /// Where the link leads.
        link: String,
        /// What may be typed instead.
        code: String,
        /// Until when.
        expires_at: Timestamp,
    },
    /// A recovery was asked for an address without an account (H-23).
    RecoverUnknown {
        /// The sign-up page.
        sign_up_link: String,
        /// When it was asked.
        at: Timestamp,
    },
    /// The password was changed.
    PasswordChanged {
        /// When.
        at: Timestamp,
        /// From which address.
        address: String,
        /// With which browser, in words or raw.
        user_agent: String,
        /// Where to go if it was somebody else.
        recover_link: String,
    },
}

impl std::fmt::Debug for Notification {
    // Codes and links are secrets: only the kind is printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.template())
    }
}

impl Notification {
    /// The name of its template in the theme.
    pub const fn template(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify_email",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::Recover { .. } => "recover",
            Self::RecoverUnknown { .. } => "recover_unknown",
            Self::PasswordChanged { .. } => "password_changed",
        }
    }
}
