//! The pages of a login. Every step comes back through [`outcome`].

pub mod factors;
pub mod offer;
pub mod passkey;
mod shown;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use identity_domain::Id;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Step};
use identity_domain::refusal::LoginRefusal;
use identity_domain::time::Timestamp;
use identity_flows::account::deletion;
use identity_flows::browser::Cookies;
use identity_flows::login::password::Submitted;
use identity_flows::login::start::remembered;
use identity_flows::login::verify_email::Resent;
use identity_flows::login::{self, LoginResult, Next, Outcome};
use identity_pages::{Alert, FieldError};

use self::shown::{ASKED, Said, password_page, shown};
pub(crate) use self::shown::{Done, app, frame, fresh, in_asked_locale, leading_back};
use super::password_form;
use super::visit::{Posted, Visit};
use super::{answer, errors, redirect};
use crate::app::AppState;

/// Address of a login's step.
pub fn path(id: Id<Login>, step: &Step) -> String {
    format!("/login/{id}/{}", step.path())
}

/// Where a step leads.
pub(crate) fn outcome(state: &AppState, visit: &Visit, outcome: Outcome) -> Response {
    match outcome.next {
        Next::Page(id, step) => redirect(state, visit, &path(id, &step), &outcome.cookies),
        Next::Answer(back) => answer(state, visit, back, &outcome.cookies),
        Next::Account(path) => redirect(state, visit, &path, &outcome.cookies),
    }
}

/// The login that an address names; one that cannot be read is a login nobody knows.
pub struct LoginId(Id<Login>);

impl FromRequestParts<Arc<AppState>> for LoginId {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, Response> {
        let id = Path::<String>::from_request_parts(parts, state).await;
        if let Some(id) = id.ok().and_then(|Path(id)| id.parse().ok()) {
            return Ok(Self(id));
        }
        let Ok(visit) = Visit::from_request_parts(parts, state).await;
        let failure = Failure::Refused(LoginRefusal::Unknown);
        Err(errors::login(state, &visit, None, failure).await)
    }
}

/// `GET /login/{id}` and the addresses of its steps: shows the page of the step the login stands at, whichever step's address was opened: Back and old tabs lead forward.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    LoginId(id): LoginId,
    uri: Uri,
) -> Response {
    let (browser, context) = (&visit.browser, &visit.context);
    // Whoever comes here with something said, by a reset or "Not you?", is about to sign in.
    if uri.query().is_none()
        && let Err(failure) =
            login::select_account::look_around(&state.env, id, browser, context).await
    {
        return errors::login(&state, &visit, Some(id), failure).await;
    }
    shown(&state, &visit, id, Said::from_query(uri.query())).await
}

/// Identifier and password; with the identifier alone the page asks for the password of that address.
pub async fn identifier(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let typed = posted.text("identifier").trim().to_owned();
    if let Some(to) = elsewhere(&state, &posted) {
        return carried(&state, visit, id, (to, &typed)).await;
    }
    if typed.is_empty() {
        let said = Said {
            error: Some(FieldError::EnterIdentifier),
            remember: posted.is_checked("remember"),
            ..Said::check()
        };
        return shown(&state, visit, id, said).await;
    }
    let asked = posted.text(ASKED) == "password";
    let remember = posted.is_checked("remember");
    if posted.text("password").is_empty() {
        let said = Said {
            remember,
            ..unsaid(asked)
        };
        return password_page(&state, visit, id, typed, said).await;
    }
    let submitted = Submitted {
        identifier: typed.clone(),
        password: posted.secret("password"),
        remember,
        passkeys: posted.is_checked("passkeys"),
    };
    let result =
        login::password::submit(&state.env, id, submitted, &visit.browser, &visit.context).await;
    let counted = if result.is_ok() { "ok" } else { "refused" };
    metrics::counter!("identity_signin_total", "result" => counted, "method" => "pwd").increment(1);
    let (said, until) = match result {
        Ok(done) => return outcome(&state, visit, done),
        Err(Failure::Refused(LoginRefusal::WrongCredentials)) => (wrong_credentials(), None),
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => {
            (throttled(&state, until), Some(until))
        }
        Err(Failure::Refused(LoginRefusal::Suspended)) => {
            return errors::suspended(&state, visit, id, &typed);
        }
        Err(Failure::Refused(LoginRefusal::BeingDeleted { delete_at, zone })) => {
            return being_deleted(&state, visit, &typed, (delete_at, zone)).await;
        }
        Err(failure) => return stray(&state, visit, id, failure).await,
    };
    let said = Said { remember, ..said };
    let response = if asked {
        password_page(&state, visit, id, typed, said).await
    } else {
        let identifier = Some(typed);
        shown(&state, visit, id, Said { identifier, ..said }).await
    };
    match until {
        Some(until) => errors::with_retry_after(response, &state, until),
        None => response,
    }
}

