//! A forgotten password: ask, read the mail, choose a new one. By link or by code.

pub mod reset;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Step};
use identity_domain::refusal::LoginRefusal;
use identity_flows::browser::Cookies;
use identity_flows::login::start::remembering;
use identity_flows::login::view::{View, view};
use identity_flows::recovery;
use identity_pages::recovery::{Recover, RecoverSent};
use identity_pages::{Alert, Field, FieldError, Hidden, PageFrame};
use serde::Deserialize;

use self::reset::{Form, new_password, reset_url};
use super::visit::{Posted, Visit};
use super::{RESEND_AFTER, begun, errors, login, may_not_begin, page, redirect};
use crate::app::AppState;

/// The sign-in in which the password was missed: it knows the address, and goes on afterwards.
#[derive(Deserialize, Default)]
pub struct Continued {
    login: Option<String>,
    said: Option<String>,
}

impl Continued {
    async fn known(&self, state: &AppState, visit: &Visit) -> Option<View> {
        let id = self.login.as_deref()?.parse().ok()?;
        known(state, visit, Some(id)).await
    }

    /// The login, if it is over.
    async fn finished(&self, state: &AppState, visit: &Visit) -> Option<Id<Login>> {
        let id = self.login.as_deref()?.parse().ok()?;
        match view(&state.env, id, &visit.browser).await {
            Err(Failure::Refused(LoginRefusal::AlreadyFinished)) => Some(id),
            _ => None,
        }
    }

    /// Only words of this list; never text from the address.
    fn alert(&self) -> Option<Alert> {
        match self.said.as_deref()? {
            "email_undone" => Some(Alert::EmailUndone),
            "mail_sent" => Some(Alert::MailSent),
            _ => None,
        }
    }
}

/// A login of this browser that asks who it is.
async fn known(state: &AppState, visit: &Visit, id: Option<Id<Login>>) -> Option<View> {
    let view = view(&state.env, id?, &visit.browser).await.ok()?;
    (view.login.state.step == Step::Authenticate).then_some(view)
}

/// The frame names the application that the person is on the way to.
fn frame(state: &AppState, visit: &Visit, view: Option<&View>) -> PageFrame {
    view.map_or_else(
        || visit.frame(state),
        |view| login::frame(state, visit, view),
    )
}

fn hidden(view: Option<&View>) -> Vec<Hidden> {
    view.map(|view| Hidden::new("login", view.login.id.to_string()))
        .into_iter()
        .collect()
}

/// "Which address?"
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(continued): Query<Continued>,
) -> Response {
    let view = continued.known(&state, &visit).await;
    let mut question = question(view.as_ref(), None);
    question.alert = continued.alert();
    let frame = frame(&state, &visit, view.as_ref());
    page(&state, &visit, &frame, &question, StatusCode::OK)
}

fn question(view: Option<&View>, error: Option<FieldError>) -> Recover {
    let alert = error.as_ref().map(|_| Alert::CheckFields);
    let identifier = match error {
        Some(error) => Field::identifier().with_error(error),
        None => Field::identifier().focused(),
    };
    let typed = view.and_then(|view| view.login.state.identifier.clone());
    Recover {
        action: "/recover".to_owned(),
        hidden: hidden(view),
        identifier: identifier.with_value(typed.unwrap_or_default()),
        alert,
        sign_in_url: Some(back(view)),
    }
}

/// To the sign-in that the person came from.
fn back(view: Option<&View>) -> String {
    view.map_or_else(
        || "/account".to_owned(),
        |view| format!("/login/{}", view.login.id),
    )
}

/// After a change of address was taken back: a new password, with the address filled in.
pub(crate) async fn after_undo(state: &AppState, visit: &Visit, email: &str) -> Response {
    match remembering(&state.env, None, email, &visit.browser).await {
        Ok((id, cookies)) => {
            let to = format!("/recover?login={id}&said=email_undone");
            redirect(state, visit, &to, &cookies)
        }
        Err(fault) => errors::fault(state, visit, &fault),
    }
}

/// Always the same answer (W-03).
pub async fn submit(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    requested(&state, &posted, "").await
}

/// Another mail.
pub async fn resend(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    requested(&state, &posted, "&said=mail_sent").await
}

