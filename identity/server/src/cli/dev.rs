//! Options of `identity dev`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;

use crate::config::PublicUrl;

/// How to run without any configuration.
#[derive(Clone, Debug, Args)]
pub struct DevOptions {
    /// Address of the provider; port 0 picks a free one.
    #[arg(long, value_name = "ADDRESS", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)), value_parser = loopback)]
    pub listen: SocketAddr,
    /// Address of probes and metrics; port 0 picks a free one.
    #[arg(long, value_name = "ADDRESS", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 9080)), value_parser = loopback)]
    pub management: SocketAddr,
    /// Folder for the database and generated keys.
    #[arg(
        long,
        value_name = "DIR",
        default_value = ".identity-dev",
        conflicts_with = "ephemeral"
    )]
    pub data: PathBuf,
    /// Database to use instead of SQLite in the data folder: `sqlite:PATH` or `postgres://…`.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Keep nothing: temporary data, gone at exit.
    #[arg(long)]
    pub ephemeral: bool,
    /// Declarative files in place of the demo data.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub seed: Vec<PathBuf>,
    /// Leave out the demo services chat and analysis.
    #[arg(long)]
    pub no_demo_services: bool,
    /// Address under which browsers reach it, when that is not the listener's own.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// Certificate chain in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// Private key of the certificate in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// Networks that are not public and may be fetched from.
    #[arg(long, value_name = "CIDR", num_args = 1..)]
    pub fetch_allow: Vec<IpNet>,
    /// File to write when ready: JSON with `public_url`, `issuer`, `management_url` and `pid`.
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
}

impl DevOptions {
    /// The public URL once the listener is bound to `bound`.
    pub fn public_url(&self, bound: SocketAddr) -> Result<PublicUrl, String> {
        if let Some(url) = &self.public_url {
            return Ok(url.clone());
        }
        let scheme = if self.tls_certificate.is_some() {
            "https"
        } else {
            "http"
        };
        // Passkeys need a name, and browsers treat `localhost` as secure; only 127.0.0.1 is certain to be what it means.
        let host = if bound.ip() == Ipv4Addr::LOCALHOST {
            format!("localhost:{}", bound.port())
        } else {
            bound.to_string()
        };
        format!("{scheme}://{host}").parse()
    }
}

/// Everybody's password is printed at the start, so nobody else may reach it.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| "write it like 127.0.0.1:8080".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(
            "`dev` listens on this machine only (127.0.0.1 or [::1]); use `serve` for others"
                .to_owned(),
        )
    }
}
