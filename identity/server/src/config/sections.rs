//! Every key there is. The comments here are the reference that operators read: `docs/configuration.md` and the JSON
//! schema are made of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::audit::Audit;
use super::branding::Branding;
use super::mfa::Mfa;
use super::period::Period;
use super::public_url::PublicUrl;
use super::secret::{SecretText, SecretUrl};
use super::security_contact::SecurityContact;
use super::sms::Sms;

/// Configuration of the identity provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The address under which people and services reach this provider, such as `https://id.example.com`. It alone
    /// determines the issuer, cookies and links; a request under another host is refused. No path. Required by `serve`.
    pub public_url: Option<PublicUrl>,
    /// Where findings about the security of this provider are reported: `mailto:security@example.com`, or an https or tel address.
    /// It is published at `/.well-known/security.txt`, which does not exist without it.
    pub security_contact: Option<SecurityContact>,
    /// The listener that people and services use.
    pub http: Http,
    /// The listener for probes and metrics. Keep it away from the internet.
    pub management: Management,
    /// Where everything is kept.
    pub database: Database,
    /// Keys that are not in the database.
    pub secrets: Secrets,
    /// How mail leaves.
    pub mail: Mail,
    /// How text messages leave.
    pub sms: Sms,
    /// Requests to addresses that somebody else chose: metadata, keys, back-channel logout, webhooks.
    pub fetch: Fetch,
    /// The log, on standard output.
    pub log: Log,
    /// How pages look.
    pub theme: Theme,
    /// How pages look where neither the application nor its organization has looks of its own.
    pub branding: Branding,
    /// Who may sign up.
    pub registration: Registration,
    /// Rules for passwords, and what checking one costs.
    pub password: Password,
    /// How long a browser stays signed in.
    pub session: Session,
    /// Second factors.
    pub mfa: Mfa,
    /// How long tokens live.
    pub token: Token,
    /// When signing keys change.
    pub keys: Keys,
    /// What is kept of the audit log.
    pub audit: Audit,
    /// Where addresses are, for lists and notices.
    pub geo: Geo,
}

/// `[http]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port to listen on.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Networks of the proxies in front, in CIDR notation. Only from them `X-Forwarded-For` is believed.
    #[schemars(with = "Vec<String>")]
    pub trusted_proxies: Vec<IpNet>,
    /// Certificate chain in PEM. Read again on `SIGHUP` and when the file changes.
    #[schemars(extend("format" = "path"))]
    pub tls_certificate_file: Option<PathBuf>,
    /// Private key of the certificate in PEM.
    #[schemars(extend("format" = "path"))]
    pub tls_key_file: Option<PathBuf>,
    /// Oldest TLS version that is spoken.
    pub tls_minimum: TlsMinimum,
    /// Connections served at once; more are refused.
    #[schemars(range(min = 16, max = 1_000_000))]
    pub max_connections: usize,
    /// Time for a request's head to arrive.
    pub header_timeout: Period,
    /// Time for a whole request, its body included.
    pub request_timeout: Period,
    /// How long an idle connection is kept.
    pub keep_alive: Period,
    /// How long running requests may take when the process is asked to stop.
    pub drain: Period,
    /// Largest request body in bytes, where an endpoint does not state its own.
    #[schemars(range(min = 16_384, max = 2_097_152))]
    pub max_body_bytes: usize,
}

/// Versions of TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum TlsMinimum {
    /// TLS 1.2.
    #[serde(rename = "1.2")]
    Tls12,
    /// TLS 1.3.
    #[default]
    #[serde(rename = "1.3")]
    Tls13,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8080)),
            trusted_proxies: Vec::new(),
            tls_certificate_file: None,
            tls_key_file: None,
            tls_minimum: TlsMinimum::default(),
            max_connections: 8192,
            header_timeout: Period::seconds(10),
            request_timeout: Period::seconds(30),
            keep_alive: Period::seconds(75),
            drain: Period::seconds(25),
            max_body_bytes: 64 * 1024,
        }
    }
}

/// `[management]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Management {
    /// Address and port of `/livez`, `/readyz` and `/metrics`.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
}

impl Default for Management {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9080)),
        }
    }
}

/// `[database]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`. Required by `serve`.
    pub url: Option<SecretUrl>,
    /// File that holds the URL, in place of `url`.
    #[schemars(extend("format" = "path"))]
    pub url_file: Option<PathBuf>,
    /// Most connections to PostgreSQL; two to four times the cores of its machine are enough.
    #[schemars(range(min = 2, max = 500))]
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            url_file: None,
            max_connections: 16,
        }
    }
}

/// `[secrets]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Secrets {
    /// 32 random bytes in base64 that encrypt what is secret in the database. Losing it loses those. Better given by
    /// file or environment than here. Required by `serve`, by either key.
    pub master_key: Option<SecretText>,
    /// File that holds the master key, in place of `master_key`.
    #[schemars(extend("format" = "path"))]
    pub master_key_file: Option<PathBuf>,
}

