//! `GET` and `POST /oauth2/logout` (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use identity_flows::logout::{self, SignedOut, Wanted};
use identity_oauth::logout::EndSessionRequest;
use identity_oauth::parameters::Parameters;

use crate::app::AppState;
use crate::pages::visit::Visit;
use crate::pages::{self, errors};

/// By redirect.
pub async fn get(State(state): State<Arc<AppState>>, visit: Visit, uri: Uri) -> Response {
    answer(&state, &visit, uri.query().unwrap_or_default().as_bytes()).await
}

/// By form.
pub async fn post(State(state): State<Arc<AppState>>, visit: Visit, body: Bytes) -> Response {
    answer(&state, &visit, &body).await
}

async fn answer(state: &Arc<AppState>, visit: &Visit, encoded: &[u8]) -> Response {
    let request = match Parameters::parse(encoded)
        .and_then(|parameters| EndSessionRequest::parse(&parameters))
    {
        Ok(request) => request,
        Err(error) => {
            return errors::misconfigured(
                state,
                visit,
                &identity_flows::authorize::Unanswerable::Malformed(error),
            );
        }
    };
    let visit = &visit.in_locale(
        state,
        (!request.ui_locales.is_empty())
            .then(|| request.ui_locales.join(" "))
            .as_deref(),
    );
    match logout::receive(&state.env, &request, &visit.browser).await {
        Ok(Wanted::Now(live, back)) => {
            match logout::sign_out(&state.env, &[*live], &visit.browser, &visit.context).await {
                Ok(signed_out) => match &back.url {
                    Some(url) => pages::redirect(state, visit, url, &signed_out.cookies),
                    None => pages::logout::done(state, visit, &back, signed_out, &[]),
                },
                Err(fault) => errors::fault(state, visit, &fault),
            }
        }
        Ok(Wanted::Ask(_, back)) => pages::logout::ask(state, visit, &back),
        Ok(Wanted::Nobody(back)) => match &back.url {
            Some(url) if back.is_vouched_for => pages::redirect(
                state,
                visit,
                url,
                &identity_flows::browser::Cookies::default(),
            ),
            _ => pages::logout::done(state, visit, &back, SignedOut::default(), &[]),
        },
        Err(fault) => errors::fault(state, visit, &fault),
    }
}
