//! The account's passkeys, and what all ceremonies share.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::credential::Credential;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_flows::account::elevation::ElevatedSession;
use identity_flows::browser::Cookies;
use identity_flows::factors;
use identity_flows::factors::webauthn::manage::{self, Passkey};
use identity_flows::factors::webauthn::{self, Answer, NewKey};
use identity_flows::login::passkey::Ceremony;
use identity_flows::session::LiveSession;
use identity_pages::Alert;
use identity_pages::passkey::{
    AccountAddPasskey, AccountPasskeys, PasskeyForm, PasskeyRow, PasskeySignal,
};
use serde_json::{Value, json};

use super::account::{SIGN_OUT, Said, elevated, frame, signed_in};
use super::agent::Agent;
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

/// The list.
const LIST: &str = "/account/security/passkeys";
/// The page that adds one.
const ADD: &str = "/account/security/passkeys/add";

/// The options of a ceremony, for the script.
pub(crate) fn options_of(ceremony: Ceremony, options: &str) -> Response {
    let mode = match ceremony {
        Ceremony::Get => "get",
        Ceremony::Create => "create",
    };
    match serde_json::from_str::<Value>(options) {
        Ok(options) => {
            let body = json!({"mode": mode, "publicKey": options});
            crate::oauth::json(StatusCode::OK, &body)
        }
        Err(error) => crate::oauth::fault(&identity_domain::Fault::new(error)),
    }
}

/// Why there are none. The script says "reload"; the page then knows more.
pub(crate) fn no_options(failure: &Failure<LoginRefusal>) -> Response {
    match failure {
        Failure::Fault(fault) => crate::oauth::fault(fault),
        Failure::Refused(refusal) => {
            let status = match refusal {
                LoginRefusal::Unknown | LoginRefusal::MethodNotAvailable => StatusCode::NOT_FOUND,
                LoginRefusal::NoBrowserCookie | LoginRefusal::OtherBrowser => StatusCode::FORBIDDEN,
                _ => StatusCode::CONFLICT,
            };
            crate::oauth::json(status, &json!({"error": refusal.reason()}))
        }
    }
}

/// What kind of key the script asks for.
pub(crate) fn kind(posted: &Posted) -> NewKey {
    if posted.is_checked("silent") {
        NewKey::Silent
    } else if posted.is_checked("security_key") {
        NewKey::SecurityKey
    } else {
        NewKey::Passkey
    }
}

/// How a passkey from this browser is called when its kind is not known.
pub(crate) fn fallback_name(state: &AppState, visit: &Visit) -> String {
    let agent = Agent::read(&visit.context.user_agent);
    identity_pages::passkey::fallback_name(&state.engine, &visit.locale, agent.system.as_deref())
}

/// `/.well-known/passkey-endpoints` (W3C, A Well-Known URL for Relying Party Passkey Endpoints §2): where managers send people.
pub async fn well_known(State(state): State<Arc<AppState>>) -> Response {
    let settings = &state.env.settings;
    if !webauthn::is_offered(settings) {
        return crate::oauth::json(StatusCode::NOT_FOUND, &json!({}));
    }
    let body = json!({"enroll": settings.url(ADD), "manage": settings.url(LIST)});
    crate::oauth::json(StatusCode::OK, &body)
}

/// The list.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, LIST).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    listed(&state, &visit, &live, (said.alert(&state), StatusCode::OK)).await
}

async fn listed(
    state: &AppState,
    visit: &Visit,
    live: &LiveSession,
    (alert, status): (Option<Alert>, StatusCode),
) -> Response {
    match manage::list(&state.env, live).await {
        Ok((list, has_room)) => {
            let offered = webauthn::is_offered(&state.env.settings);
            let shown = AccountPasskeys {
                signal: signal(state, live, &list),
                passkeys: list.into_iter().map(row).collect(),
                add_url: (has_room && offered).then(|| ADD.to_owned()),
                rename_action: format!("{LIST}/rename"),
                remove_action: format!("{LIST}/remove"),
                alert,
                sign_out_action: SIGN_OUT.to_owned(),
            };
            page(state, visit, &frame(state, visit, live), &shown, status)
        }
        Err(failure) => errors::login(state, visit, None, failure).await,
    }
}

fn row(passkey: Passkey) -> PasskeyRow {
    PasskeyRow {
        id: passkey.id.to_string(),
        name: passkey.name,
        created_at: passkey.created_at,
        last_used_at: passkey.last_used_at,
        synced: passkey.synced,
        discoverable: passkey.discoverable,
        suspect: passkey.suspect,
    }
}

fn signal(state: &AppState, live: &LiveSession, list: &[Passkey]) -> Option<PasskeySignal> {
    let email = live.user.email.as_str();
    let name = live
        .user
        .profile
        .name
        .as_deref()
        .filter(|name| !name.is_empty());
    Some(PasskeySignal {
        rp_id: webauthn::rp_id(&state.env.settings)?,
        user_id: manage::user_handle(live),
        name: email.to_owned(),
        display_name: name.unwrap_or(email).to_owned(),
        accepted: list.iter().map(|key| key.credential_id.clone()).collect(),
    })
}

