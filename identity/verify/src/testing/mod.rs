//! A local issuer for tests of relying services.
//!
//! It serves discovery, keys and a status list on a free port of this machine and mints whatever
//! tokens a test needs, good and bad.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use identity_verify::{Verifier, testing::LocalIssuer};
//!
//! let issuer = LocalIssuer::start().await;
//! let verifier = Verifier::builder(issuer.issuer()).audience("https://chat.acme.test").build().unwrap();
//! let token = issuer.mint(&issuer.claims("https://chat.acme.test"));
//! assert_eq!(verifier.verify(&token).await.unwrap().subject(), "ana");
//! # });
//! ```

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    reason = "support for tests: a broken set-up ends the test, and keys are made on the spot"
)]

mod issuer;
mod signing;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

pub use issuer::LocalIssuer;
pub use signing::SigningKey;

use crate::clock::{Clock, SystemClock, millis};

/// A clock that stands still until it is told to move; clones are the same clock.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows the current time.
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(SystemClock.now())))
    }

    /// Moves forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::AcqRel);
    }

    /// Moves backward.
    pub fn set_back(&self, by: Duration) {
        self.0.fetch_sub(millis(by), Ordering::AcqRel);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Acquire)
    }
}
