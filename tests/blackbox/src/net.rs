//! NET: client addresses and paths.

use identity_harness::app::App;
use identity_harness::seed::ALICE;

/// The addresses that the audit log has seen.
async fn addresses(app: &App) -> Vec<String> {
    let records = crate::aud::records(app).await;
    let mut seen: Vec<String> = records
        .iter()
        .filter_map(|record| record["address"].as_str())
        .filter(|address| !address.is_empty())
        .map(str::to_owned)
        .collect();
    seen.sort();
    seen.dedup();
    seen
}

const CLAIMS: [(&str, &str); 9] = [
    ("x-forwarded-for", "203.0.113.5"),
    ("forwarded", "for=203.0.113.5"),
    ("x-real-ip", "203.0.113.5"),
    ("cf-connecting-ip", "203.0.113.5"),
    ("true-client-ip", "203.0.113.5"),
    ("x_forwarded_for", "203.0.113.5"),
    ("x-client-ip", "203.0.113.5"),
    ("x-cluster-client-ip", "203.0.113.5"),
    ("fastly-client-ip", "203.0.113.5"),
];

#[tokio::test]
async fn net_01_without_a_trusted_proxy_the_socket_is_the_address() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    for (name, value) in CLAIMS {
        app.browser()
            .with_header(name, value)
            .sign_in(&rp.attempt().url(), ALICE.email, "wrong wrong wrong")
            .await;
    }
    let seen = addresses(&app).await;
    assert!(
        !seen.is_empty()
            && seen
                .iter()
                .all(|address| address == "127.0.0.1" || address == "::1"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn net_02_behind_a_trusted_proxy_the_rightmost_untrusted_address_counts() {
    let app = App::setup()
        .trusted_proxies(&["127.0.0.0/8", "::1/128", "10.0.0.0/8"])
        .start()
        .await;
    let rp = app.client("web1").await;
    for (list, expected) in [
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.5, 198.51.100.8", "198.51.100.8"),
        ("203.0.113.5, 198.51.100.9, 10.1.2.3", "198.51.100.9"),
        (
            "203.0.113.5,198.51.100.10,10.1.2.3,10.9.9.9",
            "198.51.100.10",
        ),
        ("::ffff:198.51.100.11", "198.51.100.11"),
    ] {
        app.browser()
            .with_header("x-forwarded-for", list)
            .sign_in(&rp.attempt().url(), ALICE.email, "wrong wrong wrong")
            .await;
        let seen = addresses(&app).await;
        assert!(
            seen.iter().any(|address| address == expected),
            "{list}: {seen:?}"
        );
        assert!(
            !seen.iter().any(|address| address == "203.0.113.5"),
            "{list}: {seen:?}"
        );
    }
}

#[tokio::test]
async fn net_03_a_list_that_cannot_be_read_fails_closed() {
    let app = App::setup()
        .trusted_proxies(&["127.0.0.0/8", "::1/128"])
        .start()
        .await;
    let many = vec!["10.0.0.1"; 5_000].join(",");
    for list in [
        "unknown",
        "",
        "0177.0.0.1",
        "127.1",
        "fe80::1%eth0",
        "198.51.100.7, nonsense",
        "198.51.100.7;203.0.113.5",
        "_hidden",
        &many,
    ] {
        let answer = app
            .request(
                reqwest::Method::GET,
                "/recover",
                &[("x-forwarded-for", list)],
            )
            .await;
        assert!(
            (400..500).contains(&answer.status),
            "{:?}: {}",
            &list[..list.len().min(40)],
            answer.status
        );
    }
}

#[tokio::test]
async fn net_06_a_path_is_one_path() {
    let app = App::start().await;
    for path in [
        "//oauth2/jwks",
        "/oauth2//jwks",
        "/oauth2/%2e/jwks",
        "/oauth2/jwks;x",
        "/oauth2/jwks/",
        "/OAUTH2/jwks",
        "/oauth2/jwk%73",
        "/./oauth2/jwks",
        "/%6fauth2/jwks",
        "/oauth2%2fjwks",
        "/livez",
        "/readyz",
        "/metrics",
    ] {
        let status = raw_get(&app, path).await;
        assert!([400, 404].contains(&status), "{path}: {status}");
    }
    assert_eq!(raw_get(&app, "/oauth2/jwks").await, 200);
    // The address as a whole in the request line, and other spellings of the host: one decision, ours or not ours.
    let ours = authority(&app);
    let port = app.origin.port().expect("a port");
    for (target, host, expected) in [
        (format!("http://{ours}/oauth2/jwks"), ours.clone(), 200),
        ("http://evil.test/oauth2/jwks".to_owned(), ours.clone(), 421),
        (
            format!("http://{ours}/oauth2/jwks"),
            "evil.test".to_owned(),
            400,
        ),
        ("/oauth2/jwks".to_owned(), format!("127.0.0.1.:{port}"), 421),
        ("/oauth2/jwks".to_owned(), "127.0.0.1".to_owned(), 421),
        ("/oauth2/jwks".to_owned(), format!("user@{ours}"), 400),
    ] {
        let status = raw(&app, &target, &host).await;
        let fits = status == expected || (expected != 200 && [400, 421].contains(&status));
        assert!(fits, "{target} at {host}: {status}");
    }
}

fn authority(app: &App) -> String {
    let host = app.origin.host_str().expect("a host");
    format!("{host}:{}", app.origin.port().expect("a port"))
}

/// A GET whose path nobody tidies up on the way.
pub async fn raw_get(app: &App, path: &str) -> u16 {
    raw(app, path, &authority(app)).await
}

async fn raw(app: &App, target: &str, host: &str) -> u16 {
    let request = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let answer = identity_harness::wire::exchange(&app.origin, request.as_bytes()).await;
    identity_harness::wire::status(&answer)
}
