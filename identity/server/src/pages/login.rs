//! The pages of a login. Every step comes back through [`outcome`].

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Purpose, Step};
use identity_domain::refusal::LoginRefusal;
use identity_flows::login::password::Submitted;
use identity_flows::login::view::{View, view};
use identity_flows::login::{self, LoginResult, Next, Outcome};
use identity_pages::consent::{Consent, ConsentScope};
use identity_pages::login::{AccountChoice, Password, SelectAccount, SignIn};
use identity_pages::password::{MustChangePassword, MustChangeReason};
use identity_pages::registration::Verify;
use identity_pages::{Account, Alert, App, Field, FieldError, Organization, PageFrame, Remember};

use super::password_form::{self, rules};
use super::visit::{Posted, Visit};
use super::{answer, errors, leading_to, page, redirect};
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

/// The id in the path; anything else is a login nobody knows.
fn id(text: &str) -> Option<Id<Login>> {
    text.parse().ok()
}

/// What a page says beside its form after a refused step.
#[derive(Default)]
struct Said {
    alert: Option<Alert>,
    error: Option<FieldError>,
    identifier: Option<String>,
    status: Option<StatusCode>,
}

/// `GET /login/{id}`: wherever the login stands.
pub async fn entry(state: State<Arc<AppState>>, visit: Visit, login: Path<String>) -> Response {
    show(state, visit, login).await
}

/// Shows the page of the step the login stands at, whichever step's address was opened: Back and old tabs lead forward.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(login): Path<String>,
) -> Response {
    let Some(id) = id(&login) else {
        return errors::login(
            &state,
            &visit,
            None,
            Failure::Refused(LoginRefusal::Unknown),
        )
        .await;
    };
    shown(&state, &visit, id, Said::default()).await
}

async fn shown(state: &AppState, visit: &Visit, id: Id<Login>, said: Said) -> Response {
    match view(&state.env, id, &visit.browser).await {
        Ok(view) => {
            let visit = match &view.login.state.purpose {
                Purpose::Authorize { request, .. } => {
                    visit.in_locale(state, Some(&request.ui_locales.join(" ")))
                }
                Purpose::Account { .. } => visit.clone(),
            };
            rendered(state, &visit, &view, said)
        }
        Err(failure) => errors::login(state, visit, Some(id), failure).await,
    }
}

fn frame(state: &AppState, visit: &Visit, view: &View) -> PageFrame {
    let mut frame = visit.frame(state);
    frame.app = view.client.as_deref().map(|client| App {
        name: client.display_name().to_owned(),
        // Logos of strangers are never loaded: the page's own policy forbids third-party requests.
        logo_url: None,
        url: client.metadata.client_uri.clone(),
        privacy_url: client.metadata.policy_uri.clone(),
        terms_url: client.metadata.tos_uri.clone(),
    });
    frame.organization = view.organization.as_ref().map(|tenant| Organization {
        name: tenant.organization.name.clone(),
        logo_url: None,
    });
    frame
}

fn rendered(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    let login = &view.login;
    let action = path(login.id, &login.state.step);
    let mut frame = frame(state, visit, view);
    let status = said.status.unwrap_or(StatusCode::OK);
    let response = match &login.state.step {
        Step::Authenticate => {
            let page_of = sign_in(state, view, action, said);
            page(state, visit, &frame, &page_of, status)
        }
        Step::SelectAccount => page(
            state,
            visit,
            &frame,
            &select_account_page(view, action, said),
            status,
        ),
        Step::VerifyEmail => {
            let email = login.state.identifier.clone().unwrap_or_default();
            let resend_action = format!("{action}/resend");
            let code = Field::code().with_optional_error(said.error).focused();
            let verify = Verify {
                action,
                hidden: vec![],
                email,
                sender: None,
                code,
                resend_action,
                resend_after: 0,
                change_url: Some(format!("/register?login={}", login.id)),
                alert: said.alert,
            };
            page(state, visit, &frame, &verify, status)
        }
        Step::ChangePassword => {
            let email = login.state.identifier.clone().unwrap_or_default();
            let new = Field::new_password()
                .with_optional_error(said.error)
                .focused();
            let change = MustChangePassword {
                action,
                hidden: vec![],
                email,
                reason: MustChangeReason::Temporary,
                new,
                rules: rules(state),
                alert: said.alert,
            };
            page(state, visit, &frame, &change, status)
        }
        Step::Consent | Step::Finished => {
            frame.account = consenting(view);
            page(state, visit, &frame, &consent_page(view, action), status)
        }
    };
    let back = match &login.state.purpose {
        Purpose::Authorize { redirect_uri, .. } => Some(redirect_uri.as_str()),
        Purpose::Account { .. } => None,
    };
    leading_to(response, back)
}

