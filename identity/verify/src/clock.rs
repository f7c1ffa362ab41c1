//! Where "now" comes from.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock. Tests pass their own; everything else uses [`SystemClock`].
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the Unix epoch.
    fn now(&self) -> i64;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> i64 {
        (**self).now()
    }
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn now(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_millis()).ok())
            .unwrap_or(0)
    }
}

/// Milliseconds from `then` to `now`. A clock that went backwards counts as "very long ago", so that
/// nothing is trusted longer because of it.
pub(crate) fn elapsed(then: i64, now: i64) -> i64 {
    if now < then {
        i64::MAX
    } else {
        now.saturating_sub(then)
    }
}

pub(crate) fn millis(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
