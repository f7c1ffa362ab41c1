//! A person's own pages about themselves: profile, address, activity, data, notifications.

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::account::DeviceKind;
use crate::form::{Field, Hidden};
use crate::notice::{Alert, FieldError, Text, minutes_ago};
use crate::page::Page;

/// `account/profile`: posts `name`, `given_name`, `family_name`, `locale`, `zoneinfo`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountProfile {
    pub action: String,
    pub name: Field,
    pub given_name: Field,
    pub family_name: Field,
    /// The language chosen, one of the frame's; empty for the browser's.
    pub locale: String,
    pub zoneinfo: Field,
    /// All names there are.
    pub zones: Vec<&'static str>,
    pub change_email_url: String,
    /// Described by a declarative file: shown, not changed here.
    pub managed: bool,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountProfile {
    const TEMPLATE: &'static str = "pages/account/profile.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/account/profile".into(),
            name: Field::name().with_value("Ana Petrova").optional(),
            given_name: Field::given_name().with_value("Ana"),
            family_name: Field::family_name().with_value("Petrova"),
            locale: "de".into(),
            zoneinfo: Field::zoneinfo().with_value("Europe/Berlin"),
            zones: vec!["Africa/Cairo", "Europe/Berlin", "UTC"],
            change_email_url: "/account/email".into(),
            managed: false,
            alert: None,
            sign_out_action: "/account/sign_out".into(),
        };
        let saved = Self {
            alert: Some(Alert::Saved),
            ..plain.clone()
        };
        let managed = Self {
            managed: true,
            ..plain.clone()
        };
        let refused = Self {
            zoneinfo: Field::zoneinfo()
                .with_value("Atlantis")
                .with_error(FieldError::TimeZone),
            alert: Some(Alert::CheckFields),
            ..plain.clone()
        };
        vec![
            ("plain", plain),
            ("saved", saved),
            ("managed", managed),
            ("refused", refused),
        ]
    }
}

/// `account/email`: posts `email`. The new address is proven before it counts.
#[derive(Clone, Debug, Serialize)]
pub struct AccountEmail {
    pub action: String,
    pub current: String,
    pub email: Field,
    pub cancel_url: String,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountEmail {
    const TEMPLATE: &'static str = "pages/account/email.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/account/email".into(),
            current: "ana@acme.test".into(),
            email: Field::email().focused(),
            cancel_url: "/account/profile".into(),
            alert: None,
            sign_out_action: "/account/sign_out".into(),
        };
        let refused = Self {
            email: Field::email()
                .with_value("ana@acme")
                .with_error(FieldError::EmailFormat),
            alert: Some(Alert::CheckFields),
            ..plain.clone()
        };
        vec![("plain", plain), ("refused", refused)]
    }
}

/// `account/email_sent`: the proof is on its way. Posts `code`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountEmailSent {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub email: String,
    /// The sender's address, so that the mail can be found.
    pub sender: Option<String>,
    pub code: Field,
    pub resend_action: String,
    pub resend_after: u32,
    pub change_url: Option<String>,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountEmailSent {
    const TEMPLATE: &'static str = "pages/account/email_sent.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/account/email/code".into(),
            hidden: vec![Hidden::new("email", "ana.petrova@acme.test")],
            email: "ana.petrova@acme.test".into(),
            sender: Some("no-reply@identity.example".into()),
            code: Field::code().focused(),
            resend_action: "/account/email".into(),
            resend_after: 30,
            change_url: Some("/account/email".into()),
            alert: None,
            sign_out_action: "/account/sign_out".into(),
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

/// One line of the activity, in words.
#[derive(Clone, Debug, Serialize)]
pub struct ActivityRow {
    /// Value of `entry`.
    pub id: String,
    pub at: Timestamp,
    #[serde(flatten)]
    pub text: Text,
    /// It was refused: marked by word and icon, not by colour alone.
    pub refused: bool,
    pub icon: &'static str,
    pub device: DeviceKind,
    pub browser: Option<String>,
    pub system: Option<String>,
    pub place: Option<String>,
    pub ip: String,
}

impl ActivityRow {
    /// An entry, for the samples of pages that name one.
    pub(crate) fn sample() -> Self {
        Self {
            id: "0190".into(),
            at: minutes_ago(90),
            text: Text::new("activity-password-changed", []),
            refused: false,
            icon: "key",
            device: DeviceKind::Computer,
            browser: Some("Chrome".into()),
            system: Some("Windows".into()),
            place: Some("DE".into()),
            ip: "192.0.2.7".into(),
        }
    }
}

/// The sentence of an entry; some name an application.
pub fn activity_text(key: &'static str, app: &str) -> Text {
    Text::new(key, [("app", app.into())])
}

/// A browser and the system it runs on, as lists name them.
pub fn device_name(browser: &str, system: &str) -> Text {
    Text::new(
        "device-name",
        [("browser", browser.into()), ("system", system.into())],
    )
}

/// `account/activity`: newest first, filtered by links.
#[derive(Clone, Debug, Serialize)]
pub struct AccountActivity {
    pub rows: Vec<ActivityRow>,
    /// `None` is everything.
    pub kind: Option<&'static str>,
    pub kinds: Vec<&'static str>,
    /// The last so many days; `None` is as far back as the list goes.
    pub days: Option<i64>,
    pub periods: Vec<i64>,
    pub next_url: Option<String>,
    pub download_url: String,
    pub secure_url: String,
    /// "This wasn't me": asks once more about `?entry=…`.
    pub report_url: String,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountActivity {
    const TEMPLATE: &'static str = "pages/account/activity.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |minutes, key, icon, refused| ActivityRow {
            id: "0190".into(),
            at: minutes_ago(minutes),
            text: Text::new(key, []),
            refused,
            icon,
            device: DeviceKind::Computer,
            browser: Some("Chrome".into()),
            system: Some("Windows".into()),
            place: Some("DE".into()),
            ip: "192.0.2.7".into(),
        };
        let plain = Self {
            rows: vec![
                row(4, "activity-signed-in", "person", false),
                row(7, "activity-sign-in-refused", "alert", true),
                ActivityRow {
                    place: None,
                    browser: None,
                    system: None,
                    device: DeviceKind::Unknown,
                    ip: "2001:db8:85a3:8d3:1319:8a2e:370:7348".into(),
                    ..row(60 * 30, "activity-password-changed", "key", false)
                },
                row(60 * 24 * 12, "activity-email-changed", "mail", false),
            ],
            kind: None,
            kinds: vec!["sign-ins", "refused", "changes"],
            days: None,
            periods: vec![7, 30],
            next_url: Some("/account/activity?before=0190".into()),
            download_url: "/account/activity.csv".into(),
            secure_url: "/account/secure".into(),
            report_url: "/account/secure/report".into(),
            alert: None,
            sign_out_action: "/account/sign_out".into(),
        };
        let empty = Self {
            rows: Vec::new(),
            kind: Some("refused"),
            days: Some(7),
            next_url: None,
            ..plain.clone()
        };
        vec![("plain", plain), ("empty", empty)]
    }
}

