//! Sign-up.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Step};
use identity_domain::refusal::LoginRefusal;
use identity_flows::factors::webauthn;
use identity_flows::login::view::view;
use identity_flows::registration::{self, SignUp as Form};
use identity_pages::registration::SignUp;
use identity_pages::{Alert, Field, FieldError, Hidden, PageFrame};
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
    let mut form = form(&state, login);
    let (visit, frame, typed) = continuing(&state, &visit, login).await;
    // Somebody who came back to change the address finds it filled in.
    if let Some(address) = typed {
        form.email = form.email.with_value(address);
    }
    page(&state, &visit, &frame, &form, StatusCode::OK)
}

/// The page of a sign-up that continues a login says for which application (H-01), in the language it asked for. The address is
/// the one of a sign-up that still waits for its proof, or was typed at the sign-in that the person came from.
async fn continuing(
    state: &AppState,
    visit: &Visit,
    login: Option<Id<Login>>,
) -> (Visit, PageFrame, Option<String>) {
    let view = match login {
        Some(id) => view(&state.env, id, &visit.browser).await.ok(),
        None => None,
    };
    let Some(view) = view else {
        return (visit.clone(), visit.frame(state), None);
    };
    let visit = login::in_asked_locale(state, visit, &view);
    let frame = login::frame(state, &visit, &view);
    let state = view.login.state;
    // Whose password is asked for anew has an account.
    let typed_here = match state.step {
        Step::VerifyEmail => true,
        Step::Authenticate => !state.reauthenticate,
        _ => false,
    };
    let typed = state.identifier.filter(|_| typed_here);
    (visit, frame, typed)
}

fn form(state: &AppState, login: Option<Id<Login>>) -> SignUp {
    SignUp {
        // In its address too, so that the language of a page with mistakes can be changed on the way to the same application.
        action: login.map_or_else(
            || "/register".to_owned(),
            |id| format!("/register?login={id}"),
        ),
        hidden: login
            .map(|id| Hidden::new("login", id.to_string()))
            .into_iter()
            .collect(),
        name: Field::name().optional().focused(),
        email: Field::email(),
        password: Field::new_password(),
        rules: rules(state),
        passkeys: webauthn::is_offered(&state.env.settings),
        alert: None,
        sign_in_url: login.map_or_else(|| "/account".to_owned(), |id| format!("/login/{id}")),
    }
}

/// Makes the account; with mistakes, the form again with everything but the password.
pub async fn submit(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let login_id = posted.text("login").parse().ok();
    let (email, password) = (posted.text("email").trim(), posted.text("password"));
    if email.is_empty() || password.is_empty() {
        let email = email.is_empty().then_some(FieldError::EnterEmail);
        let password = password.is_empty().then_some(FieldError::ChoosePassword);
        return again(&state, &posted, login_id, email, password).await;
    }
    let sign_up = Form {
        name: posted.text("name").to_owned(),
        email: email.to_owned(),
        password: posted.secret("password"),
        login: login_id,
        passkeys: posted.is_checked("passkeys"),
        locale: visit.locale.clone(),
    };
    match registration::sign_up(&state.env, sign_up, &visit.browser, &visit.context).await {
        Ok(done) => login::outcome(&state, visit, done),
        Err(Failure::Refused(LoginRefusal::NotAnAddress)) => {
            let email = Some(FieldError::EmailFormat);
            again(&state, &posted, login_id, email, None).await
        }
        Err(Failure::Refused(LoginRefusal::Password(refusal))) => {
            let password = Some(password_form::error(&refusal));
            again(&state, &posted, login_id, None, password).await
        }
        Err(failure) => errors::login(&state, visit, login_id, failure).await,
    }
}

async fn again(
    state: &AppState,
    posted: &Posted,
    login_id: Option<Id<Login>>,
    email: Option<FieldError>,
    password: Option<FieldError>,
) -> Response {
    let mut again = form(state, login_id);
    again.name = Field::name().optional().with_value(posted.text("name"));
    again.email = Field::email()
        .with_value(posted.text("email"))
        .with_optional_error(email);
    again.password = Field::new_password().with_optional_error(password);
    again.alert = Some(Alert::CheckFields);
    let (visit, frame, _) = continuing(state, &posted.visit, login_id).await;
    page(
        state,
        &visit,
        &frame,
        &again,
        StatusCode::UNPROCESSABLE_ENTITY,
    )
}
