//! Every sign-in that begins is a row. This bounds how many begin (DOS-05): a flood meets 429 and not a full disk.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use identity_domain::time::{Duration, Timestamp};

/// Counted over so long.
const WINDOW: Duration = Duration::minutes(10);
/// From one network, IPv6 by /64: a large office behind one address stays far below.
const MOST_PER_NETWORK: u32 = 20_000;
/// From everywhere, on this node.
const MOST: u32 = 600_000;

/// Sign-ins that began in this window. Kept in memory: it protects this process's disk, and guards nothing that a restart may not forget.
#[derive(Default)]
pub struct Starts(Mutex<Window>);

#[derive(Default)]
struct Window {
    number: i64,
    total: u32,
    by_network: HashMap<String, u32>,
}

impl Starts {
    /// When `network` may begin again, if not now.
    pub fn blocked_until(&self, network: &str, now: Timestamp) -> Option<Timestamp> {
        let window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = window.by_network.get(network).copied().unwrap_or_default();
        let full = counted >= MOST_PER_NETWORK || window.total >= MOST;
        (full && window.number == number(now))
            .then(|| Timestamp((window.number + 1).saturating_mul(WINDOW.0)))
    }

    /// Counts one that began.
    pub fn count(&self, network: String, now: Timestamp) {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if window.number != number(now) {
            *window = Window {
                number: number(now),
                ..Window::default()
            };
        }
        window.total = window.total.saturating_add(1);
        let counted = window.by_network.entry(network).or_default();
        *counted = counted.saturating_add(1);
    }
}

const fn number(now: Timestamp) -> i64 {
    now.0.div_euclid(WINDOW.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dos_05_one_network_is_stopped_until_the_window_ends_and_others_are_not() {
        let (starts, now) = (Starts::default(), Timestamp(WINDOW.0 * 7 + 5));
        for _ in 0..MOST_PER_NETWORK {
            assert_eq!(starts.blocked_until("192.0.2.1", now), None);
            starts.count("192.0.2.1".to_owned(), now);
        }
        let end = Timestamp(WINDOW.0 * 8);
        assert_eq!(starts.blocked_until("192.0.2.1", now), Some(end));
        assert_eq!(starts.blocked_until("192.0.2.2", now), None);
        assert_eq!(starts.blocked_until("192.0.2.1", end), None);
        starts.count("192.0.2.1".to_owned(), end);
        assert_eq!(starts.blocked_until("192.0.2.1", end), None);
    }

    #[test]
    fn dos_05_many_networks_together_are_stopped_too() {
        let (starts, now) = (Starts::default(), Timestamp(5));
        for network in 0..MOST {
            starts.count((network % 1_000).to_string(), now);
        }
        assert!(starts.blocked_until("192.0.2.9", now).is_some());
    }
}
