//! A phone number: typed, proven by a code, and from then on a second step.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::phone::PhoneNumber;
use identity_domain::refusal::LoginRefusal;
use identity_flows::account::elevation::ElevatedSession;
use identity_flows::account::factors;
use identity_flows::browser::Cookies;
use identity_pages::security::{AccountPhone, PhoneCode};
use identity_pages::{Alert, Field, FieldError, Hidden};

use super::{PATH, PHONE, added, shown};
use crate::app::AppState;
use crate::pages::account::{SIGN_OUT, elevated, frame};
use crate::pages::visit::{Posted, Visit};
use crate::pages::{RESEND_AFTER, errors, page, redirect};

/// The field for a number.
pub async fn show(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    let elevated = match elevated(&state, &visit, PHONE).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    answered(&state, &visit, &elevated, asking()).await
}

fn asking() -> AccountPhone {
    AccountPhone {
        action: PHONE.to_owned(),
        phone: Field::phone().focused(),
        current: None,
        sent: None,
        back_url: PATH.to_owned(),
        alert: None,
        sign_out_action: SIGN_OUT.to_owned(),
    }
}

fn sent(number: &PhoneNumber) -> AccountPhone {
    AccountPhone {
        sent: Some(PhoneCode {
            action: format!("{PHONE}/code"),
            hidden: vec![Hidden::new("phone", number.e164().expose().clone())],
            receiver: number.masked(),
            code: Field::one_time_code().focused(),
            resend_after: RESEND_AFTER,
        }),
        ..asking()
    }
}

/// The page with the number that is in force; where no message can be sent, the Security page says so.
async fn answered(
    state: &AppState,
    visit: &Visit,
    elevated: &ElevatedSession,
    mut phone: AccountPhone,
) -> Response {
    let live = elevated.live();
    let ways = match factors::ways(&state.env, live).await {
        Ok(ways) => ways,
        Err(failure) => return errors::login(state, visit, None, failure).await,
    };
    if !ways
        .enrollable
        .contains(&identity_domain::factor::Method::Sms)
    {
        let said = (Some(Alert::WayNotAvailable), StatusCode::CONFLICT);
        return shown(state, visit, live, said).await;
    }
    phone.current = ways.sms.map(|sms| sms.name);
    let status = match &phone.alert {
        Some(Alert::TooManyCodes { .. } | Alert::TooManySent { .. }) => {
            StatusCode::TOO_MANY_REQUESTS
        }
        None | Some(Alert::CodeSent) => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(state, visit, &frame(state, visit, live), &phone, status)
}

/// Sends a code to the number.
pub async fn send(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, PHONE).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let typed = posted.text("phone");
    let refused = |error| AccountPhone {
        phone: Field::phone().with_value(typed).with_error(error).focused(),
        alert: Some(Alert::CheckFields),
        ..asking()
    };
    if typed.trim().is_empty() {
        return answered(&state, visit, &elevated, refused(FieldError::EnterPhone)).await;
    }
    let now = state.env.visit(&visit.context);
    let begun = factors::begin_number(&state.env, &elevated, typed, &visit.locale, now).await;
    let shown = match begun {
        Ok(number) => sent(&number),
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => AccountPhone {
            phone: Field::phone().with_value(typed),
            alert: Some(Alert::TooManySent {
                minutes: until.since(now.now).as_minutes_up(),
            }),
            ..asking()
        },
        Err(Failure::Refused(LoginRefusal::MethodNotAvailable)) => asking(),
        Err(Failure::Refused(_)) => refused(FieldError::PhoneFormat),
        Err(Failure::Fault(fault)) => return errors::fault(&state, visit, &fault),
    };
    answered(&state, visit, &elevated, shown).await
}

/// The code that was sent.
pub async fn confirm(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, PHONE).await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let Ok(number) = PhoneNumber::parse(posted.text("phone")) else {
        return redirect(&state, visit, PHONE, &Cookies::default());
    };
    let code = posted.secret("code");
    let again = |alert, error: FieldError| {
        let mut shown = sent(&number);
        if let Some(sent) = &mut shown.sent {
            sent.code = Field::one_time_code().with_error(error).focused();
        }
        AccountPhone {
            alert: Some(alert),
            ..shown
        }
    };
    if code.expose().trim().is_empty() {
        let shown = again(Alert::CheckFields, FieldError::EnterCode);
        return answered(&state, visit, &elevated, shown).await;
    }
    let now = state.env.visit(&visit.context);
    let typed = (posted.text("phone"), &code);
    let set_up = factors::confirm_number(&state.env, &elevated, typed, &visit.browser, now).await;
    let shown = match set_up {
        Ok(set_up) => return added(&state, visit, &set_up),
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => AccountPhone {
            alert: Some(Alert::TooManyCodes {
                minutes: until.since(now.now).as_minutes_up(),
            }),
            ..sent(&number)
        },
        Err(Failure::Refused(LoginRefusal::NotFresh)) => {
            return redirect(&state, visit, PHONE, &Cookies::default());
        }
        Err(Failure::Refused(_)) => again(Alert::WrongSentCode, FieldError::WrongCode),
        Err(Failure::Fault(fault)) => return errors::fault(&state, visit, &fault),
    };
    answered(&state, visit, &elevated, shown).await
}
