//! The demo services beside the provider.

use std::net::{Ipv4Addr, SocketAddr};

use identity_demo::{DemoConfig, Kind};
use identity_domain::Fault;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::data::DemoSecrets;
use crate::shutdown::Shutdown;

/// Audience of chat's API.
const CHAT: &str = "https://chat.acme.test";
/// Audience of analysis' API.
const ANALYSIS: &str = "https://analysis.acme.test";

/// Bound sockets, before the provider is up.
pub struct Services {
    chat: TcpListener,
    analysis: TcpListener,
    /// Base URL of chat, without a trailing slash.
    pub chat_url: String,
    /// Base URL of analysis, without a trailing slash.
    pub analysis_url: String,
}

impl Services {
    /// Binds :8081 and :8082, or free ports where the provider has one too.
    pub async fn bind(free_ports: bool) -> Result<Self, Fault> {
        let chat = bind(if free_ports { 0 } else { 8081 }).await?;
        let analysis = bind(if free_ports { 0 } else { 8082 }).await?;
        Ok(Self {
            chat_url: url(&chat)?,
            analysis_url: url(&analysis)?,
            chat,
            analysis,
        })
    }

    /// Serves both until `shutdown`.
    pub fn spawn(
        self,
        issuer: &str,
        secrets: &DemoSecrets,
        shutdown: &Shutdown,
    ) -> Vec<JoinHandle<()>> {
        let Self {
            chat,
            analysis,
            chat_url,
            analysis_url,
        } = self;
        let config = |id: &str, secret: &str, audience: &str, url: String| DemoConfig {
            public_url: Some(url),
            ..DemoConfig::new(issuer, id, secret, audience)
        };
        vec![
            spawn(
                Kind::Chat,
                config("chat", &secrets.chat_secret, CHAT, chat_url),
                chat,
                shutdown.clone(),
            ),
            spawn(
                Kind::Analysis,
                config("analysis", &secrets.analysis_secret, ANALYSIS, analysis_url),
                analysis,
                shutdown.clone(),
            ),
        ]
    }
}

fn spawn(
    kind: Kind,
    config: DemoConfig,
    listener: TcpListener,
    shutdown: Shutdown,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) =
            identity_demo::serve(
                kind,
                config,
                listener,
                async move { shutdown.requested().await },
            )
            .await
        {
            tracing::error!(service = kind.name(), %error, "a demo service stopped");
        }
    })
}

async fn bind(port: u16) -> Result<TcpListener, Fault> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|error| Fault::new(format!("{address} for a demo service cannot be listened on: {error}; stop what runs there, or use --no-demo-services")))
}

fn url(listener: &TcpListener) -> Result<String, Fault> {
    Ok(format!(
        "http://localhost:{}",
        listener.local_addr().map_err(Fault::new)?.port()
    ))
}
