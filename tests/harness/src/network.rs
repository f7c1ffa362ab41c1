//! How the harness reaches the provider: one HTTP client that follows nothing, keeps no cookies and trusts only what it is told.

use std::net::SocketAddr;
use std::time::Duration;

/// The way to one provider.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// A root certificate to trust (PEM), when the provider speaks TLS with one of our own.
    pub root_pem: Option<String>,
    /// A name that resolves to an address of the test's choosing (`idp.test`).
    pub resolve: Option<(String, SocketAddr)>,
}

impl Network {
    /// A client that returns every answer as it came, redirects included.
    pub fn client(&self) -> reqwest::Client {
        install_crypto();
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(30));
        if let Some((name, address)) = &self.resolve {
            builder = builder.resolve(name, *address);
        }
        if let Some(pem) = &self.root_pem {
            let root = reqwest::Certificate::from_pem(pem.as_bytes()).expect("a certificate");
            builder = builder.tls_certs_only([root]);
        }
        builder.build().expect("a client")
    }
}

/// rustls panics at first use when no provider was chosen for the process; choosing twice is harmless.
pub fn install_crypto() {
    _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}
