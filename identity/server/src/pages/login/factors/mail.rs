//! Mail codes, turned on because a second factor is required.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::factor::Method;
use identity_domain::login::{Login, Step};
use identity_flows::login;
use identity_flows::login::view::View;
use identity_pages::factor::{EnrolEmail, Sending};
use identity_pages::{Field, FieldError, Hidden};

use super::super::shown::{Said, focused_if, frame, is_quiet, shown};
use super::super::{LoginId, outcome, path};
use super::Asked;
use super::challenge::{not_sent, refused};
use crate::app::AppState;
use crate::pages::visit::{Posted, Visit};
use crate::pages::{RESEND_AFTER, page};

/// The button that sends a code, and the field for it once it is on its way.
pub(super) fn page_of(
    state: &AppState,
    visit: &Visit,
    view: &View,
    receiver: String,
    said: Said,
) -> Response {
    let back_url = path(view.login.id, &Step::EnrolFactor);
    let status = said.status();
    let hidden = vec![Hidden::new("method", Method::Email.as_str())];
    let enrol = EnrolEmail {
        action: back_url.clone(),
        hidden: hidden.clone(),
        sending: Sending {
            action: format!("{back_url}/email"),
            hidden,
            // Somebody who just typed a wrong code has waited already.
            after: if said.error.is_some() {
                0
            } else {
                RESEND_AFTER
            },
            sent: said.factor.sent,
            receiver,
        },
        code: focused_if(Field::one_time_code(), is_quiet(&said)).with_optional_error(said.error),
        back_url,
        alert: said.alert,
    };
    page(state, visit, &frame(state, visit, view), &enrol, status)
}

fn asked() -> Asked {
    Asked {
        sent: true,
        ..Asked::method(Method::Email)
    }
}

/// `POST /login/{id}/enrol/email`: sends a code to the proven address.
pub async fn send_to_address(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let now = state.env.visit(&visit.context);
    match login::enrol::begin_mail(&state.env, id, &visit.locale, &visit.browser, now).await {
        Ok(()) => {
            let said = Said {
                factor: asked(),
                ..Said::default()
            };
            shown(&state, visit, id, said).await
        }
        Err(failure) => {
            let factor = Asked::method(Method::Email);
            not_sent(&state, visit, id, factor, failure).await
        }
    }
}

/// The code that was sent.
pub(super) async fn confirm(state: &AppState, id: Id<Login>, posted: &Posted) -> Response {
    let visit = &posted.visit;
    let code = posted.secret("code");
    if code.expose().trim().is_empty() {
        let said = Said {
            error: Some(FieldError::EnterCode),
            factor: asked(),
            ..Said::check()
        };
        return shown(state, visit, id, said).await;
    }
    let (browser, context) = (&visit.browser, &visit.context);
    match login::enrol::confirm_mail(&state.env, id, &code, browser, context).await {
        Ok(done) => outcome(state, visit, done),
        Err(failure) => refused(state, visit, id, asked(), failure).await,
    }
}
