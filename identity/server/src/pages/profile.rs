//! What a person says about themselves, and which mails they get.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::time_zone;
use identity_flows::account::profile::{self, OPTIONAL_MAILS, Profile};
use identity_flows::browser::Cookies;
use identity_flows::login::LoginResult;
use identity_flows::session::LiveSession;
use identity_pages::person::{AccountNotifications, AccountProfile, OptionalMail};
use identity_pages::{Alert, Field, FieldError};

use super::account::{SIGN_OUT, Said, frame, signed_in};
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

/// Address of the profile.
pub(crate) const PROFILE: &str = "/account/profile";
const NOTIFICATIONS: &str = "/account/notifications";

fn profile_page(live: &LiveSession, alert: Option<Alert>) -> AccountProfile {
    let profile = &live.user.profile;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    AccountProfile {
        action: PROFILE.to_owned(),
        name: Field::name().with_value(text(&profile.name)).optional(),
        given_name: Field::given_name().with_value(text(&profile.given_name)),
        family_name: Field::family_name().with_value(text(&profile.family_name)),
        locale: text(&profile.locale),
        zoneinfo: Field::zoneinfo().with_value(text(&profile.zoneinfo)),
        zones: time_zone::names().collect(),
        change_email_url: super::email::EMAIL.to_owned(),
        managed: live.user.managed_by.is_some(),
        alert,
        sign_out_action: SIGN_OUT.to_owned(),
    }
}

/// The profile.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, PROFILE).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let page_of = profile_page(&live, said.alert(&state));
    let frame = frame(&state, &visit, &live);
    page(&state, &visit, &frame, &page_of, StatusCode::OK)
}

/// Stores it.
pub async fn submit(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let live = match signed_in(&state, visit, PROFILE).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let locale = posted.text("locale");
    let typed_zone = posted.text("zoneinfo").trim();
    let mut known = state.engine.locales().into_iter();
    let form = Profile {
        name: posted.text("name").to_owned(),
        given_name: posted.text("given_name").to_owned(),
        family_name: posted.text("family_name").to_owned(),
        locale: known.find(|tag| tag == locale).unwrap_or_default(),
        zoneinfo: time_zone::find(typed_zone),
    };
    if form.zoneinfo.is_none() && !typed_zone.is_empty() {
        return unknown_zone(&state, &posted, &live);
    }
    let changed = profile::change(&state.env, &live, &form, &visit.context).await;
    done(&state, visit, changed, PROFILE)
}

/// The form again, as it was filled in.
fn unknown_zone(state: &AppState, posted: &Posted, live: &LiveSession) -> Response {
    let mut again = profile_page(live, Some(Alert::CheckFields));
    again.name = again.name.with_value(posted.text("name"));
    again.given_name = again.given_name.with_value(posted.text("given_name"));
    again.family_name = again.family_name.with_value(posted.text("family_name"));
    posted.text("locale").clone_into(&mut again.locale);
    again.zoneinfo = again
        .zoneinfo
        .with_value(posted.text("zoneinfo"))
        .with_error(FieldError::TimeZone);
    let frame = frame(state, &posted.visit, live);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    page(state, &posted.visit, &frame, &again, status)
}

/// Which mails come, and which may be switched off.
pub async fn notifications(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(said): Query<Said>,
) -> Response {
    let live = match signed_in(&state, &visit, NOTIFICATIONS).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let muted = &live.user.standing.muted;
    let page_of = AccountNotifications {
        action: NOTIFICATIONS.to_owned(),
        email: live.user.email.as_str().to_owned(),
        optional: OPTIONAL_MAILS
            .into_iter()
            .map(|name| OptionalMail {
                name,
                on: !muted.iter().any(|mail| mail == name),
            })
            .collect(),
        alert: said.alert(&state),
        sign_out_action: SIGN_OUT.to_owned(),
    };
    let frame = frame(&state, &visit, &live);
    page(&state, &visit, &frame, &page_of, StatusCode::OK)
}

/// Stores which optional mails are wanted.
pub async fn choose_notifications(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let live = match signed_in(&state, visit, NOTIFICATIONS).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let wanted: Vec<&str> = OPTIONAL_MAILS
        .into_iter()
        .filter(|mail| posted.is_checked(mail))
        .collect();
    let changed = profile::choose_mails(&state.env, &live, &wanted, &visit.context).await;
    done(&state, visit, changed, NOTIFICATIONS)
}

/// Back to the page, which says how it went.
pub(crate) fn done(
    state: &AppState,
    visit: &Visit,
    result: LoginResult<()>,
    path: &str,
) -> Response {
    let said = match result {
        Ok(()) => "saved",
        Err(Failure::Refused(LoginRefusal::ManagedByFile)) => "managed_by_file",
        Err(Failure::Refused(LoginRefusal::LastAdministrator)) => "last_administrator",
        Err(Failure::Refused(_)) => "changed_elsewhere",
        Err(Failure::Fault(fault)) => return errors::fault(state, visit, &fault),
    };
    let back = format!("{path}?said={said}");
    redirect(state, visit, &back, &Cookies::default())
}
