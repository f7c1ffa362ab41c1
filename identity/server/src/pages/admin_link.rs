//! The one-time sign-in link of an administrator: GET shows a button, POST signs in.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_flows::admin::link;
use identity_pages::registration::{LinkConfirm, LinkPurpose};

use super::visit::{Posted, Visit};
use super::{errors, login, page};
use crate::app::AppState;

fn shown(state: &AppState, visit: &Visit, link: &str, email: Option<String>) -> Response {
    let usable = email.is_some();
    let confirm = LinkConfirm {
        action: format!("/admin/link/{link}"),
        hidden: vec![],
        purpose: LinkPurpose::SignIn,
        email,
        usable,
        new_link_url: Some("/account".to_owned()),
    };
    let status = if usable {
        StatusCode::OK
    } else {
        StatusCode::GONE
    };
    page(state, visit, &visit.frame(state), &confirm, status)
}

/// What will happen, and a button.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(text): Path<String>,
) -> Response {
    match link::peek(&state.env, &text).await {
        Ok(user) => shown(&state, &visit, &text, Some(user.email.as_str().to_owned())),
        Err(Failure::Refused(_)) => shown(&state, &visit, &text, None),
        Err(Failure::Fault(fault)) => errors::fault(&state, &visit, &fault),
    }
}

/// Signs in.
pub async fn redeem(
    State(state): State<Arc<AppState>>,
    Path(text): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    match link::redeem(&state.env, &text, &visit.browser, &visit.context).await {
        Ok(done) => login::outcome(&state, visit, done),
        Err(Failure::Refused(LoginRefusal::LinkDead)) => shown(&state, visit, &text, None),
        Err(failure) => errors::login(&state, visit, None, failure).await,
    }
}
