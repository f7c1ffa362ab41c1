//! The account's home, and the way in to its pages.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use identity_domain::factor::Factors;
use identity_domain::failure::Fault;
use identity_flows::account::elevation::{self, ElevatedSession};
use identity_flows::browser::Cookies;
use identity_flows::session::LiveSession;
use identity_flows::{account, login, logout, session};
use identity_pages::account::{AccountHome, AppTile, MembershipRow};
use identity_pages::{Account, Alert, Idle, PageFrame};
use serde::Deserialize;

use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

/// A page may open with one of these sentences after something was done elsewhere.
#[derive(Deserialize, Default)]
pub struct Said {
    #[serde(rename = "said")]
    what: Option<String>,
    count: Option<u16>,
    app: Option<String>,
}

impl Said {
    /// Only words of this list; never text from the address.
    pub fn alert(&self, state: &AppState) -> Option<Alert> {
        match self.what.as_deref()? {
            "password_changed" => Some(Alert::PasswordChanged {
                signed_out_elsewhere: false,
            }),
            "password_changed_everywhere" => Some(Alert::PasswordChanged {
                signed_out_elsewhere: true,
            }),
            "saved" => Some(Alert::Saved),
            "mail_sent" => Some(Alert::MailSent),
            "email_changed" => Some(Alert::EmailChanged),
            "changed_elsewhere" => Some(Alert::ChangedElsewhere),
            "last_administrator" => Some(Alert::LastAdministrator),
            "managed_by_file" => Some(Alert::ManagedByFile),
            "factor_added" => Some(Alert::FactorAdded),
            "factor_removed" => Some(Alert::FactorRemoved),
            "factor_renamed" => Some(Alert::FactorRenamed),
            "backup_codes_saved" => Some(Alert::BackupCodesSaved),
            "passkey_added" => Some(Alert::PasskeyAdded),
            "passkey_renamed" => Some(Alert::PasskeyRenamed),
            "passkey_removed" => Some(Alert::PasskeyRemoved),
            "device_renamed" => Some(Alert::DeviceRenamed),
            "device_untrusted" => Some(Alert::DeviceUntrusted),
            "device_forgotten" => Some(Alert::DeviceForgotten),
            "device_disowned" => Some(Alert::DeviceDisowned),
            "secured" => Some(Alert::AccountSecured),
            "factors_kept" => Some(Alert::FactorsKept),
            "session_ended" => Some(Alert::SessionEndedByYou),
            "others_ended" => Some(Alert::OtherSessionsEnded {
                count: i64::from(self.count.unwrap_or_default()),
            }),
            "access_removed" => {
                let client = state.env.directory.client(self.app.as_deref()?)?;
                let app = client.display_name().to_owned();
                Some(Alert::AccessRemoved { app })
            }
            _ => None,
        }
    }
}

/// Whoever is signed in here, or the redirect to a sign-in that comes back to this page.
pub(crate) async fn signed_in(
    state: &Arc<AppState>,
    visit: &Visit,
    path: &'static str,
) -> Result<LiveSession, Response> {
    let now = state.env.now();
    let live = async {
        let here = session::live(&state.env, &visit.browser, now).await?;
        let Some(mut live) = here.into_iter().next() else {
            return Ok(None);
        };
        session::touch(&state.env, &mut live.session, now).await?;
        Ok::<_, Fault>(Some(live))
    };
    match live.await {
        Ok(Some(live)) => Ok(live),
        Ok(None) => {
            if let Some(refused) = super::may_not_begin(state, visit) {
                return Err(refused);
            }
            super::begun(state, visit);
            match login::start::for_account(&state.env, path, None, false, &visit.browser).await {
                Ok((id, cookies)) => Err(redirect(state, visit, &format!("/login/{id}"), &cookies)),
                Err(fault) => Err(errors::fault(state, visit, &fault)),
            }
        }
        Err(fault) => Err(errors::fault(state, visit, &fault)),
    }
}

/// Whoever is signed in here and proved themselves a moment ago, or the redirect to a login that does so and comes back to this page.
pub(crate) async fn elevated(
    state: &Arc<AppState>,
    visit: &Visit,
    path: &'static str,
) -> Result<ElevatedSession, Response> {
    let live = signed_in(state, visit, path).await?;
    let email = live.user.email.as_str().to_owned();
    if let Ok(elevated) = elevation::elevated(live, state.env.now()) {
        return Ok(elevated);
    }
    match login::start::to_elevate(&state.env, path, &email, &visit.browser).await {
        Ok((id, cookies)) => Err(redirect(state, visit, &format!("/login/{id}"), &cookies)),
        Err(fault) => Err(errors::fault(state, visit, &fault)),
    }
}

