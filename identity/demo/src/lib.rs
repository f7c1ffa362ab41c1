//! Two small relying services, chat and analysis.
//!
//! They are what a customer would write: an OpenID Connect client for people (authorization code with
//! PKCE, sessions on the server, back-channel logout) and an API that checks access tokens with nothing
//! but `identity-verify`. They know nothing of the provider but its issuer identifier.
//!
//! Start reading at [`serve`], then `sign_in` for people and `chat` for the API.

mod access;
mod analysis;
mod app;
mod chat;
mod config;
mod cookies;
mod home;
mod id_token;
mod logout;
mod logout_token;
mod pages;
mod provider;
mod random;
mod session;
mod sign_in;
mod trouble;

use std::future::Future;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use config::{DemoConfig, Kind};

/// Why a service could not start or stopped.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The issuer or audience is not usable.
    #[error("demo service: {0}")]
    Verifier(#[from] identity_verify::verifier::BuildError),
    /// The HTTP client could not be made.
    #[error("demo service: no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// The socket failed.
    #[error("demo service: {0}")]
    Socket(#[from] std::io::Error),
}

/// Serves one of the services on a socket until `shutdown` resolves. The provider need not be up yet.
pub async fn serve(
    kind: Kind,
    config: DemoConfig,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), DemoError> {
    let public_url = match &config.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://localhost:{}", listener.local_addr()?.port()),
    };
    let app = Arc::new(app::App::new(kind, config, public_url)?);
    axum::serve(listener, app::router(&app))
        .with_graceful_shutdown(shutdown)
        .await?;
    Ok(())
}

/// Serves the chat.
pub async fn chat(
    config: DemoConfig,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), DemoError> {
    serve(Kind::Chat, config, listener, shutdown).await
}

/// Serves the analysis.
pub async fn analysis(
    config: DemoConfig,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), DemoError> {
    serve(Kind::Analysis, config, listener, shutdown).await
}
