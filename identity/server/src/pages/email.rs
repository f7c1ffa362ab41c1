//! A change of address: asked for while freshly proven, confirmed by code or link, taken back by a link to the old address.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::user::User;
use identity_flows::account::email;
use identity_flows::account::undo_email::{self, Undone};
use identity_flows::browser::Cookies;
use identity_flows::login::{self, LoginResult};
use identity_flows::mailed::{self, Presented};
use identity_flows::session::{self, LiveSession};
use identity_pages::person::{AccountEmail, AccountEmailSent};
use identity_pages::registration::{LinkConfirm, LinkPurpose};
use identity_pages::{Alert, Field, FieldError, Hidden};

use super::account::{SIGN_OUT, Said, elevated, frame, signed_in};
use super::visit::{Posted, Visit};
use super::{RESEND_AFTER, errors, page, recover, redirect};
use crate::app::AppState;

/// Address of the form.
pub(crate) const EMAIL: &str = "/account/email";

/// Address of the page that waits for the proof.
const SENT: &str = "/account/email/sent";

fn form(live: &LiveSession, email: Field, alert: Option<Alert>) -> AccountEmail {
    AccountEmail {
        action: EMAIL.to_owned(),
        current: live.user.email.as_str().to_owned(),
        email,
        cancel_url: super::profile::PROFILE.to_owned(),
        alert,
        sign_out_action: SIGN_OUT.to_owned(),
    }
}

/// The form.
pub async fn show(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    let elevated = match elevated(&state, &visit, EMAIL).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let live = elevated.live();
    let page_of = form(live, Field::email().focused(), None);
    let frame = frame(&state, &visit, live);
    page(&state, &visit, &frame, &page_of, StatusCode::OK)
}

/// Sends the proof; asked again it sends another.
pub async fn submit(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, EMAIL).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let typed = posted.text("email");
    let live = elevated.live();
    match email::request(&state.env, &elevated, typed, &visit.locale, &visit.context).await {
        Ok(new) => {
            // Asked again for the same address: say that another mail is on its way.
            let is_again = live.user.standing.new_email.as_deref() == Some(new.as_str());
            let said = if is_again { "?said=mail_sent" } else { "" };
            let there = format!("{SENT}{said}");
            redirect(&state, visit, &there, &Cookies::default())
        }
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => {
            errors::throttled(&state, visit, until)
        }
        Err(Failure::Refused(
            refusal @ (LoginRefusal::ManagedByFile | LoginRefusal::ChangedElsewhere),
        )) => {
            let failed = Err(Failure::Refused(refusal));
            super::profile::done(&state, visit, failed, super::profile::PROFILE)
        }
        Err(Failure::Refused(_)) => {
            let field = Field::email()
                .with_value(typed)
                .with_error(FieldError::EmailFormat);
            let page_of = form(live, field, Some(Alert::CheckFields));
            let frame = frame(&state, visit, live);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&state, visit, &frame, &page_of, status)
        }
        Err(Failure::Fault(fault)) => errors::fault(&state, visit, &fault),
    }
}

/// Where the proof is waited for. A page of its own, so that neither a reload nor another language loses the field or sends a mail.
pub async fn show_sent(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, SENT).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    match &live.user.standing.new_email {
        Some(email) => {
            let notice = said.alert(&state).map(Notice::Said);
            sent(&state, &visit, &live, email, notice)
        }
        None => redirect(&state, &visit, EMAIL, &Cookies::default()),
    }
}

/// What the page says above its form.
enum Notice {
    Said(Alert),
    Wrong(FieldError),
}

fn sent(
    state: &AppState,
    visit: &Visit,
    live: &LiveSession,
    email: &str,
    notice: Option<Notice>,
) -> Response {
    let (alert, wrong) = match notice {
        Some(Notice::Wrong(error)) => (Some(Alert::WrongMailCode), Some(error)),
        Some(Notice::Said(alert)) => (Some(alert), None),
        None => (None, None),
    };
    let is_wrong = wrong.is_some();
    let page_of = AccountEmailSent {
        action: format!("{EMAIL}/code"),
        hidden: vec![Hidden::new("email", email)],
        email: email.to_owned(),
        sender: state.mail_sender.clone(),
        code: Field::code().focused().with_optional_error(wrong),
        resend_action: EMAIL.to_owned(),
        resend_after: if is_wrong { 0 } else { RESEND_AFTER },
        change_url: Some(EMAIL.to_owned()),
        alert,
        sign_out_action: SIGN_OUT.to_owned(),
    };
    let status = if is_wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let mut frame = frame(state, visit, live);
    SENT.clone_into(&mut frame.current_url);
    page(state, visit, &frame, &page_of, status)
}

/// The code, typed where the change was asked for.
pub async fn code(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let live = match signed_in(&state, visit, EMAIL).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let typed = posted.text("code").trim();
    let confirmed = email::by_code(
        &state.env,
        live.user.id,
        typed,
        &visit.locale,
        &visit.context,
    );
    match confirmed.await {
        Ok(_) => changed(&state, visit),
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => {
            errors::throttled(&state, visit, until)
        }
        Err(Failure::Refused(_)) => {
            let email = posted.text("email");
            let wrong = Notice::Wrong(FieldError::WrongCode);
            sent(&state, visit, &live, email, Some(wrong))
        }
        Err(Failure::Fault(fault)) => errors::fault(&state, visit, &fault),
    }
}

