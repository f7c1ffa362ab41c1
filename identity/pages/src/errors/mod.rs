//! Pages for when something does not work. All have exactly one way on, and a reference id that support can look up.

mod misconfigured;

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::notice::minutes_ago;
use crate::page::Page;

pub use misconfigured::{AppMisconfigured, MisconfigurationDetails, UriDifference};

/// What support needs, shown at the foot of an error.
#[derive(Clone, Debug, Serialize)]
pub struct Reference {
    pub id: String,
    pub at: Timestamp,
}

impl Reference {
    fn sample() -> Self {
        Self {
            id: "0190-7f3a-c2d4".into(),
            at: minutes_ago(0),
        }
    }
}

/// A technical fact for `<details>`.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    pub name: String,
    pub value: String,
}

impl Detail {
    /// A name and its value; both are shown as they are, escaped.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// The one way on from an error page.
#[derive(Clone, Debug, Serialize)]
pub struct WayOn {
    pub label: WayOnLabel,
    pub url: String,
}

/// Words of the button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WayOnLabel {
    Retry,
    StartAgain,
    SignIn,
    BackToApp,
    Account,
    Continue,
}

/// `errors/error`: anything without a page of its own. Text by status: 400, 403, 404, 405, 409, 410, 413, 415, 429, 500, 503; others
/// read as 400 or 500.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    pub status: u16,
    /// Message key, derived from the status.
    pub key: &'static str,
    /// Ours or theirs: decides tone.
    pub fault: bool,
    pub reference: Option<Reference>,
    pub way_on: Option<WayOn>,
    pub details: Vec<Detail>,
}

impl ErrorPage {
    /// The page for a status.
    pub const fn new(status: u16) -> Self {
        let key = match status {
            401 | 403 => "http-403",
            404 => "http-404",
            405 => "http-405",
            409 => "http-409",
            410 => "http-410",
            413 => "http-413",
            429 => "http-429",
            503 => "http-503",
            500.. => "http-500",
            _ => "http-400",
        };
        Self {
            status,
            key,
            fault: status >= 500,
            reference: None,
            way_on: None,
            details: Vec::new(),
        }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "pages/errors/error.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let with = |status| Self {
            reference: Some(Reference::sample()),
            way_on: Some(WayOn {
                label: WayOnLabel::Account,
                url: "/account".into(),
            }),
            ..Self::new(status)
        };
        let detailed = Self {
            details: vec![
                Detail::new("error", "storage unavailable"),
                Detail::new(
                    "path",
                    "/oauth2/authorize?client_id=analysis&scope=openid%20profile&state=6ca1b0d7e1",
                ),
            ],
            way_on: Some(WayOn {
                label: WayOnLabel::Retry,
                url: "/account".into(),
            }),
            ..with(500)
        };
        let mut samples = vec![("500", detailed), ("404", with(404))];
        samples.extend(
            [("400", 400), ("403", 403), ("405", 405), ("409", 409)]
                .map(|(name, status)| (name, with(status))),
        );
        samples.extend(
            [("410", 410), ("413", 413), ("429", 429), ("503", 503)]
                .map(|(name, status)| (name, with(status))),
        );
        samples.push(("bare", Self::new(500)));
        samples
    }
}

/// `errors/flow_expired` (W-06).
#[derive(Clone, Debug, Serialize)]
pub struct FlowExpired {
    pub start_again_url: String,
}

impl Page for FlowExpired {
    const TEMPLATE: &'static str = "pages/errors/flow_expired.html";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "plain",
            Self {
                start_again_url: "https://analysis.example/".into(),
            },
        )]
    }
}

/// `errors/already_signed_in`: a sibling tab was faster.
#[derive(Clone, Debug, Serialize)]
pub struct AlreadySignedIn {
    pub email: String,
    pub continue_url: String,
}

impl Page for AlreadySignedIn {
    const TEMPLATE: &'static str = "pages/errors/already_signed_in.html";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "plain",
            Self {
                email: "ana@acme.test".into(),
                continue_url: "/account".into(),
            },
        )]
    }
}

/// `errors/cookies_blocked`.
#[derive(Clone, Debug, Serialize)]
pub struct CookiesBlocked {
    pub retry_url: String,
}

impl Page for CookiesBlocked {
    const TEMPLATE: &'static str = "pages/errors/cookies_blocked.html";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "plain",
            Self {
                retry_url: "/login/0190/identifier".into(),
            },
        )]
    }
}

/// `errors/tab_finished`: this sign-in was finished in another tab.
#[derive(Clone, Debug, Serialize)]
pub struct TabFinished {
    pub continue_url: Option<String>,
}

impl Page for TabFinished {
    const TEMPLATE: &'static str = "pages/errors/tab_finished.html";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            (
                "plain",
                Self {
                    continue_url: Some("https://analysis.example/".into()),
                },
            ),
            ("account", Self { continue_url: None }),
        ]
    }
}

/// `errors/wrong_host`: opened under an address that is not `public_url`.
#[derive(Clone, Debug, Serialize)]
pub struct WrongHost {
    pub opened: String,
    pub public_url: String,
    /// The page that was wanted, there.
    pub open_url: String,
}

impl Page for WrongHost {
    const TEMPLATE: &'static str = "pages/errors/wrong_host.html";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "plain",
            Self {
                opened: "http://10.0.0.5:8080".into(),
                public_url: "https://id.acme.example".into(),
                open_url: "https://id.acme.example/account".into(),
            },
        )]
    }
}

/// `errors/throttled` (W-02, H-13).
#[derive(Clone, Debug, Serialize)]
pub struct Throttled {
    pub minutes: i64,
    pub retry_url: Option<String>,
    pub recover_url: Option<String>,
}

impl Page for Throttled {
    const TEMPLATE: &'static str = "pages/errors/throttled.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            minutes: 10,
            retry_url: Some("/login/0190/identifier".into()),
            recover_url: Some("/recover".into()),
        };
        let bare = Self {
            minutes: 1,
            retry_url: None,
            recover_url: None,
        };
        vec![("plain", plain), ("bare", bare)]
    }
}

/// `errors/locked_by_admin` (H-70): only after the password was right.
#[derive(Clone, Debug, Serialize)]
pub struct LockedByAdmin {
    pub email: String,
    pub reference: Option<Reference>,
    pub sign_in_url: Option<String>,
}

impl Page for LockedByAdmin {
    const TEMPLATE: &'static str = "pages/errors/locked_by_admin.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            email: "ana@acme.test".into(),
            reference: Some(Reference::sample()),
            sign_in_url: Some("/login/0190/identifier?switch=1".into()),
        };
        vec![("plain", plain)]
    }
}

/// `errors/address_taken`: a change of address cannot be taken back while the old address is another account's (INV-05).
#[derive(Clone, Debug, Serialize)]
pub struct AddressTaken {
    /// The old address.
    pub email: String,
    pub reference: Option<Reference>,
}

impl Page for AddressTaken {
    const TEMPLATE: &'static str = "pages/errors/address_taken.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            email: "ana@acme.test".into(),
            reference: Some(Reference::sample()),
        };
        vec![("plain", plain)]
    }
}
