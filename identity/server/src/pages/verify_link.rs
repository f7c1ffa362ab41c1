//! The mailed link that proves an address: GET shows a button, POST acts.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_flows::browser::Cookies;
use identity_flows::login::verify_email::{self, ByLink};
use identity_flows::mailed;
use identity_pages::registration::{LinkConfirm, LinkPurpose};

use super::visit::{Posted, Visit};
use super::{errors, login, page, redirect};
use crate::app::AppState;

/// What will happen, and a button.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(link): Path<String>,
) -> Response {
    let email = match mailed::from_link(&link) {
        Some(presented) => match verify_email::peek(&state.env, &presented).await {
            Ok(user) => Some(user.email.as_str().to_owned()),
            Err(Failure::Refused(_)) => None,
            Err(Failure::Fault(fault)) => return errors::fault(&state, &visit, &fault),
        },
        None => None,
    };
    shown(&state, &visit, &link, email)
}

fn shown(state: &AppState, visit: &Visit, link: &str, email: Option<String>) -> Response {
    let usable = email.is_some();
    let confirm = LinkConfirm {
        action: format!("/verify/{link}"),
        hidden: vec![],
        purpose: LinkPurpose::VerifyEmail,
        email,
        usable,
        new_link_url: Some("/account".to_owned()),
    };
    page(
        state,
        visit,
        &visit.frame(state),
        &confirm,
        if usable {
            StatusCode::OK
        } else {
            StatusCode::GONE
        },
    )
}

/// Proves the address. Nobody is signed in by it: the sign-up goes on where it began, or with a sign-in here.
pub async fn confirm(
    State(state): State<Arc<AppState>>,
    Path(link): Path<String>,
    posted: Posted,
) -> Response {
    let result = match mailed::from_link(&link) {
        Some(presented) => {
            let Visit {
                browser, context, ..
            } = &posted.visit;
            verify_email::by_link(&state.env, &presented, browser, context)
                .await
                .map(Some)
        }
        None => Ok(None),
    };
    match result {
        Ok(Some(ByLink::ChoosePassword(link))) => {
            let to = format!("/recover/{}", link.expose());
            redirect(&state, &posted.visit, &to, &Cookies::default())
        }
        Ok(Some(ByLink::Proven(user))) => {
            let email = user.email.as_str();
            login::fresh(&state, &posted.visit, email, login::Done::EmailVerified).await
        }
        Ok(None) | Err(Failure::Refused(_)) => shown(&state, &posted.visit, &link, None),
        Err(Failure::Fault(fault)) => errors::fault(&state, &posted.visit, &fault),
    }
}
