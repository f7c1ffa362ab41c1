//! Making an account, and proving an address by code or link.

use serde::Serialize;

use crate::form::{Field, Hidden};
use crate::notice::{Alert, FieldError};
use crate::page::Page;
use crate::password::PasswordRules;

/// `auth/sign_up`: posts `name`, `email`, `password`.
#[derive(Clone, Debug, Serialize)]
pub struct SignUp {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub name: Field,
    pub email: Field,
    pub password: Field,
    pub rules: PasswordRules,
    /// Passkeys are offered here: the script says in `passkeys` (value `1`) whether this browser can make one.
    pub passkeys: bool,
    pub alert: Option<Alert>,
    pub sign_in_url: String,
}

impl Page for SignUp {
    const TEMPLATE: &'static str = "pages/auth/sign_up.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/register".into(),
            hidden: Vec::new(),
            name: Field::name().focused(),
            email: Field::email(),
            password: Field::new_password(),
            rules: PasswordRules::sample(),
            passkeys: true,
            alert: None,
            sign_in_url: "/login/0190/identifier".into(),
        };
        let refused = Self {
            name: Field::name().with_value("Ana Petrova"),
            email: Field::email()
                .with_value("ana@acme")
                .with_error(FieldError::EmailFormat),
            password: Field::new_password().with_error(FieldError::TooShort { min: 12 }),
            alert: Some(Alert::CheckFields),
            ..plain.clone()
        };
        vec![("plain", plain), ("refused", refused)]
    }
}

/// `auth/verify`: "check your mail", with the code as the other way. Posts `code`; `resend_action` takes a POST of its own. Once the address
/// is confirmed elsewhere, the page says so, and its one button posts to `action` without a code.
#[derive(Clone, Debug, Serialize)]
pub struct Verify {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub email: String,
    /// The sender's address, so that the mail can be found.
    pub sender: Option<String>,
    pub code: Field,
    pub resend_action: String,
    /// Seconds until another mail may be asked for; 0 when it may be now.
    pub resend_after: u32,
    pub change_url: Option<String>,
    /// Confirmed elsewhere: there is nothing left to type here.
    pub confirmed: bool,
    pub alert: Option<Alert>,
}

impl Page for Verify {
    const TEMPLATE: &'static str = "pages/auth/verify.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/register/verify".into(),
            hidden: vec![Hidden::new("registration", "0190")],
            email: "ana@acme.test".into(),
            sender: Some("no-reply@identity.example".into()),
            code: Field::code().focused(),
            resend_action: "/register/resend".into(),
            resend_after: 0,
            change_url: Some("/register".into()),
            confirmed: false,
            alert: None,
        };
        let confirmed = Self {
            confirmed: true,
            ..plain.clone()
        };
        let wrong = Self {
            code: Field::code().with_error(FieldError::WrongCode),
            alert: Some(Alert::WrongMailCode),
            ..plain.clone()
        };
        let resent = Self {
            resend_after: 60,
            alert: Some(Alert::MailSent),
            ..plain.clone()
        };
        vec![
            ("plain", plain),
            ("wrong-code", wrong),
            ("resent", resent),
            ("confirmed", confirmed),
        ]
    }
}

/// What a mailed link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    VerifyEmail,
    ResetPassword,
    SignIn,
    /// A new address of an existing account.
    NewEmail,
    /// The old address takes a change back.
    UndoEmail,
    CancelDeletion,
    /// "Was this you?"; has a page of its own while it can be answered.
    Report,
    /// The removal of second factors; has a page of its own while it can be begun or stopped.
    FactorRecovery,
}

/// `auth/link_confirm`: where a mailed link leads. The GET changes nothing, because mail scanners follow links; the
/// button's POST does it.
#[derive(Clone, Debug, Serialize)]
pub struct LinkConfirm {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub purpose: LinkPurpose,
    /// `None` when the link is used up or expired: then the address is not told.
    pub email: Option<String>,
    /// False: the link can't be used any more; `new_link_url` is the way on, which is not always another link.
    pub usable: bool,
    pub new_link_url: Option<String>,
}

impl Page for LinkConfirm {
    const TEMPLATE: &'static str = "pages/auth/link_confirm.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let with = |purpose| Self {
            action: "/link/confirm".into(),
            hidden: vec![Hidden::new("token", "sample")],
            purpose,
            email: Some("ana@acme.test".into()),
            usable: true,
            new_link_url: None,
        };
        let used = |purpose| Self {
            email: None,
            usable: false,
            new_link_url: Some("/recover".into()),
            ..with(purpose)
        };
        vec![
            ("verify-email", with(LinkPurpose::VerifyEmail)),
            ("reset-password", with(LinkPurpose::ResetPassword)),
            ("sign-in", with(LinkPurpose::SignIn)),
            ("new-email", with(LinkPurpose::NewEmail)),
            ("undo-email", with(LinkPurpose::UndoEmail)),
            ("cancel-deletion", with(LinkPurpose::CancelDeletion)),
            ("used", used(LinkPurpose::ResetPassword)),
            ("used-verify-email", used(LinkPurpose::VerifyEmail)),
            ("used-sign-in", used(LinkPurpose::SignIn)),
            ("used-new-email", used(LinkPurpose::NewEmail)),
            ("used-undo-email", used(LinkPurpose::UndoEmail)),
            ("used-cancel-deletion", used(LinkPurpose::CancelDeletion)),
            ("used-report", used(LinkPurpose::Report)),
            ("used-factor-recovery", used(LinkPurpose::FactorRecovery)),
        ]
    }
}
