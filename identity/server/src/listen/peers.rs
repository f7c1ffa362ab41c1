//! How many connections each peer holds, so that none holds them all.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

/// Connections by peer. IPv6 counts by /64, which one customer owns as a whole.
#[derive(Debug)]
pub(super) struct Peers {
    /// Most connections of one peer once places are scarce; `None` where only proxies connect.
    share: Option<usize>,
    /// Behind these are many people: no share is held against them.
    proxies: Vec<IpNet>,
    held: Mutex<HashMap<IpAddr, usize>>,
}

/// A place that a peer takes, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    peers: Arc<Peers>,
    network: IpAddr,
}

impl Peers {
    pub(super) fn new(share: Option<usize>, proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self {
            share,
            proxies,
            held: Mutex::default(),
        })
    }

    /// Counts one more connection; `None` when places are scarce and the peer has its share of them.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr, is_scarce: bool) -> Option<Place> {
        let network = network_of(peer);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(network).or_default();
        let has_its_share = self.share.is_some_and(|share| *count >= share);
        if is_scarce && has_its_share && !self.is_proxy(peer) {
            return None;
        }
        *count += 1;
        Some(Place {
            peers: Arc::clone(self),
            network,
        })
    }

    fn is_proxy(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.proxies.iter().any(|network| network.contains(&peer))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let held = self.peers.held.lock();
        let mut held = held.unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.network);
            }
        }
    }
}

fn network_of(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn dos_02_a_share_counts_only_while_places_are_scarce_and_ends_with_the_connection() {
        let peers = Peers::new(Some(2), vec!["10.0.0.0/8".parse().unwrap()]);
        let one = ip("203.0.113.7");
        let mut places: Vec<_> = (0..5).map(|_| peers.admit(one, false).unwrap()).collect();
        assert!(peers.admit(one, true).is_none());
        // Others, and proxies, are served.
        let other = peers.admit(ip("203.0.113.8"), true).unwrap();
        let proxied: Vec<_> = (0..9)
            .map(|_| peers.admit(ip("10.1.2.3"), true).unwrap())
            .collect();
        places.truncate(2);
        assert!(peers.admit(one, true).is_none());
        places.truncate(1);
        places.push(peers.admit(one, true).unwrap());
        drop((places, other, proxied));
        assert!(peers.held.lock().unwrap().is_empty());
    }

    #[test]
    fn dos_02_a_v6_customer_and_a_mapped_v4_address_are_one_peer() {
        let peers = Peers::new(Some(1), Vec::new());
        let _held = [
            peers.admit(ip("2001:db8:1:2::1"), true).unwrap(),
            peers.admit(ip("203.0.113.7"), true).unwrap(),
        ];
        assert!(peers.admit(ip("2001:db8:1:2:ffff::9"), true).is_none());
        assert!(peers.admit(ip("::ffff:203.0.113.7"), true).is_none());
        assert!(peers.admit(ip("2001:db8:1:3::1"), true).is_some());
    }
}
