//! Every page and every mail there is: one line each. Checks, gallery and documentation walk these lists.

use minijinja::Value;
use minijinja::value::Serde;

use crate::page::Page;
use crate::{
    account, consent, dev, device, entry_report, errors, factor, form_post, login, logout, mail,
    passkey, password, person, recovery, registration, secure, security,
};

/// A page without its type.
#[derive(Clone, Copy)]
pub struct Entry {
    pub template: &'static str,
    /// Named sample contexts.
    pub samples: fn() -> Vec<(&'static str, Value)>,
}

fn entry<P: Page + Send + Sync + 'static>() -> Entry {
    Entry {
        template: P::TEMPLATE,
        samples: || {
            P::samples()
                .into_iter()
                .map(|(name, page)| (name, Value::from(Serde(&page))))
                .collect()
        },
    }
}

/// All pages.
pub fn pages() -> Vec<Entry> {
    vec![
        entry::<login::SignIn>(),
        entry::<login::Password>(),
        entry::<login::SelectAccount>(),
        entry::<factor::SecondFactor>(),
        entry::<factor::ChooseFactor>(),
        entry::<factor::LostFactors>(),
        entry::<factor::Enrol>(),
        entry::<factor::EnrolTotp>(),
        entry::<factor::EnrolPhone>(),
        entry::<factor::EnrolEmail>(),
        entry::<factor::BackupCodes>(),
        entry::<factor::FactorRecovery>(),
        entry::<consent::Consent>(),
        entry::<logout::Logout>(),
        entry::<logout::LoggedOut>(),
        entry::<registration::SignUp>(),
        entry::<registration::Verify>(),
        entry::<registration::LinkConfirm>(),
        entry::<recovery::Recover>(),
        entry::<recovery::RecoverSent>(),
        entry::<recovery::ResetPassword>(),
        entry::<password::ChangePassword>(),
        entry::<password::MustChangePassword>(),
        entry::<form_post::FormPost>(),
        entry::<account::AccountHome>(),
        entry::<security::AccountSecurity>(),
        entry::<security::AccountPhone>(),
        entry::<account::AccountSessions>(),
        entry::<device::AccountDevices>(),
        entry::<account::AccountApplications>(),
        entry::<secure::AccountSecure>(),
        entry::<entry_report::EntryReport>(),
        entry::<secure::SignInReport>(),
        entry::<secure::SignInReported>(),
        entry::<passkey::AccountPasskeys>(),
        entry::<passkey::AccountAddPasskey>(),
        entry::<passkey::EnrolPasskey>(),
        entry::<passkey::OfferPasskey>(),
        entry::<person::AccountProfile>(),
        entry::<person::AccountEmail>(),
        entry::<person::AccountEmailSent>(),
        entry::<person::AccountActivity>(),
        entry::<person::AccountData>(),
        entry::<person::AccountDelete>(),
        entry::<person::AccountNotifications>(),
        entry::<person::Deletion>(),
        entry::<errors::ErrorPage>(),
        entry::<errors::FlowExpired>(),
        entry::<errors::AlreadySignedIn>(),
        entry::<errors::CookiesBlocked>(),
        entry::<errors::TabFinished>(),
        entry::<errors::AppMisconfigured>(),
        entry::<errors::WrongHost>(),
        entry::<errors::Throttled>(),
        entry::<errors::LockedByAdmin>(),
        entry::<errors::AddressTaken>(),
        entry::<dev::DevMail>(),
    ]
}

/// A mail without its type.
#[derive(Clone, Copy)]
pub struct MailEntry {
    /// Stem of the three files `mail/<name>.{subject.txt,txt,html}`.
    pub name: &'static str,
    /// Named sample contexts.
    pub samples: fn() -> Vec<(&'static str, Value)>,
}

fn mail_entry<M: mail::Mail + Send + Sync + 'static>() -> MailEntry {
    MailEntry {
        name: M::NAME,
        samples: || {
            M::samples()
                .into_iter()
                .map(|(name, mail)| (name, Value::from(Serde(&mail))))
                .collect()
        },
    }
}

/// All mails.
pub fn mails() -> Vec<MailEntry> {
    vec![
        mail_entry::<mail::VerifyEmail>(),
        mail_entry::<mail::AlreadyRegistered>(),
        mail_entry::<mail::Recover>(),
        mail_entry::<mail::RecoverUnknown>(),
        mail_entry::<mail::PasswordChanged>(),
        mail_entry::<mail::notices::NewSignIn>(),
        mail_entry::<mail::notices::ManyFailures>(),
        mail_entry::<mail::notices::MemberReported>(),
        mail_entry::<mail::person::ConfirmNewEmail>(),
        mail_entry::<mail::person::EmailChanged>(),
        mail_entry::<mail::person::DeletionRequested>(),
        mail_entry::<mail::person::AppConnected>(),
        mail_entry::<mail::factors::SecondFactorCode>(),
        mail_entry::<mail::factors::FactorAdded>(),
        mail_entry::<mail::factors::FactorRemoved>(),
        mail_entry::<mail::passkey::PasskeySuspected>(),
        mail_entry::<mail::factors::BackupCodesMade>(),
        mail_entry::<mail::factors::WrongSecondFactor>(),
        mail_entry::<mail::second_step::BackupCodeUsed>(),
        mail_entry::<mail::second_step::FactorRecovery>(),
        mail_entry::<mail::second_step::FactorRecoveryWaiting>(),
        mail_entry::<mail::second_step::FactorsOnHold>(),
        mail_entry::<mail::second_step::FactorRecoveryCancelled>(),
        mail_entry::<mail::second_step::FactorsRemoved>(),
    ]
}
