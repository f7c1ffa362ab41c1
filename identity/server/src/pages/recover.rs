//! A forgotten password: ask, read the mail, choose a new one. By link or by code.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::user::User;
use identity_flows::mailed::{self, Presented};
use identity_flows::recovery;
use identity_pages::recovery::{Recover, RecoverSent, ResetPassword};
use identity_pages::registration::{LinkConfirm, LinkPurpose};
use identity_pages::{Alert, Field, FieldError, Hidden};

use super::password_form::{self, rules};
use super::visit::{Posted, Visit};
use super::{RESEND_AFTER, errors, login, page};
use crate::app::AppState;

/// "Which address?"
pub async fn show(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    page(
        &state,
        &visit,
        &visit.frame(&state),
        &question(None),
        StatusCode::OK,
    )
}

fn question(error: Option<FieldError>) -> Recover {
    let alert = error.as_ref().map(|_| Alert::CheckFields);
    let identifier = match error {
        Some(error) => Field::identifier().with_error(error),
        None => Field::identifier().focused(),
    };
    Recover {
        action: "/recover".to_owned(),
        hidden: vec![],
        identifier,
        alert,
        sign_in_url: Some("/account".to_owned()),
    }
}

/// Always the same answer (W-03).
pub async fn submit(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let identifier = posted.text("identifier").trim().to_owned();
    if identifier.is_empty() {
        return page(
            &state,
            visit,
            &visit.frame(&state),
            &question(Some(FieldError::EnterIdentifier)),
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    match recovery::request(&state.env, &identifier, &visit.locale, &visit.context).await {
        Ok(()) => sent(&state, visit, &identifier, None, StatusCode::OK),
        Err(failure) => errors::login(&state, visit, None, failure).await,
    }
}

fn sent(
    state: &AppState,
    visit: &Visit,
    address: &str,
    error: Option<FieldError>,
    status: StatusCode,
) -> Response {
    let alert = error.as_ref().map(|error| match error {
        FieldError::EnterCode => Alert::CheckFields,
        _ => Alert::WrongMailCode,
    });
    // Somebody who just typed a wrong code has waited already.
    let (code, resend_after) = match error {
        Some(error) => (Field::code().with_error(error), 0),
        None => (Field::code().focused(), RESEND_AFTER),
    };
    let page_of = RecoverSent {
        action: "/recover/code".to_owned(),
        hidden: vec![Hidden::new("identifier", address)],
        address: address.to_owned(),
        sender: state.mail_sender.clone(),
        code,
        resend_action: "/recover".to_owned(),
        resend_after,
        change_url: Some("/recover".to_owned()),
        alert,
    };
    page(state, visit, &visit.frame(state), &page_of, status)
}

/// The typed code opens the page of the new password; nothing is used up yet.
pub async fn code(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let (identifier, code) = (
        posted.text("identifier").to_owned(),
        posted.text("code").trim().to_owned(),
    );
    if code.is_empty() {
        let error = Some(FieldError::EnterCode);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return sent(&state, visit, &identifier, error, status);
    }
    let looked = async {
        let presented = recovery::by_code(&state.env, &identifier, &code).await?;
        recovery::peek(&state.env, &presented).await
    };
    match looked.await {
        Ok(user) => {
            let hidden = vec![
                Hidden::new("identifier", identifier),
                Hidden::new("code", code),
            ];
            new_password(
                &state,
                visit,
                ("/recover/reset", hidden),
                user.email.as_str(),
                None,
            )
        }
        Err(Failure::Refused(LoginRefusal::LinkDead)) => sent(
            &state,
            visit,
            &identifier,
            Some(FieldError::WrongCode),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(failure) => errors::login(&state, visit, None, failure).await,
    }
}

fn new_password(
    state: &AppState,
    visit: &Visit,
    (action, hidden): (&str, Vec<Hidden>),
    email: &str,
    error: Option<FieldError>,
) -> Response {
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let alert = error.as_ref().map(|_| Alert::CheckFields);
    let new = match error {
        Some(error) => Field::new_password().with_error(error),
        None => Field::new_password().focused(),
    };
    let page_of = ResetPassword {
        action: action.to_owned(),
        hidden,
        email: email.to_owned(),
        new,
        rules: rules(state),
        alert,
    };
    page(state, visit, &visit.frame(state), &page_of, status)
}

/// The mailed link: the form, or the reason why there is none. Looking uses nothing up.
pub async fn show_link(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(link): Path<String>,
) -> Response {
    let Some(presented) = mailed::from_link(&link) else {
        return dead(&state, &visit);
    };
    match recovery::peek(&state.env, &presented).await {
        Ok(user) => new_password(
            &state,
            &visit,
            (&format!("/recover/{link}"), vec![]),
            user.email.as_str(),
            None,
        ),
        Err(Failure::Refused(_)) => dead(&state, &visit),
        Err(Failure::Fault(fault)) => errors::fault(&state, &visit, &fault),
    }
}

/// W-05: get a new one.
fn dead(state: &AppState, visit: &Visit) -> Response {
    let page_of = LinkConfirm {
        action: "/recover".to_owned(),
        hidden: vec![],
        purpose: LinkPurpose::ResetPassword,
        email: None,
        usable: false,
        new_link_url: Some("/recover".to_owned()),
    };
    page(
        state,
        visit,
        &visit.frame(state),
        &page_of,
        StatusCode::GONE,
    )
}

/// The new password, by link.
pub async fn reset_by_link(
    State(state): State<Arc<AppState>>,
    Path(link): Path<String>,
    posted: Posted,
) -> Response {
    let Some(presented) = mailed::from_link(&link) else {
        return dead(&state, &posted.visit);
    };
    reset(
        &state,
        &posted,
        &presented,
        &format!("/recover/{link}"),
        vec![],
    )
    .await
}

/// The new password, by code.
pub async fn reset_by_code(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let (identifier, code) = (
        posted.text("identifier").to_owned(),
        posted.text("code").to_owned(),
    );
    match recovery::by_code(&state.env, &identifier, &code).await {
        Ok(presented) => {
            let hidden = vec![
                Hidden::new("identifier", identifier),
                Hidden::new("code", code),
            ];
            reset(&state, &posted, &presented, "/recover/reset", hidden).await
        }
        Err(failure) => errors::login(&state, &posted.visit, None, failure).await,
    }
}

async fn reset(
    state: &Arc<AppState>,
    posted: &Posted,
    presented: &Presented,
    action: &str,
    hidden: Vec<Hidden>,
) -> Response {
    let visit = &posted.visit;
    match recovery::reset(
        &state.env,
        presented,
        &posted.secret("password"),
        &visit.context,
    )
    .await
    {
        Ok(user) => signed_out(state, visit, &user).await,
        Err(Failure::Refused(LoginRefusal::Password(refusal))) => {
            let email = recovery::peek(&state.env, presented)
                .await
                .map(|user| user.email.as_str().to_owned())
                .unwrap_or_default();
            new_password(
                state,
                visit,
                (action, hidden),
                &email,
                Some(password_form::error(&refusal)),
            )
        }
        Err(Failure::Refused(LoginRefusal::LinkDead)) => dead(state, visit),
        Err(failure) => errors::login(state, visit, None, failure).await,
    }
}

/// Nobody is signed in by a reset (S111): a fresh sign-in page that says so.
async fn signed_out(state: &AppState, visit: &Visit, user: &User) -> Response {
    let done = match user.standing.securing {
        Some(_) => login::Done::SecuringPassword,
        None => login::Done::PasswordReset,
    };
    login::fresh(state, visit, user.email.as_str(), done).await
}
