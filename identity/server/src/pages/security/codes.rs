//! Backup codes: made anew, shown until they are saved.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_flows::account::elevation::ElevatedSession;
use identity_flows::account::factors;
use identity_flows::browser::Cookies;
use identity_pages::factor::BackupCodes;
use identity_pages::{Alert, FieldError};

use super::{CODES, PATH};
use crate::app::AppState;
use crate::pages::account::elevated;
use crate::pages::login::factors::text_file;
use crate::pages::visit::{Posted, Visit};
use crate::pages::{errors, page, redirect};

/// The codes that wait to be saved; without any, back to the Security page.
pub async fn show(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    match elevated(&state, &visit, CODES).await {
        Ok(elevated) => shown(&state, &visit, &elevated, None).await,
        Err(response) => response,
    }
}

async fn shown(
    state: &AppState,
    visit: &Visit,
    elevated: &ElevatedSession,
    error: Option<FieldError>,
) -> Response {
    match waiting(state, elevated).await {
        Ok(Some(mut codes)) => {
            let status = if error.is_some() {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::OK
            };
            codes.alert = error.is_some().then_some(Alert::CheckFields);
            codes.error = error;
            let frame = visit.frame_for(state, &elevated.live().user);
            page(state, visit, &frame, &codes, status)
        }
        Ok(None) => redirect(state, visit, PATH, &Cookies::default()),
        Err(failure) => errors::login(state, visit, None, failure).await,
    }
}

async fn waiting(
    state: &AppState,
    elevated: &ElevatedSession,
) -> identity_flows::login::LoginResult<Option<BackupCodes>> {
    let Some(set) = factors::waiting_codes(&state.env, elevated).await? else {
        return Ok(None);
    };
    let has_others = factors::ways(&state.env, elevated.live())
        .await?
        .codes
        .is_some();
    Ok(Some(BackupCodes {
        action: CODES.to_owned(),
        hidden: vec![],
        codes: set.codes.iter().map(|code| code.expose().clone()).collect(),
        account: elevated.live().user.email.as_str().to_owned(),
        made_at: set.made_at,
        file_url: format!("{CODES}/file"),
        error: None,
        after_enrolment: !has_others,
        alert: None,
    }))
}

/// Makes new ones. The old ones work until the new are saved.
pub async fn make(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, PATH).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let now = state.env.visit(&visit.context);
    match factors::begin_codes(&state.env, &elevated, now).await {
        Ok(()) => redirect(&state, visit, CODES, &Cookies::default()),
        Err(Failure::Refused(_)) => redirect(&state, visit, PATH, &Cookies::default()),
        Err(Failure::Fault(fault)) => errors::fault(&state, visit, &fault),
    }
}

/// "I have saved them".
pub async fn save(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, CODES).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    if !posted.is_checked("saved") {
        return shown(&state, visit, &elevated, Some(FieldError::TickSaved)).await;
    }
    let now = state.env.visit(&visit.context);
    let next = match factors::save_codes(&state.env, &elevated, now).await {
        Ok(()) => format!("{PATH}?said=backup_codes_saved"),
        // Made anew in another tab: that set is the one to save.
        Err(Failure::Refused(LoginRefusal::ChangedElsewhere)) => CODES.to_owned(),
        Err(Failure::Refused(_)) => PATH.to_owned(),
        Err(Failure::Fault(fault)) => return errors::fault(&state, visit, &fault),
    };
    redirect(&state, visit, &next, &Cookies::default())
}

/// The codes as a text file, without any script.
pub async fn file(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    let elevated = match elevated(&state, &visit, CODES).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    match waiting(&state, &elevated).await {
        Ok(Some(codes)) => text_file(&state, &visit, &elevated.live().user, &codes),
        Ok(None) => redirect(&state, &visit, PATH, &Cookies::default()),
        Err(failure) => errors::login(&state, &visit, None, failure).await,
    }
}
