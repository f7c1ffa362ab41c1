//! "Check it's you": one method at a time, the others below.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::factor::Method;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Step};
use identity_domain::refusal::LoginRefusal;
use identity_flows::browser::Cookies;
use identity_flows::factors::recovery;
use identity_flows::login;
use identity_flows::login::second_factor::{Challenge, Submitted, Wanted, receiver};
use identity_flows::login::view::View;
use identity_pages::factor::{ChooseFactor, LostFactors, SecondFactor, Sending, Trust, Way};
use identity_pages::passkey::PasskeyForm;
use identity_pages::{Alert, Field, FieldError, Hidden};

use super::super::shown::{Said, focused_if, frame, frame_for, is_quiet, shown};
use super::super::{LoginId, outcome, path, stray};
use super::{Asked, Chosen, LOST_AND_SENT, not_you, ways};
use crate::app::AppState;
use crate::pages::visit::{Posted, Visit};
use crate::pages::{RESEND_AFTER, errors, page, redirect};

/// The page of a login that waits for a second factor.
pub(super) async fn page_of(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    let challenge = match login::second_factor::challenge(&state.env, &view.login).await {
        Ok(challenge) => challenge,
        Err(failure) => return errors::login(state, visit, Some(view.login.id), failure).await,
    };
    let method = match said.factor.chosen {
        Some(Chosen::All) => None,
        Some(Chosen::Lost) => return lost(state, visit, view, &challenge, said).await,
        Some(Chosen::Method(method)) if challenge.usable.contains(&method) => Some(method),
        _ => challenge.proposed,
    };
    match method {
        _ if challenge.usable.is_empty() => lost(state, visit, view, &challenge, said).await,
        Some(method) => match asking(state, view, &challenge, method, &said).await {
            Ok(asking) => page(
                state,
                visit,
                &frame(state, visit, view),
                &asking,
                said.status(),
            ),
            Err(failure) => errors::login(state, visit, Some(view.login.id), failure).await,
        },
        None => all(state, visit, view, &challenge, said),
    }
}

fn step_path(view: &View) -> String {
    path(view.login.id, &Step::SecondFactor)
}

fn lost_url(view: &View) -> String {
    format!("{}?method=lost", step_path(view))
}

fn all(
    state: &AppState,
    visit: &Visit,
    view: &View,
    challenge: &Challenge,
    said: Said,
) -> Response {
    let status = said.status();
    let mut ways = ways(&step_path(view), &challenge.usable, challenge.codes_left);
    recommend(&mut ways);
    let choose = ChooseFactor {
        email: challenge.account.user.email.as_str().to_owned(),
        not_you_url: not_you(view.login.id),
        ways,
        lost_url: lost_url(view),
        held_until: challenge.account.user.factors_held_until(),
        alert: said.alert,
    };
    page(state, visit, &frame(state, visit, view), &choose, status)
}

/// The first of several is the strongest.
pub(super) fn recommend(ways: &mut [Way]) {
    if let [first, _, ..] = ways {
        first.recommended = true;
    }
}

async fn lost(
    state: &AppState,
    visit: &Visit,
    view: &View,
    challenge: &Challenge,
    said: Said,
) -> Response {
    let status = said.status();
    let user = &challenge.account.user;
    let removed_at = user.standing.factors_removed_at;
    // Only a proven address can prove anything, and only what is there can be removed.
    let is_possible = user.email_verified_at.is_some() && removed_at.is_none();
    let has_codes = challenge.usable.contains(&Method::BackupCode);
    let person = match state.env.directory.person(&state.env.store, user.id).await {
        Ok(person) => person,
        Err(fault) => return errors::fault(state, visit, &fault),
    };
    let is_member = person.is_some_and(|person| !person.memberships.is_empty());
    let lost = LostFactors {
        email: user.email.as_str().to_owned(),
        codes_url: has_codes.then(|| {
            let method = Method::BackupCode.as_str();
            format!("{}?method={method}", step_path(view))
        }),
        has_administrator: is_member || !(has_codes || is_possible),
        recover_action: is_possible.then(|| format!("{}/recover", step_path(view))),
        hours: recovery::WAIT.as_seconds() / 3600,
        sent: said.factor.sent,
        removed_at,
        back_url: (!challenge.usable.is_empty())
            .then(|| format!("{}?method=choose", step_path(view))),
        not_you_url: not_you(view.login.id),
        alert: said.alert,
    };
    let frame = frame_for(state, visit, view, user);
    page(state, visit, &frame, &lost, status)
}

