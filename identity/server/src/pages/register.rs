//! Sign-up.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::failure::Failure;
use identity_domain::login::Login;
use identity_domain::refusal::LoginRefusal;
use identity_flows::registration::{self, SignUp as Form};
use identity_pages::registration::SignUp;
use identity_pages::{Alert, Field, FieldError, Hidden};
use serde::Deserialize;

use super::password_form::{self, rules};
use super::visit::{Posted, Visit};
use super::{errors, login, page};
use crate::app::AppState;

/// The login that a sign-up continues.
#[derive(Deserialize)]
pub struct Continued {
    login: Option<String>,
}

/// The empty form.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(continued): Query<Continued>,
) -> Response {
    if !state.env.settings.registration_open {
        return errors::login(
            &state,
            &visit,
            None,
            Failure::Refused(LoginRefusal::RegistrationClosed),
        )
        .await;
    }
    let login = continued.login.as_deref().and_then(|id| id.parse().ok());
    let form = form(&state, login);
    page(&state, &visit, &visit.frame(&state), &form, StatusCode::OK)
}

fn form(state: &AppState, login: Option<Id<Login>>) -> SignUp {
    SignUp {
        action: "/register".to_owned(),
        hidden: login
            .map(|id| Hidden::new("login", id.to_string()))
            .into_iter()
            .collect(),
        name: Field::name().focused(),
        email: Field::email(),
        password: Field::new_password(),
        rules: rules(state),
        alert: None,
        sign_in_url: login.map_or_else(|| "/account".to_owned(), |id| format!("/login/{id}")),
    }
}

/// Makes the account; with mistakes, the form again with everything but the password.
pub async fn submit(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let login_id = posted.text("login").parse().ok();
    let sign_up = Form {
        name: posted.text("name").to_owned(),
        email: posted.text("email").to_owned(),
        password: posted.secret("password"),
        login: login_id,
        locale: visit.locale.clone(),
    };
    let refusal =
        match registration::sign_up(&state.env, sign_up, &visit.browser, &visit.context).await {
            Ok(done) => return login::outcome(&state, visit, done),
            Err(Failure::Refused(refusal)) => refusal,
            Err(failure) => return errors::login(&state, visit, login_id, failure).await,
        };
    let (email_error, password_error) = match &refusal {
        LoginRefusal::NotAnAddress => (Some(FieldError::EmailFormat), None),
        LoginRefusal::Password(refusal) => (None, Some(password_form::error(refusal))),
        _ => return errors::login(&state, visit, login_id, Failure::Refused(refusal)).await,
    };
    let mut again = form(&state, login_id);
    again.name = Field::name().with_value(posted.text("name"));
    again.email = Field::email()
        .with_value(posted.text("email"))
        .with_optional_error(email_error);
    again.password = Field::new_password().with_optional_error(password_error);
    again.alert = Some(Alert::CheckFields);
    page(
        &state,
        visit,
        &visit.frame(&state),
        &again,
        StatusCode::UNPROCESSABLE_ENTITY,
    )
}
