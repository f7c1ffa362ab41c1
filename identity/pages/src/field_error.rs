//! Reasons a field was refused. A closed list, so that no handler writes prose and every text is translated.

use serde::{Serialize, Serializer};
use serde_json::json;

use crate::notice::Text;

/// Why a field was refused.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FieldError {
    EnterIdentifier,
    EnterEmail,
    EmailFormat,
    EnterName,
    EnterPassword,
    EnterNewPassword,
    /// The first password of an account.
    ChoosePassword,
    EnterCode,
    /// The code of an authenticator app.
    EnterAppCode,
    EnterBackupCode,
    EnterPhone,
    /// No number that can be written to from anywhere, or none that is written to.
    PhoneFormat,
    /// No time zone has this name.
    TimeZone,
    /// "I have saved them" has to be ticked.
    TickSaved,
    WrongCode,
    WrongCurrentPassword,
    TooShort {
        min: i64,
    },
    TooLong {
        max: i64,
    },
    /// On the list of often used passwords.
    CommonPassword,
    /// Seen in a breach.
    BreachedPassword,
    /// Made of the name, the address or the product's name.
    PersonalPassword,
    /// Easy to guess for another reason.
    WeakPassword,
    /// One of the last passwords.
    ReusedPassword,
    /// The new password is the current one.
    SamePassword,
}

impl FieldError {
    /// Message key and arguments.
    pub fn text(&self) -> Text {
        match self {
            Self::EnterIdentifier => Text::new("error-enter-identifier", []),
            Self::EnterEmail => Text::new("error-enter-email", []),
            Self::EmailFormat => Text::new("error-email-format", []),
            Self::EnterName => Text::new("error-enter-name", []),
            Self::EnterPassword => Text::new("error-enter-password", []),
            Self::EnterNewPassword => Text::new("error-enter-new-password", []),
            Self::ChoosePassword => Text::new("error-choose-password", []),
            Self::EnterCode => Text::new("error-enter-code", []),
            Self::EnterAppCode => Text::new("error-enter-app-code", []),
            Self::EnterBackupCode => Text::new("error-enter-backup-code", []),
            Self::EnterPhone => Text::new("error-enter-phone", []),
            Self::PhoneFormat => Text::new("error-phone-format", []),
            Self::TimeZone => Text::new("error-time-zone", []),
            Self::TickSaved => Text::new("error-tick-saved", []),
            Self::WrongCode => Text::new("error-wrong-code", []),
            Self::WrongCurrentPassword => Text::new("error-wrong-current-password", []),
            Self::TooShort { min } => Text::new("error-too-short", [("min", json!(min))]),
            Self::TooLong { max } => Text::new("error-too-long", [("max", json!(max))]),
            Self::CommonPassword => Text::new("error-common-password", []),
            Self::BreachedPassword => Text::new("error-breached-password", []),
            Self::PersonalPassword => Text::new("error-personal-password", []),
            Self::WeakPassword => Text::new("error-weak-password", []),
            Self::ReusedPassword => Text::new("error-reused-password", []),
            Self::SamePassword => Text::new("error-same-password", []),
        }
    }

    /// One of each, for the checks.
    pub fn samples() -> Vec<Self> {
        vec![
            Self::EnterIdentifier,
            Self::EnterEmail,
            Self::EmailFormat,
            Self::EnterName,
            Self::EnterPassword,
            Self::EnterNewPassword,
            Self::ChoosePassword,
            Self::EnterCode,
            Self::EnterAppCode,
            Self::EnterBackupCode,
            Self::EnterPhone,
            Self::PhoneFormat,
            Self::TimeZone,
            Self::TickSaved,
            Self::WrongCode,
            Self::WrongCurrentPassword,
            Self::TooShort { min: 12 },
            Self::TooLong { max: 128 },
            Self::CommonPassword,
            Self::BreachedPassword,
            Self::PersonalPassword,
            Self::WeakPassword,
            Self::ReusedPassword,
            Self::SamePassword,
        ]
    }
}

impl Serialize for FieldError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().serialize(serializer)
    }
}
