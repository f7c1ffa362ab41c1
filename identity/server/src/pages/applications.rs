//! Connected applications.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_flows::account::applications::{self, Application};
use identity_flows::browser::Cookies;
use identity_pages::account::{AccountApplications, ConnectedApp};
use identity_pages::consent::ConsentScope;
use serde::Deserialize;

use super::account::{SIGN_OUT, Said, frame, signed_in};
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

const PATH: &str = "/account/applications";
/// Applications on one page.
const PART: usize = 100;

fn row(app: Application, now: identity_domain::Timestamp) -> ConnectedApp {
    let since = app
        .consent
        .as_ref()
        .map(|consent| consent.granted_at)
        .or(app.last_used_at)
        .unwrap_or(now);
    let scopes = app
        .consent
        .map(|consent| consent.scopes)
        .unwrap_or_default();
    ConnectedApp {
        client_id: app.client_id,
        name: app.name,
        logo_url: None,
        url: app.uri,
        scopes: scopes
            .iter()
            .map(|scope| ConsentScope::new(scope))
            .collect(),
        since,
        last_used_at: app.last_used_at,
    }
}

/// Which part of the list.
#[derive(Deserialize)]
pub struct Part {
    /// How many come before it.
    #[serde(default)]
    from: usize,
}

/// The list, a part at a time (DOS-07).
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
    Query(Part { from }): Query<Part>,
) -> Response {
    let live = match signed_in(&state, &visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    match applications::list(&state.env, &live).await {
        Ok(list) => {
            let now = state.env.now();
            let next = from.saturating_add(PART);
            let next_url = (next < list.len()).then(|| format!("{PATH}?from={next}"));
            let part = list.into_iter().skip(from).take(PART);
            let page_of = AccountApplications {
                apps: part.map(|app| row(app, now)).collect(),
                next_url,
                withdraw_action: "/account/applications/withdraw".to_owned(),
                alert: said.alert(&state),
                sign_out_action: SIGN_OUT.to_owned(),
            };
            page(
                &state,
                &visit,
                &frame(&state, &visit, &live),
                &page_of,
                StatusCode::OK,
            )
        }
        Err(fault) => errors::fault(&state, &visit, &fault),
    }
}

/// Takes consent back.
pub async fn withdraw(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let live = match signed_in(&state, &posted.visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let client_id = posted.text("client_id");
    if state.env.directory.client(client_id).is_none() {
        return errors::status(&state, &posted.visit, StatusCode::NOT_FOUND);
    }
    match applications::withdraw(&state.env, &live, client_id, &posted.visit.context).await {
        Ok(()) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("said", "access_removed")
                .append_pair("app", client_id)
                .finish();
            let back = format!("{PATH}?{query}");
            redirect(&state, &posted.visit, &back, &Cookies::default())
        }
        Err(fault) => errors::fault(&state, &posted.visit, &fault),
    }
}
