//! Mails about second factors: a code, and the notices of every change.

use serde::Serialize;

use super::{Mail, Origin, REPORT};

/// A code that proves the second step of a sign-in.
#[derive(Clone, Debug, Serialize)]
pub struct SecondFactorCode {
    pub to: String,
    /// Six digits.
    pub code: String,
    pub valid_minutes: i64,
    pub origin: Origin,
}

impl Mail for SecondFactorCode {
    const NAME: &'static str = "second_factor_code";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            code: "048213".into(),
            valid_minutes: 10,
            origin: Origin::bare(),
        };
        vec![("plain", plain)]
    }
}

/// Ways to prove oneself: `webauthn`, `totp`, `sms`, `email`. Templates ask for `t("factor-" ~ mail.method)`.
type Method = &'static str;

/// A second factor was set up.
#[derive(Clone, Debug, Serialize)]
pub struct FactorAdded {
    pub to: String,
    pub method: Method,
    /// Its name, or the number without its middle.
    pub label: Option<String>,
    /// "This wasn't me".
    pub no_url: String,
    /// Where to look at it.
    pub security_url: String,
    pub origin: Origin,
}

impl Mail for FactorAdded {
    const NAME: &'static str = "factor_added";

    fn samples() -> Vec<(&'static str, Self)> {
        let app = Self {
            to: "ana@acme.test".into(),
            method: "totp",
            label: Some("Work phone".into()),
            no_url: REPORT.into(),
            security_url: "https://id.acme.example/account/security".into(),
            origin: Origin::without_app(),
        };
        let with = |method, label: Option<&str>| Self {
            method,
            label: label.map(Into::into),
            ..app.clone()
        };
        vec![
            ("passkey", with("webauthn", Some("iCloud Keychain"))),
            ("sms", with("sms", Some("+49 ··· 678"))),
            ("email", with("email", None)),
            ("app", app),
        ]
    }
}

/// A second factor was taken away.
#[derive(Clone, Debug, Serialize)]
pub struct FactorRemoved {
    pub to: String,
    pub method: Method,
    /// Its name, or the number without its middle.
    pub label: Option<String>,
    /// "This wasn't me".
    pub no_url: String,
    /// Where to look.
    pub security_url: String,
    pub origin: Origin,
}

impl Mail for FactorRemoved {
    const NAME: &'static str = "factor_removed";

    fn samples() -> Vec<(&'static str, Self)> {
        let app = Self {
            to: "ana@acme.test".into(),
            method: "totp",
            label: Some("Old phone".into()),
            no_url: REPORT.into(),
            security_url: "https://id.acme.example/account/security".into(),
            origin: Origin::without_app(),
        };
        let email = Self {
            method: "email",
            label: None,
            ..app.clone()
        };
        vec![("app", app), ("email", email)]
    }
}

/// New backup codes replaced the old ones.
#[derive(Clone, Debug, Serialize)]
pub struct BackupCodesMade {
    pub to: String,
    /// "This wasn't me".
    pub no_url: String,
    /// Where to look.
    pub security_url: String,
    pub origin: Origin,
}

impl Mail for BackupCodesMade {
    const NAME: &'static str = "backup_codes_made";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            no_url: REPORT.into(),
            security_url: "https://id.acme.example/account/security".into(),
            origin: Origin::without_app(),
        };
        vec![("plain", plain)]
    }
}

/// Somebody knew the password and failed at the second step.
#[derive(Clone, Debug, Serialize)]
pub struct WrongSecondFactor {
    pub to: String,
    /// Where to choose another password.
    pub recover_url: String,
    pub origin: Origin,
}

impl Mail for WrongSecondFactor {
    const NAME: &'static str = "wrong_second_factor";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            recover_url: "https://id.acme.example/recover".into(),
            origin: Origin::without_app(),
        };
        vec![("plain", plain)]
    }
}
