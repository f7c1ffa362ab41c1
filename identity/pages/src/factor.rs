//! Second factors inside a sign-in: proving one, choosing another way, setting one up.

use identity_domain::factor::Method;
use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::form::{Field, Hidden};
use crate::notice::{Alert, FieldError, minutes_ago};
use crate::page::Page;
use crate::passkey::PasskeyForm;

pub use crate::enrolment::{
    BackupCodes, EnrolEmail, EnrolPhone, EnrolTotp, FactorRecovery, QrCode, RecoveryStage,
};

/// One way to go on: a row with an icon, a title and one line.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    pub method: Method,
    pub url: String,
    /// The strongest of the list.
    pub recommended: bool,
    /// Backup codes left, for their row.
    pub left: Option<usize>,
}

impl Way {
    fn samples(path: &str, methods: &[Method]) -> Vec<Self> {
        methods
            .iter()
            .enumerate()
            .map(|(at, method)| Self {
                method: *method,
                url: format!("{path}?method={}", method.as_str()),
                recommended: at == 0,
                left: (*method == Method::BackupCode).then_some(8),
            })
            .collect()
    }
}

/// The check box `trust_device` (value `1`): "Don't ask again on this device".
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Trust {
    pub days: i64,
    pub checked: bool,
}

/// Sending of a code: the form `resend_action` posts `method`.
#[derive(Clone, Debug, Serialize)]
pub struct Sending {
    pub action: String,
    pub hidden: Vec<Hidden>,
    /// Seconds after which another code may be asked for.
    pub after: u32,
    /// A code is on its way; before that, the page offers to send one.
    pub sent: bool,
    /// Where it goes: the address, or a number without its middle.
    pub receiver: String,
}

/// `auth/second_factor`: one field or one button for the method in hand, and the other ways. Posts `method` and `code`, or
/// `credential` for a passkey.
#[derive(Clone, Debug, Serialize)]
pub struct SecondFactor {
    pub action: String,
    /// Holds `method`.
    pub hidden: Vec<Hidden>,
    pub email: String,
    pub not_you_url: String,
    pub method: Method,
    /// The entry of the authenticator app, where there is one.
    pub app: Option<String>,
    pub code: Field,
    pub sending: Option<Sending>,
    pub passkey: Option<PasskeyForm>,
    pub trust: Option<Trust>,
    pub others: Vec<Way>,
    /// Where somebody goes who can use none of them.
    pub lost_url: String,
    /// It is asked because the person is about to change how they sign in.
    pub to_change: bool,
    /// Somebody said that the ways are not the owner's: they go then, unless one of them is used.
    pub held_until: Option<Timestamp>,
    pub alert: Option<Alert>,
}

const PATH: &str = "/login/0190/second_factor";

impl SecondFactor {
    fn sample(method: Method) -> Self {
        let numeric = matches!(method, Method::Totp | Method::Email | Method::Sms);
        let others: Vec<Method> = [Method::Webauthn, Method::Totp, Method::BackupCode]
            .into_iter()
            .filter(|other| *other != method)
            .collect();
        Self {
            action: PATH.into(),
            hidden: vec![Hidden::new("method", method.as_str())],
            email: "ana@acme.test".into(),
            not_you_url: "/login/0190/restart?account=another".into(),
            method,
            app: (method == Method::Totp).then(|| "Acme ID (ana@acme.test)".into()),
            code: if numeric {
                Field::one_time_code().focused()
            } else {
                Field::backup_code().focused()
            },
            sending: matches!(method, Method::Email | Method::Sms).then(|| Sending {
                action: format!("{PATH}/send"),
                hidden: vec![Hidden::new("method", method.as_str())],
                after: 30,
                sent: true,
                receiver: if method == Method::Sms {
                    "+49 ··· 678".into()
                } else {
                    "ana@acme.test".into()
                },
            }),
            passkey: (method == Method::Webauthn).then(|| PasskeyForm::new(PATH)),
            trust: Some(Trust {
                days: 30,
                checked: false,
            }),
            others: Way::samples(PATH, &others)
                .into_iter()
                .map(|way| Way {
                    recommended: false,
                    ..way
                })
                .collect(),
            lost_url: format!("{PATH}?method=lost"),
            to_change: false,
            held_until: None,
            alert: None,
        }
    }
}

impl SecondFactor {
    fn held_sample() -> Self {
        Self {
            held_until: Some(minutes_ago(-72 * 60)),
            ..Self::sample(Method::Totp)
        }
    }
}

