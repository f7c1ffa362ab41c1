//! A phone number, set up because a second factor is required: typed, then proven by the code that was sent to it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::factor::Method;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Step};
use identity_domain::phone::PhoneNumber;
use identity_domain::refusal::LoginRefusal;
use identity_flows::login;
use identity_flows::login::enrol::NewNumber;
use identity_flows::login::view::View;
use identity_pages::factor::EnrolPhone;
use identity_pages::security::PhoneCode;
use identity_pages::{Field, FieldError, Hidden};

use super::super::shown::{Said, focused_if, frame, is_quiet, shown};
use super::super::{LoginId, outcome, path};
use super::Asked;
use super::challenge::{not_sent, refused};
use crate::app::AppState;
use crate::pages::visit::{Posted, Visit};
use crate::pages::{RESEND_AFTER, page};

/// The form for the number, or for the code that was sent to it.
pub(super) fn page_of(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    let back_url = path(view.login.id, &Step::EnrolFactor);
    let status = said.status();
    let quiet = is_quiet(&said);
    let typed = said.factor.phone.unwrap_or_default();
    let number = PhoneNumber::parse(&typed).ok().filter(|_| said.factor.sent);
    let phone = focused_if(Field::phone(), quiet)
        .with_value(typed)
        .with_optional_error(said.error.clone());
    let sent = number.map(|number| PhoneCode {
        action: back_url.clone(),
        hidden: vec![
            Hidden::new("method", Method::Sms.as_str()),
            Hidden::new("phone", number.e164().expose().clone()),
        ],
        receiver: number.masked(),
        // Somebody who just typed a wrong code has waited already.
        resend_after: if said.error.is_some() {
            0
        } else {
            RESEND_AFTER
        },
        code: focused_if(Field::one_time_code(), quiet).with_optional_error(said.error),
    });
    let enrol = EnrolPhone {
        action: format!("{back_url}/phone"),
        phone,
        sent,
        number_url: format!("{back_url}?method={}", Method::Sms.as_str()),
        back_url,
        alert: said.alert,
    };
    page(state, visit, &frame(state, visit, view), &enrol, status)
}

/// `POST /login/{id}/enrol/phone`: sends a code to the number.
pub async fn send_to_number(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let number = posted.text("phone");
    let asked = |sent| Asked {
        phone: Some(number.to_owned()),
        sent,
        ..Asked::method(Method::Sms)
    };
    let again = |error| Said {
        error: Some(error),
        factor: asked(false),
        ..Said::check()
    };
    if number.trim().is_empty() {
        return shown(&state, visit, id, again(FieldError::EnterPhone)).await;
    }
    let typed = NewNumber {
        number,
        locale: &visit.locale,
    };
    let now = state.env.visit(&visit.context);
    match login::enrol::begin_number(&state.env, id, &typed, &visit.browser, now).await {
        Ok(_) => {
            let said = Said {
                factor: asked(true),
                ..Said::default()
            };
            shown(&state, visit, id, said).await
        }
        Err(Failure::Refused(LoginRefusal::NotAPhoneNumber)) => {
            shown(&state, visit, id, again(FieldError::PhoneFormat)).await
        }
        Err(failure) => not_sent(&state, visit, id, asked(false), failure).await,
    }
}

/// The code that was sent to the number.
pub(super) async fn confirm(state: &AppState, id: Id<Login>, posted: &Posted) -> Response {
    let visit = &posted.visit;
    let number = posted.text("phone");
    let asked = Asked {
        phone: Some(number.to_owned()),
        sent: true,
        ..Asked::method(Method::Sms)
    };
    let code = posted.secret("code");
    if code.expose().trim().is_empty() {
        let said = Said {
            error: Some(FieldError::EnterCode),
            factor: asked,
            ..Said::check()
        };
        return shown(state, visit, id, said).await;
    }
    let (browser, context) = (&visit.browser, &visit.context);
    match login::enrol::confirm_number(&state.env, id, (number, &code), browser, context).await {
        Ok(done) => outcome(state, visit, done),
        // Only a field that was tampered with holds no number: the page asks for one.
        Err(Failure::Refused(LoginRefusal::NotAPhoneNumber)) => {
            let said = Said {
                error: Some(FieldError::PhoneFormat),
                factor: Asked {
                    sent: false,
                    ..asked
                },
                ..Said::check()
            };
            shown(state, visit, id, said).await
        }
        Err(failure) => refused(state, visit, id, asked, failure).await,
    }
}
