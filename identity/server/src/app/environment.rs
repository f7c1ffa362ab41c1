//! Makes the one [`Env`] that all flows share.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity_domain::Fault;
use identity_domain::credential::password_hash::HashParameters;
use identity_domain::credential::password_policy::PasswordPolicy;
use identity_domain::phone::SmsPolicy;
use identity_domain::ports::{
    BreachedPasswords, Clock, Entropy, Fetch, Geo, MailRenderer, MailTransport, SmsTransport,
};
use identity_domain::secret::SecretString;
use identity_domain::session::SessionPolicy;
use identity_domain::settings::{Settings, TokenPolicy};
use identity_domain::signing_key::RotationPolicy;
use identity_domain::token::RefreshPolicy;
use identity_flows::access::SeenTokens;
use identity_flows::client_authentication::SecretMemo;
use identity_flows::directory::Directory;
use identity_flows::env::{Env, Outside};
use identity_flows::keyring::Keyring;
use identity_flows::password::HashingPool;
use identity_flows::refusals::Refusals;
use identity_flows::status::StatusBoard;
use identity_storage::{MasterKey, Options as StoreOptions, Store};

use crate::adapters::clock::SystemClock;
use crate::adapters::entropy::SystemEntropy;
use crate::adapters::fetch::GuardedFetch;
use crate::adapters::fetch::address::Allowed;
use crate::adapters::geo::GeoFile;
use crate::config::{Config, Loaded, PublicUrl, Stored};

/// Everything an [`Env`] is made of.
pub struct EnvironmentOptions {
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: SecretString,
    /// Wraps all data keys.
    pub master_key: SecretString,
    /// What the operator decided.
    pub settings: Settings,
    /// Most connections to PostgreSQL.
    pub connections: u32,
    /// Threads that hash passwords, and how many may wait.
    pub hashing: (usize, usize),
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Mail server or sink.
    pub mail: Arc<dyn MailTransport>,
    /// Words of mails.
    pub mail_renderer: Arc<dyn MailRenderer>,
    /// The guarded outbound client.
    pub fetch: Arc<dyn Fetch>,
    /// SMS gateway or sink, if there is one.
    pub sms: Option<Arc<dyn SmsTransport>>,
    /// Breached passwords, if configured.
    pub breached: Option<Arc<dyn BreachedPasswords>>,
    /// Places of addresses, if there is a file.
    pub geo: Option<Arc<dyn Geo>>,
}

/// Opens the database and loads what is kept in memory.
///
/// # Errors
/// When the master key is unreadable or not the one of this database, or the database cannot be opened; the text says what to do.
pub async fn environment(options: EnvironmentOptions) -> Result<Arc<Env>, Fault> {
    let now = options.clock.now();
    let master_key = master_key(&options.master_key)?;
    let mut store_options = StoreOptions::new(master_key, Arc::clone(&options.entropy), now);
    store_options.connections = options.connections;
    let store = Store::open(options.database_url.expose(), store_options).await?;
    let (threads, queue) = options.hashing;
    let hashing = HashingPool::start(
        threads,
        queue,
        options.settings.hash,
        Arc::clone(&options.entropy),
    )
    .map_err(Fault::new)?;
    let env = Env {
        keys: Keyring::load(&store, options.entropy.as_ref(), now).await?,
        directory: Directory::load(&store, now).await?,
        status: StatusBoard::default(),
        seen: SeenTokens::default(),
        requested_claims: Env::claims_memory(),
        client_secrets: SecretMemo::default(),
        refusals: Refusals::default(),
        hashing,
        store,
        clock: options.clock,
        entropy: options.entropy,
        settings: Arc::new(options.settings),
        outside: Outside {
            geo: options.geo,
            mail: options.mail,
            mail_renderer: options.mail_renderer,
            sms: options.sms,
            fetch: options.fetch,
            breached: options.breached,
        },
    };
    env.status.refresh(&env).await?;
    Ok(Arc::new(env))
}

/// Reads 32 bytes written as base64 or hexadecimal.
pub fn master_key(text: &SecretString) -> Result<MasterKey, Fault> {
    let text = text.expose().trim();
    let decoded = if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        text.as_bytes()
            .chunks(2)
            .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect()
    } else {
        STANDARD.decode(text).unwrap_or_default()
    };
    let bytes: [u8; 32] = decoded.try_into().map_err(|_| Fault::new("the master key must be 32 bytes, as base64 or 64 hexadecimal digits; make one with `openssl rand -base64 32`"))?;
    Ok(MasterKey::new(bytes))
}

