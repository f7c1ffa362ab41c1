//! "Secure my account": one page that says what to do, and what is done.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::user::{RemovedFactor, Review};
use identity_flows::account::secure::{self, Progress};
use identity_flows::account::{activity, sessions};
use identity_flows::browser::Cookies;
use identity_flows::login::LoginResult;
use identity_pages::entry_report::EntryReport;
use identity_pages::secure::{AccountSecure, Removal, RemovedRow, SecureStep, SecureStepKind};
use identity_pages::{Alert, Hidden};
use serde::Deserialize;
use uuid::Uuid;

use super::account::{SIGN_OUT, Said, elevated, frame, signed_in};
use super::activity::in_words;
use super::sessions::ended;
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

pub(crate) const PATH: &str = "/account/secure";
/// The same, which says that the second steps stay.
const KEPT: &str = "/account/secure?said=factors_kept";

fn steps(progress: &Progress) -> Vec<SecureStep> {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let reviewed = |review| progress.reviewed.contains(&review);
    let step = |kind, done, number, url: Option<&str>| SecureStep {
        kind,
        done,
        count: count(number),
        url: url.map(str::to_owned),
    };
    let others = progress.other_sessions;
    let mut steps = vec![step(SecureStepKind::SignOut, others == 0, others, None)];
    if progress.has_password {
        let done = progress.password_changed;
        let url = Some("/account/password");
        steps.push(step(SecureStepKind::Password, done, 0, url));
    }
    steps.extend([
        step(
            SecureStepKind::Factors,
            reviewed(Review::Factors),
            0,
            Some("/account/security"),
        ),
        step(
            SecureStepKind::Devices,
            reviewed(Review::Devices),
            progress.devices,
            Some("/account/devices"),
        ),
        step(
            SecureStepKind::Applications,
            reviewed(Review::Applications),
            progress.applications,
            Some("/account/applications"),
        ),
    ]);
    steps
}

/// The list.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    match secure::progress(&state.env, &live).await {
        Ok(progress) => {
            let removed_at = live.user.standing.factors_removed_at;
            let alert = said.alert(&state);
            let alert = alert.filter(|said| removed_at.is_none() || *said != Alert::FactorsKept);
            let removal = removed_at.map(|at| Removal {
                at,
                keep_action: format!("{PATH}/keep"),
            });
            let page_of = AccountSecure {
                removal,
                ..secured(&state, &progress, alert)
            };
            let frame = frame(&state, &visit, &live);
            page(&state, &visit, &frame, &page_of, StatusCode::OK)
        }
        Err(fault) => errors::fault(&state, &visit, &fault),
    }
}

fn secured(state: &AppState, progress: &Progress, alert: Option<Alert>) -> AccountSecure {
    let steps = steps(progress);
    let done = steps.iter().filter(|step| step.done).count();
    AccountSecure {
        reported: progress.is_reported,
        done: u32::try_from(done).unwrap_or_default(),
        steps,
        removal: None,
        removed: progress.removed.iter().map(removed_row).collect(),
        about: progress.about.as_ref().map(|row| in_words(state, row)),
        end_others_action: format!("{PATH}/sign_out"),
        password_action: format!("{PATH}/password"),
        review_action: format!("{PATH}/review"),
        finish_action: format!("{PATH}/finish"),
        alert,
        sign_out_action: SIGN_OUT.to_owned(),
    }
}

fn removed_row(removed: &RemovedFactor) -> RemovedRow {
    RemovedRow {
        method: removed.method.as_str(),
        label: Some(removed.label.clone()).filter(|label| !label.is_empty()),
    }
}

