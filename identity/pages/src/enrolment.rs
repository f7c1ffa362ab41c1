//! Setting second factors up, keeping backup codes, and the way back when all are lost.

use identity_domain::time::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::engine::Engine;
use crate::factor::Sending;
use crate::form::{Field, Hidden};
use crate::i18n::{self, Zone};
use crate::notice::{Alert, FieldError, Text, minutes_ago};
use crate::page::Page;
use crate::security::PhoneCode;

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

/// `auth/enrol_phone`: a number is typed, then the code that was sent to it. The first posts `phone` to `action`; what the second posts
/// stands in `sent`.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolPhone {
    pub action: String,
    pub phone: Field,
    /// A code is on its way.
    pub sent: Option<PhoneCode>,
    /// The number can be typed anew.
    pub number_url: String,
    pub back_url: String,
    pub alert: Option<Alert>,
}

impl Page for EnrolPhone {
    const TEMPLATE: &'static str = "pages/auth/enrol_phone.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let ask = Self {
            action: "/login/0190/enrol/phone".into(),
            phone: Field::phone().focused(),
            sent: None,
            number_url: "/login/0190/enrol?method=sms".into(),
            back_url: "/login/0190/enrol".into(),
            alert: None,
        };
        let wrong = Self {
            phone: Field::phone()
                .with_value("0151 12345678")
                .with_error(FieldError::PhoneFormat),
            alert: Some(Alert::CheckFields),
            ..ask.clone()
        };
        let code = Self {
            sent: Some(PhoneCode::sample("/login/0190/enrol", "sms")),
            ..ask.clone()
        };
        let wrong_code = Self {
            sent: Some(PhoneCode {
                code: Field::one_time_code().with_error(FieldError::WrongCode),
                resend_after: 0,
                ..PhoneCode::sample("/login/0190/enrol", "sms")
            }),
            alert: Some(Alert::WrongSentCode),
            ..ask.clone()
        };
        vec![
            ("ask", ask),
            ("wrong", wrong),
            ("code", code),
            ("wrong-code", wrong_code),
        ]
    }
}

/// `auth/enrol_email`: a code is sent to the proven address, then typed. The first posts `method` to `sending.action`, the second `method`
/// and `code` to `action`.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolEmail {
    pub action: String,
    /// Holds `method`.
    pub hidden: Vec<Hidden>,
    pub sending: Sending,
    pub code: Field,
    pub back_url: String,
    pub alert: Option<Alert>,
}

impl Page for EnrolEmail {
    const TEMPLATE: &'static str = "pages/auth/enrol_email.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let code = Self {
            action: "/login/0190/enrol".into(),
            hidden: vec![Hidden::new("method", "email")],
            sending: Sending {
                action: "/login/0190/enrol/email".into(),
                hidden: vec![Hidden::new("method", "email")],
                after: 30,
                sent: true,
                receiver: "ana@acme.test".into(),
            },
            code: Field::one_time_code().focused(),
            back_url: "/login/0190/enrol".into(),
            alert: None,
        };
        let offer = Self {
            sending: Sending {
                sent: false,
                ..code.sending.clone()
            },
            ..code.clone()
        };
        let wrong = Self {
            code: Field::one_time_code().with_error(FieldError::WrongCode),
            alert: Some(Alert::WrongSentCode),
            ..code.clone()
        };
        vec![("offer", offer), ("code", code), ("wrong", wrong)]
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
    pub fn file(&self, engine: &Engine, locale: &str, zone: Option<&str>) -> String {
        let product = engine.product();
        let date = i18n::iso_day(self.made_at.millis(), &Zone::named(zone));
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
