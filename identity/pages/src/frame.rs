//! What every page shares: language, colours, brand, and for whom the page is shown.

use std::sync::Arc;

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::brand::Brand;

/// Light and dark: `Auto` leaves the choice to the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColorScheme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl ColorScheme {
    /// Reads the value of the preference cookie or form; anything unknown is `Auto`.
    pub fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// The text [`ColorScheme::parse`] reads.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The application a person is on the way to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct App {
    pub name: String,
    pub logo_url: Option<String>,
    /// Where the application lives (`client_uri`).
    pub url: Option<String>,
    /// `policy_uri`.
    pub privacy_url: Option<String>,
    /// `tos_uri`.
    pub terms_url: Option<String>,
}

impl App {
    /// An application of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }
}

/// The organization chosen for this sign-in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Organization {
    pub name: String,
    pub logo_url: Option<String>,
}

/// The person the page is about.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Account {
    pub name: Option<String>,
    pub email: String,
}

/// When a signed-in page will have been unused for too long: it warns a minute before (H-51).
#[derive(Clone, Debug, Serialize)]
pub struct Idle {
    /// The instant; `frame.now` is the one to count from, whatever the browser's clock says.
    pub ends_at: Timestamp,
    /// "Stay signed in" posts here.
    pub stay_action: String,
}

/// The part of the context that is the same on every page. The engine adds what it can derive: writing direction,
/// the list of languages, asset addresses.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageFrame {
    /// A tag that [`crate::Engine::negotiate`] returned; an unknown one is shown in English.
    pub locale: String,
    pub theme: ColorScheme,
    /// The token every POST form carries in its field `csrf`.
    pub csrf: String,
    pub brand: Arc<Brand>,
    pub app: Option<App>,
    pub organization: Option<Organization>,
    /// The signed-in person, on account pages.
    pub account: Option<Account>,
    /// The time zone of the person the page speaks to, an IANA name: `date`, `datetime` and `ago` show their clock. UTC without one.
    pub zone: Option<String>,
    /// When the session ends unless it is used; on account pages, where use helps.
    pub idle: Option<Idle>,
    /// Path and query of this page: the way back from the language and colour switch.
    pub current_url: String,
    /// Where the language and colour links lead: `GET {preferences_url}?locale=de&return_to=…` or `?theme=dark&…`.
    /// `None` hides both switches.
    pub preferences_url: Option<String>,
    /// The instant of this request: times are told relative to it.
    pub now: Timestamp,
    /// `identity dev`: pages may show what helps a developer.
    pub dev: bool,
}

impl PageFrame {
    /// The frame the gallery and the checks use.
    pub fn sample(locale: &str, theme: ColorScheme) -> Self {
        Self {
            locale: locale.to_owned(),
            theme,
            csrf: "sample-csrf-token".to_owned(),
            brand: Arc::new(Brand::sample()),
            app: Some(App {
                name: "Analysis Studio".to_owned(),
                logo_url: None,
                url: Some("https://analysis.example/".to_owned()),
                privacy_url: Some("https://analysis.example/privacy".to_owned()),
                terms_url: Some("https://analysis.example/terms".to_owned()),
            }),
            organization: None,
            account: Some(Account {
                name: Some("Ana Petrova".to_owned()),
                email: "ana@acme.test".to_owned(),
            }),
            zone: None,
            idle: Some(Idle {
                ends_at: Timestamp(1_795_296_840_000 + 3_600_000),
                stay_action: "/account/stay".to_owned(),
            }),
            current_url: "/login/0190/identifier".to_owned(),
            preferences_url: Some("/preferences".to_owned()),
            now: Timestamp(1_795_296_840_000),
            dev: false,
        }
    }
}
