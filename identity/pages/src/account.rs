//! A person's own pages: home, security, sessions, applications. The frame's `account` is always set on them.

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::device::Location;
use crate::notice::{Alert, minutes_ago};
use crate::page::Page;

/// An application a person may open.
#[derive(Clone, Debug, Serialize)]
pub struct AppTile {
    pub name: String,
    pub url: String,
    pub logo_url: Option<String>,
    pub host: String,
}

/// `account/home`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountHome {
    pub email_verified: bool,
    pub organizations: Vec<MembershipRow>,
    pub apps: Vec<AppTile>,
    pub sessions: u32,
    pub password_changed_at: Option<Timestamp>,
    /// Passkeys, apps, a number and mail codes: what signs in besides the password.
    pub second_steps: u32,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

/// A membership in words.
#[derive(Clone, Debug, Serialize)]
pub struct MembershipRow {
    pub organization: String,
    pub roles: Vec<String>,
}

impl Page for AccountHome {
    const TEMPLATE: &'static str = "pages/account/home.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let tile = |name: &str, host: &str| AppTile {
            name: name.into(),
            url: format!("https://{host}/"),
            logo_url: None,
            host: host.into(),
        };
        let plain = Self {
            email_verified: true,
            organizations: vec![MembershipRow {
                organization: "Acme".into(),
                roles: vec!["admin".into()],
            }],
            apps: vec![
                tile("Chat", "chat.acme.test"),
                tile("Analysis Studio", "analysis.acme.test"),
            ],
            sessions: 3,
            password_changed_at: Some(minutes_ago(60 * 24 * 40)),
            second_steps: 2,
            alert: None,
            sign_out_action: "/account/sign-out".into(),
        };
        let empty = Self {
            email_verified: false,
            organizations: Vec::new(),
            apps: Vec::new(),
            sessions: 1,
            password_changed_at: None,
            second_steps: 0,
            alert: Some(Alert::PasswordChanged {
                signed_out_elsewhere: true,
            }),
            ..plain.clone()
        };
        vec![("plain", plain), ("empty", empty)]
    }
}

/// The picture beside a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    #[default]
    Computer,
    Phone,
    Tablet,
    Unknown,
}

/// One session of the person.
#[derive(Clone, Debug, Serialize)]
pub struct SessionRow {
    pub id: String,
    pub device: DeviceKind,
    /// "Firefox"; `None` when the browser said nothing we know.
    pub browser: Option<String>,
    /// "Windows".
    pub system: Option<String>,
    /// The name its owner gave the device.
    pub name: Option<String>,
    /// `None`: nobody knows.
    pub place: Option<Location>,
    pub ip: String,
    /// Applications that were used in it.
    pub apps: Vec<String>,
    pub signed_in_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// "This device".
    pub current: bool,
}

impl SessionRow {
    fn sample(id: &str, current: bool) -> Self {
        Self {
            id: id.into(),
            name: None,
            device: DeviceKind::Computer,
            browser: Some("Chrome".into()),
            system: Some("Windows".into()),
            place: Some(Location::sample()),
            ip: "192.0.2.7".into(),
            apps: vec!["Analysis Studio".into(), "Chat".into()],
            signed_in_at: minutes_ago(60 * 26),
            last_seen_at: minutes_ago(4),
            current,
        }
    }
}

/// `account/sessions`. Each row posts `session` to `end_action`; `end_others_action` takes an empty POST.
#[derive(Clone, Debug, Serialize)]
pub struct AccountSessions {
    pub sessions: Vec<SessionRow>,
    pub end_action: String,
    pub end_others_action: String,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountSessions {
    const TEMPLATE: &'static str = "pages/account/sessions.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            sessions: vec![
                SessionRow::sample("s1", true),
                SessionRow {
                    device: DeviceKind::Phone,
                    browser: Some("Safari".into()),
                    system: Some("iPhone".into()),
                    ip: "2001:db8:85a3:8d3:1319:8a2e:370:7348".into(),
                    name: Some("Ana’s phone".into()),
                    place: None,
                    apps: vec!["Chat".into()],
                    last_seen_at: minutes_ago(60 * 5),
                    ..SessionRow::sample("s2", false)
                },
                SessionRow {
                    device: DeviceKind::Unknown,
                    browser: None,
                    system: None,
                    apps: Vec::new(),
                    signed_in_at: minutes_ago(60 * 24 * 20),
                    last_seen_at: minutes_ago(60 * 24 * 3),
                    ..SessionRow::sample("s3", false)
                },
            ],
            end_action: "/account/sessions/end".into(),
            end_others_action: "/account/sessions/end-others".into(),
            alert: None,
            sign_out_action: "/account/sign-out".into(),
        };
        let one = Self {
            sessions: vec![SessionRow::sample("s1", true)],
            alert: Some(Alert::OtherSessionsEnded { count: 2 }),
            ..plain.clone()
        };
        vec![("plain", plain), ("one", one)]
    }
}

/// One application that was allowed to see something.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectedApp {
    pub client_id: String,
    pub name: String,
    pub logo_url: Option<String>,
    pub url: Option<String>,
    pub scopes: Vec<crate::consent::ConsentScope>,
    pub since: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// `account/applications`. Each row posts `client_id` to `withdraw_action`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountApplications {
    pub apps: Vec<ConnectedApp>,
    /// The next of them, where there are more than one page holds.
    pub next_url: Option<String>,
    pub withdraw_action: String,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountApplications {
    const TEMPLATE: &'static str = "pages/account/applications.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let app = |client_id: &str, name: &str, scopes: &[&str]| ConnectedApp {
            client_id: client_id.into(),
            name: name.into(),
            logo_url: None,
            url: Some(format!("https://{client_id}.acme.test/")),
            scopes: scopes
                .iter()
                .map(|scope| crate::consent::ConsentScope::new(scope))
                .collect(),
            since: minutes_ago(60 * 24 * 120),
            last_used_at: Some(minutes_ago(60 * 3)),
        };
        let plain = Self {
            apps: vec![
                app(
                    "analysis",
                    "Analysis Studio",
                    &["openid", "profile", "email", "offline_access"],
                ),
                ConnectedApp {
                    last_used_at: None,
                    ..app("reports", "Reports", &["openid", "reports:read"])
                },
            ],
            next_url: Some("/account/applications?from=100".into()),
            withdraw_action: "/account/applications/withdraw".into(),
            alert: None,
            sign_out_action: "/account/sign-out".into(),
        };
        let empty = Self {
            apps: Vec::new(),
            next_url: None,
            alert: Some(Alert::AccessRemoved {
                app: "Reports".into(),
            }),
            ..plain.clone()
        };
        vec![("plain", plain), ("empty", empty)]
    }
}
