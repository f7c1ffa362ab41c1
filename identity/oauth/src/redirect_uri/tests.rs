#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "tests"
)]

use proptest::prelude::*;

use super::*;
use ApplicationType::{Native, Web};

fn registered(uris: &[&str]) -> Vec<String> {
    uris.iter().map(|uri| (*uri).to_owned()).collect()
}

/// The variants of OAU-01: what attackers present in place of `https://rp.test/cb`.
const VARIANTS: &[&str] = &[
    "",
    "https://rp.test",
    "https://rp.test/",
    "https://rp.test/cb/",
    "https://rp.test/cb//",
    "https://rp.test//cb",
    "https://rp.test/CB",
    "https://RP.test/cb",
    "HTTPS://rp.test/cb",
    "http://rp.test/cb",
    "https://rp.test:443/cb",
    "https://rp.test:8443/cb",
    "https://rp.test./cb",
    "https://rp.test/cb?",
    "https://rp.test/cb?x=1",
    "https://rp.test/cb&x=1",
    "https://rp.test/cb#",
    "https://rp.test/cb#x",
    "https://rp.test/cb;x",
    "https://rp.test/cb%20",
    "https://rp.test/cb%00",
    "https://rp.test/cb%2f",
    "https://rp.test/c%62",
    "https://rp.test/%63b",
    "https://rp.test/./cb",
    "https://rp.test/x/../cb",
    "https://rp.test/cb/..",
    "https://rp.test/cb/%2e%2e",
    "https://rp.test/cb/%2e%2e/evil",
    "https://rp.test/cb/../evil",
    "https://rp.test\\cb",
    "https:\\\\rp.test/cb",
    "https://rp.test/cb\\",
    "https://rp.test@evil.test/cb",
    "https://rp.test:x@evil.test/cb",
    "https://user@rp.test/cb",
    "https://user:pass@rp.test/cb",
    "https://evil.test\\@rp.test/cb",
    "https://evil.test#@rp.test/cb",
    "https://evil.test?rp.test/cb",
    "https://evil.test/https://rp.test/cb",
    "https://sub.rp.test/cb",
    "https://rp.test.evil.test/cb",
    "https://evilrp.test/cb",
    "https://rp.tes/cb",
    "https://r\u{440}.test/cb",
    "https://rp\u{3002}test/cb",
    "https://xn--rp-test/cb",
    " https://rp.test/cb",
    "https://rp.test/cb ",
    "https://rp.test/cb\t",
    "https://rp.te\tst/cb",
    "https://rp.test/cb\n",
    "https://rp.test/cb\0",
    "\u{feff}https://rp.test/cb",
    "//rp.test/cb",
    "/cb",
    "https:rp.test/cb",
    "https:/rp.test/cb",
    "https:///rp.test/cb",
    "javascript:alert(1)//https://rp.test/cb",
    "data:text/html,https://rp.test/cb",
    "https://*.test/cb",
    "https://rp.test/*",
];

#[test]
fn oau_01_no_variant_of_a_registered_uri_is_accepted() {
    let uris = registered(&["https://rp.test/cb"]);
    assert!(VARIANTS.len() >= 40);
    for application_type in [Web, Native] {
        for variant in VARIANTS {
            let result = match_registered(&uris, variant, application_type);
            assert!(result.is_err(), "{variant:?}");
        }
        let exact = match_registered(&uris, "https://rp.test/cb", application_type).unwrap();
        assert_eq!(exact.as_str(), "https://rp.test/cb");
    }
}

#[test]
fn loopback_ports_vary_for_native_clients_only() {
    let uris = registered(&[
        "http://127.0.0.1/cb",
        "http://[::1]:80/cb",
        "http://localhost:3000/cb?x=1",
    ]);
    for uri in [
        "http://127.0.0.1:51004/cb",
        "http://127.0.0.1/cb",
        "http://[::1]:1/cb",
        "http://[::1]/cb",
        "http://localhost:65535/cb?x=1",
    ] {
        assert!(match_registered(&uris, uri, Native).is_ok(), "{uri}");
        let exact = uris.iter().any(|registered| registered == uri);
        assert_eq!(match_registered(&uris, uri, Web).is_ok(), exact, "{uri}");
    }
    for uri in [
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:080/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:+80/cb",
        "http://127.0.0.1:80@evil.test/cb",
        "http://127.0.0.1@evil.test/cb",
        "http://127.0.0.1.evil.test/cb",
        "http://127.0.0.1:80\\@evil.test/cb",
        "http://127.0.0.1:80#/cb",
        "http://127.0.0.2:80/cb",
        "http://127.1:80/cb",
        "http://0.0.0.0:80/cb",
        "http://localhost:80/cb",
        "http://localhost.evil.test:80/cb?x=1",
        "http://127.0.0.1:80/cb/",
        "http://127.0.0.1:80/other",
        "https://127.0.0.1:80/cb",
    ] {
        assert!(match_registered(&uris, uri, Native).is_err(), "{uri}");
    }
}

