//! TLS: 1.3 by default, one crypto provider, certificates that are replaced without a restart.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::shutdown::Shutdown;

/// Makes aws-lc-rs the provider of the whole process. The first line of `main` and of every test that speaks TLS:
/// with none chosen the library panics at first use. Calling it again changes nothing.
pub fn install_crypto_provider() {
    let _ = aws_lc_rs::default_provider().install_default();
}

/// Why a certificate or key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file cannot be read or is no PEM.
    #[error("{}: {reason}", file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The key is of no known kind or does not belong to the certificate.
    #[error("{} and {}: {reason}", certificate.display(), key.display())]
    Pair {
        /// The certificate file.
        certificate: PathBuf,
        /// The key file.
        key: PathBuf,
        /// What does not fit.
        reason: String,
    },
}

/// The oldest protocol version a listener speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MinimumVersion {
    /// TLS 1.3 only.
    #[default]
    Tls13,
    /// TLS 1.2 as well, for old clients.
    Tls12,
}

type Stamps = [Option<SystemTime>; 2];

/// The certificate in use, and the files it comes from.
pub struct Certificates {
    certificate_file: PathBuf,
    key_file: PathBuf,
    current: ArcSwap<CertifiedKey>,
    stamps: Mutex<Stamps>,
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates")
            .field("certificate_file", &self.certificate_file)
            .finish_non_exhaustive()
    }
}

impl Certificates {
    /// Reads both files.
    pub fn load(certificate_file: &Path, key_file: &Path) -> Result<Arc<Self>, TlsError> {
        let stamps = stamps(certificate_file, key_file);
        let pair = read(certificate_file, key_file)?;
        Ok(Arc::new(Self {
            certificate_file: certificate_file.to_owned(),
            key_file: key_file.to_owned(),
            current: ArcSwap::from_pointee(pair),
            stamps: Mutex::new(stamps),
        }))
    }

    /// Reads both files again. When they do not fit, the certificate in use stays: half a renewal must not take the
    /// service down.
    pub fn reload(&self) -> Result<(), TlsError> {
        let seen = stamps(&self.certificate_file, &self.key_file);
        let pair = read(&self.certificate_file, &self.key_file)?;
        self.current.store(Arc::new(pair));
        *self.stamps.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(())
    }

    /// Whether a file changed since it was last read.
    pub fn is_stale(&self) -> bool {
        *self.stamps.lock().unwrap_or_else(PoisonError::into_inner)
            != stamps(&self.certificate_file, &self.key_file)
    }

    /// The configuration of a listener that always serves the current certificate.
    pub fn server_config(
        self: &Arc<Self>,
        minimum: MinimumVersion,
    ) -> Result<Arc<ServerConfig>, rustls::Error> {
        let versions: &[&rustls::SupportedProtocolVersion] = match minimum {
            MinimumVersion::Tls13 => &[&rustls::version::TLS13],
            MinimumVersion::Tls12 => &[&rustls::version::TLS13, &rustls::version::TLS12],
        };
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(versions)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Reloads on every `hangup`, and when a file changed, looking every `interval`, until `shutdown`.
    pub async fn keep_fresh(
        self: Arc<Self>,
        interval: Duration,
        mut hangup: tokio::sync::watch::Receiver<u64>,
        shutdown: Shutdown,
    ) {
        loop {
            let forced = tokio::select! {
                () = shutdown.requested() => return,
                Ok(()) = hangup.changed() => true,
                () = tokio::time::sleep(interval) => false,
            };
            let this = Arc::clone(&self);
            let done = tokio::task::spawn_blocking(move || {
                (forced || this.is_stale()).then(|| this.reload())
            })
            .await;
            match done {
                Ok(Some(Ok(()))) => tracing::info!("TLS certificate reloaded"),
                Ok(Some(Err(error))) => {
                    tracing::error!(%error, "TLS certificate not reloaded, the old one stays");
                }
                Ok(None) | Err(_) => {}
            }
        }
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default()
        .map_or_else(|| Arc::new(aws_lc_rs::default_provider()), Arc::clone)
}

fn stamps(certificate: &Path, key: &Path) -> Stamps {
    [certificate, key].map(|file| {
        std::fs::metadata(file)
            .and_then(|data| data.modified())
            .ok()
    })
}

fn read(certificate: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    let broken = |file: &Path, reason: String| TlsError::File {
        file: file.to_owned(),
        reason,
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| broken(certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(broken(certificate, "no certificate inside".to_owned()));
    }
    let private =
        PrivateKeyDer::from_pem_file(key).map_err(|error| broken(key, error.to_string()))?;
    CertifiedKey::from_der(chain, private, &provider()).map_err(|error| TlsError::Pair {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        reason: error.to_string(),
    })
}
