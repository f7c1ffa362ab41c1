//! Everything we hold about a person, handed to them; and the end of their account.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use identity_domain::failure::Failure;
use identity_domain::time::Duration;
use identity_flows::account::deletion::{self, GRACE};
use identity_flows::account::export;
use identity_flows::browser::Cookies;
use identity_pages::Alert;
use identity_pages::person::{AccountData, AccountDelete, Deletion};
use identity_pages::registration::LinkPurpose;
use serde::Deserialize;

use super::account::{SIGN_OUT, Said, elevated, frame, signed_in};
use super::email::{confirm_page, presented};
use super::visit::{Posted, Visit};
use super::{errors, page, redirect, set_cookies};
use crate::app::AppState;

const DATA: &str = "/account/data";
const DELETE: &str = "/account/delete";

/// Both choices.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, DATA).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let page_of = AccountData {
        download_action: format!("{DATA}/download"),
        delete_url: DELETE.to_owned(),
        grace_days: days(GRACE),
        managed: live.user.managed_by.is_some(),
        alert: said.alert(&state),
        sign_out_action: SIGN_OUT.to_owned(),
    };
    let frame = frame(&state, &visit, &live);
    page(&state, &visit, &frame, &page_of, StatusCode::OK)
}

const fn days(period: Duration) -> i64 {
    period.as_seconds() / 86_400
}

/// The file. It is made for this answer and kept nowhere.
pub async fn download(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, DATA).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    match export::document(&state.env, &elevated, &visit.context).await {
        Ok(document) => {
            let kind = HeaderValue::from_static("application/json");
            let name = HeaderValue::from_static("attachment; filename=\"my-data.json\"");
            let body = format!("{document:#}\n");
            ([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], body).into_response()
        }
        Err(Failure::Fault(fault)) => errors::fault(&state, visit, &fault),
        Err(failure) => errors::login(&state, visit, None, failure).await,
    }
}

/// What a deletion does, and the button.
pub async fn ask_deletion(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    deletion_page(&state, &visit, None).await
}

async fn deletion_page(state: &Arc<AppState>, visit: &Visit, alert: Option<Alert>) -> Response {
    let elevated = match elevated(state, visit, DELETE).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let live = elevated.live();
    let status = if alert.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page_of = AccountDelete {
        action: DELETE.to_owned(),
        email: live.user.email.as_str().to_owned(),
        grace_days: days(GRACE),
        delete_at: state.env.now() + GRACE,
        cancel_url: DATA.to_owned(),
        alert,
        sign_out_action: SIGN_OUT.to_owned(),
    };
    page(state, visit, &frame(state, visit, live), &page_of, status)
}

/// Begins the end of the account.
pub async fn delete(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    if !posted.is_checked("confirm") {
        return deletion_page(&state, visit, Some(Alert::ConfirmFirst)).await;
    }
    let elevated = match elevated(&state, visit, DELETE).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    match deletion::request(&state.env, &elevated, &visit.locale, &visit.context).await {
        Ok(delete_at) => {
            let page_of = Deletion {
                delete_at: Some(delete_at),
                again: false,
                sign_in_url: "/account".to_owned(),
            };
            let frame = visit.frame_for(&state, &elevated.live().user);
            let mut response = page(&state, visit, &frame, &page_of, StatusCode::OK);
            let ended = elevated.live().session.token_hash;
            let cookies = identity_flows::session::cookies_without(&visit.browser, &[ended]);
            set_cookies(&state, &mut response, &cookies);
            response
        }
        Err(failure) => super::profile::done(&state, visit, Err(failure), DATA),
    }
}

/// Which page of the mailed link; only one that is so.
#[derive(Deserialize)]
pub struct Continued {
    said: Option<String>,
}

/// What the mailed link does, and the button; or what it did.
pub async fn show_cancel(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(link): Path<String>,
    Query(continued): Query<Continued>,
) -> Response {
    if continued.said.as_deref() == Some("kept")
        && let Ok(presented) = presented(&link)
        && let Ok(user) = deletion::kept_by(&state.env, &presented).await
    {
        let page_of = Deletion {
            delete_at: None,
            again: false,
            sign_in_url: "/account".to_owned(),
        };
        let frame = visit.frame_for(&state, &user);
        return page(&state, &visit, &frame, &page_of, StatusCode::OK);
    }
    let found = match presented(&link) {
        Ok(presented) => deletion::peek(&state.env, &presented).await,
        Err(failure) => Err(failure),
    };
    let found = found.map(|user| user.email.as_str().to_owned());
    let action = format!("{DELETE}/cancel/{link}");
    confirm_page(&state, &visit, action, LinkPurpose::CancelDeletion, found)
}

/// Keeps the account.
pub async fn cancel(
    State(state): State<Arc<AppState>>,
    Path(link): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let kept = match presented(&link) {
        Ok(presented) => deletion::cancel(&state.env, &presented, &visit.context).await,
        Err(failure) => Err(failure),
    };
    match kept {
        Ok(_) => {
            let to = format!("{DELETE}/cancel/{link}?said=kept");
            redirect(&state, visit, &to, &Cookies::default())
        }
        Err(failure) => {
            let action = format!("{DELETE}/cancel/{link}");
            let purpose = LinkPurpose::CancelDeletion;
            confirm_page(&state, visit, action, purpose, Err(failure))
        }
    }
}