/// No password came along: nothing was asked before, or it was.
fn unsaid(asked: bool) -> Said {
    if asked {
        Said {
            password: Some(FieldError::EnterPassword),
            ..Said::check()
        }
    } else {
        Said::default()
    }
}

/// Where the buttons beside the sign-in lead.
fn elsewhere(state: &AppState, posted: &Posted) -> Option<&'static str> {
    if posted.is_checked("recover") {
        Some("/recover")
    } else if posted.is_checked("register") && state.env.settings.registration_open {
        Some("/register")
    } else {
        None
    }
}

/// To another page with what was typed here, which the login keeps: no address of a person stands in the address of a page (H-29).
async fn carried(
    state: &AppState,
    visit: &Visit,
    id: Id<Login>,
    (to, typed): (&str, &str),
) -> Response {
    let kept = if typed.is_empty() {
        Ok(())
    } else {
        remembered(&state.env, id, typed, &visit.browser).await
    };
    match kept {
        Ok(()) => redirect(
            state,
            visit,
            &format!("{to}?login={id}"),
            &Cookies::default(),
        ),
        Err(failure) => stray(state, visit, id, failure).await,
    }
}

/// The owner of an account that is being deleted hears how to keep it; the mail may be lost by now.
async fn being_deleted(
    state: &AppState,
    visit: &Visit,
    email: &str,
    (delete_at, zone): (Timestamp, Option<String>),
) -> Response {
    match deletion::remind(&state.env, email, &visit.locale, &visit.context).await {
        Ok(()) => errors::being_deleted(state, visit, delete_at, zone),
        Err(fault) => errors::fault(state, visit, &fault),
    }
}

fn wrong_credentials() -> Said {
    Said {
        alert: Some(Alert::WrongCredentials),
        status: Some(StatusCode::UNPROCESSABLE_ENTITY),
        ..Said::default()
    }
}

/// W-02, on the page where it happened.
fn throttled(state: &AppState, until: Timestamp) -> Said {
    let minutes = until.since(state.env.now()).as_minutes_up();
    Said {
        alert: Some(Alert::Throttled { minutes }),
        status: Some(StatusCode::TOO_MANY_REQUESTS),
        ..Said::default()
    }
}

/// A step sent from a page that is no longer the login's: go where it stands. All else has a page of its own.
async fn stray(
    state: &AppState,
    visit: &Visit,
    id: Id<Login>,
    failure: Failure<LoginRefusal>,
) -> Response {
    match failure {
        Failure::Refused(LoginRefusal::StepNotAccepted) => {
            redirect(state, visit, &format!("/login/{id}"), &Cookies::default())
        }
        failure => errors::login(state, visit, Some(id), failure).await,
    }
}

async fn taken(
    state: &AppState,
    visit: &Visit,
    id: Id<Login>,
    result: LoginResult<Outcome>,
) -> Response {
    match result {
        Ok(done) => outcome(state, visit, done),
        Err(failure) => stray(state, visit, id, failure).await,
    }
}

/// The account chooser.
pub async fn select_account(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    if let Ok(session) = posted.text("remove").parse() {
        return removed(&state, visit, id, session).await;
    }
    let result = match posted.text("session").parse() {
        Ok(session) => {
            login::select_account::select(&state.env, id, session, &visit.browser, &visit.context)
                .await
        }
        Err(_) => login::select_account::another(&state.env, id, &visit.browser).await,
    };
    match result {
        // That session ended in the meantime: the list is shown again, without it.
        Err(Failure::Refused(LoginRefusal::SignedOut)) => {
            shown(
                &state,
                visit,
                id,
                Said {
                    alert: Some(Alert::SessionEnded),
                    ..Said::default()
                },
            )
            .await
        }
        result => taken(&state, visit, id, result).await,
    }
}

