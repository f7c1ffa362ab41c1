//! From options to a running provider.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use identity_domain::Fault;
use identity_domain::ports::{
    BoxFuture, BreachedPasswords, Clock, Entropy, Fetch, Geo, MailTransport, SmsTransport,
};
use identity_domain::secret::SecretString;
use identity_domain::settings::Settings;
use identity_flows::Env;
use identity_pages::{Brand, Engine, EngineOptions, Mode};
use tokio::task::JoinHandle;
use url::Url;

use super::edge_answers::ThemeAnswers;
use super::environment::{EnvironmentOptions, environment, geo, hashing_pool_size, settings};
use super::state::{AppState, DevSink};
use super::tasks;
use crate::adapters::breached::BreachedRange;
use crate::adapters::clock::SystemClock;
use crate::adapters::entropy::SystemEntropy;
use crate::adapters::fetch::GuardedFetch;
use crate::adapters::fetch::address::Allowed;
use crate::adapters::geo::GeoFile;
use crate::adapters::mail::SmtpMail;
use crate::adapters::mail_renderer::ThemeMail;
use crate::adapters::mail_sink::MailSink;
use crate::adapters::sms_sink::SmsSink;
use crate::config::{Config, PublicUrl};
use crate::cookies::CookieJar;
use crate::listen::Listener;
use crate::listen::tls::{Certificates, MinimumVersion};
use crate::management::{self, Metrics, Readiness};
use crate::middleware::{Edge, Site};
use crate::shutdown::{self, Shutdown, ShutdownTrigger};
use crate::{oauth, router};

/// How often certificate files are looked at.
const CERTIFICATES: Duration = Duration::from_secs(30);

/// What a provider is started with.
pub struct Options {
    /// Limits, lifetimes, theme, proxies.
    pub config: Config,
    /// Where people reach it; `None` takes the bound address (loopback only).
    pub public_url: Option<PublicUrl>,
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: SecretString,
    /// Wraps the data keys.
    pub master_key: SecretString,
    /// Mail server; `None` catches mails in the sink of `identity dev`.
    pub mail_url: Option<SecretString>,
    /// Certificate and key, when TLS ends here.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Tells everything on error pages, reloads the theme, shows `/dev/…`.
    pub dev: bool,
    /// Another clock; tests move it by hand.
    pub clock: Option<Arc<dyn Clock>>,
    /// Counts up when certificates and theme should be read again.
    pub hangup: Option<tokio::sync::watch::Receiver<u64>>,
}

/// The provider, before and while it runs.
pub struct App;

/// A running provider.
pub struct Running {
    /// Where people reach it.
    pub public_url: Url,
    /// The issuer.
    pub issuer: String,
    /// Where probes and metrics are.
    pub management_url: Url,
    /// The bound public address.
    pub address: SocketAddr,
    /// What flows reach.
    pub env: Arc<Env>,
    outbox: tasks::Turns,
    trigger: ShutdownTrigger,
    tasks: Vec<JoinHandle<()>>,
}

struct Ports {
    mail: Arc<dyn MailTransport>,
    sink: Option<Arc<MailSink>>,
    sms: Option<Arc<dyn SmsTransport>>,
    sms_sink: Option<Arc<SmsSink>>,
    fetch: Arc<dyn Fetch>,
    breached: Option<Arc<dyn BreachedPasswords>>,
}