/// Stands for an issuer where none is configured: a command that says nothing about addresses needs none.
const NOWHERE: &str = "https://unconfigured.invalid";

/// What a command works on beside a server, or without one: the database, the master key, and the rules of the configuration. It
/// sends nothing; what is to be sent is left to the server.
pub async fn from_configuration(
    loaded: &Loaded,
    stored: Stored,
    nothing: Arc<impl MailTransport + MailRenderer + 'static>,
) -> Result<Arc<Env>, Fault> {
    let config = &loaded.config;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let issuer = config
        .public_url
        .as_ref()
        .map_or(NOWHERE, PublicUrl::as_str);
    let fetch: Arc<dyn Fetch> = Arc::new(GuardedFetch::new(
        Allowed(config.fetch.allow.clone()),
        config.fetch.timeout.as_std(),
    ));
    let breached = config.password.breached_range_url.clone().map(|base| {
        let range: Arc<dyn BreachedPasswords> = Arc::new(
            crate::adapters::breached::BreachedRange::new(Arc::clone(&fetch), base),
        );
        range
    });
    environment(EnvironmentOptions {
        sms: None,
        database_url: stored.database_url,
        master_key: stored.master_key,
        settings: settings(config, issuer),
        connections: config.database.max_connections,
        hashing: hashing_pool_size(),
        clock,
        entropy: Arc::new(SystemEntropy),
        mail: Arc::clone(&nothing) as Arc<dyn MailTransport>,
        mail_renderer: nothing,
        fetch,
        breached,
        geo: geo(config)?.map(|file| file as Arc<dyn Geo>),
    })
    .await
}

/// The file of places, if one is configured.
///
/// # Errors
/// When it cannot be read: whoever names a file wants it used.
pub fn geo(config: &Config) -> Result<Option<Arc<GeoFile>>, Fault> {
    let file = config.geo.database_file.as_deref();
    file.map(GeoFile::load).transpose().map_err(Fault::new)
}

/// The sender of mails where none is configured.
pub fn sender(public_url: &PublicUrl) -> String {
    format!(
        "no-reply@{}",
        public_url.authority().split(':').next().unwrap_or_default()
    )
}

/// As many hashing threads as cores, and a queue that is worked off within about a second.
pub fn hashing_pool_size() -> (usize, usize) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores, cores * 32)
}

/// The configuration in the units of the rules.
pub fn settings(config: &Config, issuer: &str) -> Settings {
    let mut settings = Settings::new(issuer);
    settings.product.clone_from(&config.theme.product);
    settings.language.clone_from(&config.theme.default_locale);
    settings.registration_open = config.registration.open;
    settings.session = SessionPolicy {
        idle: config.session.idle.as_domain(),
        absolute: config.session.absolute.as_domain(),
        remember: Some(config.session.remember.as_domain()).filter(|remember| remember.0 > 0),
    };
    settings.mfa = config.mfa.policy();
    settings.password = PasswordPolicy {
        min_length: config.password.min_length,
        min_score: config.password.min_score,
        history: config.password.history,
    };
    settings.hash = HashParameters {
        memory_kib: config.password.argon2_memory_kib,
        passes: config.password.argon2_passes,
        lanes: config.password.argon2_lanes,
    };
    settings.sms = SmsPolicy {
        countries: config.sms.countries.clone(),
        blocked: config.sms.blocked.clone(),
    };
    settings.token = TokenPolicy {
        access: config.token.access.as_domain(),
        id: config.token.id.as_domain(),
        code: config.token.code.as_domain(),
        refresh: RefreshPolicy {
            idle: config.token.refresh_idle.as_domain(),
            absolute: config.token.refresh_absolute.as_domain(),
            grace: config.token.refresh_grace.as_domain(),
        },
    };
    settings.rotation = RotationPolicy {
        publish_ahead: config.keys.publish_ahead.as_domain(),
        active_for: config.keys.active_for.as_domain(),
        keep_after: config.keys.keep_after.as_domain(),
    };
    settings.audit_kept = config.audit.kept();
    settings
}
