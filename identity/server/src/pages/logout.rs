//! Asking before signing out, and saying what was signed out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::HeaderName;
use axum::response::Response;
use identity_domain::client::Client;
use identity_flows::branding;
use identity_flows::logout::{self, Return, SignedOut};
use identity_flows::session::LiveSession;
use identity_oauth::logout::match_returned;
use identity_pages::logout::{LoggedOut, Logout};
use identity_pages::{App, Hidden, PageFrame};

use super::visit::{Posted, Visit};
use super::{errors, page, set_cookies};
use crate::app::AppState;

fn frame(state: &AppState, visit: &Visit, back: &Return) -> PageFrame {
    let mut frame = visit.frame(state);
    frame.brand = state.brand_with(&branding::on_the_way_to(
        &state.env,
        back.client.as_deref(),
        None,
    ));
    frame.app = back
        .client
        .as_deref()
        .map(|client| App::named(client.display_name()));
    frame
}

/// "Sign out?"; the session lives until the button is pressed (S46).
pub(crate) fn ask(state: &AppState, visit: &Visit, back: &Return) -> Response {
    let mut hidden = Vec::new();
    if let Some(client) = &back.client {
        hidden.push(Hidden::new("client_id", client.client_id.clone()));
    }
    if let Some(url) = &back.url {
        hidden.push(Hidden::new("return", url.clone()));
    }
    let page_of = Logout {
        action: "/logout".to_owned(),
        hidden,
        cancel_url: Some("/account".to_owned()),
    };
    page(
        state,
        visit,
        &frame(state, visit, back),
        &page_of,
        StatusCode::OK,
    )
}

/// Signed out. `others` stay signed in in this browser.
pub(crate) fn done(
    state: &AppState,
    visit: &Visit,
    back: &Return,
    signed_out: SignedOut,
    others: &[LiveSession],
) -> Response {
    // The application that asked for it needs no telling.
    let asked_for_it = back.client.as_deref().map(Client::display_name);
    let mut untold = signed_out.untold;
    untold.retain(|name| Some(name.as_str()) != asked_for_it);
    let page_of = LoggedOut {
        signed_out: signed_out.told,
        maybe_signed_in: untold,
        others: others
            .iter()
            .map(|live| live.user.email.as_str().to_owned())
            .collect(),
        continue_url: back.url.clone(),
        sign_in_url: Some("/account".to_owned()),
    };
    let mut response = page(
        state,
        visit,
        &frame(state, visit, back),
        &page_of,
        StatusCode::OK,
    );
    set_cookies(state, &mut response, &signed_out.cookies);
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\""),
    );
    response
}

/// The button: every session of this browser ends.
pub async fn confirm(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let visit = &posted.visit;
    let client = posted
        .fields
        .get("client_id")
        .and_then(|id| state.env.directory.client(id));
    // The address went through the person's browser: only what is made of the registered one comes back (OAU-18).
    let url = client
        .as_ref()
        .zip(posted.fields.get("return"))
        .and_then(|(client, url)| match_returned(&client.metadata.post_logout_redirect_uris, url));
    let back = Return {
        client,
        url,
        ..Return::default()
    };
    let here =
        match identity_flows::session::live(&state.env, &visit.browser, state.env.now()).await {
            Ok(here) => here,
            Err(fault) => return errors::fault(&state, visit, &fault),
        };
    match logout::sign_out(&state.env, &here, &visit.browser, &visit.context).await {
        Ok(signed_out) => done(&state, visit, &back, signed_out, &[]),
        Err(fault) => errors::fault(&state, visit, &fault),
    }
}