#[test]
fn what_may_be_registered() {
    for uri in [
        "https://rp.test/cb",
        "https://rp.test",
        "https://rp.test:8443/cb?tenant=a&x=%20",
        "https://192.0.2.1/cb",
        "http://localhost:8081/callback",
        "http://127.0.0.1/cb",
        "http://[::1]:8080/cb",
        "https://xn--bcher-kva.test/cb",
    ] {
        for application_type in [Web, Native] {
            let parsed = RegisteredRedirectUri::parse(uri, application_type);
            assert_eq!(
                parsed.map(RegisteredRedirectUri::into_string),
                Ok(uri.to_owned())
            );
        }
    }
    for uri in ["com.example.app:/cb", "com.example.app://cb/path?x=1"] {
        assert!(RegisteredRedirectUri::parse(uri, Native).is_ok(), "{uri}");
        assert_eq!(
            RegisteredRedirectUri::parse(uri, Web),
            Err(RedirectUriError::PrivateScheme)
        );
    }
}

#[test]
fn what_may_not_be_registered_and_why() {
    use RedirectUriError as E;
    let long = format!("https://rp.test/{}", "x".repeat(2048));
    for (uri, reason) in [
        ("", E::Empty),
        (long.as_str(), E::TooLong),
        ("/cb", E::NotAbsolute),
        ("//rp.test/cb", E::NotAbsolute),
        ("https:rp.test/cb", E::NotAbsolute),
        ("https:/rp.test/cb", E::NotAbsolute),
        ("HTTPS://rp.test/cb", E::NotAbsolute),
        ("https://", E::NotAbsolute),
        ("https:///cb", E::Host),
        ("https://rp.test/cb#x", E::Fragment),
        ("https://rp.test/cb#", E::Fragment),
        ("https://*.rp.test/cb", E::Wildcard),
        ("https://rp.test/*", E::Wildcard),
        ("https://user@rp.test/cb", E::UserInfo),
        ("https://user:pass@rp.test/cb", E::UserInfo),
        ("https://@rp.test/cb", E::UserInfo),
        ("com.example.app://user@host/cb", E::UserInfo),
        ("http://rp.test/cb", E::PlainHttp),
        ("http://127.0.0.2/cb", E::PlainHttp),
        ("http://10.0.0.1/cb", E::PlainHttp),
        ("http://localhost.evil.test/cb", E::PlainHttp),
        ("http://[::ffff:127.0.0.1]/cb", E::Host),
        ("http://2130706433/cb", E::Host),
        ("http://0x7f.1/cb", E::Host),
        ("http://127.1/cb", E::Host),
        ("https://RP.test/cb", E::Host),
        ("https://rp.test./cb", E::Host),
        ("https://%72p.test/cb", E::Host),
        ("https://rp.test:/cb", E::Port),
        ("https://rp.test:0/cb", E::Port),
        ("https://rp.test:0443/cb", E::Port),
        ("https://rp.test/a/../cb", E::DotSegment),
        ("https://rp.test/a/%2E./cb", E::DotSegment),
        ("https://rp.test/.", E::DotSegment),
        ("https://rp.test/a b", E::Character),
        ("https://rp.test/\\", E::Character),
        ("https://rp.test/%zz", E::Character),
        ("https://rp.test/%2", E::Character),
        ("https://r\u{440}.test/cb", E::Character),
        ("https://rp.test/\u{7f}", E::Character),
        ("javascript:alert(1)", E::DeniedScheme),
        ("JavaScript:alert(1)", E::DeniedScheme),
        ("data:text/html,x", E::DeniedScheme),
        ("file:///etc/passwd", E::DeniedScheme),
        ("vbscript:x", E::DeniedScheme),
        ("blob:https://rp.test/x", E::DeniedScheme),
        ("about:blank", E::DeniedScheme),
        ("ws://rp.test/cb", E::DeniedScheme),
        ("wss://rp.test/cb", E::DeniedScheme),
        ("ftp://rp.test/cb", E::DeniedScheme),
        ("view-source:https://rp.test", E::DeniedScheme),
        ("myapp:/cb", E::PrivateSchemeName),
        ("urn:ietf:wg:oauth:2.0:oob", E::PrivateSchemeName),
    ] {
        assert_eq!(
            RegisteredRedirectUri::parse(uri, Native),
            Err(reason),
            "{uri}"
        );
    }
}

