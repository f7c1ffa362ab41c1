//! The mailed link that proves an address: GET shows a button, POST acts.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_flows::browser::Cookies;
use identity_flows::login::verify_link::{self, ByLink};
use identity_flows::login::view::view;
use identity_flows::mailed;
use identity_pages::PageFrame;
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
    let looked = match mailed::from_link(&link) {
        Some(presented) => verify_link::peek(&state.env, &presented, &visit.browser).await,
        None => Err(Failure::Refused(LoginRefusal::LinkDead)),
    };
    let (user, waiting) = match looked {
        Ok(looked) => looked,
        Err(Failure::Refused(_)) => return dead(&state, &visit, &link),
        Err(Failure::Fault(fault)) => return errors::fault(&state, &visit, &fault),
    };
    let email = Some(user.email.as_str().to_owned());
    // The button goes on in the sign-up that waits in this browser, and in the end to the application.
    let view = match waiting {
        Some(id) => view(&state.env, id, &visit.browser).await.ok(),
        None => None,
    };
    match view {
        Some(view) => {
            let visit = login::in_asked_locale(&state, &visit, &view);
            let frame = login::frame(&state, &visit, &view);
            login::leading_back(shown(&state, &visit, &frame, &link, email), &view)
        }
        None => shown(&state, &visit, &visit.frame(&state), &link, email),
    }
}

fn dead(state: &AppState, visit: &Visit, link: &str) -> Response {
    shown(state, visit, &visit.frame(state), link, None)
}

fn shown(
    state: &AppState,
    visit: &Visit,
    frame: &PageFrame,
    link: &str,
    email: Option<String>,
) -> Response {
    let usable = email.is_some();
    let confirm = LinkConfirm {
        action: format!("/verify/{link}"),
        hidden: vec![],
        purpose: LinkPurpose::VerifyEmail,
        email,
        usable,
        new_link_url: Some("/account".to_owned()),
    };
    let status = if usable {
        StatusCode::OK
    } else {
        StatusCode::GONE
    };
    page(state, visit, frame, &confirm, status)
}

/// Proves the address, and goes on where the sign-up waits in this browser. Anywhere else nobody is signed in by it.
pub async fn confirm(
    State(state): State<Arc<AppState>>,
    Path(link): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(presented) = mailed::from_link(&link) else {
        return dead(&state, visit, &link);
    };
    let (browser, context) = (&visit.browser, &visit.context);
    match verify_link::by_link(&state.env, &presented, browser, context).await {
        Ok(ByLink::WentOn(done)) => login::outcome(&state, visit, done),
        Ok(ByLink::ChoosePassword(link)) => {
            let to = format!("/recover/{}", link.expose());
            redirect(&state, visit, &to, &Cookies::default())
        }
        Ok(ByLink::Proven(user)) => {
            let email = user.email.as_str();
            login::fresh(&state, visit, email, login::Done::EmailVerified).await
        }
        Err(Failure::Refused(_)) => dead(&state, visit, &link),
        Err(Failure::Fault(fault)) => errors::fault(&state, visit, &fault),
    }
}
