//! Sentences that a page may open with. A closed list, so that no handler writes prose and every text is
//! translated. Wording: the deck in the experience notes.

use std::collections::BTreeMap;

use identity_domain::time::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

pub use crate::field_error::FieldError;

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
    /// The same where the account is known and only its password is asked.
    WrongPassword,
    /// W-02. The same whether or not the account exists.
    Throttled { minutes: i64 },
    /// Some fields need another look; the summary lists them.
    CheckFields,
    /// A mailed code that does not match.
    WrongMailCode,
    /// W-04. A computed code that does not match.
    WrongCode,
    /// A code that is right for another time: the phone's clock is off by about so many minutes (H-34).
    ClockSkewed { minutes: i64 },
    /// Not one of the backup codes that are left.
    WrongBackupCode,
    /// Not the code that was sent by message or mail for this sign-in.
    WrongSentCode,
    /// Too many wrong second factors; a new password would not help.
    TooManyCodes { minutes: i64 },
    /// Too many codes were sent; those that came still work, and so do other ways.
    TooManySent { minutes: i64 },
    /// The way that was chosen cannot be used any more.
    WayNotAvailable,
    /// As many authenticator apps as one account may have.
    TooManyFactors,
    /// W-05.
    LinkUsedUp,
    /// W-06, on the fresh sign-in page that follows.
    FlowExpired,
    /// The session ended for a reason that is not told.
    SessionEnded,
    /// It was not used for too long.
    SessionIdle,
    /// It lasted as long as any may.
    SessionExpired,
    /// Its owner ended it from another device.
    SessionEndedElsewhere,
    /// The password was changed.
    SessionEndedByPassword,
    /// A second factor was changed.
    SessionEndedByFactor,
    /// The device was forgotten.
    SessionEndedByDevice,
    /// "This wasn't me" was said.
    SessionEndedByReport,
    /// A newer one took its place.
    SessionTooMany,
    /// A device got its name.
    DeviceRenamed,
    /// A device is asked for a second step again.
    DeviceUntrusted,
    /// A device was forgotten and signed out.
    DeviceForgotten,
    /// A device was disowned; the guided page follows.
    DeviceDisowned,
    /// The guided page was worked through.
    AccountSecured,
    /// The guided page was begun and not finished.
    FinishSecuring,
    /// All second factors are about to be removed, because somebody said that they are lost.
    FactorsGoing,
    /// They stay.
    FactorsKept,
    /// A passkey opens nothing by itself as long as the second factors are on hold.
    FactorsOnHold {
        /// Their removal was put off.
        put_off: bool,
    },
    /// W-08.
    PolicyNetwork { organization: String, ip: String },
    /// Signed in as somebody else than the application asked for.
    OtherAccountNeeded,
    /// The application asked for a fresh sign-in.
    SignInAgain,
    /// The address has to be confirmed before going on.
    ConfirmEmail,
    /// A new address is confirmed by whoever signs in with the present one.
    ConfirmNewAddress,
    /// A new code or link is on its way.
    MailSent,
    /// Password set through recovery; sign in with it.
    PasswordReset,
    /// Password changed on the account page.
    PasswordChanged { signed_out_elsewhere: bool },
    /// Address confirmed.
    EmailVerified,
    /// Address confirmed elsewhere, and a password chosen there.
    EmailVerifiedElsewhere,
    /// One session was ended.
    SessionEndedByYou,
    /// All other sessions were ended.
    OtherSessionsEnded { count: i64 },
    /// Access of one application was withdrawn.
    AccessRemoved { app: String },
    /// A passkey we do not know (H-06).
    PasskeyUnknown,
    /// A passkey whose answer does not hold; why is nobody's business.
    PasskeyRefused,
    /// A passkey was set up.
    PasskeyAdded,
    /// A passkey has a new name.
    PasskeyRenamed,
    /// A passkey was removed.
    PasskeyRemoved,
    /// As many passkeys as one person may have.
    TooManyPasskeys,
    /// The last second factor stays where one is needed (H-44).
    LastPasskey,
    /// The name is empty or taken.
    PasskeyName,
    /// A second step was set up.
    FactorAdded,
    /// A second step was removed.
    FactorRemoved,
    /// An app has a new name.
    FactorRenamed,
    /// The name is empty or taken.
    FactorName,
    /// The last second step stays where one is needed (H-44).
    LastFactor,
    /// Backup codes were saved and count from now on.
    BackupCodesSaved,
    /// Another code is on its way to a phone.
    CodeSent,
    /// A form was stored.
    Saved,
    /// The address was changed and the old one told.
    EmailChanged,
    /// The old address took a change of address back.
    EmailUndone,
    /// Something was changed in another tab in the same moment.
    ChangedElsewhere,
    /// A step that cannot be taken back wants its box ticked.
    ConfirmFirst,
    /// An organization would be left without an administrator.
    LastAdministrator,
    /// Described by a declarative file: an operator changes it there.
    ManagedByFile,
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
    #[expect(clippy::too_many_lines, reason = "a table: one arm per notice")]
    pub const fn tone(&self) -> Tone {
        match self {
            Self::PasskeyUnknown
            | Self::PasskeyRefused
            | Self::WrongCredentials
            | Self::WrongPassword
            | Self::CheckFields
            | Self::WrongMailCode
            | Self::WrongCode
            | Self::ClockSkewed { .. }
            | Self::WrongSentCode
            | Self::WrongBackupCode => Tone::Danger,
            Self::ChangedElsewhere
            | Self::ConfirmFirst
            | Self::LastAdministrator
            | Self::ManagedByFile
            | Self::TooManyPasskeys
            | Self::LastPasskey
            | Self::PasskeyName
            | Self::FactorName
            | Self::LastFactor
            | Self::Throttled { .. }
            | Self::TooManyCodes { .. }
            | Self::TooManySent { .. }
            | Self::WayNotAvailable
            | Self::TooManyFactors
            | Self::LinkUsedUp
            | Self::FlowExpired
            | Self::FinishSecuring
            | Self::FactorsGoing
            | Self::FactorsOnHold { .. }
            | Self::PolicyNetwork { .. } => Tone::Warning,
            Self::SessionEnded
            | Self::SessionIdle
            | Self::SessionExpired
            | Self::SessionEndedElsewhere
            | Self::SessionEndedByPassword
            | Self::SessionEndedByFactor
            | Self::SessionEndedByDevice
            | Self::SessionEndedByReport
            | Self::SessionTooMany
            | Self::OtherAccountNeeded
            | Self::SignInAgain
            | Self::ConfirmEmail
            | Self::ConfirmNewAddress => Tone::Info,
            Self::MailSent
            | Self::PasswordReset
            | Self::PasswordChanged { .. }
            | Self::EmailVerified
            | Self::EmailVerifiedElsewhere
            | Self::DeviceRenamed
            | Self::DeviceUntrusted
            | Self::DeviceForgotten
            | Self::DeviceDisowned
            | Self::AccountSecured
            | Self::FactorsKept
            | Self::SessionEndedByYou
            | Self::OtherSessionsEnded { .. }
            | Self::Saved
            | Self::EmailChanged
            | Self::EmailUndone
            | Self::FactorAdded
            | Self::FactorRemoved
            | Self::FactorRenamed
            | Self::BackupCodesSaved
            | Self::CodeSent
            | Self::PasskeyAdded
            | Self::PasskeyRenamed
            | Self::PasskeyRemoved
            | Self::AccessRemoved { .. } => Tone::Success,
        }
    }

    /// It has to be read before anything else, so it has the focus when the page opens (H-12).
    pub const fn takes_focus(&self) -> bool {
        matches!(self.tone(), Tone::Danger)
            || matches!(
                self,
                Self::Throttled { .. } | Self::TooManyCodes { .. } | Self::TooManySent { .. }
            )
    }

    /// Message key and arguments.
    #[expect(clippy::too_many_lines, reason = "a table: one arm per notice")]
    pub fn text(&self) -> Text {
        match self {
            Self::WrongCredentials => Text::new("alert-wrong-credentials", []),
            Self::WrongPassword => Text::new("alert-wrong-password", []),
            Self::Throttled { minutes } => {
                Text::new("alert-throttled", [("minutes", json!(minutes))])
            }
            Self::CheckFields => Text::new("alert-check-fields", []),
            Self::WrongMailCode => Text::new("alert-wrong-mail-code", []),
            Self::WrongCode => Text::new("alert-wrong-code", []),
            Self::ClockSkewed { minutes } => {
                Text::new("alert-clock-skewed", [("minutes", json!(minutes))])
            }
            Self::WrongSentCode => Text::new("alert-wrong-sent-code", []),
            Self::WrongBackupCode => Text::new("alert-wrong-backup-code", []),
            Self::TooManyCodes { minutes } => {
                Text::new("alert-too-many-codes", [("minutes", json!(minutes))])
            }
            Self::TooManySent { minutes } => {
                Text::new("alert-too-many-sent", [("minutes", json!(minutes))])
            }
            Self::WayNotAvailable => Text::new("alert-way-not-available", []),
            Self::TooManyFactors => Text::new("alert-too-many-factors", []),
            Self::LinkUsedUp => Text::new("alert-link-used-up", []),
            Self::FlowExpired => Text::new("alert-flow-expired", []),
            Self::SessionEnded => Text::new("alert-session-ended", []),
            Self::SessionIdle => Text::new("alert-session-idle", []),
            Self::SessionExpired => Text::new("alert-session-expired", []),
            Self::SessionEndedElsewhere => Text::new("alert-session-ended-elsewhere", []),
            Self::SessionEndedByPassword => Text::new("alert-session-ended-by-password", []),
            Self::SessionEndedByFactor => Text::new("alert-session-ended-by-factor", []),
            Self::SessionEndedByDevice => Text::new("alert-session-ended-by-device", []),
            Self::SessionEndedByReport => Text::new("alert-session-ended-by-report", []),
            Self::SessionTooMany => Text::new("alert-session-too-many", []),
            Self::DeviceRenamed => Text::new("alert-device-renamed", []),
            Self::DeviceUntrusted => Text::new("alert-device-untrusted", []),
            Self::DeviceForgotten => Text::new("alert-device-forgotten", []),
            Self::DeviceDisowned => Text::new("alert-device-disowned", []),
            Self::AccountSecured => Text::new("alert-account-secured", []),
            Self::FinishSecuring => Text::new("alert-finish-securing", []),
            Self::FactorsGoing => Text::new("alert-factors-going", []),
            Self::FactorsKept => Text::new("alert-factors-kept", []),
            Self::FactorsOnHold { put_off: false } => Text::new("alert-factors-on-hold", []),
            Self::FactorsOnHold { put_off: true } => Text::new("alert-factors-put-off", []),
            Self::PolicyNetwork { organization, ip } => Text::new(
                "alert-policy-network",
                [("organization", json!(organization)), ("ip", json!(ip))],
            ),
            Self::OtherAccountNeeded => Text::new("alert-other-account-needed", []),
            Self::SignInAgain => Text::new("alert-sign-in-again", []),
            Self::ConfirmEmail => Text::new("alert-confirm-email", []),
            Self::ConfirmNewAddress => Text::new("alert-confirm-new-address", []),
            Self::MailSent => Text::new("alert-mail-sent", []),
            Self::PasswordReset => Text::new("alert-password-reset", []),
            Self::PasswordChanged {
                signed_out_elsewhere: true,
            } => Text::new("alert-password-changed-everywhere", []),
            Self::PasswordChanged {
                signed_out_elsewhere: false,
            } => Text::new("alert-password-changed", []),
            Self::EmailVerified => Text::new("alert-email-verified", []),
            Self::EmailVerifiedElsewhere => Text::new("alert-email-verified-elsewhere", []),
            Self::SessionEndedByYou => Text::new("alert-session-ended-by-you", []),
            Self::OtherSessionsEnded { count } => {
                Text::new("alert-other-sessions-ended", [("count", json!(count))])
            }
            Self::PasskeyUnknown => Text::new("alert-passkey-unknown", []),
            Self::PasskeyRefused => Text::new("alert-passkey-refused", []),
            Self::PasskeyAdded => Text::new("alert-passkey-added", []),
            Self::PasskeyRenamed => Text::new("alert-passkey-renamed", []),
            Self::PasskeyRemoved => Text::new("alert-passkey-removed", []),
            Self::TooManyPasskeys => Text::new("alert-too-many-passkeys", []),
            Self::LastPasskey => Text::new("alert-last-passkey", []),
            Self::PasskeyName => Text::new("alert-passkey-name", []),
            Self::FactorAdded => Text::new("alert-factor-added", []),
            Self::FactorRemoved => Text::new("alert-factor-removed", []),
            Self::FactorRenamed => Text::new("alert-factor-renamed", []),
            Self::FactorName => Text::new("alert-factor-name", []),
            Self::LastFactor => Text::new("alert-last-factor", []),
            Self::BackupCodesSaved => Text::new("alert-backup-codes-saved", []),
            Self::CodeSent => Text::new("alert-code-sent", []),
            Self::AccessRemoved { app } => Text::new("alert-access-removed", [("app", json!(app))]),
            Self::Saved => Text::new("alert-saved", []),
            Self::EmailChanged => Text::new("alert-email-changed", []),
            Self::EmailUndone => Text::new("alert-email-undone", []),
            Self::ChangedElsewhere => Text::new("alert-changed-elsewhere", []),
            Self::ConfirmFirst => Text::new("alert-confirm-first", []),
            Self::LastAdministrator => Text::new("alert-last-administrator", []),
            Self::ManagedByFile => Text::new("alert-managed-by-file", []),
        }
    }

    /// One of each, for the checks and the gallery.
    #[expect(clippy::too_many_lines, reason = "a table: one arm per notice")]
    pub fn samples() -> Vec<Self> {
        vec![
            Self::FactorAdded,
            Self::FactorRemoved,
            Self::FactorRenamed,
            Self::FactorName,
            Self::LastFactor,
            Self::BackupCodesSaved,
            Self::CodeSent,
            Self::WrongCredentials,
            Self::WrongPassword,
            Self::Throttled { minutes: 10 },
            Self::CheckFields,
            Self::WrongMailCode,
            Self::WrongCode,
            Self::ClockSkewed { minutes: 3 },
            Self::WrongBackupCode,
            Self::WrongSentCode,
            Self::TooManyCodes { minutes: 2 },
            Self::WayNotAvailable,
            Self::TooManyFactors,
            Self::LinkUsedUp,
            Self::FlowExpired,
            Self::SessionEnded,
            Self::SessionIdle,
            Self::SessionExpired,
            Self::SessionEndedElsewhere,
            Self::SessionEndedByPassword,
            Self::SessionEndedByFactor,
            Self::SessionEndedByDevice,
            Self::SessionEndedByReport,
            Self::SessionTooMany,
            Self::DeviceRenamed,
            Self::DeviceUntrusted,
            Self::DeviceForgotten,
            Self::DeviceDisowned,
            Self::AccountSecured,
            Self::FinishSecuring,
            Self::FactorsGoing,
            Self::FactorsKept,
            Self::FactorsOnHold { put_off: false },
            Self::FactorsOnHold { put_off: true },
            Self::PolicyNetwork {
                organization: "Acme".into(),
                ip: "192.0.2.7".into(),
            },
            Self::OtherAccountNeeded,
            Self::SignInAgain,
            Self::ConfirmEmail,
            Self::ConfirmNewAddress,
            Self::MailSent,
            Self::PasswordReset,
            Self::PasswordChanged {
                signed_out_elsewhere: true,
            },
            Self::PasswordChanged {
                signed_out_elsewhere: false,
            },
            Self::EmailVerified,
            Self::EmailVerifiedElsewhere,
            Self::SessionEndedByYou,
            Self::OtherSessionsEnded { count: 3 },
            Self::AccessRemoved { app: "Chat".into() },
            Self::PasskeyUnknown,
            Self::PasskeyRefused,
            Self::PasskeyAdded,
            Self::PasskeyRenamed,
            Self::PasskeyRemoved,
            Self::TooManyPasskeys,
            Self::LastPasskey,
            Self::PasskeyName,
            Self::Saved,
            Self::EmailChanged,
            Self::EmailUndone,
            Self::ChangedElsewhere,
            Self::ConfirmFirst,
            Self::LastAdministrator,
            Self::ManagedByFile,
        ]
    }
}

#[derive(Serialize)]
struct AlertView {
    tone: Tone,
    /// Errors are announced at once and put "Error:" into the title.
    error: bool,
    focus: bool,
    #[serde(flatten)]
    text: Text,
}

impl Serialize for Alert {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tone = self.tone();
        AlertView {
            tone,
            error: tone == Tone::Danger,
            focus: self.takes_focus(),
            text: self.text(),
        }
        .serialize(serializer)
    }
}

/// An instant of the samples, `minutes` before [`crate::PageFrame::sample`]'s now.
pub(crate) const fn minutes_ago(minutes: i64) -> Timestamp {
    Timestamp(1_795_296_840_000 - minutes * 60_000)
}
