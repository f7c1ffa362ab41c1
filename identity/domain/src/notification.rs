//! Mails by meaning; the theme writes them.

use serde::{Deserialize, Serialize};

use crate::audit::RequestContext;
use crate::factor::Method;
use crate::time::Timestamp;

/// When and from where something was done, as a mail tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Scene {
    /// When.
    pub at: Timestamp,
    /// From which address.
    pub address: String,
    /// With which browser, in words or raw.
    pub user_agent: String,
}

impl Scene {
    /// The scene of a request.
    pub fn of(context: &RequestContext, at: Timestamp) -> Self {
        Self {
            at,
            address: context.address.clone(),
            user_agent: context.user_agent.clone(),
        }
    }
}

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
    /// Prove a new address of an existing account.
    ConfirmNewEmail {
        /// Where the link leads.
        link: String,
        /// What may be typed instead.
        code: String,
        /// Until when.
        expires_at: Timestamp,
    },
    /// The address was changed; goes to the old one.
    EmailChanged {
        /// The new address.
        new: String,
        /// Takes the change back.
        undo_link: String,
        /// When.
        at: Timestamp,
        /// From which address.
        address: String,
        /// With which browser, raw.
        user_agent: String,
    },
    /// The deletion of the account was asked for.
    DeletionRequested {
        /// Takes it back.
        cancel_link: String,
        /// When it will be done.
        delete_at: Timestamp,
        /// When it was asked.
        at: Timestamp,
    },
    /// An application was connected to the account; may be switched off.
    AppConnected {
        /// Its name.
        app: String,
        /// The page that takes access back.
        applications_link: String,
        /// When.
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
        /// "This wasn't me".
        no_link: String,
        /// Where to choose another password.
        recover_link: String,
    },
    /// A code that proves a second factor.
    SecondFactorCode {
        /// Six digits.
        code: String,
        /// Until when.
        expires_at: Timestamp,
    },
    /// A second factor was set up.
    FactorAdded {
        /// Which way.
        method: Method,
        /// Its name, or the number without its middle; empty where there can be only one.
        label: String,
        /// When and from where.
        scene: Scene,
        /// "This wasn't me".
        no_link: String,
        /// Where to look at it.
        security_link: String,
    },
    /// A second factor was taken away.
    FactorRemoved {
        /// Which way.
        method: Method,
        /// Its name, or the number without its middle; empty where there can be only one.
        label: String,
        /// When and from where.
        scene: Scene,
        /// "This wasn't me".
        no_link: String,
        /// Where to look.
        security_link: String,
    },
    /// A passkey's counter went backwards: perhaps a copy exists. It is not accepted any more.
    PasskeySuspected {
        /// Its name.
        label: String,
        /// When and from where.
        scene: Scene,
        /// Where it is removed.
        passkeys_link: String,
    },
    /// New backup codes are in force; the old ones are dead.
    BackupCodesMade {
        /// When and from where.
        scene: Scene,
        /// "This wasn't me".
        no_link: String,
        /// Where to look.
        security_link: String,
    },
    /// A backup code was used to sign in.
    BackupCodeUsed {
        /// Codes left.
        left: usize,
        /// So few that new ones should be made (H-39).
        few: bool,
        /// When and from where.
        scene: Scene,
        /// "This wasn't me".
        no_link: String,
        /// Where new codes are made.
        security_link: String,
    },
    /// All second factors shall be removed: prove the address first.
    FactorRecovery {
        /// Where the link leads.
        link: String,
        /// When and from where it was asked.
        scene: Scene,
    },
    /// All second factors will be removed, unless somebody stops it.
    FactorRecoveryWaiting {
        /// When.
        removed_at: Timestamp,
        /// Where it is stopped.
        cancel_link: String,
        /// When and from where it was confirmed.
        scene: Scene,
    },
    /// The removal of all second factors was stopped.
    FactorRecoveryCancelled {
        /// When and from where.
        scene: Scene,
        /// Where to choose another password.
        recover_link: String,
    },
    /// All second factors are on hold and will be removed, because somebody said that they are not the owner's.
    FactorsOnHold {
        /// When.
        removed_at: Timestamp,
        /// When and from where it was said.
        scene: Scene,
        /// The sign-in page.
        sign_in_link: String,
    },
    /// All second factors were removed after the wait.
    FactorsRemoved {
        /// When.
        at: Timestamp,
        /// The sign-in page.
        sign_in_link: String,
    },
    /// The password was right and the second factor wrong (H-57).
    WrongSecondFactor {
        /// When and from where.
        scene: Scene,
        /// Where to choose another password.
        recover_link: String,
    },
    /// A sign-in that is unusual for the person (H-54).
    NewSignIn {
        /// When and from where.
        scene: Scene,
        /// ISO 3166-1 country, where known.
        country: Option<String>,
        /// The application it led to.
        app: Option<String>,
        /// The device is known, the country is not.
        is_new_country: bool,
        /// "Yes, it was me".
        yes_link: String,
        /// "This wasn't me".
        no_link: String,
    },
    /// To an administrator: a member said "This wasn't me" (H-53).
    MemberReported {
        /// The member's address.
        member: String,
        /// Which organization.
        organization: String,
        /// When it was said.
        at: Timestamp,
    },
    /// Many failed sign-ins within an hour (H-56).
    ManyFailures {
        /// How many.
        count: u32,
        /// The first of them.
        since: Timestamp,
        /// The last one.
        at: Timestamp,
        /// From how many addresses.
        addresses: u32,
        /// Where to look what there is to do.
        secure_link: String,
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
            Self::ConfirmNewEmail { .. } => "confirm_new_email",
            Self::EmailChanged { .. } => "email_changed",
            Self::DeletionRequested { .. } => "deletion_requested",
            Self::AppConnected { .. } => "app_connected",
            Self::PasswordChanged { .. } => "password_changed",
            Self::NewSignIn { .. } => "new_sign_in",
            Self::MemberReported { .. } => "member_reported",
            Self::ManyFailures { .. } => "many_failures",
            Self::SecondFactorCode { .. } => "second_factor_code",
            Self::FactorAdded { .. } => "factor_added",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::PasskeySuspected { .. } => "passkey_suspected",
            Self::BackupCodesMade { .. } => "backup_codes_made",
            Self::BackupCodeUsed { .. } => "backup_code_used",
            Self::FactorRecovery { .. } => "factor_recovery",
            Self::FactorRecoveryWaiting { .. } => "factor_recovery_waiting",
            Self::FactorRecoveryCancelled { .. } => "factor_recovery_cancelled",
            Self::FactorsOnHold { .. } => "factors_on_hold",
            Self::FactorsRemoved { .. } => "factors_removed",
            Self::WrongSecondFactor { .. } => "wrong_second_factor",
        }
    }
}