async fn asking(
    state: &AppState,
    view: &View,
    challenge: &Challenge,
    method: Method,
    said: &Said,
) -> login::LoginResult<SecondFactor> {
    let id = view.login.id;
    let action = step_path(view);
    let others: Vec<Method> = challenge
        .usable
        .iter()
        .copied()
        .filter(|other| *other != method)
        .collect();
    let sending = match method {
        Method::Email | Method::Sms => Some(Sending {
            action: format!("{action}/send"),
            hidden: vec![Hidden::new("method", method.as_str())],
            // Somebody who just typed a wrong code has waited already.
            after: if said.error.is_some() {
                0
            } else {
                RESEND_AFTER
            },
            sent: said.factor.sent,
            receiver: receiver(&state.env, &challenge.account, method).await?,
        }),
        _ => None,
    };
    let passkey = (method == Method::Webauthn).then(|| PasskeyForm {
        options_url: format!("/login/{id}/passkey/options"),
        ..PasskeyForm::new(action.clone())
    });
    let trust = challenge
        .trust_for
        .filter(|_| method != Method::BackupCode)
        .map(|period| Trust {
            days: (period.as_seconds() / 86_400).max(1),
            checked: said.factor.trust,
        });
    Ok(SecondFactor {
        hidden: vec![Hidden::new("method", method.as_str())],
        email: challenge.account.user.email.as_str().to_owned(),
        not_you_url: not_you(id),
        method,
        app: named_app(state, challenge, method),
        code: focused_if(field(method), is_quiet(said)).with_optional_error(said.error.clone()),
        sending,
        passkey,
        trust,
        others: ways(&action, &others, challenge.codes_left),
        lost_url: lost_url(view),
        to_change: login::elevates(&view.login.state),
        held_until: challenge.account.user.factors_held_until(),
        alert: said.alert.clone(),
        // With the method, so that the language of the page with a wrong code can be changed.
        action: format!("{action}?method={}", method.as_str()),
    })
}

fn field(method: Method) -> Field {
    match method {
        Method::BackupCode => Field::backup_code(),
        _ => Field::one_time_code(),
    }
}

/// The entry as the app shows it, where there is only one app to look into.
fn named_app(state: &AppState, challenge: &Challenge, method: Method) -> Option<String> {
    let only = challenge.apps.len() == 1 && method == Method::Totp;
    let product = &state.env.settings.product;
    let email = challenge.account.user.email.as_str();
    only.then(|| format!("{product} ({email})"))
}

/// A second factor.
pub async fn submit(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let Some(method) = Method::parse(posted.text("method")) else {
        let said = Said {
            factor: Asked {
                chosen: Some(Chosen::All),
                ..Asked::default()
            },
            status: Some(StatusCode::UNPROCESSABLE_ENTITY),
            ..Said::default()
        };
        return shown(&state, visit, id, said).await;
    };
    let answer = match method {
        Method::Webauthn => posted.secret("credential"),
        _ => posted.secret("code"),
    };
    let trust_device = posted.is_checked("trust_device");
    let asked = Asked {
        trust: trust_device,
        sent: true,
        ..Asked::method(method)
    };
    if answer.expose().trim().is_empty() {
        return shown(&state, visit, id, empty(method, asked)).await;
    }
    let submitted = Submitted {
        method,
        answer,
        trust_device,
        locale: visit.locale.clone(),
    };
    let (browser, context) = (&visit.browser, &visit.context);
    let result = login::second_factor::submit(&state.env, id, submitted, browser, context).await;
    let counted = if result.is_ok() { "ok" } else { "refused" };
    metrics::counter!("identity_signin_total", "result" => counted, "method" => method.as_str())
        .increment(1);
    match result {
        Ok(done) => outcome(&state, visit, done),
        Err(failure) => refused(&state, visit, id, asked, failure).await,
    }
}

fn empty(method: Method, factor: Asked) -> Said {
    let error = match method {
        Method::BackupCode => Some(FieldError::EnterBackupCode),
        Method::Webauthn => None,
        _ => Some(FieldError::EnterAppCode),
    };
    Said {
        error,
        factor,
        ..Said::check()
    }
}

