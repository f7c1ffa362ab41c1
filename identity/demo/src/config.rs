//! What a service has to be told.

use std::fmt;
use std::sync::Arc;

use identity_verify::clock::{Clock, SystemClock};

/// Which of the two services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Messages within an organization.
    Chat,
    /// Statistics of texts.
    Analysis,
}

impl Kind {
    /// Its name in cookies and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Analysis => "analysis",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Chat => "Acme Chat",
            Self::Analysis => "Acme Analysis",
        }
    }

    /// The path of its API.
    pub fn api_path(self) -> &'static str {
        match self {
            Self::Chat => "/api/messages",
            Self::Analysis => "/api/analyses",
        }
    }

    /// The scope it asks for at sign-in.
    pub fn scope(self) -> &'static str {
        "openid profile email offline_access"
    }
}

/// The registration of a service at the provider.
#[derive(Clone)]
pub struct DemoConfig {
    /// The issuer identifier, exactly as the provider writes it.
    pub issuer: String,
    /// Where browsers reach the service; `http://localhost:PORT` of the socket unless given.
    pub public_url: Option<String>,
    /// The client's name at the provider.
    pub client_id: String,
    /// Its secret (`client_secret_basic`).
    pub client_secret: String,
    /// The resource the API stands for; access tokens must name it.
    pub audience: String,
    /// Where "now" comes from.
    pub clock: Arc<dyn Clock>,
}

impl DemoConfig {
    /// A registration with the clock of the machine and the default public address.
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        audience: impl Into<String>,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            public_url: None,
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            audience: audience.into(),
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for DemoConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DemoConfig")
            .field("issuer", &self.issuer)
            .field("public_url", &self.public_url)
            .field("client_id", &self.client_id)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}
