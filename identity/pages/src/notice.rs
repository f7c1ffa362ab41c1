//! Sentences that a page may open with, and reasons a field was refused. Closed lists, so that no handler writes prose and every text is
//! translated. Wording: the deck in the experience notes.

use std::collections::BTreeMap;

use identity_domain::time::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

/// A message key with its arguments, as templates see it: `t(x.key, x.args)`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Text {
    pub key: &'static str,
    pub args: BTreeMap<&'static str, Value>,
}

impl Text {
    pub(crate) fn new<const N: usize>(key: &'static str, args: [(&'static str, Value); N]) -> Self {
        Self {
            key,
            args: args.into_iter().collect(),
        }
    }
}

/// The alert above a form or page. Has a title (`<key>-title`) and a sentence (`<key>`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Alert {
    /// W-01. The one answer to every way credentials can be wrong.
    WrongCredentials,
    /// W-02. The same whether or not the account exists.
    Throttled { minutes: i64 },
    /// Some fields need another look; the summary lists them.
    CheckFields,
    /// A mailed code that does not match.
    WrongMailCode,
    /// W-04. A computed code that does not match.
    WrongCode,
    /// W-05.
    LinkUsedUp,
    /// W-06, on the fresh sign-in page that follows.
    FlowExpired,
    /// Idle or absolute life of the session ended.
    SessionEnded,
    /// W-08.
    PolicyNetwork { organization: String, ip: String },
    /// Signed in as somebody else than the application asked for.
    OtherAccountNeeded,
    /// The application asked for a fresh sign-in.
    SignInAgain,
    /// The address has to be confirmed before going on.
    ConfirmEmail,
    /// A new code or link is on its way.
    MailSent,
    /// Password set through recovery; sign in with it.
    PasswordReset,
    /// Password changed on the account page.
    PasswordChanged { signed_out_elsewhere: bool },
    /// Address confirmed.
    EmailVerified,
    /// One session was ended.
    SessionEndedByYou,
    /// All other sessions were ended.
    OtherSessionsEnded { count: i64 },
    /// Access of one application was withdrawn.
    AccessRemoved { app: String },
}

/// How an alert looks and how urgently it is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    Danger,
    Warning,
    Success,
    Info,
}

impl Alert {
    /// Colour, icon and role.
    pub const fn tone(&self) -> Tone {
        match self {
            Self::WrongCredentials | Self::CheckFields | Self::WrongMailCode | Self::WrongCode => {
                Tone::Danger
            }
            Self::Throttled { .. }
            | Self::LinkUsedUp
            | Self::FlowExpired
            | Self::PolicyNetwork { .. } => Tone::Warning,
            Self::SessionEnded
            | Self::OtherAccountNeeded
            | Self::SignInAgain
            | Self::ConfirmEmail => Tone::Info,
            Self::MailSent
            | Self::PasswordReset
            | Self::PasswordChanged { .. }
            | Self::EmailVerified
            | Self::SessionEndedByYou
            | Self::OtherSessionsEnded { .. }
            | Self::AccessRemoved { .. } => Tone::Success,
        }
    }

    /// Message key and arguments.
    pub fn text(&self) -> Text {
        match self {
            Self::WrongCredentials => Text::new("alert-wrong-credentials", []),
            Self::Throttled { minutes } => {
                Text::new("alert-throttled", [("minutes", json!(minutes))])
            }
            Self::CheckFields => Text::new("alert-check-fields", []),
            Self::WrongMailCode => Text::new("alert-wrong-mail-code", []),
            Self::WrongCode => Text::new("alert-wrong-code", []),
            Self::LinkUsedUp => Text::new("alert-link-used-up", []),
            Self::FlowExpired => Text::new("alert-flow-expired", []),
            Self::SessionEnded => Text::new("alert-session-ended", []),
            Self::PolicyNetwork { organization, ip } => Text::new(
                "alert-policy-network",
                [("organization", json!(organization)), ("ip", json!(ip))],
            ),
            Self::OtherAccountNeeded => Text::new("alert-other-account-needed", []),
            Self::SignInAgain => Text::new("alert-sign-in-again", []),
            Self::ConfirmEmail => Text::new("alert-confirm-email", []),
            Self::MailSent => Text::new("alert-mail-sent", []),
            Self::PasswordReset => Text::new("alert-password-reset", []),
            Self::PasswordChanged {
                signed_out_elsewhere: true,
            } => Text::new("alert-password-changed-everywhere", []),
            Self::PasswordChanged {
                signed_out_elsewhere: false,
            } => Text::new("alert-password-changed", []),
            Self::EmailVerified => Text::new("alert-email-verified", []),
            Self::SessionEndedByYou => Text::new("alert-session-ended-by-you", []),
            Self::OtherSessionsEnded { count } => {
                Text::new("alert-other-sessions-ended", [("count", json!(count))])
            }
            Self::AccessRemoved { app } => Text::new("alert-access-removed", [("app", json!(app))]),
        }
    }

    /// One of each, for the checks and the gallery.
    pub fn samples() -> Vec<Self> {
        vec![
            Self::WrongCredentials,
            Self::Throttled { minutes: 10 },
            Self::CheckFields,
            Self::WrongMailCode,
            Self::WrongCode,
            Self::LinkUsedUp,
            Self::FlowExpired,
            Self::SessionEnded,
            Self::PolicyNetwork {
                organization: "Acme".into(),
                ip: "192.0.2.7".into(),
            },
            Self::OtherAccountNeeded,
            Self::SignInAgain,
            Self::ConfirmEmail,
            Self::MailSent,
            Self::PasswordReset,
            Self::PasswordChanged {
                signed_out_elsewhere: true,
            },
            Self::PasswordChanged {
                signed_out_elsewhere: false,
            },
            Self::EmailVerified,
            Self::SessionEndedByYou,
            Self::OtherSessionsEnded { count: 3 },
            Self::AccessRemoved { app: "Chat".into() },
        ]
    }
}

#[derive(Serialize)]
struct AlertView {
    tone: Tone,
    /// Errors are announced at once and put "Error:" into the title.
    error: bool,
    #[serde(flatten)]
    text: Text,
}

impl Serialize for Alert {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tone = self.tone();
        AlertView {
            tone,
            error: tone == Tone::Danger,
            text: self.text(),
        }
        .serialize(serializer)
    }
}

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
    EnterCode,
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
            Self::EnterCode => Text::new("error-enter-code", []),
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
            Self::EnterCode,
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

/// An instant of the samples, `minutes` before [`crate::PageFrame::sample`]'s now.
pub(crate) const fn minutes_ago(minutes: i64) -> Timestamp {
    Timestamp(1_795_296_840_000 - minutes * 60_000)
}
