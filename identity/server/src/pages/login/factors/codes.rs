//! Backup codes, until they are saved.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use identity_domain::Id;
use identity_domain::login::{Login, Step};
use identity_domain::user::User;
use identity_flows::login;
use identity_flows::login::backup_codes::HandedOver;
use identity_flows::login::view::View;
use identity_pages::FieldError;
use identity_pages::factor::BackupCodes;

use super::super::shown::{Said, frame_for, shown};
use super::super::{LoginId, path, stray, taken};
use crate::app::AppState;
use crate::pages::page;
use crate::pages::visit::{Posted, Visit};

/// The page of a login that hands backup codes over.
pub(super) async fn page_of(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    let visited = state.env.visit(&visit.context);
    match login::backup_codes::view(&state.env, &view.login, visited).await {
        Ok(handed_over) => {
            let status = said.status();
            let frame = frame_for(state, visit, view, &handed_over.account.user);
            let mut codes = codes(view.login.id, handed_over);
            codes.error = said.error;
            codes.alert = said.alert;
            page(state, visit, &frame, &codes, status)
        }
        Err(failure) => stray(state, visit, view.login.id, failure).await,
    }
}

fn codes(id: Id<Login>, handed_over: HandedOver) -> BackupCodes {
    let action = path(id, &Step::BackupCodes);
    let HandedOver { account, set } = handed_over;
    BackupCodes {
        file_url: format!("{action}/file"),
        action,
        hidden: vec![],
        codes: set.codes.iter().map(|code| code.expose().clone()).collect(),
        account: account.user.email.as_str().to_owned(),
        made_at: set.made_at,
        error: None,
        after_enrolment: true,
        alert: None,
    }
}

/// "I have saved them".
pub async fn save(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    if !posted.is_checked("saved") {
        let said = Said {
            error: Some(FieldError::TickSaved),
            ..Said::check()
        };
        return shown(&state, visit, id, said).await;
    }
    let (browser, context) = (&visit.browser, &visit.context);
    let result = login::backup_codes::save(&state.env, id, browser, context).await;
    taken(&state, visit, id, result).await
}

/// The codes as a text file, without any script.
pub async fn file(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    LoginId(id): LoginId,
) -> Response {
    let visited = state.env.visit(&visit.context);
    match login::backup_codes::file(&state.env, id, &visit.browser, visited).await {
        Ok(handed_over) => {
            let person = handed_over.account.user.clone();
            text_file(&state, &visit, &person, &codes(id, handed_over))
        }
        Err(failure) => stray(&state, &visit, id, failure).await,
    }
}

/// The answer that a browser stores as a file.
pub(crate) fn text_file(
    state: &AppState,
    visit: &Visit,
    person: &User,
    codes: &BackupCodes,
) -> Response {
    let zone = person.profile.zoneinfo.as_deref();
    let text = codes.file(&state.engine, &visit.locale, zone);
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let disposition = HeaderValue::from_static("attachment; filename=\"backup-codes.txt\"");
    let headers = [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, disposition)];
    (StatusCode::OK, headers, text).into_response()
}