/// Signs out everywhere else.
pub async fn sign_out(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let live = match signed_in(&state, &posted.visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let visit = &posted.visit;
    let done = sessions::end_others(&state.env, &live, &visit.browser, &visit.context).await;
    ended(&state, visit, done, (PATH, PATH))
}

/// To the page of a new password, which counts from now on.
pub async fn password(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let live = match signed_in(&state, &posted.visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let begun = secure::begin(&state.env, &live).await;
    back(&state, &posted.visit, begun, "/account/password")
}

/// Which entry of the activity.
#[derive(Deserialize)]
pub struct Entry {
    entry: Option<String>,
}

/// "This wasn't me", beside an entry of the activity: asks once more.
pub async fn ask(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(Entry { entry }): Query<Entry>,
) -> Response {
    let live = match signed_in(&state, &visit, "/account/activity").await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let entry = entry.as_deref().and_then(|entry| entry.parse().ok());
    let Some(entry): Option<Uuid> = entry else {
        return errors::status(&state, &visit, StatusCode::NOT_FOUND);
    };
    match activity::entry(&state.env, &live, entry).await {
        Ok(Some(row)) => {
            let asked = EntryReport {
                action: format!("{PATH}/report"),
                hidden: vec![Hidden::new("entry", entry.to_string())],
                entry: in_words(&state, &row),
                cancel_url: "/account/activity".to_owned(),
                sign_out_action: SIGN_OUT.to_owned(),
            };
            let frame = frame(&state, &visit, &live);
            page(&state, &visit, &frame, &asked, StatusCode::OK)
        }
        Ok(None) => errors::status(&state, &visit, StatusCode::NOT_FOUND),
        Err(fault) => errors::fault(&state, &visit, &fault),
    }
}

/// The same, said for good.
pub async fn report(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let live = match signed_in(&state, &posted.visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let Ok(entry) = posted.text("entry").parse() else {
        return errors::status(&state, &posted.visit, StatusCode::BAD_REQUEST);
    };
    let visit = &posted.visit;
    match secure::report(&state.env, &live, entry, &visit.context).await {
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => {
            errors::throttled(&state, visit, until)
        }
        done => back(&state, visit, done, PATH),
    }
}

/// "Keep them": whoever proves one of the second factors has not lost them.
pub async fn keep(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    // The proof alone keeps them.
    let proven = match elevated(&state, visit, KEPT).await {
        Ok(proven) => proven,
        Err(response) => return response,
    };
    let kept = secure::keep_factors(&state.env, &proven, &visit.context).await;
    back(&state, visit, kept.map_err(Failure::Fault), KEPT)
}

/// "Looks right".
pub async fn review(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let live = match signed_in(&state, &posted.visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let Some(review) = Review::parse(posted.text("step")) else {
        return errors::status(&state, &posted.visit, StatusCode::BAD_REQUEST);
    };
    let done = secure::review(&state.env, &live, review).await;
    back(&state, &posted.visit, done, PATH)
}

/// Done.
pub async fn finish(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let live = match signed_in(&state, &posted.visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    match secure::progress(&state.env, &live).await {
        Ok(progress) if steps(&progress).iter().all(|step| step.done) => {}
        // What is left is not told as done; home reminds of it.
        Ok(_) => return back(&state, &posted.visit, Ok(()), "/account"),
        Err(fault) => return errors::fault(&state, &posted.visit, &fault),
    }
    // Whoever it was that the reminder is about may still hold a session: it goes with a fresh proof only, like any sign-in method.
    let proven = match elevated(&state, &posted.visit, PATH).await {
        Ok(proven) => proven,
        Err(response) => return response,
    };
    let done = secure::finish(&state.env, &proven, &posted.visit.context).await;
    back(&state, &posted.visit, done, "/account?said=secured")
}

fn back(state: &AppState, visit: &Visit, done: LoginResult<()>, to: &str) -> Response {
    match done {
        Ok(()) => redirect(state, visit, to, &Cookies::default()),
        Err(Failure::Refused(_)) => errors::status(state, visit, StatusCode::NOT_FOUND),
        Err(Failure::Fault(fault)) => errors::fault(state, visit, &fault),
    }
}
