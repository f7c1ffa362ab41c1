//! The Security page of the account: everything a person proves themselves with, in the order of its strength.

pub mod apps;
pub mod codes;
pub mod phone;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::credential::Credential;
use identity_domain::credential::backup_code::FEW;
use identity_domain::credential::totp::MAX_PER_USER;
use identity_domain::factor::Method;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_flows::account::elevation::ElevatedSession;
use identity_flows::account::factors::{self, LONGEST_NAME, SetUp, Way, Ways};
use identity_flows::browser::Cookies;
use identity_flows::login::LoginResult;
use identity_flows::session::LiveSession;
use identity_pages::Alert;
use identity_pages::security::{
    AccountSecurity, CodesRow, FactorRow, Improvement, ImprovementKind,
};

use super::account::{SIGN_OUT, Said, elevated, frame, signed_in, standing};
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

/// The page.
pub(crate) const PATH: &str = "/account/security";
const PASSKEYS: &str = "/account/security/passkeys";
const ADD_PASSKEY: &str = "/account/security/passkeys/add";
const ADD_APP: &str = "/account/security/apps/add";
const PHONE: &str = "/account/security/phone";
/// Where backup codes are handed over.
pub(crate) const CODES: &str = "/account/security/codes";

/// The page.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, PATH).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    shown(
        &state,
        &visit,
        &live,
        (
            said.alert(&state).or_else(|| standing(&live)),
            StatusCode::OK,
        ),
    )
    .await
}

async fn shown(
    state: &AppState,
    visit: &Visit,
    live: &LiveSession,
    (alert, status): (Option<Alert>, StatusCode),
) -> Response {
    let loaded = async {
        let ways = factors::ways(&state.env, live).await?;
        let now = state.env.now();
        let devices = state.env.store.devices_of(live.user.id).await?;
        let trusted = devices.iter().filter(|device| {
            device.distrusted_at.is_none() && device.trusted_until.is_some_and(|until| now < until)
        });
        LoginResult::Ok((ways, trusted.count()))
    };
    match loaded.await {
        Ok((ways, trusted)) => {
            let mut security = security(live, ways);
            security.trusted_devices = u32::try_from(trusted).unwrap_or(u32::MAX);
            security.alert = alert;
            page(state, visit, &frame(state, visit, live), &security, status)
        }
        Err(failure) => errors::login(state, visit, None, failure).await,
    }
}

fn security(live: &LiveSession, ways: Ways) -> AccountSecurity {
    let offered = |method| ways.enrollable.contains(&method);
    let url = |method, path: &str| offered(method).then(|| path.to_owned());
    let waiting = ways.codes_waiting && ways.codes.is_none();
    let has_factor = ways.factors.is_enrolled();
    AccountSecurity {
        improvements: improvements(live, &ways),
        passkeys_url: PASSKEYS.to_owned(),
        add_passkey_url: url(Method::Webauthn, ADD_PASSKEY),
        add_app_url: url(Method::Totp, ADD_APP).filter(|_| ways.apps.len() < MAX_PER_USER),
        rename_action: format!("{PATH}/rename"),
        remove_action: format!("{PATH}/remove"),
        longest_name: LONGEST_NAME,
        sms_url: url(Method::Sms, PHONE),
        email_action: url(Method::Email, "/account/security/email")
            .filter(|_| live.user.email_verified_at.is_some()),
        codes: ways.codes.map(|(left, made_at)| CodesRow {
            left,
            few: left <= FEW,
            made_at,
        }),
        new_codes_action: has_factor.then(|| format!("{CODES}/new")),
        codes_waiting_url: waiting.then(|| CODES.to_owned()),
        has_password: ways.password_changed_at.is_some(),
        password_changed_at: ways.password_changed_at,
        change_password_url: "/account/password".to_owned(),
        second_step: has_factor,
        trusted_devices: 0,
        devices_url: "/account/devices".to_owned(),
        secure_url: "/account/secure".to_owned(),
        passkeys: ways.passkeys.into_iter().map(row).collect(),
        apps: ways.apps.into_iter().map(row).collect(),
        sms: ways.sms.map(row),
        email: ways.email.map(row),
        alert: None,
        sign_out_action: SIGN_OUT.to_owned(),
    }
}

fn row(way: Way) -> FactorRow {
    FactorRow {
        id: way.id.to_string(),
        name: way.name,
        created_at: way.created_at,
        last_used_at: way.last_used_at,
        suspect: way.suspect,
    }
}