/// `account/data`: downloads everything, or begins the end of the account.
#[derive(Clone, Debug, Serialize)]
pub struct AccountData {
    pub download_action: String,
    pub delete_url: String,
    pub grace_days: i64,
    /// Described by a declarative file: only an operator can delete it.
    pub managed: bool,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountData {
    const TEMPLATE: &'static str = "pages/account/data.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            download_action: "/account/data/download".into(),
            delete_url: "/account/delete".into(),
            grace_days: 30,
            managed: false,
            alert: None,
            sign_out_action: "/account/sign_out".into(),
        };
        let managed = Self {
            managed: true,
            ..plain.clone()
        };
        let last = Self {
            alert: Some(Alert::LastAdministrator),
            ..plain.clone()
        };
        vec![
            ("plain", plain),
            ("managed", managed),
            ("last-administrator", last),
        ]
    }
}

/// `account/delete`: what happens, and the button. Posts `confirm`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountDelete {
    pub action: String,
    pub email: String,
    pub grace_days: i64,
    pub delete_at: Timestamp,
    pub cancel_url: String,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountDelete {
    const TEMPLATE: &'static str = "pages/account/delete.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/account/delete".into(),
            email: "ana@acme.test".into(),
            grace_days: 30,
            delete_at: minutes_ago(-60 * 24 * 30),
            cancel_url: "/account/data".into(),
            alert: None,
            sign_out_action: "/account/sign_out".into(),
        };
        let unconfirmed = Self {
            alert: Some(Alert::ConfirmFirst),
            ..plain.clone()
        };
        vec![("plain", plain), ("unconfirmed", unconfirmed)]
    }
}

/// `auth/deletion`: the account is waiting for its purge, or was saved from it.
#[derive(Clone, Debug, Serialize)]
pub struct Deletion {
    /// `None`: the deletion was cancelled.
    pub delete_at: Option<Timestamp>,
    /// Asked for before: somebody signs in to an account that is being deleted.
    pub again: bool,
    pub sign_in_url: String,
}

impl Page for Deletion {
    const TEMPLATE: &'static str = "pages/auth/deletion.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let requested = Self {
            delete_at: Some(minutes_ago(-60 * 24 * 30)),
            again: false,
            sign_in_url: "/account".into(),
        };
        let cancelled = Self {
            delete_at: None,
            ..requested.clone()
        };
        let again = Self {
            again: true,
            ..requested.clone()
        };
        vec![
            ("requested", requested),
            ("cancelled", cancelled),
            ("again", again),
        ]
    }
}

/// One optional mail.
#[derive(Clone, Debug, Serialize)]
pub struct OptionalMail {
    /// Posted when on; also the stem of its texts.
    pub name: &'static str,
    pub on: bool,
}

/// `account/notifications`: posts `mail` once per mail that is wanted.
#[derive(Clone, Debug, Serialize)]
pub struct AccountNotifications {
    pub action: String,
    pub email: String,
    pub optional: Vec<OptionalMail>,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountNotifications {
    const TEMPLATE: &'static str = "pages/account/notifications.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/account/notifications".into(),
            email: "ana@acme.test".into(),
            optional: vec![OptionalMail {
                name: "app_connected",
                on: true,
            }],
            alert: None,
            sign_out_action: "/account/sign_out".into(),
        };
        let saved = Self {
            alert: Some(Alert::Saved),
            ..plain.clone()
        };
        vec![("plain", plain), ("saved", saved)]
    }
}