/// The page again, with the reason; what can be said of it without telling more than its owner knows.
pub(super) async fn refused(
    state: &AppState,
    visit: &Visit,
    id: Id<Login>,
    factor: Asked,
    failure: Failure<LoginRefusal>,
) -> Response {
    let Failure::Refused(refusal) = &failure else {
        return stray(state, visit, id, failure).await;
    };
    let Some((alert, error)) = explained(state, factor.chosen, refusal) else {
        return stray(state, visit, id, failure).await;
    };
    let factor = match refusal {
        LoginRefusal::MethodNotAvailable => Asked {
            chosen: Some(Chosen::All),
            ..factor
        },
        _ => factor,
    };
    let (status, until) = match refusal {
        LoginRefusal::Throttled { until } => (StatusCode::TOO_MANY_REQUESTS, Some(*until)),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, None),
    };
    let said = Said {
        alert: Some(alert),
        error,
        status: Some(status),
        factor,
        ..Said::default()
    };
    let response = shown(state, visit, id, said).await;
    match until {
        Some(until) => errors::with_retry_after(response, state, until),
        None => response,
    }
}

/// The page again, where no code could be sent.
pub(super) async fn not_sent(
    state: &AppState,
    visit: &Visit,
    id: Id<Login>,
    factor: Asked,
    failure: Failure<LoginRefusal>,
) -> Response {
    let Failure::Refused(LoginRefusal::Throttled { until }) = failure else {
        return refused(state, visit, id, factor, failure).await;
    };
    let minutes = until.since(state.env.now()).as_minutes_up();
    let said = Said {
        alert: Some(Alert::TooManySent { minutes }),
        status: Some(StatusCode::TOO_MANY_REQUESTS),
        factor,
        ..Said::default()
    };
    let response = shown(state, visit, id, said).await;
    errors::with_retry_after(response, state, until)
}

/// The alert for a refusal and the mark at the field; `None` for refusals with a page of their own.
fn explained(
    state: &AppState,
    chosen: Option<Chosen>,
    refusal: &LoginRefusal,
) -> Option<(Alert, Option<FieldError>)> {
    let wrong = Some(FieldError::WrongCode);
    Some(match refusal {
        LoginRefusal::WrongCode | LoginRefusal::LinkDead => match chosen {
            Some(Chosen::Method(Method::BackupCode)) => (Alert::WrongBackupCode, wrong),
            Some(Chosen::Method(Method::Email | Method::Sms)) => (Alert::WrongSentCode, wrong),
            _ => (Alert::WrongCode, wrong),
        },
        LoginRefusal::ClockSkewed { seconds } => {
            let minutes = (seconds.abs() + 30) / 60;
            (
                Alert::ClockSkewed {
                    minutes: minutes.max(1),
                },
                wrong,
            )
        }
        LoginRefusal::Throttled { until } => {
            let minutes = until.since(state.env.now()).as_minutes_up();
            (Alert::TooManyCodes { minutes }, None)
        }
        LoginRefusal::MethodNotAvailable => (Alert::WayNotAvailable, None),
        LoginRefusal::TooMany => (Alert::TooManyFactors, None),
        LoginRefusal::PasskeyUnknown => (Alert::PasskeyUnknown, None),
        LoginRefusal::PasskeyRefused(_) => (Alert::PasskeyRefused, None),
        _ => return None,
    })
}

/// A code by mail or message.
pub async fn send(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let method = Method::parse(posted.text("method"))
        .filter(|method| matches!(method, Method::Email | Method::Sms));
    let Some(method) = method else {
        return stray(
            &state,
            visit,
            id,
            Failure::Refused(LoginRefusal::StepNotAccepted),
        )
        .await;
    };
    let wanted = Wanted {
        method,
        locale: visit.locale.clone(),
    };
    let (browser, context) = (&visit.browser, &visit.context);
    let asked = Asked {
        sent: true,
        ..Asked::method(method)
    };
    match login::second_factor::send(&state.env, id, &wanted, browser, context).await {
        Ok(()) => {
            let said = Said {
                factor: asked,
                ..Said::default()
            };
            shown(&state, visit, id, said).await
        }
        Err(failure) => not_sent(&state, visit, id, asked, failure).await,
    }
}

/// The mail that begins the removal of everything that was lost.
pub async fn recover(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let (browser, context) = (&visit.browser, &visit.context);
    match recovery::request(&state.env, id, &visit.locale, browser, context).await {
        // A page of its own: neither a reload nor another language sends a mail, or forgets that one was sent.
        Ok(()) => {
            let to = format!("{}?{LOST_AND_SENT}", path(id, &Step::SecondFactor));
            redirect(&state, visit, &to, &Cookies::default())
        }
        Err(failure) => {
            let asked = Asked {
                chosen: Some(Chosen::Lost),
                ..Asked::default()
            };
            refused(&state, visit, id, asked, failure).await
        }
    }
}
