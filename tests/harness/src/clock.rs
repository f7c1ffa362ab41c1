//! A clock that only a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use identity_domain::ports;
use identity_domain::time::Timestamp;

/// Starts at the present second and stands still until it is moved. Clones share the time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// Standing at the present second, so that a verifier with a real clock accepts what is issued.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the harness meets the calendar"
    )]
    pub fn starting_now() -> Self {
        let seconds = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .expect("after 1970")
            .as_secs();
        Self(Arc::new(AtomicI64::new(
            i64::try_from(seconds).expect("fits") * 1000,
        )))
    }

    /// Moves forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::SeqCst);
    }

    /// Moves backward, as a corrected system clock would.
    pub fn turn_back(&self, by: Duration) {
        self.0.fetch_sub(millis(by), Ordering::SeqCst);
    }

    /// The instant so much later, in the form of RFC 3339.
    pub fn rfc3339_in(&self, span: Duration) -> String {
        Timestamp(self.0.load(Ordering::SeqCst) + millis(span)).rfc3339()
    }

    /// Whole seconds since the epoch: the unit of `iat` and `exp`.
    pub fn seconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst).div_euclid(1000)
    }
}

impl ports::Clock for Clock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).expect("fits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use identity_domain::ports::Clock as _;

    #[test]
    fn clones_share_the_time_and_it_moves_only_when_told() {
        let clock = Clock::starting_now();
        let (other, before) = (clock.clone(), clock.now());
        assert_eq!(other.now(), before);
        clock.advance(Duration::from_secs(61));
        assert_eq!(other.now().millis() - before.millis(), 61_000);
        clock.turn_back(Duration::from_secs(1));
        assert_eq!(other.seconds(), before.seconds() + 60);
    }
}
