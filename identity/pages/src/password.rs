//! Pages on which a password is made or changed, and the answer of the live check.

use serde::Serialize;

use crate::form::{Field, Hidden};
use crate::notice::{Alert, FieldError, Text};
use crate::page::Page;

/// The rules, shown before typing; the same values the final check uses.
#[derive(Clone, Debug, Serialize)]
pub struct PasswordRules {
    pub min_length: u32,
    pub max_length: u32,
    /// Where the page may ask while a person types: a POST with `password` (and the other fields of the form) that
    /// answers [`PasswordFeedback::view`] as JSON. `None` switches the live check off.
    pub check_url: Option<String>,
}

impl PasswordRules {
    pub(crate) fn sample() -> Self {
        Self {
            min_length: 12,
            max_length: 128,
            check_url: Some("/password/check".into()),
        }
    }
}

/// What may be said about a weak password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggestion {
    AddWords,
    AvoidRepeats,
    AvoidSequences,
    AvoidDates,
    AvoidNames,
    AvoidKeyboardPatterns,
    AvoidPredictableSwaps,
}

impl Suggestion {
    /// All of them, for the checks.
    pub const ALL: [Self; 7] = [
        Self::AddWords,
        Self::AvoidRepeats,
        Self::AvoidSequences,
        Self::AvoidDates,
        Self::AvoidNames,
        Self::AvoidKeyboardPatterns,
        Self::AvoidPredictableSwaps,
    ];

    /// The message key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::AddWords => "suggest-add-words",
            Self::AvoidRepeats => "suggest-avoid-repeats",
            Self::AvoidSequences => "suggest-avoid-sequences",
            Self::AvoidDates => "suggest-avoid-dates",
            Self::AvoidNames => "suggest-avoid-names",
            Self::AvoidKeyboardPatterns => "suggest-avoid-keyboard",
            Self::AvoidPredictableSwaps => "suggest-avoid-swaps",
        }
    }
}

/// The verdict on a password while it is typed.
#[derive(Clone, Debug)]
pub struct PasswordFeedback {
    /// zxcvbn's score, 0…4.
    pub score: u8,
    pub unmet: Vec<FieldError>,
    pub suggestion: Option<Suggestion>,
}

/// [`PasswordFeedback`] in the words of a locale: the JSON of the live check.
#[derive(Clone, Debug, Serialize)]
pub struct PasswordFeedbackView {
    pub ok: bool,
    /// 1…5, the filled part of the meter.
    pub level: u8,
    /// "Weak", "Strong" …
    pub word: String,
    /// Unmet rules, or else the suggestion.
    pub hints: Vec<String>,
}

impl PasswordFeedback {
    /// In the words of `locale`.
    pub fn view(&self, engine: &crate::Engine, locale: &str) -> PasswordFeedbackView {
        let mut hints: Vec<String> = self
            .unmet
            .iter()
            .map(|error| engine.text(locale, &error.text()))
            .collect();
        if hints.is_empty() {
            hints.extend(
                self.suggestion
                    .map(|suggestion| engine.text(locale, &Text::new(suggestion.key(), []))),
            );
        }
        // A refused password never reads "strong", however many bits it has.
        let level = if self.unmet.is_empty() {
            self.score.min(4) + 1
        } else {
            self.score.min(1) + 1
        };
        PasswordFeedbackView {
            ok: self.unmet.is_empty(),
            level,
            word: engine.text(locale, &Text::new(Self::word(level), [])),
            hints,
        }
    }

    const fn word(level: u8) -> &'static str {
        match level {
            0 | 1 => "meter-very-weak",
            2 => "meter-weak",
            3 => "meter-fair",
            4 => "meter-good",
            _ => "meter-strong",
        }
    }
}

/// `auth/change_password`: a signed-in person changes the password. Posts `current_password`, `password` and
/// `sign_out_everywhere` (value `1`).
#[derive(Clone, Debug, Serialize)]
pub struct ChangePassword {
    pub action: String,
    pub hidden: Vec<Hidden>,
    /// For password managers.
    pub email: String,
    pub current: Field,
    pub new: Field,
    pub rules: PasswordRules,
    /// On by default.
    pub sign_out_everywhere: bool,
    pub alert: Option<Alert>,
    pub cancel_url: Option<String>,
}

impl Page for ChangePassword {
    const TEMPLATE: &'static str = "pages/auth/change_password.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/account/password".into(),
            hidden: Vec::new(),
            email: "ana@acme.test".into(),
            current: Field::old_password().focused(),
            new: Field::new_password(),
            rules: PasswordRules::sample(),
            sign_out_everywhere: true,
            alert: None,
            cancel_url: Some("/account/security".into()),
        };
        let refused = Self {
            current: Field::old_password().with_error(FieldError::WrongCurrentPassword),
            new: Field::new_password().with_error(FieldError::BreachedPassword),
            alert: Some(Alert::CheckFields),
            ..plain.clone()
        };
        vec![("plain", plain), ("refused", refused)]
    }
}

/// Why a new password is asked for before going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MustChangeReason {
    /// Set by an administrator; it was meant for one sign-in.
    Temporary,
    /// Found in a breach.
    Breached,
    /// The policy has become stricter.
    Policy,
}

/// `auth/must_change_password`: the sign-in goes on after a new password. Posts `password`.
#[derive(Clone, Debug, Serialize)]
pub struct MustChangePassword {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub email: String,
    pub reason: MustChangeReason,
    pub new: Field,
    pub rules: PasswordRules,
    pub alert: Option<Alert>,
}

impl Page for MustChangePassword {
    const TEMPLATE: &'static str = "pages/auth/must_change_password.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let with = |reason| Self {
            action: "/login/0190/new-password".into(),
            hidden: Vec::new(),
            email: "ana@acme.test".into(),
            reason,
            new: Field::new_password().focused(),
            rules: PasswordRules::sample(),
            alert: None,
        };
        let refused = Self {
            new: Field::new_password().with_error(FieldError::ReusedPassword),
            alert: Some(Alert::CheckFields),
            ..with(MustChangeReason::Policy)
        };
        vec![
            ("temporary", with(MustChangeReason::Temporary)),
            ("breached", with(MustChangeReason::Breached)),
            ("policy", refused),
        ]
    }
}
