//! From options to a printed table and a running provider.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use identity_domain::Fault;
use identity_domain::audit::RequestContext;
use identity_domain::ports::Entropy;
use identity_domain::secret::SecretString;
use identity_flows::declarative::{self, DemoServices, Document, demo_document};
use serde_json::json;

use super::data::{DataFolder, DemoSecrets};
use super::services::Services;
use crate::adapters::entropy::SystemEntropy;
use crate::app::{App, Options, Running};
use crate::cli::dev::DevOptions;
use crate::cli::{Failed, Outcome, Output};
use crate::config::Config;
use crate::process;

/// Runs until it is told to stop.
pub async fn run(options: &DevOptions, output: &Output) -> Outcome {
    let mut config = Config::default();
    "warn".clone_into(&mut config.log.level);
    crate::telemetry::start(&config.log).map_err(Failed::new)?;
    let signals = process::signals().map_err(Failed::new)?;
    let started = tokio::time::Instant::now();
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let folder = if options.ephemeral {
        DataFolder::temporary(entropy.as_ref())?
    } else {
        DataFolder::open(&options.data)?
    };
    let services = if options.no_demo_services || !options.seed.is_empty() {
        None
    } else {
        Some(Services::bind(options.listen.port() == 0).await?)
    };
    let secrets = if options.seed.is_empty() {
        Some(folder.demo_secrets(entropy.as_ref())?)
    } else {
        None
    };
    let running = App::start(app_options(
        options,
        config,
        &folder,
        services.is_some(),
        signals.hangup.clone(),
    )?)
    .await?;
    seed(options, &running, services.as_ref(), secrets.as_ref()).await?;
    let urls = services
        .as_ref()
        .map(|services| (services.chat_url.clone(), services.analysis_url.clone()));
    let tasks = match (services, &secrets) {
        (Some(services), Some(secrets)) => {
            services.spawn(&running.issuer, secrets, &signals.shutdown)
        }
        _ => Vec::new(),
    };
    announce(
        output,
        &running,
        urls.as_ref(),
        secrets.as_ref(),
        started.elapsed(),
    )?;
    if let Some(file) = &options.ready_file {
        ready_file(file, &running, urls.as_ref())?;
    }
    signals.shutdown.requested().await;
    running.stop().await;
    for task in tasks {
        let _ = task.await;
    }
    Ok(())
}

fn app_options(
    options: &DevOptions,
    mut config: Config,
    folder: &DataFolder,
    services: bool,
    hangup: tokio::sync::watch::Receiver<u64>,
) -> Result<Options, Fault> {
    config.http.listen = options.listen;
    config.management.listen = options.management;
    // People wait for Ctrl-C here; nothing needs half a minute to drain.
    config.http.drain = crate::config::Period::seconds(3);
    config.fetch.allow.clone_from(&options.fetch_allow);
    if services {
        // Back-channel logout goes to the demo services on this machine.
        config.fetch.allow.extend(
            ["127.0.0.0/8", "::1/128"]
                .iter()
                .filter_map(|network| network.parse::<ipnet::IpNet>().ok()),
        );
    }
    let database_url = options.database.as_ref().map_or_else(
        || folder.database_url(),
        |url| SecretString::from(url.as_str()),
    );
    Ok(Options {
        config,
        public_url: options.public_url.clone(),
        database_url,
        master_key: folder.master_key(&SystemEntropy)?,
        mail_url: None,
        tls: options.tls_certificate.clone().zip(options.tls_key.clone()),
        dev: true,
        clock: None,
        hangup: Some(hangup),
    })
}

/// The demo data, or the given files in its place.
async fn seed(
    options: &DevOptions,
    running: &Running,
    services: Option<&Services>,
    secrets: Option<&DemoSecrets>,
) -> Result<(), Failed> {
    let document: Document = match secrets {
        None => crate::cli::declarative::read_files(&options.seed)?,
        Some(secrets) => {
            let password = SecretString::from(secrets.password.as_str());
            let (chat, analysis) = (
                SecretString::from(secrets.chat_secret.as_str()),
                SecretString::from(secrets.analysis_secret.as_str()),
            );
            let demo = services.map(|services| DemoServices {
                chat_url: &services.chat_url,
                chat_secret: &chat,
                analysis_url: &services.analysis_url,
                analysis_secret: &analysis,
            });
            demo_document(&password, demo.as_ref())
        }
    };
    declarative::apply(&running.env, &document, false, &RequestContext::default())
        .await
        .map_err(|failure| crate::cli::declarative::failed(&failure))?;
    Ok(())
}

fn announce(
    output: &Output,
    running: &Running,
    urls: Option<&(String, String)>,
    secrets: Option<&DemoSecrets>,
    took: Duration,
) -> Outcome {
    let value = ready(running, urls);
    output.say(&value, |_| {
        let mut text = format!("\n  identity {} · development · ready in {} ms\n\n", env!("CARGO_PKG_VERSION"), took.as_millis());
        let mut row = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name:<16}{value}");
        };
        let base = running.public_url.as_str().trim_end_matches('/');
        if let Some((chat, analysis)) = urls {
            row("Chat (demo)", chat);
            row("Analysis (demo)", analysis);
        }
        row("Account", &format!("{base}/account"));
        row("Mails", &format!("{base}/dev/mail"));
        row("Discovery", &format!("{base}/.well-known/openid-configuration"));
        row("Management", &format!("{}metrics", running.management_url));
        if let Some(secrets) = secrets {
            let _ = writeln!(text, "\n  Sign in as ana@acme.test (admin), ben@, vera@, gus@acme.test or cleo@contoso.test\n  Password: {}\n", secrets.password);
        }
        text
    })
}

fn ready(running: &Running, urls: Option<&(String, String)>) -> serde_json::Value {
    let mut value = json!({
        "public_url": running.public_url.as_str().trim_end_matches('/'),
        "issuer": running.issuer,
        "management_url": running.management_url.as_str().trim_end_matches('/'),
        "pid": std::process::id(),
    });
    if let (Some((chat, analysis)), Some(object)) = (urls, value.as_object_mut()) {
        object.insert(
            "services".to_owned(),
            json!({"chat": chat, "analysis": analysis}),
        );
    }
    value
}

/// Written beside and moved into place, so that a reader never sees half of it.
fn ready_file(
    file: &Path,
    running: &Running,
    urls: Option<&(String, String)>,
) -> Result<(), Fault> {
    let beside = file.with_extension("part");
    let text = serde_json::to_vec(&ready(running, urls)).map_err(Fault::new)?;
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, file))
        .map_err(|error| Fault::new(format!("{} cannot be written: {error}", file.display())))
}
