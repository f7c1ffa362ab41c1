//! Options of `identity serve`.

use clap::Args;

use super::ConfigOptions;

/// How to run in production.
#[derive(Clone, Debug, Default, Args)]
pub struct ServeOptions {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigOptions,
}

/// Runs until it is told to stop.
pub(super) async fn run(options: &ServeOptions) -> super::Outcome {
    let loaded = options.config.load()?;
    let production = loaded.production()?;
    crate::telemetry::start(&loaded.config.log).map_err(super::Failed::new)?;
    for warning in loaded.config.warnings() {
        tracing::warn!("{warning}");
    }
    let signals = crate::process::signals().map_err(super::Failed::new)?;
    let started = tokio::time::Instant::now();
    let database = crate::config::redacted_url(production.database_url.expose());
    let running = crate::app::App::start(crate::app::Options {
        config: loaded.config,
        public_url: Some(production.public_url),
        database_url: production.database_url,
        master_key: production.master_key,
        mail_url: Some(production.mail_url),
        tls: production.tls,
        dev: false,
        clock: None,
        hangup: Some(signals.hangup.clone()),
    })
    .await?;
    let ready_ms = started.elapsed().as_millis();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), public_url = running.issuer, database, address = %running.address, management = %running.management_url, ready_ms, "ready");
    signals.shutdown.requested().await;
    running.stop().await;
    Ok(())
}
