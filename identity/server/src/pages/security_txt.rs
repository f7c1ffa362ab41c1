//! `/.well-known/security.txt` (RFC 9116): whom to tell about a hole.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use identity_domain::time::{Duration, Timestamp};

use crate::app::AppState;

/// Where it is.
const PATH: &str = "/.well-known/security.txt";
/// §3: plain text in UTF-8.
const KIND: &str = "text/plain; charset=utf-8";
/// How long it may be believed; §2.5.5 recommends less than a year. Whoever runs this answers for the contact each day anew.
const GOOD_FOR: Duration = Duration::days(180);
/// A copy that is kept for an hour is as good.
const CACHE: &str = "public, max-age=3600";

/// The file, or a word about why there is none.
pub async fn security_txt(State(state): State<Arc<AppState>>) -> Response {
    let Some(contact) = &state.security_contact else {
        let text = "Whoever runs this provider has named no contact for security reports (security_contact).\n";
        return (StatusCode::NOT_FOUND, [(CONTENT_TYPE, KIND)], text).into_response();
    };
    let mut lines = vec![
        format!("Contact: {contact}"),
        format!("Expires: {}", expires(state.env.now())),
        format!("Preferred-Languages: {}", state.engine.locales().join(", ")),
    ];
    // §2.5.2: an address on the web begins with https.
    if state.public_url.is_https() {
        lines.push(format!("Canonical: {}{PATH}", state.public_url));
    }
    let text = lines.join("\n") + "\n";
    let headers = [(CONTENT_TYPE, KIND), (CACHE_CONTROL, CACHE)];
    (headers, text).into_response()
}

/// The same for a whole day, so that the file is.
fn expires(now: Timestamp) -> String {
    let day = Duration::days(1).as_seconds();
    let last = (now + GOOD_FOR).seconds();
    Timestamp::from_seconds(last - last.rem_euclid(day)).rfc3339()
}
