//! Provider metadata: made once, sent as prepared bytes.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use identity_domain::Fault;
use identity_domain::session::Acr;
use identity_domain::settings::Settings;
use identity_flows::keyring::Prepared;
use identity_oauth::discovery::{Offered, ProviderMetadata};

use crate::app::AppState;

/// The document for these settings.
pub fn document(settings: &Settings, ui_locales: Vec<String>) -> Result<Prepared, Fault> {
    let offered = Offered {
        scopes: ["openid", "profile", "email", "phone", "offline_access"]
            .map(str::to_owned)
            .to_vec(),
        claims: identity_flows::claims::supported(),
        acr_values: reachable(settings),
        ui_locales,
        registration: settings.registration_open,
        service_documentation: None,
    };
    serde_json::to_vec(&ProviderMetadata::new(&settings.issuer, offered))
        .map(Prepared::new)
        .map_err(Fault::new)
}

/// What a client may ask for by `acr_values` (OpenID Connect Discovery §3, RFC 9470 §7): only what a person can reach here. Without a
/// method that counts there is no second factor.
fn reachable(settings: &Settings) -> Vec<String> {
    let two = (!settings.mfa.methods.is_empty()).then_some(Acr::TwoFactors);
    std::iter::once(Acr::OneFactor)
        .chain(two)
        .map(|acr| acr.as_str().to_owned())
        .collect()
}

/// `GET /.well-known/openid-configuration` and its RFC 8414 twin.
pub async fn discovery(State(state): State<Arc<AppState>>, headers: HeaderMap) -> Response {
    answer(&state, &headers)
}

/// The document, or that the caller has it.
pub fn answer(state: &AppState, headers: &HeaderMap) -> Response {
    super::prepared(
        &state.discovery,
        "application/json",
        "public, max-age=3600",
        headers,
    )
}
