//! Second factors inside a sign-in: proving one, choosing another way, setting one up, keeping backup codes.

use identity_domain::factor::Method;
use identity_domain::time::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::engine::Engine;
use crate::form::{Field, Hidden};
use crate::i18n;
use crate::notice::{Alert, FieldError, Text, minutes_ago};
use crate::page::Page;
use crate::passkey::PasskeyForm;

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
            alert: None,
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
            alert: None,
        };
        vec![("plain", plain)]
    }
}

/// `auth/lost_factors`: nothing can be used. Never a dead end: a recovery that takes its time, or an administrator.
#[derive(Clone, Debug, Serialize)]
pub struct LostFactors {
    pub email: String,
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
            back_url: None,
            recover_action: None,
            ..plain.clone()
        };
        vec![
            ("plain", plain),
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

/// A picture made of squares, as the path of an SVG.
#[derive(Clone, Debug, Serialize)]
pub struct QrCode {
    /// Squares on a side, without the quiet zone.
    pub size: usize,
    /// `d` of the path, one unit per square.
    pub path: String,
}

/// `auth/enrol_totp`: scan, name, type the code. Posts `name` and `code`. The account pages use it too.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolTotp {
    pub action: String,
    pub hidden: Vec<Hidden>,
    /// `None` when the address is too long for a picture.
    pub qr: Option<QrCode>,
    /// The key in groups of four.
    pub key: String,
    /// The `otpauth:` address, for phones.
    pub uri: String,
    pub issuer: String,
    pub account: String,
    pub name: Field,
    pub code: Field,
    pub back_url: String,
    pub alert: Option<Alert>,
}

impl Page for EnrolTotp {
    const TEMPLATE: &'static str = "pages/auth/enrol_totp.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/login/0190/enrol".into(),
            hidden: vec![Hidden::new("method", "totp")],
            qr: Some(QrCode {
                size: 25,
                path: "M0 0h7v7h-7zM1 1v5h5v-5zM2 2h3v3h-3zM18 0h7v7h-7zM19 1v5h5v-5zM20 2h3v3h-3z\
                       M0 18h7v7h-7zM1 19v5h5v-5zM2 20h3v3h-3zM9 1h1v3h-1zM12 5h4v1h-4zM9 9h3v2h-3z\
                       M15 12h2v4h-2zM20 10h3v1h-3zM11 17h5v1h-5zM18 20h3v2h-3zM10 22h2v2h-2z"
                    .into(),
            }),
            key: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP".into(),
            uri: "otpauth://totp/Acme%20ID:ana%40acme.test?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme%20ID"
                .into(),
            issuer: "Acme ID".into(),
            account: "ana@acme.test".into(),
            name: Field::factor_name().with_value("Authenticator app"),
            code: Field::one_time_code(),
            back_url: "/login/0190/enrol".into(),
            alert: None,
        };
        let wrong = Self {
            code: Field::one_time_code().with_error(FieldError::WrongCode),
            alert: Some(Alert::WrongCode),
            ..plain.clone()
        };
        vec![("plain", plain), ("wrong", wrong)]
    }
}

/// `auth/backup_codes`: shown until they are saved. Posts `saved` (value `1`). The account pages use it too.
#[derive(Clone, Debug, Serialize)]
pub struct BackupCodes {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub codes: Vec<String>,
    pub account: String,
    pub made_at: Timestamp,
    /// A GET that answers with the text file.
    pub file_url: String,
    /// The box was not ticked.
    pub error: Option<FieldError>,
    /// A factor was set up just now.
    pub after_enrolment: bool,
    pub alert: Option<Alert>,
}

impl Page for BackupCodes {
    const TEMPLATE: &'static str = "pages/auth/backup_codes.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let codes = [
            "k3mz-9x2p-7wqa-t5rh",
            "0f8d-n4vj-2c6y-bqse",
            "7hpx-w1kt-9zma-3g5r",
            "q2vn-8ydc-4jfe-06sb",
            "mt7a-x5hz-1kpw-9rq3",
            "c4ge-2bns-v8jd-6yf0",
            "5rwx-k9tp-7qzh-m3a1",
            "d0sb-6fcy-j4ne-8g2v",
            "z1mk-p7wh-3xta-5q9r",
            "e8yj-4vdc-n2fs-0bg6",
        ];
        let plain = Self {
            action: "/login/0190/backup_codes".into(),
            hidden: vec![],
            codes: codes.iter().map(ToString::to_string).collect(),
            account: "ana@acme.test".into(),
            made_at: minutes_ago(0),
            file_url: "/login/0190/backup_codes/file".into(),
            error: None,
            after_enrolment: true,
            alert: None,
        };
        let unsaved = Self {
            error: Some(FieldError::TickSaved),
            alert: Some(Alert::CheckFields),
            ..plain.clone()
        };
        vec![("plain", plain), ("unsaved", unsaved)]
    }
}

impl EnrolTotp {
    /// How an app is called until its owner says otherwise.
    pub fn default_name(engine: &Engine, locale: &str) -> String {
        engine.text(locale, &Text::new("mfa-way-totp", []))
    }
}

impl BackupCodes {
    /// The text file: whose codes they are, when they were made, and the codes.
    pub fn file(&self, engine: &Engine, locale: &str) -> String {
        let product = engine.product();
        let date: String = i18n::iso(self.made_at.millis()).chars().take(10).collect();
        let head = [
            Text::new("mfa-file-title", [("product", json!(product))]),
            Text::new("mfa-file-account", [("account", json!(self.account))]),
            Text::new("mfa-file-made", [("date", json!(date))]),
            Text::new("mfa-file-once", []),
        ];
        let head = head.iter().map(|text| engine.text(locale, text));
        let lines: Vec<String> = head
            .chain(std::iter::once(String::new()))
            .chain(self.codes.iter().cloned())
            .collect();
        // Windows editors show the lines apart only so.
        lines.join("\r\n") + "\r\n"
    }
}

/// How far the removal of all second factors is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryStage {
    /// The button starts the wait.
    Begin,
    /// It runs.
    Begun,
    /// The button stops it.
    Keep,
    /// It was stopped.
    Kept,
}

/// `auth/factor_recovery`: where the mailed links about lost second factors lead. The GET changes nothing.
#[derive(Clone, Debug, Serialize)]
pub struct FactorRecovery {
    pub stage: RecoveryStage,
    pub action: String,
    pub email: String,
    pub hours: i64,
    /// When everything is removed.
    pub removed_at: Option<Timestamp>,
    pub recover_url: String,
}

impl Page for FactorRecovery {
    const TEMPLATE: &'static str = "pages/auth/factor_recovery.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let with = |stage| Self {
            stage,
            action: "/recover/factors/sample".into(),
            email: "ana@acme.test".into(),
            hours: 72,
            removed_at: (stage == RecoveryStage::Begun).then(|| minutes_ago(-72 * 60)),
            recover_url: "/recover".into(),
        };
        vec![
            ("begin", with(RecoveryStage::Begin)),
            ("begun", with(RecoveryStage::Begun)),
            ("keep", with(RecoveryStage::Keep)),
            ("kept", with(RecoveryStage::Kept)),
        ]
    }
}
