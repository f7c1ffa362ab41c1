//! `identity dev` only: what was mailed and texted.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, X_FRAME_OPTIONS};
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

/// The list holds the mails in frames.
const LIST_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'",
);
/// A mail runs nothing and leads nowhere.
const MAIL_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups",
);

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
    let messages = texted(&state).into_iter().map(|message| CaughtMail {
        to: message.to,
        subject: String::new(),
        text: message.text,
        html_url: None,
        links: message.links,
        codes: message.codes,
        at: message.sent_at,
    });
    let mut all: Vec<CaughtMail> = rows.chain(messages).collect();
    all.sort_by_key(|caught| std::cmp::Reverse(caught.at));
    let page_of = DevMail {
        mails: all,
        json_url: "/dev/mail.json".to_owned(),
    };
    let frame = visit.frame(&state);
    let mut response = page(&state, &visit, &frame, &page_of, StatusCode::OK);
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, LIST_POLICY);
    response
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
    headers.insert(CONTENT_SECURITY_POLICY, MAIL_POLICY);
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

/// The same for machines.
pub async fn mail_json(State(state): State<Arc<AppState>>) -> Response {
    json(StatusCode::OK, &caught(&state))
}

fn texted(state: &AppState) -> Vec<Caught> {
    let sink = state.dev.as_ref().and_then(|dev| dev.sms.as_ref());
    sink.map(|sink| sink.0.newest_first()).unwrap_or_default()
}

/// Text messages.
pub async fn sms_json(State(state): State<Arc<AppState>>) -> Response {
    json(StatusCode::OK, &texted(&state))
}
