//! TLS at the listener: the newest version, and certificates that change while it runs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use identity_server::listen::tls::{Certificates, MinimumVersion, install_crypto_provider};
use identity_server::listen::{Limits, Listener};
use identity_server::shutdown::{self, Shutdown};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

fn write_pair(folder: &Path) -> CertificateDer<'static> {
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("key.pem"), pair.signing_key.serialize_pem()).unwrap();
    std::fs::write(folder.join("certificate.pem"), pair.cert.pem()).unwrap();
    pair.cert.der().clone()
}

fn load(folder: &Path) -> Arc<Certificates> {
    Certificates::load(&folder.join("certificate.pem"), &folder.join("key.pem")).unwrap()
}

async fn serve(
    certificates: &Arc<Certificates>,
    minimum: MinimumVersion,
    shutdown: Shutdown,
) -> SocketAddr {
    let tls = certificates.server_config(minimum).unwrap();
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), Limits::default(), Some(tls))
        .await
        .unwrap();
    let address = listener.local_address().unwrap();
    tokio::spawn(listener.serve(
        Router::new().route("/", get(|| async { "hello" })),
        shutdown,
    ));
    address
}

/// The certificate that the server shows to a client that trusts `trusted`.
async fn shown(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<CertificateDer<'static>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_protocol_versions(versions)
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?;
    Ok(stream.get_ref().1.peer_certificates().unwrap()[0]
        .clone()
        .into_owned())
}

const NEW: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13];
const OLD: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12];

#[tokio::test]
async fn tls_1_3_is_the_default_and_1_2_a_choice() {
    install_crypto_provider();
    let folder = tempfile::tempdir().unwrap();
    let certificate = write_pair(folder.path());
    let certificates = load(folder.path());
    let (_trigger, shutdown) = shutdown::channel();
    let strict = serve(&certificates, MinimumVersion::default(), shutdown.clone()).await;
    assert_eq!(shown(strict, &certificate, NEW).await.unwrap(), certificate);
    assert!(shown(strict, &certificate, OLD).await.is_err());
    let lenient = serve(&certificates, MinimumVersion::Tls12, shutdown).await;
    assert!(shown(lenient, &certificate, OLD).await.is_ok());
}

#[tokio::test]
async fn a_renewed_certificate_is_served_without_a_restart() {
    install_crypto_provider();
    let folder = tempfile::tempdir().unwrap();
    let first = write_pair(folder.path());
    let certificates = load(folder.path());
    let (_trigger, shutdown) = shutdown::channel();
    let address = serve(&certificates, MinimumVersion::Tls13, shutdown.clone()).await;
    assert_eq!(shown(address, &first, NEW).await.unwrap(), first);

    let second = write_pair(folder.path());
    let (hangup, receiver) = tokio::sync::watch::channel(0);
    tokio::spawn(Arc::clone(&certificates).keep_fresh(Duration::from_hours(1), receiver, shutdown));
    hangup.send_modify(|count| *count += 1);
    let renewed = async { while shown(address, &second, NEW).await.is_err() {} };
    tokio::time::timeout(Duration::from_secs(20), renewed)
        .await
        .unwrap();
    assert!(shown(address, &first, NEW).await.is_err());
}

#[tokio::test]
async fn half_a_renewal_changes_nothing_until_it_is_whole() {
    install_crypto_provider();
    let folder = tempfile::tempdir().unwrap();
    let first = write_pair(folder.path());
    let certificates = load(folder.path());
    assert!(!certificates.is_stale());
    let other = tempfile::tempdir().unwrap();
    let second = write_pair(other.path());
    std::fs::copy(other.path().join("key.pem"), folder.path().join("key.pem")).unwrap();
    let later = std::fs::metadata(folder.path().join("key.pem"))
        .unwrap()
        .modified()
        .unwrap()
        + Duration::from_secs(5);
    std::fs::File::options()
        .write(true)
        .open(folder.path().join("key.pem"))
        .unwrap()
        .set_modified(later)
        .unwrap();
    assert!(certificates.is_stale());
    assert!(
        certificates
            .reload()
            .unwrap_err()
            .to_string()
            .contains("key.pem")
    );

    let (_trigger, shutdown) = shutdown::channel();
    let address = serve(&certificates, MinimumVersion::Tls13, shutdown).await;
    assert_eq!(shown(address, &first, NEW).await.unwrap(), first);
    std::fs::copy(
        other.path().join("certificate.pem"),
        folder.path().join("certificate.pem"),
    )
    .unwrap();
    certificates.reload().unwrap();
    assert_eq!(shown(address, &second, NEW).await.unwrap(), second);
    assert!(!certificates.is_stale());
}

#[test]
fn files_that_are_no_pair_are_named() {
    install_crypto_provider();
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (
        folder.path().join("certificate.pem"),
        folder.path().join("key.pem"),
    );
    assert!(
        Certificates::load(&certificate, &key)
            .unwrap_err()
            .to_string()
            .contains("certificate.pem")
    );
    std::fs::write(&certificate, "nothing").unwrap();
    std::fs::write(&key, "nothing").unwrap();
    assert!(
        Certificates::load(&certificate, &key)
            .unwrap_err()
            .to_string()
            .contains("no certificate inside")
    );
}
