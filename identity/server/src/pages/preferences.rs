//! `GET /preferences`: language and colours, kept in cookies that say nothing about a person.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use identity_flows::browser::Cookies;
use identity_pages::ColorScheme;
use serde::Deserialize;

use super::redirect;
use super::visit::Visit;
use crate::app::AppState;

/// What is wished.
#[derive(Deserialize)]
pub struct Wish {
    locale: Option<String>,
    theme: Option<String>,
    return_to: Option<String>,
}

/// Sets the cookie and goes back to where the person was: a path of ours, nothing else (SES-05).
pub async fn set(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(wish): Query<Wish>,
) -> Response {
    let mut response = redirect(
        &state,
        &visit,
        own_path(wish.return_to.as_deref()),
        &Cookies::default(),
    );
    let locale = wish
        .locale
        .filter(|locale| state.engine.locales().contains(locale));
    let locale = locale.and_then(|locale| state.cookies.write_preference("locale", &locale));
    let theme = wish.theme.and_then(|theme| {
        state
            .cookies
            .write_preference("theme", ColorScheme::parse(&theme).as_str())
    });
    for cookie in locale.into_iter().chain(theme) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The path if it cannot lead elsewhere: browsers read `//host` and `/\host` as another host, and drop tabs and line ends.
fn own_path(path: Option<&str>) -> &str {
    path.filter(|path| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains(['\\', '\r', '\n', '\t'])
            && path.len() <= 2048
            && path.is_ascii()
    })
    .unwrap_or("/account")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ses_05_return_to_never_leads_elsewhere() {
        for bad in [
            "//evil.test",
            "/\\evil.test",
            "https://evil.test",
            "javascript:alert(1)",
            "/\t/evil.test",
            "/\n/evil.test",
            "",
            "\\\\evil",
        ] {
            assert_eq!(own_path(Some(bad)), "/account", "{bad:?}");
        }
        assert_eq!(
            own_path(Some("/login/1/identifier?x=1")),
            "/login/1/identifier?x=1"
        );
    }
}
