//! The choices a service has.

use std::sync::Arc;
use std::time::Duration;

use super::rules::Rules;
use super::verified_tokens::VerifiedTokens;
use super::{Inner, Verifier};
use crate::address;
use crate::clock::{Clock, SystemClock, millis};
use crate::fetch::Fetch;
use crate::jwk::Algorithm;
use crate::jwks_cache::JwksCache;
use crate::revocation::{Revocations, Settings, WhenUnknown};

const MAX_LENGTH: usize = 16 * 1024;
const LEEWAY: Duration = Duration::from_secs(5);
const MOST_LEEWAY: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_secs(2);
const COOLDOWN: Duration = Duration::from_secs(30);

/// Collects the choices for a [`Verifier`]. Only the audience is required.
pub struct VerifierBuilder {
    issuer: String,
    audiences: Vec<String>,
    algorithms: Vec<Algorithm>,
    leeway: Duration,
    max_length: usize,
    remembered: usize,
    poll: Option<Duration>,
    when_unknown: WhenUnknown,
    cooldown: Duration,
    sender_constrained: bool,
    fetch: Option<Arc<dyn Fetch>>,
    clock: Arc<dyn Clock>,
}

/// Why no verifier could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The issuer is not an https address (http is for the same machine only).
    #[error("the issuer must be an https address, or http on this machine")]
    Issuer,
    /// Without an audience any token of the issuer would do.
    #[error("an audience is required")]
    Audience,
    /// No algorithm is left.
    #[error("at least one algorithm is required")]
    Algorithms,
    /// More leeway than a minute.
    #[error("leeway beyond one minute")]
    Leeway,
    /// No HTTP client: the `reqwest` feature is off and none was given, or it could not start.
    #[error("no HTTP client: {0}")]
    Fetch(String),
}

impl VerifierBuilder {
    pub(super) fn new(issuer: String) -> Self {
        Self {
            issuer,
            audiences: Vec::new(),
            algorithms: Algorithm::ALL.to_vec(),
            leeway: LEEWAY,
            max_length: MAX_LENGTH,
            remembered: 0,
            poll: Some(POLL),
            when_unknown: WhenUnknown::default(),
            cooldown: COOLDOWN,
            sender_constrained: false,
            fetch: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// The resource tokens must be meant for. Called again, any one of them will do.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Only these algorithms; all four unless said otherwise.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// How far clocks may be apart at `exp`; five seconds unless said otherwise, at most a minute.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Longest token that is looked at, in bytes; 16 KiB unless said otherwise.
    #[must_use]
    pub fn max_length(mut self, bytes: usize) -> Self {
        self.max_length = bytes;
        self
    }

    /// Remembers up to this many verified tokens, to spare their signatures. Times, key and status
    /// are still checked at each use. Off (0) unless said otherwise.
    #[must_use]
    pub fn remember_verified(mut self, tokens: usize) -> Self {
        self.remembered = tokens;
        self
    }

    /// How old a status list may be; two seconds unless said otherwise.
    #[must_use]
    pub fn poll_status_list(mut self, every: Duration) -> Self {
        self.poll = Some(every);
        self
    }

    /// Does not look at status lists: revoked tokens then work until they expire.
    #[must_use]
    pub fn without_status_list(mut self) -> Self {
        self.poll = None;
        self
    }

    /// What to do when no current status list can be had; refuse unless said otherwise.
    #[must_use]
    pub fn when_status_unknown(mut self, when_unknown: WhenUnknown) -> Self {
        self.when_unknown = when_unknown;
        self
    }

    /// Time between fetches caused by unknown key names; thirty seconds unless said otherwise.
    #[must_use]
    pub fn refetch_cooldown(mut self, cooldown: Duration) -> Self {
        self.cooldown = cooldown;
        self
    }

    /// Lets tokens with `cnf` through. Choose it only where the proof of possession is checked too.
    #[must_use]
    pub fn accept_sender_constrained(mut self) -> Self {
        self.sender_constrained = true;
        self
    }

    /// Another HTTP client.
    #[must_use]
    pub fn fetch(mut self, fetch: impl Fetch) -> Self {
        self.fetch = Some(Arc::new(fetch));
        self
    }

    /// Another clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Makes the verifier. Nothing is fetched before the first token or [`Verifier::ready`].
    pub fn build(self) -> Result<Verifier, BuildError> {
        if !address::is_acceptable(&self.issuer) || self.issuer.contains('?') {
            return Err(BuildError::Issuer);
        }
        if self.audiences.is_empty() {
            return Err(BuildError::Audience);
        }
        if self.algorithms.is_empty() {
            return Err(BuildError::Algorithms);
        }
        if self.leeway > MOST_LEEWAY {
            return Err(BuildError::Leeway);
        }
        let fetch = match self.fetch {
            Some(fetch) => fetch,
            None => default_fetch()?,
        };
        let clock = self.clock;
        let keys = JwksCache::new(
            self.issuer.clone(),
            Arc::clone(&fetch),
            Arc::clone(&clock),
            self.cooldown,
        );
        let revocations = self.poll.map(|interval| {
            let settings = Settings {
                issuer: self.issuer.clone(),
                interval,
                leeway: self.leeway,
                when_unknown: self.when_unknown,
            };
            Revocations::new(settings, keys.clone(), fetch, Arc::clone(&clock))
        });
        let rules = Rules {
            issuer: self.issuer,
            audiences: self.audiences,
            leeway: millis(self.leeway) / 1000,
            sender_constrained: self.sender_constrained,
        };
        Ok(Verifier(Arc::new(Inner {
            rules,
            algorithms: self.algorithms,
            max_length: self.max_length,
            keys,
            revocations,
            verified: (self.remembered > 0).then(|| VerifiedTokens::new(self.remembered)),
            clock,
        })))
    }
}

#[cfg(feature = "reqwest")]
fn default_fetch() -> Result<Arc<dyn Fetch>, BuildError> {
    match crate::fetch::HttpFetch::new() {
        Ok(fetch) => Ok(Arc::new(fetch)),
        Err(error) => Err(BuildError::Fetch(error.to_string())),
    }
}

#[cfg(not(feature = "reqwest"))]
fn default_fetch() -> Result<Arc<dyn Fetch>, BuildError> {
    Err(BuildError::Fetch(
        "give one with VerifierBuilder::fetch".to_owned(),
    ))
}
