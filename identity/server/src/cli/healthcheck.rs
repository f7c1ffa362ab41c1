//! `identity healthcheck`: asks the management listener, since an image without a shell has no `curl`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use url::Url;

use super::{ConfigOptions, Failed, Outcome, Output};

/// Whom to ask.
#[derive(Debug, Args)]
pub struct HealthcheckOptions {
    /// Where the configuration is; `management.listen` says whom to ask.
    #[command(flatten)]
    pub config: ConfigOptions,
    /// Address of the management listener, in place of the configured one.
    #[arg(long, value_name = "URL")]
    pub url: Option<Url>,
}

#[derive(Serialize)]
struct Health {
    ready: bool,
    url: String,
}

pub(super) async fn run(options: &HealthcheckOptions, output: &Output) -> Outcome {
    let base = match &options.url {
        Some(url) => url.clone(),
        None => address(options.config.load()?.config.management.listen)?,
    };
    let url = base.join("/readyz").map_err(Failed::new)?;
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(5))
        .build()
        .map_err(Failed::new)?;
    let response = client
        .get(url.clone())
        .send()
        .await
        .map_err(|_| Failed::new(format!("{url} does not answer")))?;
    let status = response.status();
    if !status.is_success() {
        let reason = response.text().await.unwrap_or_default();
        return Err(Failed::new(format!(
            "not ready ({status}): {}",
            reason.trim()
        )));
    }
    output.say(
        &Health {
            ready: true,
            url: url.into(),
        },
        |_| "ready".to_owned(),
    )
}

/// A listener on every address is asked on this machine.
fn address(mut listen: SocketAddr) -> Result<Url, Failed> {
    if listen.ip().is_unspecified() {
        listen.set_ip(match listen.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    Url::parse(&format!("http://{listen}")).map_err(Failed::new)
}