impl Page for SecondFactor {
    const TEMPLATE: &'static str = "pages/auth/second_factor.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let app = Self::sample(Method::Totp);
        let wrong = Self {
            code: Field::one_time_code().with_error(FieldError::WrongCode),
            alert: Some(Alert::WrongCode),
            ..app.clone()
        };
        let skewed = Self {
            code: Field::one_time_code().with_error(FieldError::WrongCode),
            alert: Some(Alert::ClockSkewed { minutes: 2 }),
            ..app.clone()
        };
        let step_up = Self {
            to_change: true,
            trust: None,
            ..app.clone()
        };
        let backup = Self {
            trust: None,
            ..Self::sample(Method::BackupCode)
        };
        let wrong_backup = Self {
            code: Field::backup_code().with_error(FieldError::WrongCode),
            alert: Some(Alert::WrongBackupCode),
            ..backup.clone()
        };
        let unsent = Self::sample(Method::Email);
        let unsent = Self {
            sending: unsent.sending.clone().map(|sending| Sending {
                sent: false,
                ..sending
            }),
            ..unsent
        };
        let throttled = Self {
            code: Field::one_time_code(),
            alert: Some(Alert::TooManyCodes { minutes: 2 }),
            ..app.clone()
        };
        let alone = Self {
            others: Vec::new(),
            app: None,
            trust: None,
            ..app.clone()
        };
        vec![
            ("app", app),
            ("wrong", wrong),
            ("skewed", skewed),
            ("throttled", throttled),
            ("step-up", step_up),
            ("alone", alone),
            ("held", Self::held_sample()),
            ("passkey", Self::sample(Method::Webauthn)),
            ("sms", Self::sample(Method::Sms)),
            ("mail", Self::sample(Method::Email)),
            ("mail-unsent", unsent),
            ("backup-code", backup),
            ("wrong-backup-code", wrong_backup),
        ]
    }
}

/// `auth/choose_factor`: all ways there are, strongest first.
#[derive(Clone, Debug, Serialize)]
pub struct ChooseFactor {
    pub email: String,
    pub not_you_url: String,
    pub ways: Vec<Way>,
    pub lost_url: String,
    /// As on [`SecondFactor`].
    pub held_until: Option<Timestamp>,
    pub alert: Option<Alert>,
}

impl Page for ChooseFactor {
    const TEMPLATE: &'static str = "pages/auth/choose_factor.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            email: "ana@acme.test".into(),
            not_you_url: "/login/0190/restart?account=another".into(),
            ways: Way::samples(PATH, &Method::ALL),
            lost_url: format!("{PATH}?method=lost"),
            held_until: None,
            alert: None,
        };
        vec![("plain", plain)]
    }
}

/// `auth/lost_factors`: nothing can be used. Never a dead end: a recovery that takes its time, or an administrator.
#[derive(Clone, Debug, Serialize)]
pub struct LostFactors {
    pub email: String,
    /// To the page that asks for a backup code, where some are left.
    pub codes_url: Option<String>,
    /// Somebody administers the account, or is the only way left.
    pub has_administrator: bool,
    /// Posts nothing but its token: a mail with a link is sent. `None` while that is not possible.
    pub recover_action: Option<String>,
    /// Hours between the mail and the end of the old factors.
    pub hours: i64,
    /// A mail was sent just now.
    pub sent: bool,
    /// The recovery is running: the factors are removed then.
    pub removed_at: Option<Timestamp>,
    /// Back to the ways there are; `None` when there is none.
    pub back_url: Option<String>,
    pub not_you_url: String,
    pub alert: Option<Alert>,
}

impl Page for LostFactors {
    const TEMPLATE: &'static str = "pages/auth/lost_factors.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            email: "ana@acme.test".into(),
            codes_url: Some(format!("{PATH}?method=backup_code")),
            has_administrator: true,
            recover_action: Some("/login/0190/second_factor/recover".into()),
            hours: 72,
            sent: false,
            removed_at: None,
            back_url: Some(PATH.into()),
            not_you_url: "/login/0190/restart?account=another".into(),
            alert: None,
        };
        let sent = Self {
            sent: true,
            ..plain.clone()
        };
        let waiting = Self {
            recover_action: None,
            removed_at: Some(minutes_ago(-60 * 48)),
            ..plain.clone()
        };
        let nothing = Self {
            codes_url: None,
            back_url: None,
            recover_action: None,
            ..plain.clone()
        };
        let alone = Self {
            codes_url: None,
            has_administrator: false,
            ..plain.clone()
        };
        vec![
            ("plain", plain),
            ("alone", alone),
            ("sent", sent),
            ("waiting", waiting),
            ("administrator", nothing),
        ]
    }
}

/// `auth/enrol`: a second factor is required and there is none yet. Says who requires it and until when it can wait.
#[derive(Clone, Debug, Serialize)]
pub struct Enrol {
    pub email: String,
    pub not_you_url: String,
    pub ways: Vec<Way>,
    /// Posts nothing but its token.
    pub skip_action: Option<String>,
    /// Until when it can wait, where it can.
    pub skip_until: Option<Timestamp>,
    /// The application asks for it, not the organization or the instance.
    pub asked_by_app: bool,
    pub alert: Option<Alert>,
}

impl Page for Enrol {
    const TEMPLATE: &'static str = "pages/auth/enrol.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            email: "ana@acme.test".into(),
            not_you_url: "/login/0190/restart?account=another".into(),
            ways: Way::samples(
                "/login/0190/enrol",
                &[Method::Webauthn, Method::Totp, Method::Sms],
            ),
            skip_action: Some("/login/0190/enrol/skip".into()),
            skip_until: Some(minutes_ago(-60 * 24 * 6)),
            asked_by_app: false,
            alert: None,
        };
        let now = Self {
            skip_action: None,
            skip_until: None,
            ..plain.clone()
        };
        let app = Self {
            asked_by_app: true,
            ..now.clone()
        };
        let nothing = Self {
            ways: Vec::new(),
            ..now.clone()
        };
        vec![
            ("grace", plain),
            ("now", now),
            ("app", app),
            ("nothing", nothing),
        ]
    }
}
