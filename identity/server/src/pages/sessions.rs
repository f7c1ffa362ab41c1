//! The list of a person's sessions.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::failure::Failure;
use identity_domain::session::Session;
use identity_flows::account::sessions;
use identity_flows::browser::Cookies;
use identity_flows::login::LoginResult;
use identity_pages::account::{AccountSessions, SessionRow};

use super::account::{SIGN_OUT, Said, frame, signed_in};
use super::agent::Agent;
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

/// One session in words.
pub(crate) fn row(session: &Session, current: Id<Session>) -> SessionRow {
    let agent = Agent::read(&session.user_agent);
    SessionRow {
        id: session.id.to_string(),
        device: agent.device,
        browser: agent.browser,
        system: agent.system,
        place: None,
        ip: session.address.clone(),
        app: None,
        signed_in_at: session.created_at,
        last_seen_at: session.last_seen_at,
        current: session.id == current,
    }
}

/// The list.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, "/account/sessions").await {
        Ok(live) => live,
        Err(response) => return response,
    };
    match sessions::list(&state.env, &live).await {
        Ok(list) => {
            let page_of = AccountSessions {
                sessions: list
                    .iter()
                    .map(|session| row(session, live.session.id))
                    .collect(),
                end_action: "/account/sessions/end".to_owned(),
                end_others_action: "/account/sessions/end_others".to_owned(),
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

/// Ends one.
pub async fn end_one(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let live = match signed_in(&state, &posted.visit, "/account/sessions").await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let Ok(id) = posted.text("session").parse() else {
        return errors::status(&state, &posted.visit, StatusCode::NOT_FOUND);
    };
    let ended = sessions::end_one(&state.env, &live, id, &posted.visit.context).await;
    done(&state, &posted.visit, ended, "session_ended")
}

/// Ends all others.
pub async fn end_others(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let live = match signed_in(&state, &posted.visit, "/account/sessions").await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let before = sessions::list(&state.env, &live).await;
    let others = before.map_or(0, |list| list.len().saturating_sub(1));
    let ended = sessions::end_others(&state.env, &live, &posted.visit.context).await;
    let said = format!("others_ended&count={others}");
    done(&state, &posted.visit, ended, &said)
}

fn done(state: &AppState, visit: &Visit, result: LoginResult<()>, said: &str) -> Response {
    match result {
        Ok(()) => {
            let back = format!("/account/sessions?said={said}");
            redirect(state, visit, &back, &Cookies::default())
        }
        // A session of somebody else does not exist here.
        Err(Failure::Refused(_)) => errors::status(state, visit, StatusCode::NOT_FOUND),
        Err(Failure::Fault(fault)) => errors::fault(state, visit, &fault),
    }
}
