//! The devices of a person.

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::account::DeviceKind;
use crate::notice::{Alert, minutes_ago};
use crate::page::Page;

/// Where an address is. Templates name the country in the language of the page: `t("country-" ~ place.country)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Only where it is known well enough.
    pub city: Option<String>,
}

impl Location {
    pub(crate) fn sample() -> Self {
        Self {
            country: "DE".into(),
            city: Some("Munich".into()),
        }
    }
}

/// A browser in which the person signed in.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceRow {
    pub id: String,
    /// The picture.
    pub device: DeviceKind,
    /// The name its owner gave it.
    pub name: Option<String>,
    pub browser: Option<String>,
    pub system: Option<String>,
    /// Where it was last; `None`: nobody knows.
    pub place: Option<Location>,
    pub ip: String,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// Until then no second step is asked for on it.
    pub trusted_until: Option<Timestamp>,
    /// Its owner said that it is somebody else's.
    pub disowned: bool,
    /// "This device".
    pub current: bool,
    /// How many sessions live on it.
    pub sessions: u32,
}

impl DeviceRow {
    fn sample(id: &str) -> Self {
        Self {
            id: id.into(),
            device: DeviceKind::Computer,
            name: None,
            browser: Some("Chrome".into()),
            system: Some("Windows".into()),
            place: Some(Location::sample()),
            ip: "192.0.2.7".into(),
            first_seen_at: minutes_ago(60 * 24 * 212),
            last_seen_at: minutes_ago(4),
            trusted_until: None,
            disowned: false,
            current: false,
            sessions: 1,
        }
    }
}

/// `account/devices`. Forms post `device` to one of the actions; renaming posts `name` too.
#[derive(Clone, Debug, Serialize)]
pub struct AccountDevices {
    pub devices: Vec<DeviceRow>,
    pub rename_action: String,
    pub untrust_action: String,
    pub forget_action: String,
    pub disown_action: String,
    /// Longest name, in characters.
    pub longest_name: usize,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountDevices {
    const TEMPLATE: &'static str = "pages/account/devices.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            devices: vec![
                DeviceRow {
                    current: true,
                    trusted_until: Some(minutes_ago(-60 * 24 * 21)),
                    ..DeviceRow::sample("d1")
                },
                DeviceRow {
                    device: DeviceKind::Phone,
                    name: Some("Ana’s phone".into()),
                    browser: Some("Safari".into()),
                    system: Some("iPhone".into()),
                    place: Some(Location {
                        country: "PT".into(),
                        city: None,
                    }),
                    ip: "2001:db8:85a3:8d3:1319:8a2e:370:7348".into(),
                    last_seen_at: minutes_ago(60 * 5),
                    trusted_until: Some(minutes_ago(-60 * 24 * 3)),
                    sessions: 2,
                    ..DeviceRow::sample("d2")
                },
                DeviceRow {
                    device: DeviceKind::Unknown,
                    browser: None,
                    system: None,
                    place: None,
                    first_seen_at: minutes_ago(60 * 24 * 20),
                    last_seen_at: minutes_ago(60 * 24 * 20),
                    disowned: true,
                    sessions: 0,
                    ..DeviceRow::sample("d3")
                },
            ],
            rename_action: "/account/devices/rename".into(),
            untrust_action: "/account/devices/untrust".into(),
            forget_action: "/account/devices/forget".into(),
            disown_action: "/account/devices/disown".into(),
            longest_name: 40,
            alert: None,
            sign_out_action: "/account/sign-out".into(),
        };
        let forgotten = Self {
            devices: plain.devices.iter().take(1).cloned().collect(),
            alert: Some(Alert::DeviceForgotten),
            ..plain.clone()
        };
        vec![("plain", plain), ("forgotten", forgotten)]
    }
}
