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
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use proptest::prelude::*;

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

    fn trusted() -> [IpNet; 2] {
        ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]
    }

    proptest! {
        /// Whatever a stranger writes into the header, the socket decides.
        #[test]
        fn net_01_an_untrusted_peer_is_never_replaced(lists in prop::collection::vec(".{0,80}", 0..4)) {
            let peer: IpAddr = "192.0.2.1".parse().unwrap();
            let lists = lists.iter().map(String::as_str);
            prop_assert_eq!(resolve(peer, lists, &trusted()), Ok(peer));
        }

        /// What stands left of the rightmost stranger is that stranger's own writing.
        #[test]
        fn net_02_whatever_stands_before_the_rightmost_stranger_changes_nothing(
            claimed in "[ -~]{0,80}",
            client in any::<[u8; 4]>(),
            hops in 0_usize..8,
        ) {
            let client = IpAddr::from(client);
            prop_assume!(!trusted()[0].contains(&client));
            let chain = ", 10.1.2.3".repeat(hops);
            let peer: IpAddr = "10.9.9.9".parse().unwrap();
            let list = format!("{claimed}, {client}{chain}");
            prop_assert_eq!(resolve(peer, [list.as_str()], &trusted()), Ok(client));
            // The same in lines of its own.
            let lists = [claimed.as_str(), &format!("{client}{chain}")];
            prop_assert_eq!(resolve(peer, lists, &trusted()), Ok(client));
        }

        /// From a trusted proxy: an address in its one form, or nothing.
        #[test]
        fn net_03_a_list_is_understood_or_refused(list in "[0-9a-f:.,\\[\\] %x]{0,60}") {
            let peer: IpAddr = "10.9.9.9".parse().unwrap();
            if let Ok(address) = resolve(peer, [list.as_str()], &trusted()) {
                prop_assert_eq!(address, address.to_canonical());
                let is_peer = address == peer;
                prop_assert!(is_peer || list.split(',').any(|entry| parse_entry(entry.trim()) == Ok(address)));
            }
        }
    }
}
