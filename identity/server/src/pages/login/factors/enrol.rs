//! Setting a second factor up, because somebody requires one.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::factor::{Factors, Method};
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Step};
use identity_domain::refusal::LoginRefusal;
use identity_flows::factors::totp::PendingView;
use identity_flows::login;
use identity_flows::login::LoginResult;
use identity_flows::login::enrol::NewApp;
use identity_flows::login::view::View;
use identity_pages::factor::{Enrol, EnrolTotp, Way};
use identity_pages::{Field, FieldError, Hidden};

use super::super::shown::{Said, frame, frame_for, shown};
use super::super::{LoginId, outcome, path, stray, taken};
use super::challenge::{recommend, refused};
use super::{Asked, Chosen, mail, not_you, phone, qr_code};
use crate::app::AppState;
use crate::pages::page;
use crate::pages::visit::{Posted, Visit};

/// The page of a login that waits for an enrolment.
pub(super) async fn page_of(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    let env = &state.env;
    let (browser, context) = (&visit.browser, &visit.context);
    match login::enrol::overtaken(env, view.login.id, browser, context).await {
        Ok(None) => {}
        Ok(Some(elsewhere)) => return outcome(state, visit, elsewhere),
        Err(failure) => return stray(state, visit, view.login.id, failure).await,
    }
    match said.factor.chosen {
        Some(Chosen::Method(Method::Totp)) => app(state, visit, view, said).await,
        Some(Chosen::Method(Method::Sms)) if may(state, Method::Sms) => {
            phone::page_of(state, visit, view, said)
        }
        Some(Chosen::Method(Method::Email)) if may(state, Method::Email) => {
            match login::enrol::address(env, &view.login).await {
                Ok(address) => mail::page_of(state, visit, view, address, said),
                Err(failure) => stray(state, visit, view.login.id, failure).await,
            }
        }
        _ => match choice(state, visit, view, said).await {
            Ok(response) => response,
            Err(failure) => stray(state, visit, view.login.id, failure).await,
        },
    }
}

/// A link to a way that was open when the page was made, and is not any more, leads to those that are.
fn may(state: &AppState, method: Method) -> bool {
    let env = &state.env;
    Factors::enrollable(&env.settings.mfa, env.outside.sms.is_some()).contains(&method)
}

async fn app(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    let env = &state.env;
    let id = view.login.id;
    let visited = env.visit(&visit.context);
    match login::enrol::begin_totp(env, id, &visit.browser, visited).await {
        Ok(pending) => {
            let status = said.status();
            let name = EnrolTotp::default_name(&state.engine, &visit.locale);
            let enrol = totp_page(path(id, &Step::EnrolFactor), pending, name, said);
            page(state, visit, &frame(state, visit, view), &enrol, status)
        }
        Err(failure) => stray(state, visit, id, failure).await,
    }
}

async fn choice(state: &AppState, visit: &Visit, view: &View, said: Said) -> LoginResult<Response> {
    let env = &state.env;
    let visited = env.visit(&visit.context);
    let enrolment = login::enrol::view(env, &view.login, &visit.browser, visited).await?;
    let action = path(view.login.id, &Step::EnrolFactor);
    let mut ways: Vec<Way> = enrolment
        .offered
        .iter()
        .filter_map(|method| way(&action, *method))
        .collect();
    recommend(&mut ways);
    let status = said.status();
    let enrol = Enrol {
        email: enrolment.account.user.email.as_str().to_owned(),
        not_you_url: not_you(view.login.id),
        ways,
        skip_action: enrolment.skippable_until.map(|_| format!("{action}/skip")),
        skip_until: enrolment.skippable_until,
        asked_by_app: enrolment.asked_by_app,
        alert: said.alert,
    };
    let frame = frame_for(state, visit, view, &enrolment.account.user);
    Ok(page(state, visit, &frame, &enrol, status))
}

/// Where each method is set up in a login.
fn way(path: &str, method: Method) -> Option<Way> {
    let url = match method {
        Method::Totp => format!("{path}?method=totp"),
        Method::Sms => format!("{path}?method=sms"),
        Method::Webauthn => format!("{path}/passkey"),
        Method::Email => format!("{path}?method=email"),
        Method::BackupCode => return None,
    };
    Some(Way {
        method,
        url,
        recommended: false,
        left: None,
    })
}

fn totp_page(action: String, pending: PendingView, name: String, said: Said) -> EnrolTotp {
    let name = said.factor.name.unwrap_or(name);
    EnrolTotp {
        back_url: action.clone(),
        action,
        hidden: vec![Hidden::new("method", "totp")],
        qr: qr_code(pending.uri.expose()),
        key: pending.key.expose().clone(),
        uri: pending.uri.expose().clone(),
        issuer: pending.issuer,
        account: pending.account,
        name: Field::factor_name().with_value(name),
        code: Field::one_time_code().with_optional_error(said.error),
        alert: said.alert,
    }
}

/// The code of a new app, or the one that was sent to a new number.
pub async fn confirm(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    match Method::parse(posted.text("method")) {
        Some(Method::Totp) => confirm_app(&state, id, &posted).await,
        Some(Method::Sms) => phone::confirm(&state, id, &posted).await,
        Some(Method::Email) => mail::confirm(&state, id, &posted).await,
        _ => {
            let failure = Failure::Refused(LoginRefusal::StepNotAccepted);
            stray(&state, visit, id, failure).await
        }
    }
}

async fn confirm_app(state: &AppState, id: Id<Login>, posted: &Posted) -> Response {
    let visit = &posted.visit;
    let asked = Asked {
        name: Some(posted.text("name").to_owned()),
        ..Asked::method(Method::Totp)
    };
    if posted.text("code").trim().is_empty() {
        let said = Said {
            error: Some(FieldError::EnterAppCode),
            factor: asked,
            ..Said::check()
        };
        return shown(state, visit, id, said).await;
    }
    let typed = NewApp {
        name: posted.text("name").to_owned(),
        code: posted.secret("code"),
    };
    let (browser, context) = (&visit.browser, &visit.context);
    match login::enrol::confirm_totp(&state.env, id, &typed, browser, context).await {
        Ok(done) => outcome(state, visit, done),
        Err(failure) => refused(state, visit, id, asked, failure).await,
    }
}

/// Going on without, while grace lasts.
pub async fn skip(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let result = login::enrol::skip(&state.env, id, &visit.browser, &visit.context).await;
    taken(&state, visit, id, result).await
}
