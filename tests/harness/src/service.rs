//! A service as any customer would build it: it checks tokens with `identity-verify` and asks nobody about them.

use std::time::Duration;

use identity_verify::fetch::HttpFetch;
pub use identity_verify::{Token, Verifier, VerifyError};

use crate::app::App;
use crate::clock::Clock;

/// The longest that a service goes without looking at the status list, unless it chooses otherwise.
pub const POLL: Duration = Duration::from_secs(2);

impl identity_verify::clock::Clock for Clock {
    fn now(&self) -> i64 {
        identity_domain::ports::Clock::now(self).millis()
    }
}

impl App {
    /// A verifier with everything as it is by default, for one audience, living in the test's time.
    pub fn verifier(&self, audience: &str) -> Verifier {
        Verifier::builder(&self.issuer)
            .audience(audience)
            .fetch(HttpFetch::with_client(self.network.client()))
            .clock(self.clock.clone())
            .build()
            .expect("a verifier")
    }
}
