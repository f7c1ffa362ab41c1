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
        // Only what a person can reach today is announced.
        acr_values: vec![Acr::OneFactor.as_str().to_owned()],
        ui_locales,
        registration: settings.registration_open,
        service_documentation: None,
    };
    serde_json::to_vec(&ProviderMetadata::new(&settings.issuer, offered))
        .map(Prepared::new)
        .map_err(Fault::new)
}

/// `GET /.well-known/openid-configuration` and its RFC 8414 twin.
pub async fn discovery(State(state): State<Arc<AppState>>, headers: HeaderMap) -> Response {
    super::prepared(
        &state.discovery,
        "application/json",
        "public, max-age=3600",
        &headers,
    )
}