async fn requested(state: &Arc<AppState>, posted: &Posted, said: &str) -> Response {
    let visit = &posted.visit;
    let id = posted.text("login").parse().ok();
    let identifier = posted.text("identifier").trim().to_owned();
    if identifier.is_empty() {
        let view = known(state, visit, id).await;
        let mut question = question(view.as_ref(), Some(FieldError::EnterIdentifier));
        question.identifier = question.identifier.with_value("");
        let frame = frame(state, visit, view.as_ref());
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page(state, visit, &frame, &question, status);
    }
    // Whoever may begin no sign-in may still reset a password (H-13), on a page that a reload asks for again.
    let kept = if id.is_none() && may_not_begin(state, visit).is_some() {
        None
    } else {
        match remembering(&state.env, id, &identifier, &visit.browser).await {
            Ok(kept) => Some(kept),
            Err(fault) => return errors::fault(state, visit, &fault),
        }
    };
    let asked = (identifier.as_str(), kept.as_ref().map(|(login, _)| *login));
    let requested = recovery::request(&state.env, asked, &visit.locale, &visit.context);
    if let Err(failure) = requested.await {
        return errors::login(state, visit, None, failure).await;
    }
    match kept {
        Some((login, cookies)) => {
            if id != Some(login) {
                begun(state, visit);
            }
            let to = format!("{}{said}", sent_url(login));
            redirect(state, visit, &to, &cookies)
        }
        None => sent(state, visit, (None, &identifier), None, StatusCode::OK),
    }
}

fn sent_url(id: Id<Login>) -> String {
    format!("/recover/sent?login={id}")
}

/// "Check your mail". A page of its own, so that neither a reload nor another language loses the field or sends a mail.
pub async fn show_sent(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(continued): Query<Continued>,
) -> Response {
    let view = continued.known(&state, &visit).await;
    let typed = view
        .as_ref()
        .and_then(|view| view.login.state.identifier.clone());
    let Some(typed) = typed else {
        // The sign-in went on in another tab: its page says so, and leads on.
        let to = match continued.finished(&state, &visit).await {
            Some(id) => format!("/login/{id}"),
            None => "/recover".to_owned(),
        };
        return redirect(&state, &visit, &to, &Cookies::default());
    };
    let said = continued.alert().map(Notice::Said);
    let shown = (view.as_ref(), typed.as_str());
    sent(&state, &visit, shown, said, StatusCode::OK)
}

/// What the page says above its form.
enum Notice {
    Said(Alert),
    Wrong(FieldError),
}

fn sent(
    state: &AppState,
    visit: &Visit,
    (view, address): (Option<&View>, &str),
    notice: Option<Notice>,
    status: StatusCode,
) -> Response {
    let (alert, error) = match notice {
        Some(Notice::Wrong(error @ FieldError::EnterCode)) => {
            (Some(Alert::CheckFields), Some(error))
        }
        Some(Notice::Wrong(error)) => (Some(Alert::WrongMailCode), Some(error)),
        Some(Notice::Said(alert)) => (Some(alert), None),
        None => (None, None),
    };
    // Somebody who just typed a wrong code has waited already.
    let (code, resend_after) = match error {
        Some(error) => (Field::code().with_error(error), 0),
        None => (Field::code().focused(), RESEND_AFTER),
    };
    let mut fields = hidden(view);
    fields.push(Hidden::new("identifier", address));
    let change_url = view.map_or_else(
        || "/recover".to_owned(),
        |view| format!("/recover?login={}", view.login.id),
    );
    let mut frame = frame(state, visit, view);
    if let Some(view) = view {
        frame.current_url = sent_url(view.login.id);
    }
    let page_of = RecoverSent {
        action: "/recover/code".to_owned(),
        hidden: fields,
        address: address.to_owned(),
        sender: state.mail_sender.clone(),
        code,
        resend_action: "/recover/resend".to_owned(),
        resend_after,
        change_url: Some(change_url),
        sign_in_url: back(view),
        alert,
    };
    page(state, visit, &frame, &page_of, status)
}

/// The typed code opens the page of the new password; nothing is used up yet.
pub async fn code(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let (identifier, code) = (
        posted.text("identifier").to_owned(),
        posted.text("code").trim().to_owned(),
    );
    let view = known(&state, visit, posted.text("login").parse().ok()).await;
    let shown = (view.as_ref(), identifier.as_str());
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    if code.is_empty() {
        let missing = Notice::Wrong(FieldError::EnterCode);
        return sent(&state, visit, shown, Some(missing), unprocessable);
    }
    let looked = async {
        let presented = recovery::by_code(&state.env, &identifier, &code).await?;
        let user = recovery::peek(&state.env, &presented).await?;
        if let Some(view) = &view {
            let browser = &visit.browser;
            recovery::keep(&state.env, view.login.id, &presented, browser).await?;
        }
        Ok(user)
    };
    match (looked.await, &view) {
        // A page of its own, so that neither a reload nor another language loses what the code was good for.
        (Ok(_), Some(view)) => {
            let to = reset_url(view.login.id);
            redirect(&state, visit, &to, &Cookies::default())
        }
        (Ok(user), None) => {
            let form = Form::by_code(&identifier, &code);
            new_password(&state, visit, form, &user, None)
        }
        (Err(Failure::Refused(LoginRefusal::LinkDead)), _) => {
            let wrong = Notice::Wrong(FieldError::WrongCode);
            sent(&state, visit, shown, Some(wrong), unprocessable)
        }
        (Err(failure), _) => errors::login(&state, visit, None, failure).await,
    }
}