fn changed(state: &AppState, visit: &Visit) -> Response {
    let back = format!("{}?said=email_changed", super::profile::PROFILE);
    redirect(state, visit, &back, &Cookies::default())
}

/// Whether the person whose address it is to be is signed in here. A link to a mistyped address reaches a stranger, who must not get an
/// account by it; its owner signs in, and types the code or opens the link again.
async fn here(state: &Arc<AppState>, visit: &Visit, user: &User) -> Result<(), Response> {
    let env = &state.env;
    let live = match session::live(env, &visit.browser, env.now()).await {
        Ok(live) => live,
        Err(fault) => return Err(errors::fault(state, visit, &fault)),
    };
    if live.iter().any(|live| live.user.id == user.id) {
        return Ok(());
    }
    if let Some(refused) = super::may_not_begin(state, visit) {
        return Err(refused);
    }
    super::begun(state, visit);
    match login::start::for_account(env, SENT, None, !live.is_empty(), &visit.browser).await {
        Ok((id, cookies)) => {
            let to = format!("/login/{id}?said=new_address");
            Err(redirect(state, visit, &to, &cookies))
        }
        Err(fault) => Err(errors::fault(state, visit, &fault)),
    }
}

/// Where a mailed link leads: what will happen, and a button.
pub async fn show_confirm(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(link): Path<String>,
) -> Response {
    let found = match presented(&link) {
        Ok(presented) => email::peek(&state.env, &presented).await,
        Err(failure) => Err(failure),
    };
    if let Ok((user, _)) = &found
        && let Err(response) = here(&state, &visit, user).await
    {
        return response;
    }
    let found = found.map(|(_, new)| new.as_str().to_owned());
    let action = format!("{EMAIL}/confirm/{link}");
    confirm_page(&state, &visit, action, LinkPurpose::NewEmail, found)
}

/// The button.
pub async fn confirm(
    State(state): State<Arc<AppState>>,
    Path(link): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let confirmed = match presented(&link) {
        Ok(presented) => {
            if let Ok((user, _)) = email::peek(&state.env, &presented).await
                && let Err(response) = here(&state, visit, &user).await
            {
                return response;
            }
            email::confirm(&state.env, &presented, &visit.locale, &visit.context).await
        }
        Err(failure) => Err(failure),
    };
    match confirmed {
        Ok(_) => changed(&state, visit),
        Err(failure) => {
            let action = format!("{EMAIL}/confirm/{link}");
            let purpose = LinkPurpose::NewEmail;
            confirm_page(&state, visit, action, purpose, Err(failure))
        }
    }
}

/// What taking the change back will do, and a button.
pub async fn show_undo(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(link): Path<String>,
) -> Response {
    let found = match presented(&link) {
        Ok(presented) => undo_email::peek(&state.env, &presented).await,
        Err(failure) => Err(failure),
    };
    let found = found.map(|(_, old)| old.as_str().to_owned());
    let action = format!("{EMAIL}/undo/{link}");
    confirm_page(&state, &visit, action, LinkPurpose::UndoEmail, found)
}

/// Takes it back, and leads to a new password: whoever changed the address knew the old one.
pub async fn undo(
    State(state): State<Arc<AppState>>,
    Path(link): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let undone = match presented(&link) {
        Ok(presented) => {
            undo_email::undo(&state.env, &presented, &visit.browser, &visit.context).await
        }
        Err(failure) => Err(failure),
    };
    match undone {
        Ok(Undone::Back(old)) => recover::after_undo(&state, visit, old.as_str()).await,
        Ok(Undone::Disputed(old)) => errors::address_taken(&state, visit, old.as_str().to_owned()),
        Err(failure) => {
            let action = format!("{EMAIL}/undo/{link}");
            let purpose = LinkPurpose::UndoEmail;
            confirm_page(&state, visit, action, purpose, Err(failure))
        }
    }
}

pub(super) fn presented(link: &str) -> LoginResult<Presented> {
    mailed::from_link(link).ok_or(Failure::Refused(LoginRefusal::LinkDead))
}

/// Where somebody goes on whose link is dead.
const fn way_on(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::NewEmail => EMAIL,
        LinkPurpose::UndoEmail | LinkPurpose::ResetPassword => "/recover",
        LinkPurpose::Report => "/account/secure",
        LinkPurpose::VerifyEmail
        | LinkPurpose::FactorRecovery
        | LinkPurpose::SignIn
        | LinkPurpose::CancelDeletion => "/account",
    }
}

/// A page with the button, or, for a dead link, the way to a new one.
pub(super) fn confirm_page(
    state: &AppState,
    visit: &Visit,
    action: String,
    purpose: LinkPurpose,
    found: LoginResult<String>,
) -> Response {
    let email = match found {
        Ok(email) => Some(email),
        Err(Failure::Refused(_)) => None,
        Err(Failure::Fault(fault)) => return errors::fault(state, visit, &fault),
    };
    let usable = email.is_some();
    let confirm = LinkConfirm {
        action,
        hidden: vec![],
        purpose,
        email,
        usable,
        new_link_url: Some(way_on(purpose).to_owned()),
    };
    let status = if usable {
        StatusCode::OK
    } else {
        StatusCode::GONE
    };
    page(state, visit, &visit.frame(state), &confirm, status)
}
