//! Setting up one more authenticator app.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_flows::account::elevation::ElevatedSession;
use identity_flows::account::factors;
use identity_flows::browser::Cookies;
use identity_pages::factor::EnrolTotp;
use identity_pages::{Alert, Field, FieldError};

use super::{ADD_APP, PATH, added, shown};
use crate::app::AppState;
use crate::pages::account::elevated;
use crate::pages::login::factors::qr_code;
use crate::pages::visit::{Posted, Visit};
use crate::pages::{errors, page, redirect};

/// What the form says after a refusal.
#[derive(Default)]
struct Again {
    name: Option<String>,
    alert: Option<Alert>,
    error: Option<FieldError>,
}

/// The picture, and the form. Whoever comes here proved themselves a moment ago, or does so first.
pub async fn show(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    match elevated(&state, &visit, ADD_APP).await {
        Ok(elevated) => form(&state, &visit, &elevated, Again::default()).await,
        Err(response) => response,
    }
}

async fn form(
    state: &AppState,
    visit: &Visit,
    elevated: &ElevatedSession,
    again: Again,
) -> Response {
    let now = state.env.visit(&visit.context);
    let pending = match factors::begin_app(&state.env, elevated, now).await {
        Ok(pending) => pending,
        Err(Failure::Refused(refusal)) => {
            let alert = match refusal {
                LoginRefusal::TooMany => Alert::TooManyFactors,
                _ => Alert::WayNotAvailable,
            };
            let said = (Some(alert), StatusCode::CONFLICT);
            return shown(state, visit, elevated.live(), said).await;
        }
        Err(Failure::Fault(fault)) => return errors::fault(state, visit, &fault),
    };
    let status = if again.alert.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let name = again
        .name
        .unwrap_or_else(|| EnrolTotp::default_name(&state.engine, &visit.locale));
    let enrol = EnrolTotp {
        action: ADD_APP.to_owned(),
        hidden: vec![],
        qr: qr_code(pending.uri.expose()),
        key: pending.key.expose().clone(),
        uri: pending.uri.expose().clone(),
        issuer: pending.issuer,
        account: pending.account,
        name: Field::factor_name().with_value(name),
        code: Field::one_time_code().with_optional_error(again.error),
        back_url: PATH.to_owned(),
        alert: again.alert,
    };
    page(state, visit, &visit.frame(state), &enrol, status)
}

/// The code of the new app.
pub async fn confirm(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, ADD_APP).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let (given, code) = (posted.text("name").trim(), posted.secret("code"));
    let default = EnrolTotp::default_name(&state.engine, &visit.locale);
    let name = if given.is_empty() {
        default.as_str()
    } else {
        given
    };
    let mut again = Again {
        name: Some(name.to_owned()),
        alert: Some(Alert::CheckFields),
        error: None,
    };
    if code.expose().trim().is_empty() {
        again.error = Some(FieldError::EnterAppCode);
        return form(&state, visit, &elevated, again).await;
    }
    let now = state.env.visit(&visit.context);
    let typed = (name, &code);
    let set_up = factors::confirm_app(&state.env, &elevated, typed, &visit.browser, now).await;
    let refusal = match set_up {
        Ok(set_up) => return added(&state, visit, &set_up),
        Err(Failure::Refused(refusal)) => refusal,
        Err(Failure::Fault(fault)) => return errors::fault(&state, visit, &fault),
    };
    match refusal {
        LoginRefusal::NotFresh => return redirect(&state, visit, ADD_APP, &Cookies::default()),
        LoginRefusal::Throttled { until } => {
            let minutes = until.since(now.now).as_minutes_up();
            again.alert = Some(Alert::TooManyCodes { minutes });
        }
        LoginRefusal::ClockSkewed { seconds } => {
            let minutes = ((seconds.abs() + 30) / 60).max(1);
            again.alert = Some(Alert::ClockSkewed { minutes });
            again.error = Some(FieldError::WrongCode);
        }
        _ => {
            again.alert = Some(Alert::WrongCode);
            again.error = Some(FieldError::WrongCode);
        }
    }
    form(&state, visit, &elevated, again).await
}