/// What would make the account safer, the most important first.
fn improvements(live: &LiveSession, ways: &Ways) -> Vec<Improvement> {
    let offered = |method| ways.enrollable.contains(&method);
    let stronger = if offered(Method::Webauthn) {
        ADD_PASSKEY
    } else {
        ADD_APP
    };
    let strong = ways.factors.webauthn + ways.factors.totp;
    let is_enrolled = ways.factors.is_enrolled();
    let can_be_stronger = offered(Method::Webauthn) || offered(Method::Totp);
    let codes = ways.codes.map(|(left, _)| left);
    let suspect = ways.passkeys.iter().any(|passkey| passkey.suspect);
    let found = [
        (
            live.user.standing.factors_removed_at.is_some(),
            ImprovementKind::Removal,
            super::secure::PATH,
        ),
        (
            live.user.email_verified_at.is_none(),
            ImprovementKind::Email,
            "/account/email",
        ),
        (suspect, ImprovementKind::SuspectPasskey, PASSKEYS),
        (
            !is_enrolled && !ways.enrollable.is_empty(),
            ImprovementKind::SecondStep,
            "#second-steps",
        ),
        (
            is_enrolled && strong == 0 && can_be_stronger,
            ImprovementKind::Stronger,
            stronger,
        ),
        (
            strong == 1 && ways.factors.enrolled() == 1 && codes.unwrap_or(0) == 0,
            ImprovementKind::Another,
            stronger,
        ),
        (
            is_enrolled && codes.is_none(),
            ImprovementKind::Codes,
            if ways.codes_waiting { CODES } else { "#codes" },
        ),
        (
            is_enrolled && codes.is_some_and(|left| left <= FEW),
            ImprovementKind::FewCodes,
            "#codes",
        ),
    ];
    found
        .into_iter()
        .filter(|(applies, ..)| *applies)
        .map(|(_, kind, url)| Improvement {
            kind,
            url: url.to_owned(),
        })
        .collect()
}

/// Gives an app another name.
pub async fn rename(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let (elevated, id) = match theirs(&state, &posted).await {
        Ok(theirs) => theirs,
        Err(response) => return response,
    };
    let now = state.env.visit(&posted.visit.context);
    let done = factors::rename(&state.env, &elevated, id, posted.text("name"), now).await;
    let said = ("factor_renamed", Alert::FactorName);
    changed(&state, &posted, &elevated, done, said).await
}

/// Removes an app, the number, or mail codes.
pub async fn remove(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let (elevated, id) = match theirs(&state, &posted).await {
        Ok(theirs) => theirs,
        Err(response) => return response,
    };
    let now = state.env.visit(&posted.visit.context);
    let done = factors::remove(&state.env, &elevated, id, now).await;
    let said = ("factor_removed", Alert::ChangedElsewhere);
    changed(&state, &posted, &elevated, done, said).await
}

async fn changed(
    state: &AppState,
    posted: &Posted,
    elevated: &ElevatedSession,
    done: LoginResult<()>,
    (said, overtaken): (&str, Alert),
) -> Response {
    let visit = &posted.visit;
    let alert = match done {
        Ok(()) => {
            let next = format!("{PATH}?said={said}");
            return redirect(state, visit, &next, &Cookies::default());
        }
        Err(Failure::Refused(LoginRefusal::LastFactor)) => Alert::LastFactor,
        Err(Failure::Refused(LoginRefusal::ChangedElsewhere)) => overtaken,
        Err(Failure::Refused(_)) => return errors::status(state, visit, StatusCode::NOT_FOUND),
        Err(Failure::Fault(fault)) => return errors::fault(state, visit, &fault),
    };
    let said = (Some(alert), StatusCode::CONFLICT);
    shown(state, visit, elevated.live(), said).await
}

/// Turns mail codes on.
pub async fn turn_mail_codes_on(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, PATH).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let now = state.env.visit(&visit.context);
    match factors::turn_mail_codes_on(&state.env, &elevated, &visit.browser, now).await {
        Ok(set_up) => added(&state, visit, &set_up),
        Err(Failure::Refused(LoginRefusal::NotFresh)) => {
            redirect(&state, visit, PATH, &Cookies::default())
        }
        Err(Failure::Refused(_)) => {
            let said = (Some(Alert::WayNotAvailable), StatusCode::CONFLICT);
            shown(&state, visit, elevated.live(), said).await
        }
        Err(Failure::Fault(fault)) => errors::fault(&state, visit, &fault),
    }
}

/// Where a person goes who set a second step up: to their backup codes, where there are none yet (H-37).
fn added(state: &AppState, visit: &Visit, set_up: &SetUp) -> Response {
    let next = if set_up.codes_due {
        CODES.to_owned()
    } else {
        format!("{PATH}?said=factor_added")
    };
    redirect(state, visit, &next, &set_up.cookies)
}

/// The person at the session, proven a moment ago, and what the form names.
async fn theirs(
    state: &Arc<AppState>,
    posted: &Posted,
) -> Result<(ElevatedSession, Id<Credential>), Response> {
    let visit = &posted.visit;
    let elevated = elevated(state, visit, PATH).await?;
    let id = posted
        .text("id")
        .parse()
        .map_err(|_| errors::status(state, visit, StatusCode::NOT_FOUND))?;
    Ok((elevated, id))
}
