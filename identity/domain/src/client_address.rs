//! The one client-address resolver: rate limits, rules, audit and mails all see the same address.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

/// Most entries of a forwarded list that are looked at.
const MAX_HOPS: usize = 32;

/// A forwarded list from a trusted proxy that cannot be understood. Fails closed: the request has no usable address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed forwarded address list")]
pub struct MalformedForwarding;

/// The address of whoever really asks.
///
/// It is the peer's unless the peer is a trusted proxy; then the `X-Forwarded-For` values (in the order received) are walked from the
/// right, and the first address that is no trusted proxy counts. IPv4-mapped IPv6 is made IPv4 before any comparison.
/// No other header is ever read. A malformed list from a trusted proxy is an error, never a guess.
pub fn resolve<'a>(
    peer: IpAddr,
    forwarded_for: impl IntoIterator<Item = &'a str>,
    trusted: &[IpNet],
) -> Result<IpAddr, MalformedForwarding> {
    let peer = peer.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    if !is_trusted(peer) {
        return Ok(peer);
    }
    let values: Vec<&str> = forwarded_for.into_iter().collect();
    let mut nearest = peer;
    for (hops, entry) in values
        .iter()
        .rev()
        .flat_map(|value| value.rsplit(','))
        .enumerate()
    {
        if hops >= MAX_HOPS {
            return Err(MalformedForwarding);
        }
        nearest = parse_entry(entry.trim())?;
        if !is_trusted(nearest) {
            return Ok(nearest);
        }
    }
    Ok(nearest)
}

/// An address with or without a port; IPv6 with a port stands in brackets. Zone ids, short and octal forms are refused by the parser.
fn parse_entry(entry: &str) -> Result<IpAddr, MalformedForwarding> {
    let bare = entry
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(entry);
    bare.parse::<IpAddr>()
        .or_else(|_| entry.parse::<SocketAddr>().map(|address| address.ip()))
        .map(|address| address.to_canonical())
        .map_err(|_| MalformedForwarding)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn ask(peer: &str, lists: &[&str]) -> Result<String, MalformedForwarding> {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        resolve(peer.parse().unwrap(), lists.iter().copied(), &trusted).map(|ip| ip.to_string())
    }

    #[test]
    fn net_01_without_a_trusted_proxy_the_peer_counts() {
        assert_eq!(
            ask("198.51.100.7", &["203.0.113.5"]).unwrap(),
            "198.51.100.7"
        );
        assert_eq!(
            ask("::ffff:198.51.100.7", &["203.0.113.5"]).unwrap(),
            "198.51.100.7"
        );
    }

    #[test]
    fn net_02_behind_a_trusted_proxy_the_rightmost_untrusted_address_counts() {
        for (lists, expected) in [
            (vec!["203.0.113.5, 198.51.100.7"], "198.51.100.7"),
            (
                vec!["203.0.113.5", "198.51.100.7, 10.1.1.1"],
                "198.51.100.7",
            ),
            (vec!["203.0.113.5, 10.2.2.2,10.3.3.3"], "203.0.113.5"),
            (vec![], "10.9.9.9"),
            (vec!["10.1.1.1"], "10.1.1.1"),
        ] {
            assert_eq!(ask("10.9.9.9", &lists).unwrap(), expected, "{lists:?}");
        }
    }

    #[test]
    fn net_03_forms_are_canonicalised_or_fail_closed() {
        assert_eq!(
            ask("10.9.9.9", &["::ffff:203.0.113.5"]).unwrap(),
            "203.0.113.5"
        );
        assert_eq!(
            ask("10.9.9.9", &["[2001:db8::1]:443"]).unwrap(),
            "2001:db8::1"
        );
        assert_eq!(
            ask("10.9.9.9", &["203.0.113.5:8080"]).unwrap(),
            "203.0.113.5"
        );
        for bad in [
            "",
            "unknown",
            "_hidden",
            "fe80::1%eth0",
            "0313.0.113.5",
            "203.113.5",
            "203.0.113.5,",
            "\u{0}",
            "203.0.113.5 198.51.100.7",
        ] {
            assert_eq!(ask("10.9.9.9", &[bad]), Err(MalformedForwarding), "{bad:?}");
        }
        let many = vec!["10.1.1.1"; 5000].join(",");
        assert_eq!(ask("10.9.9.9", &[&many]), Err(MalformedForwarding));
    }
}
