//! The outbound client against real listeners on this machine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use identity_domain::ports::{Fetch as _, FetchRequest, FetchResponse, OutsideError};
use identity_server::adapters::fetch::GuardedFetch;
use identity_server::adapters::fetch::address::Allowed;
use identity_server::listen::tls::{MinimumVersion, install_crypto_provider};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A listener that counts who comes, and answers everybody the same.
struct Canary {
    address: SocketAddr,
    visits: Arc<AtomicUsize>,
}

impl Canary {
    async fn answering(answer: impl Into<Vec<u8>>, stays_open: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (visits, answer) = (Arc::new(AtomicUsize::new(0)), answer.into());
        let counting = Arc::clone(&visits);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counting.fetch_add(1, Ordering::SeqCst);
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut head = [0; 4096];
                    let _ = stream.read(&mut head).await;
                    let _ = stream.write_all(&answer).await;
                    if stays_open {
                        std::future::pending::<()>().await;
                    }
                });
            }
        });
        Self { address, visits }
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

fn client(allowed: &[&str]) -> GuardedFetch {
    install_crypto_provider();
    let allowed = Allowed(
        allowed
            .iter()
            .map(|network| network.parse().unwrap())
            .collect(),
    );
    GuardedFetch::new(allowed, Duration::from_millis(500))
}

async fn get(client: &GuardedFetch, url: &str) -> Result<FetchResponse, OutsideError> {
    client
        .fetch(FetchRequest::get(url.parse().unwrap(), 1000))
        .await
}

const LOOPBACK: &[&str] = &["127.0.0.0/8", "::1/128"];

#[tokio::test]
async fn ssr_01_nothing_of_ours_is_reached_by_any_name() {
    let canary = Canary::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false).await;
    let client = client(&[]);
    let port = canary.address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
    ] {
        for scheme in ["http", "https"] {
            let refused = get(&client, &format!("{scheme}://{host}:{port}/")).await;
            assert!(refused.is_err(), "{scheme}://{host}");
        }
    }
    assert_eq!(canary.visits(), 0);
    let error = get(&client, &format!("https://localhost:{port}/"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, OutsideError::Permanent(why) if why.contains("fetch.allow")),
        "{error}"
    );
}

#[tokio::test]
async fn an_opened_network_is_reached_by_address_and_by_name() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\n{}";
    let canary = Canary::answering(answer, false).await;
    let client = client(LOOPBACK);
    for host in ["127.0.0.1", "localhost"] {
        let response = get(
            &client,
            &format!("http://{host}:{}/", canary.address.port()),
        )
        .await
        .unwrap();
        assert_eq!(
            (response.status, response.body.as_slice(), response.max_age),
            (200, &b"{}"[..], Some(60))
        );
        assert_eq!(response.content_type.as_deref(), Some("application/json"));
    }
    assert!(
        get(&client, "http://8.8.8.8/").await.is_err(),
        "plain http stays refused elsewhere"
    );
}

#[tokio::test]
async fn ssr_02_a_redirect_is_an_answer() {
    let target = Canary::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false).await;
    for status in [301, 302, 303, 307, 308] {
        let answer = format!(
            "HTTP/1.1 {status} X\r\nLocation: http://{}/\r\nContent-Length: 0\r\n\r\n",
            target.address
        );
        let canary = Canary::answering(answer, false).await;
        let response = get(&client(LOOPBACK), &format!("http://{}/", canary.address))
            .await
            .unwrap();
        assert_eq!(response.status, status);
    }
    assert_eq!(target.visits(), 0);
}

#[tokio::test]
async fn ssr_03_answers_have_a_size_and_a_time() {
    let client = client(LOOPBACK);
    let stated = Canary::answering(
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nx",
        true,
    )
    .await;
    let endless = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "400\r\n".to_owned() + &"x".repeat(1024)
    );
    let chunked = Canary::answering(endless, true).await;
    for canary in [&stated, &chunked] {
        let error = get(&client, &format!("http://{}/", canary.address))
            .await
            .unwrap_err();
        assert!(
            matches!(&error, OutsideError::Permanent(why) if why.contains("1000 bytes")),
            "{error}"
        );
    }
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"] {
        let slow = Canary::answering(answer, true).await;
        let error = get(&client, &format!("http://{}/", slow.address))
            .await
            .unwrap_err();
        assert!(
            matches!(&error, OutsideError::Temporary(why) if why.contains("in time")),
            "{error}"
        );
    }
    let nonsense = Canary::answering("SECRET-MARKER nonsense\r\n\r\n", false).await;
    let error = get(&client, &format!("http://{}/", nonsense.address))
        .await
        .unwrap_err();
    assert!(!error.to_string().contains("SECRET-MARKER"), "{error}");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    install_crypto_provider();
    let folder = tempfile::tempdir().unwrap();
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    std::fs::write(&certificate, pair.cert.pem()).unwrap();
    std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    let certificates =
        identity_server::listen::tls::Certificates::load(&certificate, &key).unwrap();
    let tls = certificates
        .server_config(MinimumVersion::default())
        .unwrap();
    let limits = identity_server::listen::Limits::default();
    let listener =
        identity_server::listen::Listener::bind("127.0.0.1:0".parse().unwrap(), limits, Some(tls))
            .await
            .unwrap();
    let address = listener.local_address().unwrap();
    let (_trigger, shutdown) = identity_server::shutdown::channel();
    tokio::spawn(listener.serve(axum::Router::new(), shutdown));
    let error = get(
        &client(LOOPBACK),
        &format!("https://localhost:{}/", address.port()),
    )
    .await
    .unwrap_err();
    assert!(
        matches!(&error, OutsideError::Temporary(why) if why.contains("certificate")),
        "{error}"
    );
}
