//! `/account/password`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_flows::account::change_password::{self, Change};
use identity_flows::session::LiveSession;
use identity_pages::password::ChangePassword;
use identity_pages::{Alert, Field, FieldError, Hidden};

use super::account::{elevated, frame};
use super::password_form::{self, rules};
use super::visit::{Posted, Visit};
use super::{errors, page, redirect};
use crate::app::AppState;

fn form(state: &AppState, live: &LiveSession) -> ChangePassword {
    ChangePassword {
        action: "/account/password".to_owned(),
        // For the check while typing, which knows the person by it.
        hidden: vec![Hidden::new("session", live.session.id.to_string())],
        email: live.user.email.as_str().to_owned(),
        current: Field::old_password().focused(),
        new: Field::new_password(),
        rules: rules(state),
        sign_out_everywhere: true,
        alert: None,
        cancel_url: Some("/account/security".to_owned()),
    }
}

/// The form.
pub async fn show(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    match elevated(&state, &visit, "/account/password").await {
        Ok(elevated) => page(
            &state,
            &visit,
            &frame(&state, &visit, elevated.live()),
            &form(&state, elevated.live()),
            StatusCode::OK,
        ),
        Err(response) => response,
    }
}

/// Changes it.
pub async fn submit(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let elevated = match elevated(&state, visit, "/account/password").await {
        Ok(elevated) => elevated,
        Err(response) => return response,
    };
    let live = elevated.live();
    let end_others = posted.is_checked("sign_out_everywhere");
    let change = Change {
        current: posted.secret("current_password"),
        new: posted.secret("password"),
        end_others,
    };
    let (env, browser) = (&state.env, &visit.browser);
    let changed = change_password::change(env, &elevated, change, browser, &visit.context).await;
    let refusal = match changed {
        Ok(cookies) => {
            let said = if end_others {
                "password_changed_everywhere"
            } else {
                "password_changed"
            };
            let to = format!("/account/security?said={said}");
            return redirect(&state, visit, &to, &cookies);
        }
        Err(Failure::Refused(refusal)) => refusal,
        Err(Failure::Fault(fault)) => return errors::fault(&state, visit, &fault),
    };
    let mut again = form(&state, live);
    again.sign_out_everywhere = end_others;
    match refusal {
        LoginRefusal::WrongCredentials => {
            again.current = Field::old_password()
                .with_error(FieldError::WrongCurrentPassword)
                .focused();
        }
        LoginRefusal::Password(refusal) => {
            again.new = Field::new_password()
                .with_error(password_form::error(&refusal))
                .focused();
        }
        LoginRefusal::Throttled { until } => return errors::throttled(&state, visit, until),
        refusal => return errors::login(&state, visit, None, Failure::Refused(refusal)).await,
    }
    again.alert = Some(Alert::CheckFields);
    page(
        &state,
        visit,
        &frame(&state, visit, live),
        &again,
        StatusCode::UNPROCESSABLE_ENTITY,
    )
}