/// The frame of an account page.
pub(crate) fn frame(state: &AppState, visit: &Visit, live: &LiveSession) -> PageFrame {
    let mut frame = visit.frame_for(state, &live.user);
    frame.account = Some(Account {
        name: live.user.profile.name.clone(),
        email: live.user.email.as_str().to_owned(),
    });
    let idle_end = live.session.idle_end(&state.env.settings.session);
    frame.idle = idle_end.map(|ends_at| Idle {
        ends_at,
        stay_action: STAY.to_owned(),
    });
    frame
}

/// `/`: the account is where people belong.
pub async fn start(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    redirect(&state, &visit, "/account", &Cookies::default())
}

/// `/.well-known/change-password`.
pub async fn well_known_change_password(
    State(state): State<Arc<AppState>>,
    visit: Visit,
) -> Response {
    redirect(&state, &visit, "/account/password", &Cookies::default())
}

/// Home.
pub async fn home(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, "/account").await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let alert = said.alert(&state).or_else(|| standing(&live));
    match home_page(&state, &live, alert).await {
        Ok(home) => page(
            &state,
            &visit,
            &frame(&state, &visit, &live),
            &home,
            StatusCode::OK,
        ),
        Err(fault) => errors::fault(&state, &visit, &fault),
    }
}

/// What must not be forgotten, whatever page the person comes back to first.
pub(crate) fn standing(live: &LiveSession) -> Option<Alert> {
    let standing = &live.user.standing;
    if standing.factors_removed_at.is_some() {
        return Some(Alert::FactorsGoing);
    }
    standing.securing.as_ref().map(|_| Alert::FinishSecuring)
}

async fn home_page(
    state: &AppState,
    live: &LiveSession,
    alert: Option<Alert>,
) -> Result<AccountHome, Fault> {
    let env = &state.env;
    let person = env.directory.person(&env.store, live.user.id).await?;
    let organizations = person
        .as_deref()
        .map(|person| places(state, person))
        .unwrap_or_default();
    let apps = account::applications::to_open(env, live)
        .await?
        .into_iter()
        .filter_map(|app| {
            let url = app.uri?;
            let host = url.parse::<Uri>().ok()?.authority()?.to_string();
            Some(AppTile {
                name: app.name,
                url,
                logo_url: None,
                host,
            })
        });
    Ok(AccountHome {
        email_verified: live.user.email_verified_at.is_some(),
        organizations,
        apps: apps.collect(),
        sessions: count(account::sessions::list(env, live).await?.len()),
        password_changed_at: password_changed_at(state, live).await?,
        second_steps: second_steps(state, live).await?,
        alert,
        sign_out_action: SIGN_OUT.to_owned(),
    })
}

fn places(state: &AppState, person: &identity_flows::directory::Person) -> Vec<MembershipRow> {
    let mut rows = Vec::new();
    for membership in &person.memberships {
        if let Some(place) = state
            .env
            .directory
            .place(person, membership.organization_id)
        {
            rows.push(MembershipRow {
                organization: place.name,
                roles: place.roles,
            });
        }
    }
    rows
}

/// Address of the sign-out button on all account pages.
pub(crate) const SIGN_OUT: &str = "/account/sign_out";
/// Address of "Stay signed in".
pub(crate) const STAY: &str = "/account/stay";

async fn password_changed_at(
    state: &AppState,
    live: &LiveSession,
) -> Result<Option<identity_domain::Timestamp>, Fault> {
    let owner = state
        .env
        .store
        .password_owner(&live.user.email.key())
        .await?;
    Ok(owner.map(|owner| owner.credential.changed_at))
}

async fn second_steps(state: &AppState, live: &LiveSession) -> Result<u32, Fault> {
    let credentials = state.env.store.credentials_of(live.user.id).await?;
    let factors = Factors::of(&live.user, &credentials);
    let single = usize::from(factors.sms) + usize::from(factors.email);
    Ok(count(factors.webauthn + factors.totp + single))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The sign-out button.
pub async fn sign_out(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let here = match session::live(&state.env, &visit.browser, state.env.now()).await {
        Ok(here) => here,
        Err(fault) => return errors::fault(&state, visit, &fault),
    };
    let (current, others) = here.split_at(here.len().min(1));
    match logout::sign_out(&state.env, current, &visit.browser, &visit.context).await {
        Ok(signed_out) => super::logout::done(
            &state,
            visit,
            &logout::Return::default(),
            signed_out,
            others,
        ),
        Err(fault) => errors::fault(&state, visit, &fault),
    }
}
