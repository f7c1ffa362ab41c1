//! The library as a relying service sees it, against a local issuer over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod keys;
mod layer;
mod mutants;
mod revocation;
mod tokens;

use identity_verify::testing::{LocalIssuer, ManualClock};
use identity_verify::verifier::{Verifier, VerifierBuilder};

pub(crate) const AUDIENCE: &str = "https://chat.acme.test";

pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) issuer: LocalIssuer,
}

impl World {
    pub(crate) async fn new() -> Self {
        let clock = ManualClock::new();
        Self {
            issuer: LocalIssuer::start_at(clock.clone()).await,
            clock,
        }
    }

    pub(crate) fn builder(&self) -> VerifierBuilder {
        Verifier::builder(self.issuer.issuer())
            .audience(AUDIENCE)
            .clock(self.clock.clone())
    }

    pub(crate) fn verifier(&self) -> Verifier {
        self.builder().build().unwrap()
    }

    pub(crate) fn good(&self) -> String {
        self.issuer.mint(&self.issuer.claims(AUDIENCE))
    }
}
