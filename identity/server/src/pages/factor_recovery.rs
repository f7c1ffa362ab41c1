//! Where the mailed links about lost second factors lead: GET shows a button, POST acts.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::user::User;
use identity_flows::browser::Cookies;
use identity_flows::factors::recovery::{self, Link, WAIT};
use identity_flows::login::LoginResult;
use identity_flows::mailed::{self, Presented};
use identity_pages::factor::{FactorRecovery, RecoveryStage};
use identity_pages::registration::{LinkConfirm, LinkPurpose};
use serde::Deserialize;

use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

fn presented(link: &str) -> LoginResult<Presented> {
    mailed::from_link(link).ok_or(Failure::Refused(LoginRefusal::LinkDead))
}

/// Which page of the link; only one that is so.
#[derive(Deserialize, Default)]
pub struct Continued {
    said: Option<String>,
}

/// "Remove your second steps", and a button.
pub async fn show(
    state: State<Arc<AppState>>,
    visit: Visit,
    link: Path<String>,
    continued: Query<Continued>,
) -> Response {
    asked(state, visit, (link, continued), Link::Begin).await
}

/// "Keep your second steps", and a button.
pub async fn show_keep(
    state: State<Arc<AppState>>,
    visit: Visit,
    link: Path<String>,
    continued: Query<Continued>,
) -> Response {
    asked(state, visit, (link, continued), Link::Keep).await
}

fn path(which: Link, link: &str) -> String {
    match which {
        Link::Begin => format!("/recover/factors/{link}"),
        Link::Keep => format!("/recover/factors/keep/{link}"),
    }
}

async fn asked(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    (Path(link), Query(continued)): (Path<String>, Query<Continued>),
    which: Link,
) -> Response {
    let is_done = continued.said.as_deref() == Some("done");
    let found = match presented(&link) {
        Ok(presented) if is_done => recovery::done(&state.env, which, &presented).await,
        Ok(presented) => recovery::peek(&state.env, which, &presented).await,
        Err(failure) => Err(failure),
    };
    let at = match (which, is_done) {
        (Link::Begin, false) => RecoveryStage::Begin,
        (Link::Begin, true) => RecoveryStage::Begun,
        (Link::Keep, false) => RecoveryStage::Keep,
        (Link::Keep, true) => RecoveryStage::Kept,
    };
    match found {
        Ok(user) => {
            let shown = FactorRecovery {
                stage: at,
                action: path(which, &link),
                email: user.email.as_str().to_owned(),
                hours: WAIT.as_seconds() / 3600,
                removed_at: user.standing.factors_removed_at,
                recover_url: "/recover".to_owned(),
            };
            let frame = visit.frame_for(&state, &user);
            page(&state, &visit, &frame, &shown, StatusCode::OK)
        }
        Err(failure) => dead(&state, &visit, &failure),
    }
}

fn dead(state: &AppState, visit: &Visit, failure: &Failure<LoginRefusal>) -> Response {
    if let Failure::Fault(fault) = failure {
        return errors::fault(state, visit, fault);
    }
    let confirm = LinkConfirm {
        action: String::new(),
        hidden: vec![],
        purpose: LinkPurpose::FactorRecovery,
        email: None,
        usable: false,
        new_link_url: Some("/account".to_owned()),
    };
    page(
        state,
        visit,
        &visit.frame(state),
        &confirm,
        StatusCode::GONE,
    )
}

/// Starts the wait.
pub async fn begin(
    State(state): State<Arc<AppState>>,
    Path(link): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let begun = match presented(&link) {
        Ok(presented) => {
            recovery::begin(&state.env, &presented, &visit.locale, &visit.context).await
        }
        Err(failure) => Err(failure),
    };
    outcome(&state, visit, begun, &path(Link::Begin, &link))
}

/// Stops it.
pub async fn keep(
    State(state): State<Arc<AppState>>,
    Path(link): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let kept = match presented(&link) {
        Ok(presented) => {
            recovery::keep(&state.env, &presented, &visit.locale, &visit.context).await
        }
        Err(failure) => Err(failure),
    };
    outcome(&state, visit, kept, &path(Link::Keep, &link))
}

/// A page of its own, which a reload and another language show again.
fn outcome(state: &AppState, visit: &Visit, done: LoginResult<User>, path: &str) -> Response {
    match done {
        Ok(_) => redirect(
            state,
            visit,
            &format!("{path}?said=done"),
            &Cookies::default(),
        ),
        Err(failure) => dead(state, visit, &failure),
    }
}
