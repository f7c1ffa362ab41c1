//! What all forms with a new password share.

use identity_domain::credential::password_hash::MAX_CHARACTERS;
use identity_domain::credential::password_policy::PasswordRefusal;
use identity_pages::FieldError;
use identity_pages::password::PasswordRules;

use crate::app::AppState;

/// The rules in force, as the page tells them.
pub fn rules(state: &AppState) -> PasswordRules {
    PasswordRules {
        min_length: u32::try_from(state.env.settings.password.min_length).unwrap_or(u32::MAX),
        max_length: u32::try_from(MAX_CHARACTERS).unwrap_or(u32::MAX),
        check_url: Some("/password/check".to_owned()),
    }
}

/// The reason in the page's words.
pub fn error(refusal: &PasswordRefusal) -> FieldError {
    match refusal {
        PasswordRefusal::TooShort { min } => FieldError::TooShort {
            min: i64::try_from(*min).unwrap_or(i64::MAX),
        },
        PasswordRefusal::TooLong => FieldError::TooLong {
            max: i64::try_from(MAX_CHARACTERS).unwrap_or(i64::MAX),
        },
        PasswordRefusal::Common => FieldError::CommonPassword,
        PasswordRefusal::Context => FieldError::PersonalPassword,
        PasswordRefusal::Guessable => FieldError::WeakPassword,
        PasswordRefusal::Breached => FieldError::BreachedPassword,
        PasswordRefusal::Reused => FieldError::ReusedPassword,
        PasswordRefusal::Unchanged => FieldError::SamePassword,
    }
}