/// What a passkey is, and the button. Whoever comes here proved themselves a moment ago, or does so first.
pub async fn show_add(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    match elevated(&state, &visit, ADD).await {
        Ok(elevated) => add_page(&state, &visit, elevated.live(), None),
        Err(response) => response,
    }
}

fn add_page(state: &AppState, visit: &Visit, live: &LiveSession, alert: Option<Alert>) -> Response {
    let status = if alert.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let shown = AccountAddPasskey {
        passkey: PasskeyForm {
            options_url: format!("{LIST}/options"),
            security_key: true,
            ..PasskeyForm::new(ADD)
        },
        back_url: LIST.to_owned(),
        alert,
        sign_out_action: SIGN_OUT.to_owned(),
    };
    page(state, visit, &frame(state, visit, live), &shown, status)
}

/// Options for a new passkey.
pub async fn options(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    // The script follows no page: it says "reload", and the page leads on.
    let Ok(elevated) = elevated(&state, visit, ADD).await else {
        return no_options(&Failure::Refused(LoginRefusal::NotFresh));
    };
    let visit = state.env.visit(&visit.context);
    match manage::begin(&state.env, &elevated, kind(&posted), visit).await {
        Ok(options) => options_of(Ceremony::Create, &options),
        Err(failure) => no_options(&failure),
    }
}

/// Adds one.
pub async fn add(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, ADD).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let fallback_name = fallback_name(&state, visit);
    let answer = Answer {
        response: posted.text("credential"),
        fallback_name: &fallback_name,
    };
    let now = state.env.visit(&visit.context);
    match manage::add(&state.env, &elevated, answer, &visit.browser, now).await {
        Ok((cookies, codes_due)) => {
            let next = if codes_due {
                super::security::CODES.to_owned()
            } else {
                format!("{LIST}?said=passkey_added")
            };
            redirect(&state, visit, &next, &cookies)
        }
        Err(Failure::Refused(LoginRefusal::TooMany)) => {
            let said = (Some(Alert::TooManyPasskeys), StatusCode::CONFLICT);
            listed(&state, visit, elevated.live(), said).await
        }
        Err(Failure::Refused(_)) => {
            add_page(&state, visit, elevated.live(), Some(Alert::PasskeyRefused))
        }
        Err(Failure::Fault(fault)) => errors::fault(&state, visit, &fault),
    }
}

/// Gives one another name.
pub async fn rename(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let (elevated, id) = match theirs(&state, &posted).await {
        Ok(theirs) => theirs,
        Err(response) => return response,
    };
    let now = state.env.visit(&visit.context);
    match manage::rename(&state.env, &elevated, id, posted.text("name"), now).await {
        Ok(()) => {
            let next = format!("{LIST}?said=passkey_renamed");
            redirect(&state, visit, &next, &Cookies::default())
        }
        Err(Failure::Refused(LoginRefusal::ChangedElsewhere)) => {
            let said = (Some(Alert::PasskeyName), StatusCode::UNPROCESSABLE_ENTITY);
            listed(&state, visit, elevated.live(), said).await
        }
        Err(Failure::Refused(_)) => errors::status(&state, visit, StatusCode::NOT_FOUND),
        Err(Failure::Fault(fault)) => errors::fault(&state, visit, &fault),
    }
}

/// Removes one.
pub async fn remove(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let (elevated, id) = match theirs(&state, &posted).await {
        Ok(theirs) => theirs,
        Err(response) => return response,
    };
    let now = state.env.visit(&visit.context);
    match factors::removed(&state.env, &elevated, id, now).await {
        Ok(()) => {
            let next = format!("{LIST}?said=passkey_removed");
            redirect(&state, visit, &next, &Cookies::default())
        }
        Err(Failure::Refused(LoginRefusal::LastFactor)) => {
            let said = (Some(Alert::LastPasskey), StatusCode::CONFLICT);
            listed(&state, visit, elevated.live(), said).await
        }
        Err(Failure::Refused(_)) => errors::status(&state, visit, StatusCode::NOT_FOUND),
        Err(Failure::Fault(fault)) => errors::fault(&state, visit, &fault),
    }
}

/// The person at the session, proven a moment ago, and the passkey of theirs that the form names. Somebody else's does not exist (WAN-07).
async fn theirs(
    state: &Arc<AppState>,
    posted: &Posted,
) -> Result<(ElevatedSession, Id<Credential>), Response> {
    let visit = &posted.visit;
    let elevated = elevated(state, visit, LIST).await?;
    let nowhere = || errors::status(state, visit, StatusCode::NOT_FOUND);
    let id = posted.text("id").parse().map_err(|_| nowhere())?;
    match manage::owns(&state.env, &elevated, id).await {
        Ok(true) => Ok((elevated, id)),
        Ok(false) => Err(nowhere()),
        Err(fault) => Err(errors::fault(state, visit, &fault)),
    }
}