/// `[mail]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `smtps://USER:PASSWORD@HOST` (TLS from the start) or `smtp://USER:PASSWORD@HOST:587` (STARTTLS, required except
    /// to loopback). `?tls=none` allows a relay without TLS and without a password. Required by `serve`.
    pub url: Option<SecretUrl>,
    /// File that holds the URL, in place of `url`.
    #[schemars(extend("format" = "path"))]
    pub url_file: Option<PathBuf>,
    /// The sender, such as `Example <no-reply@example.com>`. By default `no-reply@` and the host of `public_url`.
    pub from: Option<String>,
}

/// `[fetch]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Fetch {
    /// Networks in CIDR notation that such requests may reach although they are not public, also by plain http.
    /// Loopback, private and link-local addresses are refused otherwise.
    #[schemars(with = "Vec<String>")]
    pub allow: Vec<IpNet>,
    /// The whole time of one request.
    pub timeout: Period,
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            timeout: Period::seconds(10),
        }
    }
}

/// `[log]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// How a line looks. `auto` is `pretty` on a terminal and `json` elsewhere.
    pub format: LogFormat,
    /// Level, also per module: `info`, or `warn,identity::access=info`.
    pub level: String,
}

/// Shapes of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LogFormat {
    /// By what standard output is.
    #[default]
    Auto,
    /// One JSON object per line.
    Json,
    /// For people.
    Pretty,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            level: "info".to_owned(),
        }
    }
}

/// `[theme]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Theme {
    /// Folder of an own theme. Files that are not in it come from the built-in one.
    #[schemars(extend("format" = "path"))]
    pub directory: Option<PathBuf>,
    /// Name of the product on pages and in mails.
    pub product: String,
    /// Language of pages and mails for people of whom no other is known: a tag such as `de`, of a folder in `locales`.
    pub default_locale: String,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            directory: None,
            product: "Identity".to_owned(),
            default_locale: identity_pages::i18n::FALLBACK.to_owned(),
        }
    }
}

/// `[geo]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Geo {
    /// A Country or City file in the `.mmdb` format, from a supplier of your choice. Read again on `SIGHUP` and when the file
    /// changes. Without one, places are unknown.
    #[schemars(extend("format" = "path"))]
    pub database_file: Option<PathBuf>,
}

/// `[registration]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Registration {
    /// Whether strangers may make an account at `/register`.
    pub open: bool,
}

impl Default for Registration {
    fn default() -> Self {
        Self { open: true }
    }
}

/// `[password]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Password {
    /// Least number of characters. An organization may ask for more, never for less.
    #[schemars(range(min = 8, max = 64))]
    pub min_length: usize,
    /// Least strength on the scale from 0 (hopeless) to 4 (strong).
    #[schemars(range(min = 0, max = 4))]
    pub min_score: u8,
    /// How many earlier passwords may not come back.
    #[schemars(range(min = 0, max = 24))]
    pub history: usize,
    /// Service that answers which passwords are known from breaches, by the first five digits of their hash:
    /// `https://api.pwnedpasswords.com/range/`. Off unless set.
    #[schemars(with = "Option<String>")]
    pub breached_range_url: Option<url::Url>,
    /// Memory of one Argon2id hash, KiB.
    #[schemars(range(min = 19_456, max = 1_048_576))]
    pub argon2_memory_kib: u32,
    /// Passes of one hash.
    #[schemars(range(min = 1, max = 10))]
    pub argon2_passes: u32,
    /// Lanes of one hash.
    #[schemars(range(min = 1, max = 8))]
    pub argon2_lanes: u32,
}

impl Default for Password {
    fn default() -> Self {
        Self {
            min_length: 12,
            min_score: 3,
            history: 5,
            breached_range_url: None,
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            argon2_lanes: 1,
        }
    }
}

/// `[session]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Session {
    /// Ends after so long without use.
    pub idle: Period,
    /// Ends after so long in any case.
    pub absolute: Period,
    /// Both, when "keep me signed in" was chosen. `0s` takes the choice away.
    pub remember: Period,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            idle: Period::hours(1),
            absolute: Period::hours(24),
            remember: Period::days(30),
        }
    }
}

/// `[token]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Token {
    /// Access tokens. Services that check them by themselves learn of a revocation after at most so long.
    pub access: Period,
    /// ID tokens.
    pub id: Period,
    /// Authorization codes.
    pub code: Period,
    /// Refresh tokens, without use.
    pub refresh_idle: Period,
    /// Refresh tokens, in any case.
    pub refresh_absolute: Period,
    /// How long a client that lost the answer may ask again with the same refresh token. `0s` switches it off.
    pub refresh_grace: Period,
}

impl Default for Token {
    fn default() -> Self {
        Self {
            access: Period::minutes(10),
            id: Period::minutes(10),
            code: Period::minutes(1),
            refresh_idle: Period::days(14),
            refresh_absolute: Period::days(60),
            refresh_grace: Period::seconds(10),
        }
    }
}

/// `[keys]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// How long a key is published before it signs; longer than services keep the key set.
    pub publish_ahead: Period,
    /// How long a key signs.
    pub active_for: Period,
    /// How long it stays published afterwards.
    pub keep_after: Period,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            publish_ahead: Period::days(1),
            active_for: Period::days(90),
            keep_after: Period::days(1),
        }
    }
}
