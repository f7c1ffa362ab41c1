//! A passkey, offered right after a password (H-42).

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::failure::Failure;
use identity_domain::login::Step;
use identity_domain::passkey_offer::Declined;
use identity_domain::refusal::LoginRefusal;
use identity_flows::factors::webauthn::Answer;
use identity_flows::login;
use identity_flows::login::view::View;
use identity_pages::Alert;
use identity_pages::passkey::{OfferPasskey, PasskeyForm};

use super::passkey::options_url;
use super::shown::{Said, shown};
use super::{LoginId, frame, outcome, path, stray, taken};
use crate::app::AppState;
use crate::pages::visit::{Posted, Visit};
use crate::pages::{page, passkeys};

/// The page of a login that offers a passkey.
pub(super) async fn page_of(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    let (env, id) = (&state.env, view.login.id);
    match login::offer::overtaken(env, id, &visit.browser, &visit.context).await {
        Ok(None) => {}
        Ok(Some(elsewhere)) => return outcome(state, visit, elsewhere),
        Err(failure) => return stray(state, visit, id, failure).await,
    }
    let offer = match login::offer::view(env, &view.login).await {
        Ok(offer) => offer,
        Err(failure) => return stray(state, visit, id, failure).await,
    };
    let action = path(id, &Step::OfferPasskey);
    let status = said.status();
    let offer = OfferPasskey {
        decline_action: format!("{action}/decline"),
        passkey: PasskeyForm {
            options_url: options_url(id),
            // What did not work by itself once is left to the person.
            silent: offer.silent && !said.tried_silently,
            ..PasskeyForm::new(action)
        },
        email: offer.account.user.email.as_str().to_owned(),
        codes_follow: offer.codes_follow,
        alert: said.alert,
    };
    page(state, visit, &frame(state, visit, view), &offer, status)
}

/// `POST /login/{id}/add_passkey`.
pub async fn add(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    let fallback_name = passkeys::fallback_name(&state, visit);
    let answer = Answer {
        response: posted.text("credential"),
        fallback_name: &fallback_name,
    };
    let silent = posted.is_checked("silent");
    let (env, browser, context) = (&state.env, &visit.browser, &visit.context);
    let result = if silent {
        login::offer::add_silently(env, id, answer, browser, context).await
    } else {
        login::offer::add(env, id, answer, browser, context).await
    };
    match result {
        Err(Failure::Refused(
            LoginRefusal::PasskeyRefused(_)
            | LoginRefusal::MethodNotAvailable
            | LoginRefusal::WrongCode,
        )) => {
            let said = Said {
                // Of what the browser did by itself nobody has to hear.
                alert: (!silent).then_some(Alert::PasskeyRefused),
                status: Some(StatusCode::UNPROCESSABLE_ENTITY),
                tried_silently: silent,
                ..Said::default()
            };
            shown(&state, visit, id, said).await
        }
        result => taken(&state, visit, id, result).await,
    }
}

/// `POST /login/{id}/add_passkey/decline`.
pub async fn decline(
    State(state): State<Arc<AppState>>,
    LoginId(id): LoginId,
    posted: Posted,
) -> Response {
    let visit = &posted.visit;
    // Whatever the form says, nobody is held up here.
    let declined = Declined::parse(posted.text("answer")).unwrap_or(Declined::Later);
    let (browser, context) = (&visit.browser, &visit.context);
    let result = login::offer::decline(&state.env, id, declined, browser, context).await;
    taken(&state, visit, id, result).await
}