#[test]
fn a_forbidden_uri_does_not_match_even_if_it_is_stored() {
    for uri in [
        "javascript:alert(1)",
        "http://rp.test/cb",
        "https://rp.test/cb#x",
        "https://*.rp.test/",
    ] {
        assert!(
            match_registered(&registered(&[uri]), uri, Native).is_err(),
            "{uri}"
        );
    }
}

#[test]
fn a_mismatch_points_at_the_first_difference() {
    let uris = registered(&[
        "https://other.test/x",
        "https://rp.test/callback",
        "https://rp.test/",
    ]);
    let mismatch = match_registered(&uris, "https://rp.test/callbacK", Web).unwrap_err();
    assert_eq!(
        mismatch.closest.as_deref(),
        Some("https://rp.test/callback")
    );
    assert_eq!(mismatch.first_difference, "https://rp.test/callbac".len());
    let longer = match_registered(&uris, "https://rp.test/callback/", Web).unwrap_err();
    assert_eq!(longer.first_difference, "https://rp.test/callback".len());
    let none = match_registered(&[], "https://rp.test/callback", Web).unwrap_err();
    assert_eq!((none.closest, none.first_difference), (None, 0));
}

#[test]
fn the_only_registered_uri_is_taken_when_none_is_presented() {
    let one = registered(&["https://rp.test/cb"]);
    assert_eq!(
        resolve(&one, None, Web).unwrap().as_str(),
        "https://rp.test/cb"
    );
    let two = registered(&["https://rp.test/cb", "https://rp.test/cb2"]);
    assert_eq!(resolve(&two, None, Web), Err(Unresolved::Missing));
    assert_eq!(resolve(&[], None, Web), Err(Unresolved::Missing));
}

#[test]
fn origins_are_what_a_content_security_policy_needs() {
    for (uri, origin) in [
        ("https://rp.test/cb?x=1", "https://rp.test"),
        ("https://rp.test:8443", "https://rp.test:8443"),
        ("http://[::1]:8080/cb", "http://[::1]:8080"),
        ("com.example.app:/cb", "com.example.app:"),
        ("com.example.app://cb", "com.example.app:"),
    ] {
        let verified = match_registered(&registered(&[uri]), uri, Native).unwrap();
        assert_eq!(verified.origin(), origin);
    }
}

proptest! {
    #[test]
    fn nothing_panics(uri in "\\PC{0,60}", registered in "\\PC{0,60}") {
        let _ = RegisteredRedirectUri::parse(&uri, Native);
        let _ = match_registered(std::slice::from_ref(&registered), &uri, Native);
    }

    #[test]
    fn only_what_is_equal_matches_a_web_client(uri in "https://rp\\.test[/a-c?.%@:#\\\\2e]{0,8}") {
        let uris = registered(&["https://rp.test/a"]);
        prop_assert_eq!(match_registered(&uris, &uri, Web).is_ok(), uri == "https://rp.test/a");
    }

    /// A browser goes where the loopback exception says it goes.
    #[test]
    fn a_native_match_stays_on_loopback(uri in "http://(127\\.0\\.0\\.1|localhost)[:@/.a0-9?]{0,10}/cb") {
        let uris = registered(&["http://127.0.0.1/cb", "http://localhost/cb"]);
        if match_registered(&uris, &uri, Native).is_ok() {
            let url = url::Url::parse(&uri).unwrap();
            prop_assert!(matches!(url.host_str(), Some("127.0.0.1" | "localhost")));
            prop_assert_eq!(url.path(), "/cb");
        }
    }

    #[test]
    fn first_difference_is_a_boundary_of_both(presented in "\\PC{0,40}", registered in "\\PC{1,40}") {
        let mismatch = match_registered(std::slice::from_ref(&registered), &presented, Web);
        if let Err(mismatch) = mismatch {
            prop_assert!(mismatch.presented.is_char_boundary(mismatch.first_difference));
            prop_assert!(registered.is_char_boundary(mismatch.first_difference));
        }
    }
}
