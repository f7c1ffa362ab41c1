//! The pages of a login that ask for a second factor, set one up, or show backup codes.

mod challenge;
mod codes;
mod enrol;
mod mail;
mod phone;
mod qr;

pub use self::challenge::{recover, send, submit};
pub(crate) use self::codes::text_file;
pub use self::codes::{file, save};
pub use self::enrol::{confirm, skip};
pub use self::mail::send_to_address;
pub use self::phone::send_to_number;
pub(crate) use self::qr::qr_code;

use axum::response::Response;
use identity_domain::Id;
use identity_domain::factor::Method;
use identity_domain::login::{Login, Step};
use identity_flows::login::view::View;
use identity_pages::factor::Way;

use super::shown::Said;
use crate::app::AppState;
use crate::pages::visit::Visit;

/// What a page of second factors is asked for, beside what every page says.
#[derive(Default)]
pub(super) struct Asked {
    /// The way that was chosen.
    pub chosen: Option<Chosen>,
    /// A code is on its way.
    pub sent: bool,
    /// "Don't ask again" was ticked before something was refused.
    pub trust: bool,
    /// The name that was typed for a new app.
    pub name: Option<String>,
    /// The number that was typed.
    pub phone: Option<String>,
}

/// The query of the page that says that the mail about lost factors was sent.
const LOST_AND_SENT: &str = "method=lost&said=mail_sent";

/// The way that was chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    Method(Method),
    /// The list of all ways.
    All,
    /// None of them works.
    Lost,
}

impl Asked {
    /// `?method=…`, and that the mail of [`LOST_AND_SENT`] is on its way; anything else is as good as nothing.
    pub fn from_query(query: Option<&str>) -> Self {
        let method = query
            .map(|query| url::form_urlencoded::parse(query.as_bytes()))
            .into_iter()
            .flatten()
            .find(|(name, _)| name == "method")
            .map(|(_, value)| value);
        let chosen = match method.as_deref() {
            Some("choose") => Some(Chosen::All),
            Some("lost") => Some(Chosen::Lost),
            Some(word) => Method::parse(word).map(Chosen::Method),
            None => None,
        };
        Self {
            chosen,
            sent: query == Some(LOST_AND_SENT),
            ..Self::default()
        }
    }

    pub fn method(method: Method) -> Self {
        Self {
            chosen: Some(Chosen::Method(method)),
            ..Self::default()
        }
    }
}

/// The page of the step.
pub(super) async fn shown(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    match view.login.state.step {
        Step::SecondFactor => challenge::page_of(state, visit, view, said).await,
        Step::EnrolFactor => enrol::page_of(state, visit, view, said).await,
        _ => codes::page_of(state, visit, view, said).await,
    }
}

fn not_you(id: Id<Login>) -> String {
    format!("/login/{id}/restart?account=another")
}

/// Rows that lead to `path` with each method.
fn ways(path: &str, methods: &[Method], codes_left: usize) -> Vec<Way> {
    methods
        .iter()
        .map(|method| Way {
            method: *method,
            url: format!("{path}?method={}", method.as_str()),
            recommended: false,
            left: (*method == Method::BackupCode).then_some(codes_left),
        })
        .collect()
}
