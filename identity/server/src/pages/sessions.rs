//! The list of a person's sessions.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::failure::Failure;
use identity_domain::ports::Place;
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::Session;
use identity_flows::account::sessions::{self, Listed};
use identity_flows::browser::Cookies;
use identity_flows::login::LoginResult;
use identity_flows::session;
use identity_pages::account::{AccountSessions, SessionRow};
use identity_pages::device::Location;

use super::account::{SIGN_OUT, Said, frame, signed_in};
use super::agent::Agent;
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

const PATH: &str = "/account/sessions";

/// One session in words.
pub(crate) fn row(session: &Session, current: Id<Session>) -> SessionRow {
    let agent = Agent::read(&session.user_agent);
    SessionRow {
        id: session.id.to_string(),
        name: None,
        device: agent.device,
        browser: agent.browser,
        system: agent.system,
        place: None,
        ip: session.address.clone(),
        apps: Vec::new(),
        signed_in_at: session.created_at,
        last_seen_at: session.last_seen_at,
        current: session.id == current,
    }
}

/// One session with all that helps to recognise it.
fn listed_row(listed: Listed, current: Id<Session>) -> SessionRow {
    SessionRow {
        name: listed.device_name,
        place: listed.place.map(location),
        apps: listed.applications,
        ..row(&listed.session, current)
    }
}

/// A place as pages tell it.
pub(crate) fn location(place: Place) -> Location {
    Location {
        country: place.country,
        city: place.city,
    }
}

/// "Stay signed in": the session counts as used now. A script asks for the time that is left, a plain form goes back to the account.
pub async fn stay(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let mut live = match signed_in(&state, visit, "/account").await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let now = state.env.now();
    if let Err(fault) = session::stay(&state.env, &mut live.session, now).await {
        return errors::fault(&state, visit, &fault);
    }
    if posted.text("answer") != "json" {
        return redirect(&state, visit, "/account", &Cookies::default());
    }
    let policy = &state.env.settings.session;
    let left = live
        .session
        .idle_end(policy)
        .unwrap_or(live.session.expires_at)
        .since(now);
    let answer = serde_json::json!({ "milliseconds": left.0 });
    crate::oauth::json(StatusCode::OK, &answer)
}

/// The list.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    match sessions::listed(&state.env, &live).await {
        Ok(list) => {
            let page_of = AccountSessions {
                sessions: list
                    .into_iter()
                    .map(|listed| listed_row(listed, live.session.id))
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
    let live = match signed_in(&state, &posted.visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let Ok(id) = posted.text("session").parse() else {
        return errors::status(&state, &posted.visit, StatusCode::NOT_FOUND);
    };
    let ended = sessions::end_one(&state.env, &live, id, &posted.visit.context).await;
    let ended = ended.map(|()| Cookies::default());
    done(&state, &posted.visit, ended, "session_ended")
}

/// Ends all others.
pub async fn end_others(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let live = match signed_in(&state, &posted.visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let before = sessions::list(&state.env, &live).await;
    let others = before.map_or(0, |list| list.len().saturating_sub(1));
    let Visit {
        browser, context, ..
    } = &posted.visit;
    let ended = sessions::end_others(&state.env, &live, browser, context).await;
    let said = format!("others_ended&count={others}");
    done(&state, &posted.visit, ended, &said)
}

fn done(state: &AppState, visit: &Visit, result: LoginResult<Cookies>, said: &str) -> Response {
    let next = format!("{PATH}?said={said}");
    ended(state, visit, result, (PATH, &next))
}

/// What follows when sessions were ended from a page: where to go on, or the page again.
pub(crate) fn ended(
    state: &AppState,
    visit: &Visit,
    result: LoginResult<Cookies>,
    (page, next): (&str, &str),
) -> Response {
    match result {
        Ok(cookies) => redirect(state, visit, next, &cookies),
        // Its token changed in this very moment: nothing happened, and the page is ready for another try.
        Err(Failure::Refused(LoginRefusal::NotFresh)) => {
            redirect(state, visit, page, &Cookies::default())
        }
        // A session of somebody else does not exist here.
        Err(Failure::Refused(_)) => errors::status(state, visit, StatusCode::NOT_FOUND),
        Err(Failure::Fault(fault)) => errors::fault(state, visit, &fault),
    }
}
