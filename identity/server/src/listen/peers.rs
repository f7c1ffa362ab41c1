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

/// Places that nobody has.
#[derive(Clone, Copy, Debug)]
pub(super) enum Left {
    /// Enough for everybody.
    Many,
    /// They are scarce: so many, with the one that is asked for.
    Few(usize),
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

    /// Counts one more connection; `None` when places are scarce, only so many are `left`, and the peer has its share of them. Nobody holds
    /// more than are left: however many peers fill the listener, they stop before the last place, and a newcomer gets one.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr, left: Left) -> Option<Place> {
        let network = network_of(peer);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(network).or_default();
        let has_its_share = match left {
            Left::Many => false,
            Left::Few(left) => self.share.is_some_and(|share| *count >= share.min(left)),
        };
        if has_its_share && !self.is_proxy(peer) {
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

    const FEW: Left = Left::Few(1000);

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn dos_02_a_share_counts_only_while_places_are_scarce_and_ends_with_the_connection() {
        let peers = Peers::new(Some(2), vec!["10.0.0.0/8".parse().unwrap()]);
        let one = ip("203.0.113.7");
        let mut places: Vec<_> = (0..5)
            .map(|_| peers.admit(one, Left::Many).unwrap())
            .collect();
        assert!(peers.admit(one, FEW).is_none());
        // Others, and proxies, are served.
        let other = peers.admit(ip("203.0.113.8"), FEW).unwrap();
        let proxied: Vec<_> = (0..9)
            .map(|_| peers.admit(ip("10.1.2.3"), FEW).unwrap())
            .collect();
        places.truncate(2);
        assert!(peers.admit(one, FEW).is_none());
        places.truncate(1);
        places.push(peers.admit(one, FEW).unwrap());
        drop((places, other, proxied));
        assert!(peers.held.lock().unwrap().is_empty());
    }

    #[test]
    fn dos_02_many_peers_together_leave_places_for_others() {
        let places = 8192_usize;
        let peers = Peers::new(Some(places / 8), Vec::new());
        let mut held = Vec::new();
        // Each takes all it gets, again and again.
        for round in 0..places / 8 {
            for peer in 0..64 {
                let left = places - held.len();
                let left = if left <= places / 8 {
                    Left::Few(left)
                } else {
                    Left::Many
                };
                let address = IpAddr::from([203, 0, 113, peer]);
                held.extend(peers.admit(address, left));
            }
            assert!(places - held.len() > places / 65 / 2, "round {round}");
        }
        let left = Left::Few(places - held.len());
        assert!(peers.admit(ip("198.51.100.1"), left).is_some());
        assert!(peers.admit(ip("203.0.113.7"), left).is_none());
    }

    #[test]
    fn dos_02_a_v6_customer_and_a_mapped_v4_address_are_one_peer() {
        let peers = Peers::new(Some(1), Vec::new());
        let _held = [
            peers.admit(ip("2001:db8:1:2::1"), FEW).unwrap(),
            peers.admit(ip("203.0.113.7"), FEW).unwrap(),
        ];
        assert!(peers.admit(ip("2001:db8:1:2:ffff::9"), FEW).is_none());
        assert!(peers.admit(ip("::ffff:203.0.113.7"), FEW).is_none());
        assert!(peers.admit(ip("2001:db8:1:3::1"), FEW).is_some());
    }
}
