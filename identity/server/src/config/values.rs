//! What the rest of the program asks a configuration for.

use std::path::Path;

use identity_domain::secret::SecretString;

use super::load::Loaded;
use super::problem::Problem;
use super::sections::{Config, TlsMinimum};
use crate::listen::Limits;
use crate::listen::tls::MinimumVersion;
use crate::middleware::BodyBounds;

/// Largest file that may hold a secret.
const MAX_SECRET_BYTES: u64 = 64 * 1024;

impl Config {
    /// Bounds of the public listener.
    pub fn limits(&self) -> Limits {
        Limits {
            max_connections: self.http.max_connections,
            header_timeout: self.http.header_timeout.as_std(),
            request_timeout: self.http.request_timeout.as_std(),
            keep_alive: self.http.keep_alive.as_std(),
            drain: self.http.drain.as_std(),
            peer_share: (self.http.tls_certificate_file.as_ref())
                .map(|_| (self.http.max_connections / 8).max(1)),
            proxies: self.http.trusted_proxies.clone(),
            ..Limits::default()
        }
    }

    /// Bounds of request bodies.
    pub fn body_bounds(&self) -> BodyBounds {
        BodyBounds {
            default: self.http.max_body_bytes,
            ..BodyBounds::default()
        }
    }
}

impl From<TlsMinimum> for MinimumVersion {
    fn from(minimum: TlsMinimum) -> Self {
        match minimum {
            TlsMinimum::Tls12 => Self::Tls12,
            TlsMinimum::Tls13 => Self::Tls13,
        }
    }
}

impl Loaded {
    /// The database URL, from the file that holds it where one is named.
    pub fn database_url(&self) -> Result<Option<SecretString>, Problem> {
        let database = &self.config.database;
        self.one_of(
            "database.url",
            database.url.as_ref().map(super::SecretUrl::secret),
            database.url_file.as_deref(),
        )
    }

    /// The URL of the mail server.
    pub fn mail_url(&self) -> Result<Option<SecretString>, Problem> {
        let mail = &self.config.mail;
        self.one_of(
            "mail.url",
            mail.url.as_ref().map(super::SecretUrl::secret),
            mail.url_file.as_deref(),
        )
    }

    /// The master key, in base64 as it was written.
    pub fn master_key(&self) -> Result<Option<SecretString>, Problem> {
        let secrets = &self.config.secrets;
        let text = secrets.master_key.as_ref().map(super::SecretText::secret);
        self.one_of(
            "secrets.master_key",
            text,
            secrets.master_key_file.as_deref(),
        )
    }

    fn one_of(
        &self,
        key: &str,
        text: Option<&SecretString>,
        file: Option<&Path>,
    ) -> Result<Option<SecretString>, Problem> {
        one_of(key, text, file)
            .map_err(|(key, message)| Problem::new(&key, self.place(&key), message))
    }
}

/// A secret that is given as text or by a file.
///
/// # Errors
/// The key that is wrong, and why.
pub(super) fn one_of(
    key: &str,
    text: Option<&SecretString>,
    file: Option<&Path>,
) -> Result<Option<SecretString>, (String, String)> {
    let file_key = format!("{key}_file");
    match (text, file) {
        (Some(_), Some(_)) => {
            let message = format!("is set together with `{file_key}`; keep one");
            Err((key.to_owned(), message))
        }
        (Some(text), None) => Ok(Some(text.clone())),
        (None, Some(file)) => read_secret(file)
            .map(Some)
            .map_err(|reason| (file_key, reason)),
        (None, None) => Ok(None),
    }
}

fn read_secret(file: &Path) -> Result<SecretString, String> {
    let unreadable = |reason: String| format!("names {}: {reason}", file.display());
    let size = std::fs::metadata(file)
        .map_err(|error| unreadable(error.to_string()))?
        .len();
    if size > MAX_SECRET_BYTES {
        return Err(unreadable("too large for a secret".to_owned()));
    }
    let text = SecretString::new(std::fs::read_to_string(file).map_err(
        |error| match error.kind() {
            // Raw bytes of a key, as a rule.
            std::io::ErrorKind::InvalidData => {
                unreadable("is no text; `openssl rand -base64 32` writes a key as text".to_owned())
            }
            _ => unreadable(error.to_string()),
        },
    )?);
    // Editors and `echo` end a file with a line break that belongs to nobody's secret.
    let trimmed = text.expose().trim_end_matches(['\r', '\n']);
    if trimmed.is_empty() {
        return Err(unreadable("the file is empty".to_owned()));
    }
    Ok(SecretString::from(trimmed))
}
