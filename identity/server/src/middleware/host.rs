//! Which host a request is for, and whether that is us.

use http::{HeaderMap, Uri, Version, header};

use super::answer::EdgeAnswer;
use crate::config::PublicUrl;
use crate::listen::Transport;

/// The longest host that is repeated back to the client.
const LONGEST_NAMED: usize = 255;

/// Refuses a request that names no host, two hosts, or another host. Forwarded headers have no say (RFC 9110 §7.2).
pub(super) fn check(
    public_url: &PublicUrl,
    uri: &Uri,
    headers: &HeaderMap,
    version: Version,
    transport: Transport,
) -> Result<(), EdgeAnswer> {
    let named = named(uri, headers, version)?;
    // The theme's files are the same for everybody and tell nothing; without them the page that says "wrong address" has no
    // styles, because a browser asks the wrong address for them too.
    if public_url.is_named_by(named) || uri.path().starts_with("/theme/") {
        return Ok(());
    }
    let scheme = match transport {
        Transport::Plain => "http",
        Transport::Tls => "https",
    };
    let printable = named.len() <= LONGEST_NAMED && !named.is_empty();
    let opened = if printable {
        format!("{scheme}://{named}")
    } else {
        "another address".to_owned()
    };
    Err(EdgeAnswer::WrongHost { opened })
}

/// The host as the client named it: the authority of an absolute-form target or of HTTP/2, else the one `Host` line.
fn named<'a>(
    uri: &'a Uri,
    headers: &'a HeaderMap,
    version: Version,
) -> Result<&'a str, EdgeAnswer> {
    let mut lines = headers.get_all(header::HOST).iter();
    let line = match (lines.next(), lines.next()) {
        (None, _) => None,
        (Some(line), None) => Some(
            line.to_str()
                .map_err(|_| EdgeAnswer::Malformed("The Host header is not plain text."))?,
        ),
        // RFC 9112 §3.2: more than one Host is answered 400; two readers might each pick another.
        (Some(_), Some(_)) => {
            return Err(EdgeAnswer::Malformed("There is more than one Host header."));
        }
    };
    match (uri.authority(), line) {
        // RFC 9112 §3.2.2: the target of an absolute-form request wins over Host. Where both are there and differ,
        // somebody in front may have decided by the other one, so neither is believed (RFC 9113 §8.3.1 says the same).
        (Some(authority), Some(line)) if !authority.as_str().eq_ignore_ascii_case(line) => Err(
            EdgeAnswer::Malformed("The Host header and the request target name different hosts."),
        ),
        (Some(authority), _) => Ok(authority.as_str()),
        (None, Some(line)) => Ok(line),
        // HTTP/1.0 may leave it out; then nobody named us.
        (None, None) if version == Version::HTTP_10 => Ok(""),
        (None, None) => Err(EdgeAnswer::Malformed("There is no Host header.")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "tests"
    )]
    use proptest::prelude::*;

    use super::*;

    fn verdict(uri: &str, hosts: &[&str], version: Version) -> u16 {
        let public: PublicUrl = "https://id.example.com".parse().unwrap();
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, host.parse().unwrap());
        }
        match check(
            &public,
            &uri.parse().unwrap(),
            &headers,
            version,
            Transport::Plain,
        ) {
            Ok(()) => 200,
            Err(answer) => answer.status().as_u16(),
        }
    }

    /// Names that are ours, almost ours, and anything.
    fn a_name() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::sample::select(vec![
                "id.example.com",
                "ID.example.COM",
                "id.example.com:443",
                "id.example.com:80",
                "id.example.com.",
                "evil@id.example.com",
                "id.example.com:443:443",
            ])
            .prop_map(str::to_owned),
            "[a-zA-Z0-9.:@_-]{0,20}",
            "[!-~]{1,30}",
        ]
    }

    proptest! {
        /// Whatever the target and the Host lines say: served is who names us in each of them, and once.
        #[test]
        fn net_06_only_who_names_us_everywhere_is_served(target in prop::option::of(a_name()), hosts in prop::collection::vec(a_name(), 0..3)) {
            let public: PublicUrl = "https://id.example.com".parse().unwrap();
            let uri = target.as_ref().map_or_else(|| "/a".to_owned(), |name| format!("https://{name}/a"));
            let (Ok(uri), Ok(lines)) = (uri.parse::<Uri>(), hosts.iter().map(|host| host.parse()).collect::<Result<Vec<_>, _>>()) else {
                return Ok(());
            };
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::HOST, line);
            }
            for version in [Version::HTTP_10, Version::HTTP_11, Version::HTTP_2] {
                let verdict = check(&public, &uri, &headers, version, Transport::Tls);
                let named: Vec<&str> = uri.authority().map(http::uri::Authority::as_str).into_iter().chain(hosts.iter().map(String::as_str)).collect();
                let ours = !named.is_empty() && hosts.len() < 2 && named.iter().all(|name| public.is_named_by(name));
                if verdict.is_ok() {
                    prop_assert!(ours, "{:?} {:?}", uri, hosts);
                }
                // Served is also who says it once; two that are ours in different spellings may be refused.
                if ours && named.len() == 1 {
                    prop_assert_eq!(verdict, Ok(()));
                }
            }
        }
    }

    #[test]
    fn only_the_host_of_public_url_is_served() {
        let own = "id.example.com";
        for (uri, hosts, wanted) in [
            ("/", vec![own], 200),
            ("/", vec!["ID.EXAMPLE.COM"], 200),
            ("/", vec!["id.example.com:443"], 200),
            ("https://id.example.com/", vec![own], 200),
            ("https://id.example.com/", vec![], 200),
            ("http://id.example.com/", vec![], 200),
            ("/", vec!["id.example.com."], 421),
            ("/", vec!["evil.example"], 421),
            ("/", vec!["id.example.com:8443"], 421),
            ("/", vec!["id.example.com@evil.example"], 421),
            ("/", vec![""], 421),
            ("https://evil.example/", vec![], 421),
            ("https://evil.example/", vec![own], 400),
            ("https://id.example.com/", vec!["evil.example"], 400),
            ("/", vec![], 400),
            ("/", vec![own, own], 400),
        ] {
            assert_eq!(
                verdict(uri, &hosts, Version::HTTP_11),
                wanted,
                "{uri} {hosts:?}"
            );
            if !(uri == "/" && hosts.is_empty()) {
                assert_eq!(
                    verdict(uri, &hosts, Version::HTTP_2),
                    wanted,
                    "HTTP/2 {uri} {hosts:?}"
                );
            }
        }
        assert_eq!(verdict("/", &[], Version::HTTP_10), 421);
    }
}
