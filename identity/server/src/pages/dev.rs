//! `identity dev` only: what was mailed and texted.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use identity_pages::dev::{CaughtMail, DevMail};

use super::visit::Visit;
use super::{errors, page};
use crate::adapters::mail_sink::CaughtMail as Caught;
use crate::app::AppState;
use crate::oauth::json;

fn caught(state: &AppState) -> Vec<Caught> {
    state
        .dev
        .as_ref()
        .map(|dev| dev.mail.newest_first())
        .unwrap_or_default()
}

/// The list.
pub async fn mail(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    let mails = caught(&state);
    let total = mails.len();
    let rows = mails
        .into_iter()
        .enumerate()
        .map(|(position, mail)| CaughtMail {
            to: mail.to,
            subject: mail.subject,
            text: mail.text,
            // Numbered from the oldest, so that an address keeps its mail while others arrive.
            html_url: Some(format!("/dev/mail/{}", total - position)),
            links: mail.links,
            codes: mail.codes,
            at: mail.sent_at,
        });
    let page_of = DevMail {
        mails: rows.collect(),
        json_url: "/dev/mail.json".to_owned(),
    };
    page(
        &state,
        &visit,
        &visit.frame(&state),
        &page_of,
        StatusCode::OK,
    )
}

/// The HTML part alone, with no scripts and its inline styles allowed.
pub async fn mail_html(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(number): Path<usize>,
) -> Response {
    let mails = caught(&state);
    let Some(mail) = mails
        .len()
        .checked_sub(number)
        .and_then(|position| mails.get(position))
    else {
        return errors::status(&state, &visit, StatusCode::NOT_FOUND);
    };
    let mut response = mail.html.clone().into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"));
    response
}

/// The same for machines.
pub async fn mail_json(State(state): State<Arc<AppState>>) -> Response {
    json(StatusCode::OK, &caught(&state))
}

/// Text messages; none are sent yet.
pub async fn sms_json() -> Response {
    json(StatusCode::OK, &serde_json::json!([]))
}
