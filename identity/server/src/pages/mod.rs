//! Hosted pages over HTTP: cookies and forms in, theme pages and redirects out. Words live in the theme, rules in the flows.

pub mod account;
pub mod activity;
pub mod admin_link;
pub mod agent;
pub mod applications;
pub mod change_password;
pub mod dev;
pub mod devices;
pub mod email;
pub mod errors;
pub mod factor_recovery;
pub mod login;
pub mod logout;
pub mod over;
pub mod passkeys;
pub mod password_check;
pub mod password_form;
pub mod personal_data;
pub mod preferences;
pub mod profile;
pub mod recover;
pub mod register;
pub mod renewal;
pub mod report;
pub mod secure;
pub mod security;
pub mod security_txt;
pub mod sessions;
pub mod static_files;
pub mod verify_link;
pub mod visit;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, LOCATION, SET_COOKIE};
use axum::response::{IntoResponse as _, Response};
use identity_domain::Fault;
use identity_flows::browser::Cookies;
use identity_flows::login::password::network_of;
use identity_oauth::authorization_response::AuthorizationResponse;
use identity_pages::form_post::FormPost;
use identity_pages::{Hidden, Page, PageFrame};
use url::Url;

use crate::app::AppState;
use crate::middleware::FormAction;
use visit::Visit;

/// Seconds after which a page offers to send its mail again (H-24). How many are sent is for the budgets to decide.
pub(crate) const RESEND_AFTER: u32 = 30;

/// A page with a status.
pub(crate) fn page<P: Page>(
    state: &AppState,
    visit: &Visit,
    frame: &PageFrame,
    page: &P,
    status: StatusCode,
) -> Response {
    match state.engine.render(frame, page) {
        Ok(html) => {
            let mut response = (
                status,
                [(
                    CONTENT_TYPE,
                    HeaderValue::from_static("text/html; charset=utf-8"),
                )],
                html,
            )
                .into_response();
            set_cookies(state, &mut response, &visit.cookies());
            response
        }
        Err(error) => {
            tracing::error!(%error, excerpt = error.excerpt, "a page could not be rendered");
            let detail = if state.env.settings.dev {
                format!("{error}\n\n{}", error.excerpt)
            } else {
                visit.context.request_id.clone()
            };
            (StatusCode::INTERNAL_SERVER_ERROR, detail).into_response()
        }
    }
}

/// A page from which a form leads back to a verified redirect URI in the end: the CSP must name its origin.
pub(crate) fn leading_to(mut response: Response, redirect_uri: Option<&str>) -> Response {
    if let Some(url) = redirect_uri.and_then(|uri| Url::parse(uri).ok()) {
        response.extensions_mut().insert(FormAction::to(&url));
    }
    response
}

/// 303, the only redirect after a POST that may carry credentials (RFC 9700 §4.12).
pub(crate) fn redirect(
    state: &AppState,
    visit: &Visit,
    location: &str,
    cookies: &Cookies,
) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return crate::oauth::fault(&Fault::new("a location that is no header value"));
    };
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    set_cookies(state, &mut response, &visit.cookies());
    set_cookies(state, &mut response, cookies);
    response
}

/// The page that refuses one more sign-in from here, if none may begin.
pub(crate) fn may_not_begin(state: &AppState, visit: &Visit) -> Option<Response> {
    let network = network_of(&visit.context.address);
    let until = state.starts.blocked_until(&network, state.env.now())?;
    Some(errors::throttled(state, visit, until))
}

/// One more sign-in began.
pub(crate) fn begun(state: &AppState, visit: &Visit) {
    let network = network_of(&visit.context.address);
    state.starts.count(network, state.env.now());
}

/// The answer to an application, in the mode it asked for.
pub(crate) fn answer(
    state: &AppState,
    visit: &Visit,
    answer: AuthorizationResponse,
    cookies: &Cookies,
) -> Response {
    match answer {
        AuthorizationResponse::Redirect { url } => redirect(state, visit, &url, cookies),
        AuthorizationResponse::FormPost { action, fields } => {
            let fields = fields
                .into_iter()
                .map(|(name, value)| Hidden::new(name, value))
                .collect();
            let form = FormPost {
                action: action.clone(),
                fields,
            };
            let mut response = page(state, visit, &visit.frame(state), &form, StatusCode::OK);
            set_cookies(state, &mut response, cookies);
            leading_to(response, Some(&action))
        }
    }
}

pub(crate) fn set_cookies(state: &AppState, response: &mut Response, cookies: &Cookies) {
    for cookie in state.cookies.write(cookies) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// A page of ours that takes only the POST of its form, opened by hand or after a change of language.
pub async fn method_not_allowed(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    errors::status(&state, &visit, StatusCode::METHOD_NOT_ALLOWED)
}

/// Anything that is no route.
pub async fn not_found(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    errors::status(&state, &visit, StatusCode::NOT_FOUND)
}
