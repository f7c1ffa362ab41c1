//! What `serve` insists on. Each refusal says what to write.

use std::net::SocketAddr;
use std::path::PathBuf;

use identity_domain::secret::SecretString;

use super::load::Loaded;
use super::problem::{ConfigError, Problem};
use super::public_url::PublicUrl;
use super::sections::Config;

/// What `serve` needs, once nothing of it is missing.
#[derive(Clone, Debug)]
pub struct Production {
    /// The issuer.
    pub public_url: PublicUrl,
    /// Where everything is kept.
    pub database_url: SecretString,
    /// Encrypts secrets in the database.
    pub master_key: SecretString,
    /// Where mail goes.
    pub mail_url: SecretString,
    /// Certificate and key, when TLS ends here.
    pub tls: Option<(PathBuf, PathBuf)>,
}

/// What a command needs that looks into the database and serves nobody.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Where everything is kept.
    pub database_url: SecretString,
    /// Encrypts secrets in the database.
    pub master_key: SecretString,
}

impl Loaded {
    /// The part of the configuration without which nothing can be read, with all that is missing of it.
    pub fn stored(&self) -> Result<Stored, ConfigError> {
        let mut problems = Vec::new();
        let database_url = Self::need(
            "database.url",
            "postgres://… or sqlite:…",
            self.database_url(),
            &mut problems,
        );
        let master_key = Self::need(
            "secrets.master_key_file",
            MASTER_KEY,
            self.master_key(),
            &mut problems,
        );
        match (database_url, master_key) {
            (Some(database_url), Some(master_key)) => Ok(Stored {
                database_url,
                master_key,
            }),
            _ => Err(ConfigError { problems }),
        }
    }

    /// Checks everything `serve` refuses, and reports all of it at once.
    pub fn production(&self) -> Result<Production, ConfigError> {
        let mut problems = Vec::new();
        let public_url = Self::need(
            "public_url",
            "https://id.example.com",
            Ok(self.config.public_url.clone()),
            &mut problems,
        );
        let stored = self
            .stored()
            .map_err(|error| problems.extend(error.problems))
            .ok();
        let mail_url = Self::need("mail.url", "smtps://…", self.mail_url(), &mut problems);
        problems.extend(self.sms_gateway().err());
        problems.extend(self.looks().err());
        problems.extend(self.check_audit());
        let tls = self.tls(&mut problems);
        if let Some(url) = &public_url {
            self.check_scheme(url, tls.is_some(), &mut problems);
        }
        self.check_listener(tls.is_some(), &mut problems);
        if same_port(self.config.http.listen, self.config.management.listen) {
            let key = "management.listen";
            problems.push(Problem::new(
                key,
                self.place(key),
                "is the address of `http.listen`; probes need their own",
            ));
        }
        match (public_url, stored, mail_url) {
            (Some(public_url), Some(stored), Some(mail_url)) if problems.is_empty() => {
                Ok(Production {
                    public_url,
                    database_url: stored.database_url,
                    master_key: stored.master_key,
                    mail_url,
                    tls,
                })
            }
            _ => Err(ConfigError { problems }),
        }
    }

    fn need<T>(
        key: &str,
        example: &str,
        found: Result<Option<T>, Problem>,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        match found {
            Ok(Some(value)) => return Some(value),
            Ok(None) => problems.push(Problem::missing(key, format!("is required: {example}"))),
            Err(problem) => problems.push(problem),
        }
        None
    }

    fn tls(&self, problems: &mut Vec<Problem>) -> Option<(PathBuf, PathBuf)> {
        let http = &self.config.http;
        match (&http.tls_certificate_file, &http.tls_key_file) {
            (Some(certificate), Some(key)) => return Some((certificate.clone(), key.clone())),
            (None, None) => {}
            (Some(_), None) => {
                problems.push(self.lonely("http.tls_certificate_file", "http.tls_key_file"));
            }
            (None, Some(_)) => {
                problems.push(self.lonely("http.tls_key_file", "http.tls_certificate_file"));
            }
        }
        None
    }

    fn lonely(&self, key: &str, other: &str) -> Problem {
        Problem::new(key, self.place(key), format!("needs `{other}` as well"))
    }

    fn check_scheme(&self, public_url: &PublicUrl, tls: bool, problems: &mut Vec<Problem>) {
        if !public_url.is_https() && !public_url.is_loopback() {
            let message = "is plain http: browsers would send passwords in the clear; use https";
            problems.push(Problem::new(
                "public_url",
                self.place("public_url"),
                message,
            ));
        } else if !public_url.is_https() && tls {
            let message = "is http although a certificate is configured; use https";
            problems.push(Problem::new(
                "public_url",
                self.place("public_url"),
                message,
            ));
        }
    }

    /// Passwords and tokens do not travel in the clear: TLS here, or at a proxy that we know, or on this machine only.
    fn check_listener(&self, tls: bool, problems: &mut Vec<Problem>) {
        let http = &self.config.http;
        if !tls && !http.listen.ip().is_loopback() && http.trusted_proxies.is_empty() {
            let message = format!(
                "is {} without TLS: set `http.tls_certificate_file` and `http.tls_key_file`, or name the proxy that ends \
                 TLS in `http.trusted_proxies`, or listen on 127.0.0.1",
                http.listen
            );
            problems.push(Problem::new(
                "http.listen",
                self.place("http.listen"),
                message,
            ));
        }
    }
}

const MASTER_KEY: &str = "a file with 32 random bytes in base64 (`openssl rand -base64 32`)";

impl Config {
    /// What is not wrong, but worth a line at start.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Some(url) = self.public_url.as_ref().filter(|url| !url.is_https()) {
            warnings.push(format!(
                "{url} is plain http: cookies are sent without `Secure`, for this machine only"
            ));
        }
        if self
            .http
            .trusted_proxies
            .iter()
            .any(|network| network.prefix_len() == 0)
        {
            warnings.push(
                "`http.trusted_proxies` trusts every address: anybody may claim to be anybody"
                    .to_owned(),
            );
        }
        if !self.fetch.allow.is_empty() {
            warnings
                .push("`fetch.allow` lets outbound requests reach non-public networks".to_owned());
        }
        let shifted = self.looks().ok().and_then(|looks| looks.warning());
        warnings.extend(shifted.map(|warning| format!("`branding.accent` {warning}")));
        warnings
    }
}

fn same_port(left: SocketAddr, right: SocketAddr) -> bool {
    left.port() != 0
        && left.port() == right.port()
        && (left.ip() == right.ip() || left.ip().is_unspecified() || right.ip().is_unspecified())
}
