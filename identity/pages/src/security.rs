//! The account's Security page: all ways to prove oneself, what could be better, and the forms that change them.

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::form::{Field, Hidden};
use crate::notice::{Alert, FieldError, minutes_ago};
use crate::page::Page;

/// Something that would make the account safer; the page links each to where it is done. The text is `improve-<kind>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImprovementKind {
    /// All second steps are about to be removed, because somebody said that they are lost.
    Removal,
    /// The address is not confirmed.
    Email,
    /// There is no second step.
    SecondStep,
    /// A passkey that was perhaps copied is still there.
    SuspectPasskey,
    /// The only second steps are messages, which can be intercepted.
    Stronger,
    /// One way only: losing it would shut its owner out (H-44).
    Another,
    /// No backup codes.
    Codes,
    /// Few backup codes are left (H-39).
    FewCodes,
}

/// One of them, and where it is done.
#[derive(Clone, Debug, Serialize)]
pub struct Improvement {
    pub kind: ImprovementKind,
    pub url: String,
}

/// One way to prove oneself.
#[derive(Clone, Debug, Serialize)]
pub struct FactorRow {
    pub id: String,
    /// Its name, or the number without its middle.
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    /// A passkey that is not accepted any more.
    pub suspect: bool,
}

/// Backup codes in force.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CodesRow {
    pub left: usize,
    /// So few that new ones should be made.
    pub few: bool,
    pub made_at: Timestamp,
}

/// `account/security`. Apps post `id` and `name` to `rename_action`, all ways but passkeys `id` to `remove_action`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountSecurity {
    /// Empty: the account is well protected.
    pub improvements: Vec<Improvement>,
    pub passkeys: Vec<FactorRow>,
    pub passkeys_url: String,
    /// `None` where policy does not allow passkeys.
    pub add_passkey_url: Option<String>,
    pub apps: Vec<FactorRow>,
    pub add_app_url: Option<String>,
    pub rename_action: String,
    pub remove_action: String,
    pub longest_name: usize,
    pub sms: Option<FactorRow>,
    /// Where a number is set up or changed; `None` without a gateway.
    pub sms_url: Option<String>,
    pub email: Option<FactorRow>,
    /// Turns mail codes on; `None` where policy does not allow them.
    pub email_action: Option<String>,
    pub codes: Option<CodesRow>,
    /// Makes new codes; `None` while there is nothing to back up.
    pub new_codes_action: Option<String>,
    /// Codes were made and wait to be saved.
    pub codes_waiting_url: Option<String>,
    pub has_password: bool,
    pub password_changed_at: Option<Timestamp>,
    pub change_password_url: String,
    /// There is a second step that a device could be trusted without.
    pub second_step: bool,
    pub trusted_devices: u32,
    pub devices_url: String,
    pub secure_url: String,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

fn row(id: &str, name: &str) -> FactorRow {
    FactorRow {
        id: id.into(),
        name: name.into(),
        created_at: minutes_ago(60 * 24 * 90),
        last_used_at: Some(minutes_ago(60 * 5)),
        suspect: false,
    }
}

impl Page for AccountSecurity {
    const TEMPLATE: &'static str = "pages/account/security.html";