fn sign_in(state: &AppState, view: &View, action: String, said: Said) -> SignIn {
    let mut sign_in = SignIn::new(action);
    let identifier = said
        .identifier
        .or_else(|| view.login.state.identifier.clone())
        .unwrap_or_default();
    sign_in.identifier = Field::identifier().with_value(identifier).focused();
    sign_in.password = Field::current_password().with_optional_error(said.error);
    let days = state.env.settings.session.remember.map(|life| {
        u32::try_from(life.as_seconds() / 86_400)
            .unwrap_or(1)
            .max(1)
    });
    sign_in.remember = days.map(Remember::days);
    sign_in.alert = said.alert.or_else(|| {
        view.login
            .state
            .reauthenticate
            .then_some(Alert::SignInAgain)
            .filter(|_| view.login.state.identifier.is_some())
    });
    sign_in.forgot_url = Some("/recover".to_owned());
    sign_in.register_url = state
        .env
        .settings
        .registration_open
        .then(|| format!("/register?login={}", view.login.id));
    sign_in
}

fn select_account_page(view: &View, action: String, said: Said) -> SelectAccount {
    let accounts = view.sessions.iter().map(|live| AccountChoice {
        session: live.session.id.to_string(),
        name: live.user.profile.name.clone(),
        email: live.user.email.as_str().to_owned(),
        signed_out: false,
        unsuitable: false,
    });
    SelectAccount {
        action,
        hidden: vec![],
        accounts: accounts.collect(),
        use_another_url: format!("/login/{}/restart?account=another", view.login.id),
        alert: said.alert,
    }
}

fn consenting(view: &View) -> Option<Account> {
    let user = view
        .sessions
        .iter()
        .find(|live| Some(live.user.id) == view.login.state.user_id)
        .map(|live| &live.user)?;
    Some(Account {
        name: user.profile.name.clone(),
        email: user.email.as_str().to_owned(),
    })
}

fn consent_page(view: &View, action: String) -> Consent {
    let (scopes, redirect_host) = match &view.login.state.purpose {
        Purpose::Authorize {
            request,
            redirect_uri,
        } => {
            let host = url::Url::parse(redirect_uri)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned));
            (request.scope.iter().map(ConsentScope::new).collect(), host)
        }
        Purpose::Account { .. } => (Vec::new(), None),
    };
    Consent {
        action,
        hidden: vec![],
        scopes,
        redirect_host,
        switch_url: Some(format!("/login/{}/restart?account=another", view.login.id)),
    }
}

/// Identifier and password; with the identifier alone the page asks for the password of that address.
pub async fn identifier(
    State(state): State<Arc<AppState>>,
    Path(login): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(id) = id(&login) else {
        return errors::login(&state, visit, None, Failure::Refused(LoginRefusal::Unknown)).await;
    };
    let typed = posted.text("identifier").to_owned();
    if typed.trim().is_empty() {
        let said = Said {
            alert: Some(Alert::CheckFields),
            error: Some(FieldError::EnterIdentifier),
            ..Said::default()
        };
        return shown(&state, visit, id, said).await;
    }
    if posted.text("password").is_empty() {
        return password_page(&state, visit, id, typed).await;
    }
    let submitted = Submitted {
        identifier: typed.clone(),
        password: posted.secret("password"),
        remember: posted.is_checked("remember"),
    };
    match login::password::submit(&state.env, id, submitted, &visit.browser, &visit.context).await {
        Ok(done) => {
            metrics::counter!("identity_signin_total", "result" => "ok", "method" => "pwd")
                .increment(1);
            outcome(&state, visit, done)
        }
        Err(Failure::Refused(LoginRefusal::WrongCredentials)) => {
            metrics::counter!("identity_signin_total", "result" => "refused", "method" => "pwd")
                .increment(1);
            let said = Said {
                alert: Some(Alert::WrongCredentials),
                identifier: Some(typed),
                status: Some(StatusCode::UNPROCESSABLE_ENTITY),
                ..Said::default()
            };
            shown(&state, visit, id, said).await
        }
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => {
            let minutes = until.since(state.env.now()).as_minutes_up();
            let said = Said {
                alert: Some(Alert::Throttled { minutes }),
                identifier: Some(typed),
                status: Some(StatusCode::TOO_MANY_REQUESTS),
                ..Said::default()
            };
            errors::with_retry_after(shown(&state, visit, id, said).await, &state, until)
        }
        Err(failure) => stray(&state, visit, id, failure).await,
    }
}

