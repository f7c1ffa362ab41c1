//! A forgotten password: ask, answer neutrally, set a new one.

use serde::Serialize;

use crate::form::{Field, Hidden};
use crate::notice::{Alert, FieldError};
use crate::page::Page;
use crate::password::PasswordRules;

/// `auth/recover`: posts `identifier`.
#[derive(Clone, Debug, Serialize)]
pub struct Recover {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub identifier: Field,
    pub alert: Option<Alert>,
    pub sign_in_url: Option<String>,
}

impl Page for Recover {
    const TEMPLATE: &'static str = "pages/auth/recover.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/recover".into(),
            hidden: Vec::new(),
            identifier: Field::identifier().focused(),
            alert: None,
            sign_in_url: Some("/login/0190/identifier".into()),
        };
        let empty = Self {
            identifier: Field::identifier().with_error(FieldError::EnterIdentifier),
            alert: Some(Alert::CheckFields),
            ..plain.clone()
        };
        vec![("plain", plain), ("empty", empty)]
    }
}

/// `auth/recover_sent`: the same answer whether or not the account exists (W-03). Posts `code` for those who read their mail on
/// another device.
#[derive(Clone, Debug, Serialize)]
pub struct RecoverSent {
    pub action: String,
    pub hidden: Vec<Hidden>,
    /// As it was typed.
    pub address: String,
    pub sender: Option<String>,
    pub code: Field,
    pub resend_action: String,
    pub resend_after: u32,
    pub change_url: Option<String>,
    /// For whom the new password was set meanwhile, elsewhere.
    pub sign_in_url: String,
    pub alert: Option<Alert>,
}

impl Page for RecoverSent {
    const TEMPLATE: &'static str = "pages/auth/recover_sent.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/recover/code".into(),
            hidden: vec![Hidden::new("recovery", "0190")],
            address: "ana@acme.test".into(),
            sender: Some("no-reply@identity.example".into()),
            code: Field::code(),
            resend_action: "/recover/resend".into(),
            resend_after: 60,
            change_url: Some("/recover".into()),
            sign_in_url: "/login/0190".into(),
            alert: None,
        };
        let wrong = Self {
            code: Field::code().with_error(FieldError::WrongCode),
            alert: Some(Alert::WrongMailCode),
            resend_after: 0,
            ..plain.clone()
        };
        vec![("plain", plain), ("wrong-code", wrong)]
    }
}

/// `auth/reset_password`: posts `password`.
#[derive(Clone, Debug, Serialize)]
pub struct ResetPassword {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub email: String,
    /// A sign-up in another browser is confirmed here: nothing was forgotten, and the page says why a password is chosen.
    pub signed_up_elsewhere: bool,
    pub new: Field,
    pub rules: PasswordRules,
    pub alert: Option<Alert>,
}

impl Page for ResetPassword {
    const TEMPLATE: &'static str = "pages/auth/reset_password.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/recover/password".into(),
            hidden: vec![Hidden::new("recovery", "0190")],
            email: "ana@acme.test".into(),
            signed_up_elsewhere: false,
            new: Field::new_password().focused(),
            rules: PasswordRules::sample(),
            alert: None,
        };
        let refused = Self {
            new: Field::new_password().with_error(FieldError::CommonPassword),
            alert: Some(Alert::CheckFields),
            ..plain.clone()
        };
        let elsewhere = Self {
            signed_up_elsewhere: true,
            ..plain.clone()
        };
        vec![
            ("plain", plain),
            ("refused", refused),
            ("signed-up-elsewhere", elsewhere),
        ]
    }
}
