//! Passkeys in a login: options as JSON, signing in without a password, and a passkey set up because a second factor is required.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Step};
use identity_domain::refusal::LoginRefusal;
use identity_flows::factors::webauthn::{self, Answer};
use identity_flows::login::passkey::{self, Submitted};
use identity_flows::login::view::{View, view};
use identity_pages::Alert;
use identity_pages::passkey::{EnrolPasskey, PasskeyForm, UnknownPasskey};

use super::shown::{Said, leading_back, shown};
use super::{LoginId, frame, outcome, path, stray};
use crate::app::AppState;
use crate::pages::visit::{Posted, Visit};
use crate::pages::{errors, page, passkeys, redirect};

/// Where the script asks for options, whatever the step.
pub(super) fn options_url(id: Id<Login>) -> String {
    format!("/login/{id}/passkey/options")
}

/// The sign-in page's form, where passkeys are offered.
pub(super) fn form(
    state: &AppState,
    id: Id<Login>,
    unknown: Option<String>,
) -> Option<PasskeyForm> {
    let rp_id = webauthn::rp_id(&state.env.settings)?;
    webauthn::is_offered(&state.env.settings).then(|| PasskeyForm {
        forget: unknown.map(|credential_id| UnknownPasskey {
            rp_id,
            credential_id,
        }),
        ..PasskeyForm::new(format!("/login/{id}/passkey")).with_autofill()
    })
}

/// The id of the passkey an answer speaks of, as far as it may stand in a page.
fn credential_id(response: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(response).ok()?;
    let id = json.get("id")?.as_str()?;
    let sound = id.len() <= 1366
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    sound.then(|| id.to_owned())
}

/// `POST /login/{id}/passkey/options`.
pub async fn options(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let kind = passkeys::kind(&posted);
    match passkey::options(&state.env, id, kind, &visit.browser, &visit.context).await {
        Ok((ceremony, options)) => passkeys::options_of(ceremony, &options),
        Err(failure) => passkeys::no_options(&failure),
    }
}

/// `POST /login/{id}/passkey`: signs in.
pub async fn sign_in(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let response = posted.text("credential");
    let submitted = Submitted {
        response,
        remember: posted.is_checked("remember"),
    };
    let result = passkey::submit(&state.env, id, submitted, &visit.browser, &visit.context).await;
    let counted = if result.is_ok() { "ok" } else { "refused" };
    metrics::counter!("identity_signin_total", "result" => counted, "method" => "passkey")
        .increment(1);
    let said = match result {
        Ok(done) => return outcome(&state, visit, done),
        Err(Failure::Refused(LoginRefusal::PasskeyUnknown)) => Said {
            unknown_passkey: credential_id(response),
            ..refused(Alert::PasskeyUnknown)
        },
        Err(Failure::Refused(
            LoginRefusal::PasskeyRefused(_) | LoginRefusal::MethodNotAvailable,
        )) => refused(Alert::PasskeyRefused),
        Err(Failure::Refused(LoginRefusal::FactorsOnHold { put_off })) => {
            refused(Alert::FactorsOnHold { put_off })
        }
        Err(Failure::Refused(LoginRefusal::Suspended)) => {
            return errors::suspended(&state, visit, id, "");
        }
        Err(failure) => return stray(&state, visit, id, failure).await,
    };
    shown(&state, visit, id, said).await
}

fn refused(alert: Alert) -> Said {
    Said {
        alert: Some(alert),
        status: Some(StatusCode::UNPROCESSABLE_ENTITY),
        ..Said::default()
    }
}

/// `GET /login/{id}/enrol/passkey`.
pub async fn show_enrol(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    LoginId(id): LoginId,
) -> Response {
    enrol_page(&state, &visit, id, None).await
}

/// `POST /login/{id}/enrol/passkey`: sets the passkey up and goes on.
pub async fn enrol(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let fallback_name = passkeys::fallback_name(&state, visit);
    let answer = Answer {
        response: posted.text("credential"),
        fallback_name: &fallback_name,
    };
    match passkey::enrol(&state.env, id, answer, &visit.browser, &visit.context).await {
        Ok(done) => outcome(&state, visit, done),
        Err(Failure::Refused(
            LoginRefusal::PasskeyRefused(_)
            | LoginRefusal::MethodNotAvailable
            | LoginRefusal::WrongCode,
        )) => enrol_page(&state, visit, id, Some(Alert::PasskeyRefused)).await,
        Err(failure) => stray(&state, visit, id, failure).await,
    }
}

async fn enrol_page(
    state: &AppState,
    visit: &Visit,
    id: Id<Login>,
    alert: Option<Alert>,
) -> Response {
    match view(&state.env, id, &visit.browser).await {
        Ok(view) if view.login.state.step == Step::EnrolFactor => {
            rendered(state, visit, &view, alert)
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

fn rendered(state: &AppState, visit: &Visit, view: &View, alert: Option<Alert>) -> Response {
    let id = view.login.id;
    let back_url = path(id, &Step::EnrolFactor);
    let status = if alert.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let enrol = EnrolPasskey {
        passkey: PasskeyForm {
            options_url: options_url(id),
            security_key: true,
            ..PasskeyForm::new(format!("{back_url}/passkey"))
        },
        email: view.login.state.identifier.clone().unwrap_or_default(),
        back_url,
        alert,
    };
    let frame = frame(state, visit, view);
    leading_back(page(state, visit, &frame, &enrol, status), view)
}
