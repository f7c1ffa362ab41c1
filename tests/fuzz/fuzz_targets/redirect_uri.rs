//! Redirect URIs: the first line is the registered one, the rest is presented.
#![no_main]

use identity_oauth::client_metadata::ApplicationType;
use identity_oauth::redirect_uri::{RegisteredRedirectUri, match_registered};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &str| {
    let Some((registered, presented)) = data.split_once('\n') else {
        return;
    };
    for application_type in [ApplicationType::Web, ApplicationType::Native] {
        if let Ok(uri) = RegisteredRedirectUri::parse(presented, application_type) {
            check_registered(uri.as_str());
        }
        match match_registered(&[registered.to_owned()], presented, application_type) {
            Ok(verified) => {
                assert_eq!(verified.as_str(), presented);
                if registered != presented {
                    assert_eq!(application_type, ApplicationType::Native);
                    check_loopback(registered, presented);
                }
            }
            Err(mismatch) => {
                assert!(
                    mismatch
                        .presented
                        .is_char_boundary(mismatch.first_difference)
                );
                assert!(registered.is_char_boundary(mismatch.first_difference));
            }
        }
    }
});

/// A browser goes where the text says.
fn check_registered(uri: &str) {
    let url = Url::parse(uri).expect("a registered URI is a URL");
    assert!(url.fragment().is_none() && url.username().is_empty() && url.password().is_none());
    assert!(!matches!(
        url.scheme(),
        "javascript" | "data" | "file" | "vbscript" | "blob" | "about" | "ws" | "wss"
    ));
    if url.scheme() == "http" {
        assert!(matches!(
            url.host_str(),
            Some("127.0.0.1" | "[::1]" | "localhost")
        ));
    }
}

/// Only the port may differ.
fn check_loopback(registered: &str, presented: &str) {
    let (registered, presented) = (
        Url::parse(registered).unwrap(),
        Url::parse(presented).unwrap(),
    );
    assert!(matches!(
        presented.host_str(),
        Some("127.0.0.1" | "[::1]" | "localhost")
    ));
    assert_eq!(registered.host_str(), presented.host_str());
    assert_eq!(registered.path(), presented.path());
    assert_eq!(registered.query(), presented.query());
}
