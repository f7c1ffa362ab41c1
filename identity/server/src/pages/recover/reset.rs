//! The new password that a mailed proof is good for, and the way on from there.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Step};
use identity_domain::refusal::LoginRefusal;
use identity_domain::user::User;
use identity_flows::browser::Cookies;
use identity_flows::login::view::View;
use identity_flows::mailed::{self, Presented};
use identity_flows::recovery;
use identity_flows::registration::signed_up_elsewhere;
use identity_pages::recovery::ResetPassword;
use identity_pages::registration::{LinkConfirm, LinkPurpose};
use identity_pages::secure::ReportOutcome;
use identity_pages::{Alert, Field, FieldError, Hidden};

use super::{Continued, frame, hidden, known};
use crate::app::AppState;
use crate::pages::password_form::{self, rules};
use crate::pages::visit::{Posted, Visit};
use crate::pages::{errors, login, page, redirect, report};

/// Where a new password goes that a typed code is good for.
const RESET: &str = "/recover/reset";

pub(super) fn reset_url(id: Id<Login>) -> String {
    format!("{RESET}?login={id}")
}

/// The page of the new password, after a code was typed in this browser.
pub async fn show_reset(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(continued): Query<Continued>,
) -> Response {
    let Some(view) = continued.known(&state, &visit).await else {
        return redirect(&state, &visit, "/recover", &Cookies::default());
    };
    let Some(presented) = recovery::kept(&view.login) else {
        let to = format!("/recover?login={}", view.login.id);
        return redirect(&state, &visit, &to, &Cookies::default());
    };
    match recovery::peek(&state.env, &presented).await {
        Ok(user) => {
            let form = Form::kept_in(view);
            new_password(&state, &visit, form, &user, None)
        }
        Err(Failure::Refused(_)) => dead(&state, &visit),
        Err(Failure::Fault(fault)) => errors::fault(&state, &visit, &fault),
    }
}

/// The form of a new password, and the sign-in that goes on with it.
pub(super) struct Form {
    action: String,
    hidden: Vec<Hidden>,
    view: Option<View>,
}

impl Form {
    /// By a typed code that is kept nowhere.
    pub fn by_code(identifier: &str, code: &str) -> Self {
        Self {
            action: RESET.to_owned(),
            hidden: vec![
                Hidden::new("identifier", identifier),
                Hidden::new("code", code),
            ],
            view: None,
        }
    }

    /// By the code that was typed in this login.
    fn kept_in(view: View) -> Self {
        Self {
            action: RESET.to_owned(),
            hidden: hidden(Some(&view)),
            view: Some(view),
        }
    }

    /// By a mailed link, which the check while typing knows the person by.
    async fn by_link(
        state: &AppState,
        visit: &Visit,
        link: &str,
        login: Option<Id<Login>>,
    ) -> Self {
        let view = known(state, visit, login).await;
        let mut hidden = hidden(view.as_ref());
        hidden.push(Hidden::new("link", link));
        Self {
            action: format!("/recover/{link}"),
            hidden,
            view,
        }
    }
}

pub(super) fn new_password(
    state: &AppState,
    visit: &Visit,
    form: Form,
    user: &User,
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
        action: form.action,
        hidden: form.hidden,
        email: user.email.as_str().to_owned(),
        signed_up_elsewhere: signed_up_elsewhere(user, &visit.browser),
        new,
        rules: rules(state),
        alert,
    };
    let mut frame = frame(state, visit, form.view.as_ref());
    if let (Some(view), RESET) = (&form.view, page_of.action.as_str()) {
        frame.current_url = reset_url(view.login.id);
    }
    page(state, visit, &frame, &page_of, status)
}

/// The mailed link: the form, or the reason why there is none. Looking uses nothing up.
pub async fn show_link(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(link): Path<String>,
    Query(continued): Query<Continued>,
) -> Response {
    let Some(presented) = mailed::from_link(&link) else {
        return dead(&state, &visit);
    };
    if continued.said.as_deref() == Some(report::STOPPED)
        && let Ok(user) = recovery::peek_reported(&state.env, &presented).await
    {
        let choose = format!("/recover/{link}");
        let stopped = (ReportOutcome::Stopped, choose.as_str());
        return report::everybody_is_out(&state, &visit, &user, stopped);
    }
    match recovery::looked_at(&state.env, &presented).await {
        Ok((user, login)) => {
            let form = Form::by_link(&state, &visit, &link, login).await;
            new_password(&state, &visit, form, &user, None)
        }
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
    let login = posted.text("login").parse().ok();
    let form = Form::by_link(&state, &posted.visit, &link, login).await;
    reset(&state, &posted, &presented, form).await
}

/// The new password, by code: the one that this browser's sign-in keeps, or the one that came along.
pub async fn reset_by_code(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let view = known(&state, visit, posted.text("login").parse().ok()).await;
    if let Some(view) = view {
        let Some(presented) = recovery::kept(&view.login) else {
            return dead(&state, visit);
        };
        let form = Form::kept_in(view);
        return reset(&state, &posted, &presented, form).await;
    }
    let (identifier, code) = (posted.text("identifier"), posted.text("code"));
    match recovery::by_code(&state.env, identifier, code).await {
        Ok(presented) => {
            let form = Form::by_code(identifier, code);
            reset(&state, &posted, &presented, form).await
        }
        Err(failure) => errors::login(&state, visit, None, failure).await,
    }
}

async fn reset(
    state: &Arc<AppState>,
    posted: &Posted,
    presented: &Presented,
    form: Form,
) -> Response {
    let visit = &posted.visit;
    let password = posted.secret("password");
    match recovery::reset(&state.env, presented, &password, &visit.context).await {
        Ok(user) => signed_out(state, posted, &user).await,
        Err(Failure::Refused(LoginRefusal::Password(refusal))) => {
            match recovery::peek(&state.env, presented).await {
                Ok(user) => {
                    let error = match posted.text("password") {
                        "" if signed_up_elsewhere(&user, &visit.browser) => {
                            FieldError::ChoosePassword
                        }
                        "" => FieldError::EnterNewPassword,
                        _ => password_form::error(&refusal),
                    };
                    new_password(state, visit, form, &user, Some(error))
                }
                Err(Failure::Refused(_)) => dead(state, visit),
                Err(Failure::Fault(fault)) => errors::fault(state, visit, &fault),
            }
        }
        Err(Failure::Refused(LoginRefusal::LinkDead)) => dead(state, visit),
        Err(failure) => errors::login(state, visit, None, failure).await,
    }
}

/// Nobody is signed in by a reset (S111): a fresh sign-in page that says so.
async fn signed_out(state: &AppState, posted: &Posted, user: &User) -> Response {
    let visit = &posted.visit;
    let done = match user.standing.securing {
        Some(_) => login::Done::SecuringPassword,
        None => login::Done::PasswordReset,
    };
    // The sign-in in which the password was missed goes on.
    let waiting = known(state, visit, posted.text("login").parse().ok()).await;
    if let (Some(view), None) = (waiting, &user.standing.securing) {
        let to = login::path(view.login.id, &Step::Authenticate);
        let to = format!("{to}?said=password_reset");
        return redirect(state, visit, &to, &Cookies::default());
    }
    login::fresh(state, visit, user.email.as_str(), done).await
}
