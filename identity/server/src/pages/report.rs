//! "Was this you?": where both buttons of a mail about a sign-in, or about a change of how somebody signs in, lead. GET asks, POST acts.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::factor::Method;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::user::User;
use identity_flows::browser::Cookies;
use identity_flows::mailed::{self, Presented};
use identity_flows::report::{self, Change, Changed, NewFactor, Question, Reported, Said};
use identity_pages::mail::Origin;
use identity_pages::registration::{LinkConfirm, LinkPurpose};
use identity_pages::secure::{
    Answer, ReportOutcome, ReportedChange, ReportedFactor, SignInReport, SignInReported,
};
use serde::Deserialize;

use super::agent::Agent;
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

/// Which button was pressed, and what was answered then.
#[derive(Deserialize, Default)]
pub struct Pressed {
    it: Option<String>,
    said: Option<String>,
}

/// Asks once more, or says what became of the answer.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(link): Path<String>,
    Query(pressed): Query<Pressed>,
) -> Response {
    let Some(presented) = mailed::from_link(&link) else {
        return dead(&state, &visit);
    };
    match pressed.said.as_deref() {
        Some("me") => return confirmed(&state, &visit, &presented).await,
        Some("not_me") => return stopped(&state, &visit, &presented).await,
        _ => {}
    }
    match report::peek(&state.env, &presented).await {
        Ok(question) => {
            let answer = match pressed.it.as_deref() {
                Some("me") => Answer::Me,
                Some("not_me") => Answer::NotMe,
                _ => Answer::Open,
            };
            let env = &state.env;
            let holds = report::holds(env, &question, &visit.browser, &visit.context).await;
            let frame = visit.frame_for(&state, &question.user);
            match holds {
                Ok(holds) => {
                    let asked = asked(&state, &link, question, (answer, holds));
                    page(&state, &visit, &frame, &asked, StatusCode::OK)
                }
                Err(failure) => unasked(&state, &visit, failure),
            }
        }
        Err(failure) => unasked(&state, &visit, failure),
    }
}

fn unasked(state: &AppState, visit: &Visit, failure: Failure<LoginRefusal>) -> Response {
    match failure {
        Failure::Refused(_) => dead(state, visit),
        Failure::Fault(fault) => errors::fault(state, visit, &fault),
    }
}

fn asked(
    state: &AppState,
    link: &str,
    question: Question,
    (answer, holds): (Answer, bool),
) -> SignInReport {
    let Question { user, about } = question;
    let (change, factor) = named(&about);
    SignInReport {
        action: format!("/report/{link}"),
        hidden: vec![],
        email: user.email.as_str().to_owned(),
        change,
        factor,
        origin: origin(state, about),
        answer,
        holds,
    }
}

/// What it was, and which second factor it was about.
fn named(about: &Reported) -> (ReportedChange, Option<ReportedFactor>) {
    let factor = |method: &Method, label: &str| {
        Some(ReportedFactor {
            method: method.as_str(),
            label: Some(label.to_owned()).filter(|label| !label.is_empty()),
        })
    };
    match about {
        Reported::SignIn(_) => (ReportedChange::SignIn, None),
        Reported::Factor(NewFactor { method, label, .. }) => {
            (ReportedChange::Factor, factor(method, label))
        }
        Reported::Change(changed) => match &changed.what {
            Change::Password => (ReportedChange::PasswordChanged, None),
            Change::FactorRemoved { method, label } => {
                (ReportedChange::FactorRemoved, factor(method, label))
            }
            Change::BackupCodesMade => (ReportedChange::BackupCodesMade, None),
            Change::BackupCodeUsed => (ReportedChange::BackupCodeUsed, None),
        },
    }
}

/// When, where and with what.
fn origin(state: &AppState, about: Reported) -> Origin {
    let ip = |address: String| Some(address).filter(|address| !address.is_empty());
    match about {
        Reported::SignIn(sign_in) => {
            let app = sign_in
                .client_id
                .as_deref()
                .and_then(|client| state.env.directory.client(client))
                .map(|client| client.display_name().to_owned());
            Origin {
                at: sign_in.at,
                device: Agent::read(&sign_in.user_agent).in_words(),
                place: sign_in.country,
                ip: ip(sign_in.address),
                app,
            }
        }
        Reported::Factor(NewFactor { scene, .. }) | Reported::Change(Changed { scene, .. }) => {
            Origin {
                at: scene.at,
                device: Agent::read(&scene.user_agent).in_words(),
                place: identity_flows::device::country(&state.env, &scene.address),
                ip: ip(scene.address),
                app: None,
            }
        }
    }
}

/// The answer.
pub async fn answer(
    State(state): State<Arc<AppState>>,
    Path(link): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(presented) = mailed::from_link(&link) else {
        return dead(&state, visit);
    };
    // Pages of their own, which a reload and another language show again.
    let result = match posted.text("answer") {
        "me" => report::confirm(&state.env, &presented, &visit.context)
            .await
            .map(|()| format!("/report/{link}?said=me")),
        "not_me" => report::disown(&state.env, &presented, &visit.browser, &visit.context)
            .await
            .map(|new_password| match new_password {
                Some(new_password) => {
                    format!("/recover/{}?said={STOPPED}", new_password.expose())
                }
                None => format!("/report/{link}?said=not_me"),
            }),
        _ => return errors::status(&state, visit, StatusCode::BAD_REQUEST),
    };
    match result {
        Ok(to) => redirect(&state, visit, &to, &Cookies::default()),
        Err(Failure::Refused(LoginRefusal::LinkDead)) => dead(&state, visit),
        Err(failure) => errors::login(&state, visit, None, failure).await,
    }
}

/// What the link of a new password says that comes right after "This wasn't me".
pub(crate) const STOPPED: &str = "stopped";

async fn confirmed(state: &AppState, visit: &Visit, presented: &Presented) -> Response {
    match report::answered(&state.env, presented, Said::Me).await {
        Ok(user) => {
            let confirmed = SignInReported {
                outcome: ReportOutcome::Confirmed,
                next_url: "/account".to_owned(),
                held_until: None,
            };
            let frame = visit.frame_for(state, &user);
            page(state, visit, &frame, &confirmed, StatusCode::OK)
        }
        Err(failure) => unasked(state, visit, failure),
    }
}

async fn stopped(state: &AppState, visit: &Visit, presented: &Presented) -> Response {
    match report::answered(&state.env, presented, Said::NotMe).await {
        Ok(user) => {
            let secure = (ReportOutcome::StoppedWithoutPassword, "/account/secure");
            everybody_is_out(state, visit, &user, secure)
        }
        Err(failure) => unasked(state, visit, failure),
    }
}

/// "We've stopped it", and where it goes on.
pub(crate) fn everybody_is_out(
    state: &AppState,
    visit: &Visit,
    user: &User,
    (outcome, next_url): (ReportOutcome, &str),
) -> Response {
    let stopped = SignInReported {
        outcome,
        next_url: next_url.to_owned(),
        held_until: user.factors_held_until(),
    };
    let frame = visit.frame_for(state, user);
    page(state, visit, &frame, &stopped, StatusCode::OK)
}

/// Answered or expired: the page that helps is behind a sign-in too.
fn dead(state: &AppState, visit: &Visit) -> Response {
    let page_of = LinkConfirm {
        action: "/account/secure".to_owned(),
        hidden: vec![],
        purpose: LinkPurpose::Report,
        email: None,
        usable: false,
        new_link_url: Some("/account/secure".to_owned()),
    };
    let frame = visit.frame(state);
    page(state, visit, &frame, &page_of, StatusCode::GONE)
}