async fn password_page(state: &AppState, visit: &Visit, id: Id<Login>, typed: String) -> Response {
    match view(&state.env, id, &visit.browser).await {
        Ok(view) if view.login.state.step == Step::Authenticate => {
            let action = path(id, &Step::Authenticate);
            let mut password = Password::new(action.clone(), typed, action);
            password.remember = sign_in(state, &view, String::new(), Said::default()).remember;
            password.forgot_url = Some("/recover".to_owned());
            let response = page(
                state,
                visit,
                &frame(state, visit, &view),
                &password,
                StatusCode::OK,
            );
            match &view.login.state.purpose {
                Purpose::Authorize { redirect_uri, .. } => leading_to(response, Some(redirect_uri)),
                Purpose::Account { .. } => response,
            }
        }
        Ok(view) => redirect(
            state,
            visit,
            &path(id, &view.login.state.step),
            &identity_flows::browser::Cookies::default(),
        ),
        Err(failure) => errors::login(state, visit, Some(id), failure).await,
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
        Failure::Refused(LoginRefusal::StepNotAccepted) => redirect(
            state,
            visit,
            &format!("/login/{id}"),
            &identity_flows::browser::Cookies::default(),
        ),
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
    Path(login): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(id) = id(&login) else {
        return errors::login(&state, visit, None, Failure::Refused(LoginRefusal::Unknown)).await;
    };
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
        Ok(cookies) => redirect(state, visit, &format!("/login/{id}/restart"), &cookies),
        Err(fault) => errors::fault(state, visit, &fault),
    }
}

/// The code that proves the address; without a code, "I used the link".
pub async fn verify(
    State(state): State<Arc<AppState>>,
    Path(login): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(id) = id(&login) else {
        return errors::login(&state, visit, None, Failure::Refused(LoginRefusal::Unknown)).await;
    };
    let code = posted.text("code").trim().to_owned();
    let result = match code.is_empty() {
        true => {
            login::verify_email::look_again(&state.env, id, &visit.browser, &visit.context).await
        }
        false => {
            login::verify_email::submit(&state.env, id, &code, &visit.browser, &visit.context).await
        }
    };
    match result {
        Err(Failure::Refused(LoginRefusal::WrongCode | LoginRefusal::LinkDead)) => {
            let error = if code.is_empty() {
                FieldError::EnterCode
            } else {
                FieldError::WrongCode
            };
            let said = Said {
                alert: Some(Alert::WrongMailCode),
                error: Some(error),
                status: Some(StatusCode::UNPROCESSABLE_ENTITY),
                ..Said::default()
            };
            shown(&state, visit, id, said).await
        }
        result => taken(&state, visit, id, result).await,
    }
}

/// Another mail.
pub async fn resend(
    State(state): State<Arc<AppState>>,
    Path(login): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(id) = id(&login) else {
        return errors::login(&state, visit, None, Failure::Refused(LoginRefusal::Unknown)).await;
    };
    match login::verify_email::resend(
        &state.env,
        id,
        &visit.locale,
        &visit.browser,
        &visit.context,
    )
    .await
    {
        Ok(_) => {
            shown(
                &state,
                visit,
                id,
                Said {
                    alert: Some(Alert::MailSent),
                    ..Said::default()
                },
            )
            .await
        }
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => {
            let minutes = until.since(state.env.now()).as_minutes_up();
            let said = Said {
                alert: Some(Alert::Throttled { minutes }),
                status: Some(StatusCode::TOO_MANY_REQUESTS),
                ..Said::default()
            };
            errors::with_retry_after(shown(&state, visit, id, said).await, &state, until)
        }
        Err(failure) => stray(&state, visit, id, failure).await,
    }
}

/// A demanded new password.
pub async fn change_password(
    State(state): State<Arc<AppState>>,
    Path(login): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(id) = id(&login) else {
        return errors::login(&state, visit, None, Failure::Refused(LoginRefusal::Unknown)).await;
    };
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
            let error = Some(password_form::error(&refusal));
            let said = Said {
                alert: Some(Alert::CheckFields),
                error,
                status: Some(StatusCode::UNPROCESSABLE_ENTITY),
                ..Said::default()
            };
            shown(&state, visit, id, said).await
        }
        result => taken(&state, visit, id, result).await,
    }
}

/// Allow or deny.
pub async fn consent(
    State(state): State<Arc<AppState>>,
    Path(login): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(id) = id(&login) else {
        return errors::login(&state, visit, None, Failure::Refused(LoginRefusal::Unknown)).await;
    };
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
    Path(login): Path<String>,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(id) = id(&login) else {
        return errors::login(&state, visit, None, Failure::Refused(LoginRefusal::Unknown)).await;
    };
    let result = login::cancel::cancel(&state.env, id, &visit.browser, &visit.context).await;
    taken(&state, visit, id, result).await
}

/// The way forward from a login that is over.
pub async fn restart(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Path(login): Path<String>,
    uri: axum::http::Uri,
) -> Response {
    let Some(id) = id(&login) else {
        return errors::login(
            &state,
            &visit,
            None,
            Failure::Refused(LoginRefusal::Unknown),
        )
        .await;
    };
    let another = uri.query() == Some("account=another");
    match login::restart::restart(&state.env, id, another, &visit.browser, &visit.context).await {
        Ok(done) => outcome(&state, &visit, done),
        Err(failure) => errors::login(&state, &visit, None, failure).await,
    }
}