/// "Remove from list" signs that person out of this browser.
async fn removed(
    state: &AppState,
    visit: &Visit,
    id: Id<Login>,
    session: Id<identity_domain::session::Session>,
) -> Response {
    let here =
        match identity_flows::session::live(&state.env, &visit.browser, state.env.now()).await {
            Ok(here) => here,
            Err(fault) => return errors::fault(state, visit, &fault),
        };
    let ended: Vec<_> = here
        .into_iter()
        .filter(|live| live.session.id == session)
        .collect();
    match identity_flows::logout::sign_out(&state.env, &ended, &visit.browser, &visit.context).await
    {
        Ok(signed_out) => {
            let to = format!("/login/{id}/restart");
            redirect(state, visit, &to, &signed_out.cookies)
        }
        Err(fault) => errors::fault(state, visit, &fault),
    }
}

/// The code that proves the address; without a code, "I used the link".
pub async fn verify(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let code = posted.text("code").trim().to_owned();
    let result = if code.is_empty() {
        login::verify_email::look_again(&state.env, id, &visit.browser, &visit.context).await
    } else {
        login::verify_email::submit(&state.env, id, &code, &visit.browser, &visit.context).await
    };
    match result {
        Err(Failure::Refused(LoginRefusal::WrongCode | LoginRefusal::LinkDead)) => {
            // Without a code this is "I have used the link", and it was not used.
            let said = if code.is_empty() {
                Said {
                    error: Some(FieldError::EnterCode),
                    ..Said::check()
                }
            } else {
                Said {
                    alert: Some(Alert::WrongMailCode),
                    error: Some(FieldError::WrongCode),
                    ..Said::check()
                }
            };
            shown(&state, visit, id, said).await
        }
        // Confirmed elsewhere, with a password of its own: that one is asked for.
        Ok(Outcome {
            next: Next::Page(id, Step::Authenticate),
            cookies,
        }) => {
            let to = format!("{}?said=email_elsewhere", path(id, &Step::Authenticate));
            redirect(&state, visit, &to, &cookies)
        }
        result => taken(&state, visit, id, result).await,
    }
}

/// Another mail.
pub async fn resend(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    match login::verify_email::resend(
        &state.env,
        id,
        &visit.locale,
        &visit.browser,
        &visit.context,
    )
    .await
    {
        // To the page itself, so that a reload neither sends a mail nor tells of one.
        Ok(resent) => {
            let said = match resent {
                Resent::Sent => "?said=mail_sent",
                Resent::Confirmed => "",
            };
            let to = format!("{}{said}", path(id, &Step::VerifyEmail));
            redirect(&state, visit, &to, &Cookies::default())
        }
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => {
            let said = throttled(&state, until);
            errors::with_retry_after(shown(&state, visit, id, said).await, &state, until)
        }
        Err(failure) => stray(&state, visit, id, failure).await,
    }
}

/// A demanded new password.
pub async fn change_password(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    match login::change_password::submit(
        &state.env,
        id,
        &posted.secret("password"),
        &visit.browser,
        &visit.context,
    )
    .await
    {
        Err(Failure::Refused(LoginRefusal::Password(refusal))) => {
            let said = Said {
                error: Some(password_form::error(&refusal)),
                ..Said::check()
            };
            shown(&state, visit, id, said).await
        }
        result => taken(&state, visit, id, result).await,
    }
}

/// Allow or deny.
pub async fn consent(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let allow = match posted.text("decision") {
        "allow" => true,
        "deny" => false,
        _ => {
            return shown(
                &state,
                visit,
                id,
                Said {
                    status: Some(StatusCode::BAD_REQUEST),
                    ..Said::default()
                },
            )
            .await;
        }
    };
    let result =
        login::consent::decide(&state.env, id, allow, &visit.browser, &visit.context).await;
    taken(&state, visit, id, result).await
}

/// Giving up.
pub async fn cancel(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let result = login::cancel::cancel(&state.env, id, &visit.browser, &visit.context).await;
    taken(&state, visit, id, result).await
}

/// The way forward from a login that is over.
pub async fn restart(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    LoginId(id): LoginId,
    uri: Uri,
) -> Response {
    if let Some(refused) = super::may_not_begin(&state, &visit) {
        return refused;
    }
    super::begun(&state, &visit);
    let another = uri.query() == Some("account=another");
    match login::restart::restart(&state.env, id, another, &visit.browser, &visit.context).await {
        Ok(done) => outcome(&state, &visit, done),
        Err(failure) => errors::login(&state, &visit, None, failure).await,
    }
}