    #[expect(clippy::too_many_lines, reason = "samples, one after the other")]
    fn samples() -> Vec<(&'static str, Self)> {
        let improve = |kind, url: &str| Improvement {
            kind,
            url: url.into(),
        };
        let plain = Self {
            improvements: Vec::new(),
            passkeys: vec![
                row("p1", "Google Password Manager"),
                FactorRow {
                    last_used_at: None,
                    ..row("p2", "YubiKey 5 NFC")
                },
            ],
            passkeys_url: "/account/security/passkeys".into(),
            add_passkey_url: Some("/account/security/passkeys/add".into()),
            apps: vec![
                row("a1", "Authenticator app"),
                FactorRow {
                    last_used_at: None,
                    ..row("a2", "Work phone of the whole Example team")
                },
            ],
            add_app_url: Some("/account/security/apps/add".into()),
            rename_action: "/account/security/rename".into(),
            remove_action: "/account/security/remove".into(),
            longest_name: 60,
            sms: Some(row("s1", "+49 ··· 678")),
            sms_url: Some("/account/security/phone".into()),
            email: None,
            email_action: None,
            codes: Some(CodesRow {
                left: 8,
                few: false,
                made_at: minutes_ago(60 * 24 * 40),
            }),
            new_codes_action: Some("/account/security/codes/new".into()),
            codes_waiting_url: None,
            has_password: true,
            password_changed_at: Some(minutes_ago(60 * 24 * 40)),
            change_password_url: "/account/password".into(),
            second_step: true,
            trusted_devices: 2,
            devices_url: "/account/devices".into(),
            secure_url: "/account/secure".into(),
            alert: None,
            sign_out_action: "/account/sign-out".into(),
        };
        let bare = Self {
            second_step: false,
            improvements: vec![
                improve(ImprovementKind::Email, "/account/email"),
                improve(ImprovementKind::SecondStep, "#second-steps"),
            ],
            passkeys: Vec::new(),
            apps: Vec::new(),
            sms: None,
            email_action: Some("/account/security/email".into()),
            codes: None,
            new_codes_action: None,
            trusted_devices: 0,
            ..plain.clone()
        };
        let few = Self {
            improvements: vec![
                improve(
                    ImprovementKind::SuspectPasskey,
                    "/account/security/passkeys",
                ),
                improve(ImprovementKind::Stronger, "/account/security/apps/add"),
                improve(ImprovementKind::FewCodes, "#codes"),
            ],
            passkeys: vec![FactorRow {
                suspect: true,
                ..row("p3", "Passkey (Windows)")
            }],
            apps: Vec::new(),
            email: Some(row("e1", "")),
            codes: Some(CodesRow {
                left: 2,
                few: true,
                made_at: minutes_ago(60 * 24 * 400),
            }),
            alert: Some(Alert::FactorAdded),
            ..plain.clone()
        };
        let waiting = Self {
            improvements: vec![
                improve(ImprovementKind::Another, "/account/security/passkeys/add"),
                improve(ImprovementKind::Codes, "/account/security/codes"),
            ],
            passkeys: Vec::new(),
            sms: None,
            sms_url: None,
            codes: None,
            codes_waiting_url: Some("/account/security/codes".into()),
            has_password: false,
            password_changed_at: None,
            alert: Some(Alert::LastFactor),
            ..plain.clone()
        };
        vec![
            ("plain", plain),
            ("bare", bare),
            ("few", few),
            ("waiting", waiting),
        ]
    }
}

/// `account/phone`: a number is typed, then the code that was sent to it. The first posts `phone`, the second `code` beside its hidden number.
#[derive(Clone, Debug, Serialize)]
pub struct AccountPhone {
    pub action: String,
    pub phone: Field,
    /// The number that is in force, without its middle.
    pub current: Option<String>,
    /// A code is on its way.
    pub sent: Option<PhoneCode>,
    pub back_url: String,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

/// A code that is on its way to a number.
#[derive(Clone, Debug, Serialize)]
pub struct PhoneCode {
    pub action: String,
    /// Holds `phone`.
    pub hidden: Vec<Hidden>,
    /// The number without its middle.
    pub receiver: String,
    pub code: Field,
    /// Seconds after which another code may be asked for; `phone` is posted to the page's `action` again.
    pub resend_after: u32,
}

impl PhoneCode {
    /// A code on its way, in a login.
    pub(crate) fn sample(action: &str, method: &str) -> Self {
        Self {
            action: action.into(),
            hidden: vec![
                Hidden::new("method", method),
                Hidden::new("phone", "+4915112345678"),
            ],
            receiver: "+49 ··· 678".into(),
            code: Field::one_time_code().focused(),
            resend_after: 30,
        }
    }
}

impl Page for AccountPhone {
    const TEMPLATE: &'static str = "pages/account/phone.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let ask = Self {
            action: "/account/security/phone".into(),
            phone: Field::phone().focused(),
            current: None,
            sent: None,
            back_url: "/account/security".into(),
            alert: None,
            sign_out_action: "/account/sign-out".into(),
        };
        let wrong = Self {
            phone: Field::phone()
                .with_value("0151 12345678")
                .with_error(FieldError::PhoneFormat),
            alert: Some(Alert::CheckFields),
            current: Some("+49 ··· 678".into()),
            ..ask.clone()
        };
        let sent = |code| Self {
            sent: Some(PhoneCode {
                hidden: vec![Hidden::new("phone", "+4915112345678")],
                code,
                ..PhoneCode::sample("/account/security/phone/code", "sms")
            }),
            ..ask.clone()
        };
        let code = sent(Field::one_time_code().focused());
        let wrong_code = Self {
            alert: Some(Alert::WrongSentCode),
            ..sent(Field::one_time_code().with_error(FieldError::WrongCode))
        };
        vec![
            ("ask", ask),
            ("wrong", wrong),
            ("code", code),
            ("wrong-code", wrong_code),
        ]
    }
}
