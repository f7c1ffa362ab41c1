//! How many connections each peer holds, so that none holds them all.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;
use tokio::sync::Notify;

/// Connections by peer. IPv6 counts by /64, which one customer owns as a whole.
#[derive(Debug)]
pub(super) struct Peers {
    /// Most connections of one peer once places are scarce; `None` where only proxies connect.
    share: Option<usize>,
    /// Behind these are many people: no share is held against them.
    proxies: Vec<IpNet>,
    held: Mutex<Holders>,
}

#[derive(Debug, Default)]
struct Holders {
    networks: HashMap<IpAddr, Held>,
    /// The number of the place given last.
    last: u64,
    /// Told to go, and not gone yet, over all networks.
    leaving: usize,
}

/// What one network holds.
#[derive(Debug, Default)]
struct Held {
    /// The oldest first, each with what tells it to go.
    staying: BTreeMap<u64, Arc<Notify>>,
    /// Told to go, and not gone yet.
    leaving: usize,
}

impl Held {
    fn count(&self) -> usize {
        self.staying.len() + self.leaving
    }

    fn give_up_oldest(&mut self) {
        if let Some((_, wanted_back)) = self.staying.pop_first() {
            self.leaving += 1;
            wanted_back.notify_one();
        }
    }
}

/// So many may be on their way out at once, however few places are left; more only as long as fewer are than are left.
const AT_ONCE: usize = 16;

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
    number: u64,
    wanted_back: Arc<Notify>,
}

impl Place {
    /// Returns when somebody who holds less needs the place.
    pub(super) async fn wanted_back(&self) {
        self.wanted_back.notified().await;
    }
}

impl Peers {
    pub(super) fn new(share: Option<usize>, proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self {
            share,
            proxies,
            held: Mutex::default(),
        })
    }

    fn held(&self) -> MutexGuard<'_, Holders> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one more connection; `None` when places are scarce, only so many are `left`, and the peer has its share of them. Nobody is given
    /// more than are left, and while they are scarce each place given to a peer with little is taken back from the one with most: however
    /// many peers fill the listener, and whatever they do to stay, a newcomer gets one.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr, left: Left) -> Option<Place> {
        let network = network_of(peer);
        let shared_by_many = self.is_proxy(peer);
        let mut held = self.held();
        let count = held.networks.get(&network).map_or(0, Held::count);
        if let (Left::Few(left), Some(share)) = (left, self.share) {
            if !shared_by_many && count >= share.min(left) {
                return None;
            }
            if held.leaving < left.max(AT_ONCE) {
                self.take_back(&mut held, count + 1);
            }
        }
        held.last += 1;
        let number = held.last;
        let wanted_back = Arc::new(Notify::new());
        let of_network = held.networks.entry(network).or_default();
        of_network.staying.insert(number, Arc::clone(&wanted_back));
        Some(Place {
            peers: Arc::clone(self),
            network,
            number,
            wanted_back,
        })
    }

    /// Tells the oldest connection of whoever holds most to go, if that is more than the newcomer will have.
    fn take_back(&self, held: &mut Holders, newcomers: usize) {
        let most = held
            .networks
            .iter_mut()
            .filter(|(network, _)| !self.is_proxy(**network))
            .max_by_key(|(_, held)| held.staying.len());
        if let Some((_, most)) = most
            && most.staying.len() > newcomers
        {
            most.give_up_oldest();
            held.leaving += 1;
        }
    }

    fn is_proxy(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.proxies.iter().any(|network| network.contains(&peer))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut guard = self.peers.held();
        let held = &mut *guard;
        if let Some(of_network) = held.networks.get_mut(&self.network) {
            if of_network.staying.remove(&self.number).is_none() {
                of_network.leaving -= 1;
                held.leaving -= 1;
            }
            if of_network.count() == 0 {
                held.networks.remove(&self.network);
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
        assert!(peers.held().networks.is_empty());
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
    fn dos_02_while_places_are_scarce_whoever_holds_most_gives_some_back() {
        use std::collections::VecDeque;

        let places = 256_usize;
        let peers = Peers::new(Some(places / 8), Vec::new());
        let mut held: VecDeque<Place> = VecDeque::new();
        let left = |held: &VecDeque<Place>| match places.saturating_sub(held.len()) {
            left if left <= places / 8 => Left::Few(left + 1),
            _ => Left::Many,
        };
        // Each takes all it gets, one after the other, and goes only when it is told to.
        for attacker in 0..40 {
            let address = IpAddr::from([203, 0, 113, attacker]);
            for _ in 0..places {
                let left = left(&held);
                held.extend(peers.admit(address, left));
                held.retain(|place| !is_wanted_back(place));
            }
        }
        for newcomer in 0..100 {
            let address = IpAddr::from([198, 51, 100, newcomer]);
            assert!(held.len() < places, "newcomer {newcomer}");
            held.push_back(peers.admit(address, left(&held)).unwrap());
            held.retain(|place| !is_wanted_back(place));
        }
        // Whoever came with one connection keeps it.
        let newcomers = held
            .iter()
            .filter(|place| place.network.to_string().starts_with("198."));
        assert_eq!(newcomers.count(), 100);
    }

    /// Whether the place was asked for.
    fn is_wanted_back(place: &Place) -> bool {
        use std::future::Future as _;
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        std::pin::pin!(place.wanted_back())
            .poll(&mut context)
            .is_ready()
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