impl App {
    /// Binds, opens the database, and serves.
    ///
    /// # Errors
    /// When an address is taken, the database cannot be opened or the master key is not its own; the text says what to do.
    pub async fn start(options: Options) -> Result<Running, Fault> {
        crate::listen::tls::install_crypto_provider();
        let clock = options
            .clock
            .clone()
            .unwrap_or_else(|| Arc::new(SystemClock));
        // Before anything that counts: what is told to no recorder is lost.
        let metrics = Metrics::install();
        let (trigger, shutdown) = shutdown::channel();
        let mut background = Vec::new();
        let tls = match tls(&options, &shutdown)? {
            Some((server, keep_fresh)) => {
                background.push(keep_fresh);
                Some(server)
            }
            None => None,
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let public = bind(&options.config, options.config.http.listen, tls).await?;
        let private = bind(&options.config, options.config.management.listen, None).await?;
        let address = public.local_address().map_err(Fault::new)?;
        let management = private.local_address().map_err(Fault::new)?;
        let public_url = match options.public_url.clone() {
            Some(url) => url,
            None => own_url(scheme, address)?,
        };
        let geo = geo(&options.config)?;
        background.extend(keep_geo_fresh(&options, geo.as_ref(), &shutdown));
        let state = Self::state(&options, &public_url, &clock, geo).await?;
        let edge = Arc::new(edge(&options, &state, clock));
        let env = Arc::clone(&state.env);
        let outbox = tasks::Turns::default();
        background.extend(tasks::spawn(&env, &metrics, &outbox, &shutdown));
        let readiness: Arc<dyn Readiness> = Arc::new(Ready(Arc::clone(&env)));
        background.push(serve(public, router::site(&state, &edge), shutdown.clone()));
        background.push(serve(
            private,
            management::router(readiness, metrics, shutdown.clone()),
            shutdown,
        ));
        let to_url = |text: &str| text.parse().map_err(Fault::new);
        Ok(Running {
            public_url: to_url(public_url.as_str())?,
            issuer: public_url.as_str().to_owned(),
            management_url: to_url(&format!("http://{management}"))?,
            address,
            env,
            outbox,
            trigger,
            tasks: background,
        })
    }

    async fn state(
        options: &Options,
        public_url: &PublicUrl,
        clock: &Arc<dyn Clock>,
        geo: Option<Arc<GeoFile>>,
    ) -> Result<Arc<AppState>, Fault> {
        let mut settings: Settings = settings(&options.config, public_url.as_str());
        settings.dev = options.dev;
        let looks = options
            .config
            .looks()
            .map_err(|(key, message)| Fault::new(format!("{key} {message}")))?;
        let brand = Arc::new(Brand::of(&looks));
        let engine = theme(options, Arc::clone(&brand), &settings.language)?;
        let ports = ports(options, public_url, clock)?;
        let discovery = oauth::discovery::document(&settings, engine.locales())?;
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let env = environment(EnvironmentOptions {
            database_url: options.database_url.clone(),
            master_key: options.master_key.clone(),
            settings,
            connections: options.config.database.max_connections,
            hashing: hashing_pool_size(),
            clock: Arc::clone(clock),
            entropy,
            mail: ports.mail,
            mail_renderer: Arc::new(ThemeMail::new(Arc::clone(&engine), public_url)),
            sms: ports.sms,
            fetch: ports.fetch,
            breached: ports.breached,
            geo: geo.map(|file| file as Arc<dyn Geo>),
        })
        .await?;
        Ok(Arc::new(AppState {
            env,
            engine,
            looks,
            brand,
            mail_sender: options
                .mail_url
                .is_some()
                .then(|| sender(&options.config, public_url)),
            cookies: CookieJar::new(public_url),
            public_url: public_url.clone(),
            starts: super::Starts::default(),
            discovery,
            security_contact: options.config.security_contact.clone(),
            dev: ports.sink.filter(|_| options.dev).map(|mail| DevSink {
                mail,
                sms: ports.sms_sink,
            }),
        }))
    }
}

/// The theme with the operator's overlay, which has the language of the instance.
fn theme(options: &Options, brand: Arc<Brand>, language: &str) -> Result<Arc<Engine>, Fault> {
    let overlay = &options.config.theme.directory;
    let mode = if options.dev && overlay.is_some() {
        Mode::Development
    } else {
        Mode::Production
    };
    let engine = Engine::new(EngineOptions {
        mode,
        overlays: overlay.iter().cloned().collect(),
        brand,
        default_locale: language.to_owned(),
        on_error: Some(management::count_theme_error),
    })
    .map_err(Fault::new)?;
    if !engine.locales().iter().any(|locale| locale == language) {
        return Err(Fault::new(format!(
            "theme.default_locale: the theme has no locale {language:?}"
        )));
    }
    Ok(Arc::new(engine))
}

/// What stands around every route.
fn edge(options: &Options, state: &AppState, clock: Arc<dyn Clock>) -> Edge {
    let mut body = options.config.body_bounds();
    body.default = body.default.min(router::FORM);
    Edge {
        public_url: state.public_url.clone(),
        trusted_proxies: options.config.http.trusted_proxies.clone(),
        body,
        request_timeout: options.config.http.request_timeout.as_std(),
        answers: Arc::new(ThemeAnswers {
            engine: Arc::clone(&state.engine),
            brand: Arc::clone(&state.brand),
            clock: Arc::clone(&clock),
            dev: options.dev,
        }),
        clock,
        entropy: Arc::new(SystemEntropy),
    }
}

/// The task that reads the file of places again without a restart.
fn keep_geo_fresh(
    options: &Options,
    geo: Option<&Arc<GeoFile>>,
    shutdown: &Shutdown,
) -> Option<JoinHandle<()>> {
    let geo = Arc::clone(geo?);
    let fresh = geo.keep_fresh(hangup(options), shutdown.clone());
    Some(tokio::spawn(fresh))
}

/// Counts up when files should be read again.
fn hangup(options: &Options) -> tokio::sync::watch::Receiver<u64> {
    options
        .hangup
        .clone()
        .unwrap_or_else(|| tokio::sync::watch::channel(0).1)
}

/// TLS as it is spoken, and the task that reads the certificate again.
type Tls = (Arc<rustls::ServerConfig>, JoinHandle<()>);

/// The certificate, and the task that reloads it without a restart.
fn tls(options: &Options, shutdown: &Shutdown) -> Result<Option<Tls>, Fault> {
    let Some((certificate, key)) = &options.tls else {
        return Ok(None);
    };
    let certificates = Certificates::load(certificate, key).map_err(Fault::new)?;
    let minimum = MinimumVersion::from(options.config.http.tls_minimum);
    let server = certificates.server_config(minimum).map_err(Fault::new)?;
    let keep_fresh = certificates.keep_fresh(CERTIFICATES, hangup(options), shutdown.clone());
    Ok(Some((server, tokio::spawn(keep_fresh))))
}

fn ports(
    options: &Options,
    public_url: &PublicUrl,
    clock: &Arc<dyn Clock>,
) -> Result<Ports, Fault> {
    let config = &options.config;
    let fetch: Arc<dyn Fetch> = Arc::new(GuardedFetch::new(
        Allowed(config.fetch.allow.clone()),
        config.fetch.timeout.as_std(),
    ));
    let breached = config.password.breached_range_url.clone().map(|base| {
        let range: Arc<dyn BreachedPasswords> =
            Arc::new(BreachedRange::new(Arc::clone(&fetch), base));
        range
    });
    let (mail, sink): (Arc<dyn MailTransport>, _) = if let Some(url) = &options.mail_url {
        let from = sender(config, public_url);
        let smtp = SmtpMail::new(url, &from, Arc::clone(clock)).map_err(Fault::new)?;
        (Arc::new(smtp), None)
    } else {
        let sink = Arc::new(MailSink::new(Arc::clone(clock)));
        (Arc::clone(&sink) as _, Some(sink))
    };
    let configured = config
        .sms
        .gateway()
        .map_err(|(key, message)| Fault::new(format!("{key} {message}")))?;
    let (sms, sms_sink): (Option<Arc<dyn SmsTransport>>, _) = match configured {
        Some(gateway) => (
            Some(gateway.transport(&fetch, clock).map_err(Fault::new)?),
            None,
        ),
        None if options.dev => {
            let sink = Arc::new(SmsSink(MailSink::new(Arc::clone(clock))));
            (Some(Arc::clone(&sink) as _), Some(sink))
        }
        None => (None, None),
    };
    Ok(Ports {
        mail,
        sink,
        sms,
        sms_sink,
        fetch,
        breached,
    })
}

/// Whom mails come from.
fn sender(config: &Config, public_url: &PublicUrl) -> String {
    let configured = config.mail.from.clone();
    configured.unwrap_or_else(|| super::environment::sender(public_url))
}

/// The address as a URL. Passkeys and cookies need a name that browsers trust: `localhost` for the loopback address.
fn own_url(scheme: &str, address: SocketAddr) -> Result<PublicUrl, Fault> {
    let host = if address.ip() == std::net::Ipv4Addr::LOCALHOST {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    };
    format!("{scheme}://{host}").parse().map_err(Fault::new)
}

async fn bind(
    config: &Config,
    address: SocketAddr,
    tls: Option<Arc<rustls::ServerConfig>>,
) -> Result<Listener, Fault> {
    Listener::bind(address, config.limits(), tls)
        .await
        .map_err(|error| Fault::new(format!("{address} cannot be listened on: {error}")))
}

fn serve(listener: Listener, site: impl Into<Site>, shutdown: Shutdown) -> JoinHandle<()> {
    let site = site.into();
    tokio::spawn(async move {
        let stopped = listener.serve(site, shutdown).await;
        tracing::info!(?stopped, "listener stopped");
    })
}

impl Running {
    /// Stops: no new work, running requests end within the drain time.
    pub async fn stop(self) {
        self.trigger.stop();
        for task in self.tasks {
            // A task that panicked has said so; the others still have to end.
            let _ = task.await;
        }
    }

    /// Does all background work that is due now.
    pub async fn run_jobs(&self) -> Result<(), Fault> {
        tasks::run_all(&self.env, &self.outbox).await
    }
}

/// Ready while the database answers and keys are there.
struct Ready(Arc<Env>);

impl Readiness for Ready {
    fn check(&self) -> BoxFuture<'_, Vec<(&'static str, Result<(), String>)>> {
        Box::pin(async {
            let database = self.0.store.ping().await.map_err(|fault| fault.to_string());
            let keys = if self.0.keys.can_sign(identity_oauth::jose::Algorithm::ES256) {
                Ok(())
            } else {
                Err("no active signing key".to_owned())
            };
            vec![("database", database), ("keys", keys)]
        })
    }
}
