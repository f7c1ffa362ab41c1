//! Where the mailed links about lost second factors lead: GET shows a button, POST acts.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_flows::factors::recovery::{self, Link, WAIT};
use identity_flows::login::LoginResult;
use identity_flows::mailed::{self, Presented};
use identity_pages::factor::{FactorRecovery, RecoveryStage};
use identity_pages::registration::{LinkConfirm, LinkPurpose};

use super::visit::{Posted, Visit};
use super::{errors, page};
use crate::app::AppState;

fn presented(link: &str) -> LoginResult<Presented> {
    mailed::from_link(link).ok_or(Failure::Refused(LoginRefusal::LinkDead))
}

/// "Remove your second steps", and a button.
pub async fn show(state: State<Arc<AppState>>, visit: Visit, link: Path<String>) -> Response {
    asked(state, visit, link, Link::Begin).await
}

/// "Keep your second steps", and a button.
pub async fn show_keep(state: State<Arc<AppState>>, visit: Visit, link: Path<String>) -> Response {
    asked(state, visit, link, Link::Keep).await
}

async fn asked(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(link): Path<String>,
    which: Link,
) -> Response {
    let found = match presented(&link) {
        Ok(presented) => recovery::peek(&state.env, which, &presented).await,
        Err(failure) => Err(failure),
    };
    let (begins_at, path) = match which {
        Link::Begin => (RecoveryStage::Begin, "/recover/factors"),
        Link::Keep => (RecoveryStage::Keep, "/recover/factors/keep"),
    };
    match found {
        Ok(user) => {
            let shown = FactorRecovery {
                action: format!("{path}/{link}"),
                email: user.email.as_str().to_owned(),
                ..at(begins_at)
            };
            page(&state, &visit, &visit.frame(&state), &shown, StatusCode::OK)
        }
        Err(failure) => dead(&state, &visit, &failure),
    }
}

fn at(stage: RecoveryStage) -> FactorRecovery {
    FactorRecovery {
        stage,
        action: String::new(),
        email: String::new(),
        hours: WAIT.as_seconds() / 3600,
        removed_at: None,
        recover_url: "/recover".to_owned(),
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
    match begun {
        Ok(person) => {
            let shown = FactorRecovery {
                removed_at: person.standing.factors_removed_at,
                ..at(RecoveryStage::Begun)
            };
            let frame = visit.frame_for(&state, &person);
            page(&state, visit, &frame, &shown, StatusCode::OK)
        }
        Err(failure) => dead(&state, visit, &failure),
    }
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
    match kept {
        Ok(_) => {
            let shown = at(RecoveryStage::Kept);
            page(&state, visit, &visit.frame(&state), &shown, StatusCode::OK)
        }
        Err(failure) => dead(&state, visit, &failure),
    }
}
