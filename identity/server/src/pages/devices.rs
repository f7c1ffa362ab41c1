//! The list of a person's devices.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::device::{Device, MAX_LABEL};
use identity_domain::failure::Failure;
use identity_flows::account::devices::{self, Listed};
use identity_flows::browser::Cookies;
use identity_flows::login::LoginResult;
use identity_flows::session::LiveSession;
use identity_pages::device::{AccountDevices, DeviceRow};

use super::account::{SIGN_OUT, Said, frame, signed_in};
use super::agent::Agent;
use super::sessions::location;
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

const PATH: &str = "/account/devices";

fn row(state: &AppState, listed: Listed) -> DeviceRow {
    let Listed {
        device,
        place,
        sessions,
        is_here,
    } = listed;
    let agent = Agent::read(&device.user_agent);
    let now = state.env.now();
    DeviceRow {
        id: device.id.to_string(),
        device: agent.device,
        name: device.label,
        browser: agent.browser,
        system: agent.system,
        place: place.map(location),
        ip: device.address,
        first_seen_at: device.first_seen_at,
        last_seen_at: device.last_seen_at,
        trusted_until: device.trusted_until.filter(|until| *until > now),
        disowned: device.distrusted_at.is_some(),
        current: is_here,
        sessions: u32::try_from(sessions).unwrap_or(u32::MAX),
    }
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
    match devices::list(&state.env, &live).await {
        Ok(list) => {
            let page_of = AccountDevices {
                devices: list.into_iter().map(|listed| row(&state, listed)).collect(),
                rename_action: format!("{PATH}/rename"),
                untrust_action: format!("{PATH}/untrust"),
                forget_action: format!("{PATH}/forget"),
                disown_action: format!("{PATH}/disown"),
                longest_name: MAX_LABEL,
                alert: said.alert(&state),
                sign_out_action: SIGN_OUT.to_owned(),
            };
            let frame = frame(&state, &visit, &live);
            page(&state, &visit, &frame, &page_of, StatusCode::OK)
        }
        Err(fault) => errors::fault(&state, &visit, &fault),
    }
}

/// Who asks, and the device the form names; one that is no id is one nobody has.
async fn named(
    state: &Arc<AppState>,
    posted: &Posted,
) -> Result<(LiveSession, Id<Device>), Response> {
    let live = signed_in(state, &posted.visit, PATH).await?;
    match posted.text("device").parse() {
        Ok(id) => Ok((live, id)),
        Err(_) => Err(errors::status(state, &posted.visit, StatusCode::NOT_FOUND)),
    }
}

/// Gives one a name.
pub async fn rename(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let (live, id) = match named(&state, &posted).await {
        Ok(named) => named,
        Err(response) => return response,
    };
    let context = &posted.visit.context;
    let done = devices::rename(&state.env, &live, id, posted.text("name"), context).await;
    back(
        &state,
        &posted.visit,
        done,
        "/account/devices?said=device_renamed",
    )
}

/// Asks for the second step there again.
pub async fn untrust(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let (live, id) = match named(&state, &posted).await {
        Ok(named) => named,
        Err(response) => return response,
    };
    let done = devices::stop_trusting(&state.env, &live, id, &posted.visit.context).await;
    back(
        &state,
        &posted.visit,
        done,
        "/account/devices?said=device_untrusted",
    )
}

/// Forgets one and signs it out.
pub async fn forget(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let (live, id) = match named(&state, &posted).await {
        Ok(named) => named,
        Err(response) => return response,
    };
    let done = devices::forget(&state.env, &live, id, &posted.visit.context).await;
    back(
        &state,
        &posted.visit,
        done,
        "/account/devices?said=device_forgotten",
    )
}

/// "This wasn't me".
pub async fn disown(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let (live, id) = match named(&state, &posted).await {
        Ok(named) => named,
        Err(response) => return response,
    };
    let done = devices::disown(&state.env, &live, id, &posted.visit.context).await;
    back(
        &state,
        &posted.visit,
        done,
        "/account/secure?said=device_disowned",
    )
}

fn back(state: &AppState, visit: &Visit, done: LoginResult<()>, to: &str) -> Response {
    match done {
        Ok(()) => redirect(state, visit, to, &Cookies::default()),
        // A device of somebody else does not exist here.
        Err(Failure::Refused(_)) => errors::status(state, visit, StatusCode::NOT_FOUND),
        Err(Failure::Fault(fault)) => errors::fault(state, visit, &fault),
    }
}
