//! Which addresses are acceptable for an issuer and what it points to.

use std::net::IpAddr;

use http::Uri;

/// Keys and lists decide who gets in, so they travel over https; plain http is for the same machine.
pub(crate) fn is_acceptable(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else {
        return false;
    };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    if authority.as_str().contains('@') || address.contains('#') {
        return false;
    }
    scheme == "https" || (scheme == "http" && is_loopback(authority.host()))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether an address lies below the issuer.
pub(crate) fn is_below(address: &str, issuer: &str) -> bool {
    address
        .strip_prefix(issuer.trim_end_matches('/'))
        .is_some_and(|rest| rest.starts_with('/') && is_acceptable(address))
}

#[cfg(test)]
mod tests {
    use super::{is_acceptable, is_below};

    #[test]
    fn only_https_and_loopback_are_acceptable() {
        for good in [
            "https://idp.test",
            "https://idp.test/realm",
            "http://127.0.0.1:8080",
            "http://[::1]:1",
        ] {
            assert!(is_acceptable(good), "{good}");
        }
        for bad in [
            "http://idp.test",
            "http://localhost.evil.test",
            "http://127.0.0.1@evil.test",
            "https://u:p@idp.test",
            "file:///etc/passwd",
            "/relative",
            "",
            "https://idp.test/#x",
        ] {
            assert!(!is_acceptable(bad), "{bad}");
        }
    }

    #[test]
    fn a_list_of_another_host_is_not_below_the_issuer() {
        assert!(is_below(
            "https://idp.test/oauth2/status/1",
            "https://idp.test"
        ));
        assert!(is_below(
            "https://idp.test/oauth2/status/1",
            "https://idp.test/"
        ));
        assert!(!is_below(
            "https://idp.test.evil.test/x",
            "https://idp.test"
        ));
        assert!(!is_below(
            "https://idp.test@evil.test/x",
            "https://idp.test"
        ));
        assert!(!is_below("https://other.test/x", "https://idp.test"));
    }
}
