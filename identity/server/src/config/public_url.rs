//! The one setting from which issuer, cookies, links and the accepted host derive.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::{Host, Url};

/// The address under which people and services reach this provider. Never taken from a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
    text: String,
    authority: String,
}

impl PublicUrl {
    /// Without a trailing slash: also the issuer (OIDC Discovery §3) and the origin (RFC 6454 §6.2).
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As a URL with the path `/`.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Host, and the port unless it is the scheme's own: what a correct `Host` header says.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether browsers reach us by TLS, here or at a proxy. Decides HSTS and `Secure`.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `::1`, matched as a whole.
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
            None => false,
        }
    }

    /// Whether `host`, as a client sent it, names this provider: same host, same port once the scheme's own is left out.
    pub fn is_named_by(&self, host: &str) -> bool {
        let default = match (self.is_https(), host.rsplit_once(':')) {
            (true, Some((name, "443"))) | (false, Some((name, "80"))) => name,
            _ => host,
        };
        default.eq_ignore_ascii_case(&self.authority)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| {
            format!("is no URL ({error}); write it like https://id.example.com")
        })?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(format!(
                "has the scheme `{}`; use https (http only on this machine or behind a proxy)",
                url.scheme()
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not hold a user name or password".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("must not have a query or fragment".to_owned());
        }
        if url.path() != "/" {
            return Err(format!(
                "must not have a path (`{}`): cookies and links belong to a whole host",
                url.path()
            ));
        }
        let host = url.host_str().unwrap_or_default();
        if host.ends_with('.') {
            return Err("must not end in a dot".to_owned());
        }
        let authority = url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let text = format!("{}://{authority}", url.scheme());
        Ok(Self {
            url,
            text,
            authority,
        })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

text_setting!(PublicUrl, { "type": "string", "format": "uri" });

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "tests"
    )]
    use super::*;

    #[test]
    fn the_issuer_has_no_trailing_slash_and_no_default_port() {
        for (given, wanted) in [
            ("https://id.example.com", "https://id.example.com"),
            ("https://ID.example.com:443/", "https://id.example.com"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(given.parse::<PublicUrl>().unwrap().as_str(), wanted);
        }
    }

    #[test]
    fn what_cannot_be_an_issuer_is_refused() {
        for given in [
            "id.example.com",
            "ftp://id.example.com",
            "https://u:p@id.example.com",
            "https://id.example.com/path",
            "https://id.example.com/?a",
            "https://id.example.com/#a",
            "https://id.example.com.",
        ] {
            assert!(given.parse::<PublicUrl>().is_err(), "{given}");
        }
    }

    #[test]
    fn loopback_is_an_exact_match() {
        for (given, wanted) in [
            ("http://localhost:1", true),
            ("http://127.0.0.9", true),
            ("http://[::1]", true),
            ("http://localhost.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(
                given.parse::<PublicUrl>().unwrap().is_loopback(),
                wanted,
                "{given}"
            );
        }
    }

    #[test]
    fn a_host_is_compared_whole() {
        let url: PublicUrl = "https://id.example.com".parse().unwrap();
        assert!(url.is_named_by("id.example.com"));
        assert!(url.is_named_by("ID.Example.com:443"));
        for other in [
            "id.example.com.",
            "id.example.com:80",
            "xid.example.com",
            "id.example.com:443:443",
            "",
            ":443",
        ] {
            assert!(!url.is_named_by(other), "{other}");
        }
    }
}
