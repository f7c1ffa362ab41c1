//! The issuer's keys, kept at hand.
//!
//! - The last good keys stay when a refresh fails: an outage of the issuer is not an outage of everybody.
//! - `Cache-Control: max-age` and the entity tag are honoured. Refreshing starts at four fifths of the
//!   age, beside the requests; only after the full age does a request wait for it.
//! - An unknown `kid` causes a fetch, but at most one per cool-down, whoever asks and how often.
//! - Fetches are single-flight, reads are one atomic load, and no lock is held across an await.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::clock::{Clock, elapsed, millis};
use crate::discovery;
use crate::error::VerifyError;
use crate::fetch::{Fetch, FetchError, FetchRequest};
use crate::jwk::{KeySet, PublicKey};
use crate::single_flight::SingleFlight;

const MAX_BYTES: usize = 256 * 1024;
const DEFAULT_MAX_AGE: i64 = 5 * 60 * 1000;
const SHORTEST_MAX_AGE: i64 = 10 * 1000;
const LONGEST_MAX_AGE: i64 = 24 * 60 * 60 * 1000;
/// Metadata is read again after this long, in case the keys moved.
const METADATA_MAX_AGE: i64 = 60 * 60 * 1000;
/// Between attempts while there are no keys at all.
const FIRST_RETRY: i64 = 1000;
const NEVER: i64 = i64::MIN;

/// Keys of one issuer; cheap to clone, all clones share the keys.
#[derive(Clone)]
pub struct JwksCache(Arc<Inner>);

struct Inner {
    issuer: String,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    cooldown: i64,
    snapshot: ArcSwap<Snapshot>,
    flight: SingleFlight,
    failing: AtomicBool,
    failed_at: AtomicI64,
    unknown_kid_at: AtomicI64,
}

#[derive(Clone)]
struct Snapshot {
    keys: Option<KeySet>,
    jwks_uri: Option<String>,
    discovered_at: i64,
    etag: Option<String>,
    loaded_at: i64,
    max_age: i64,
}

impl JwksCache {
    /// Keys of the issuer, not loaded yet.
    pub fn new(
        issuer: String,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        cooldown: Duration,
    ) -> Self {
        let nothing = Snapshot {
            keys: None,
            jwks_uri: None,
            discovered_at: NEVER,
            etag: None,
            loaded_at: NEVER,
            max_age: 0,
        };
        Self(Arc::new(Inner {
            issuer,
            fetch,
            clock,
            cooldown: millis(cooldown),
            snapshot: ArcSwap::from_pointee(nothing),
            flight: SingleFlight::default(),
            failing: AtomicBool::new(false),
            failed_at: AtomicI64::new(NEVER),
            unknown_kid_at: AtomicI64::new(NEVER),
        }))
    }

    /// The key of that name.
    pub async fn key(&self, kid: &str) -> Result<Arc<PublicKey>, VerifyError> {
        self.freshen().await;
        match self.known(kid) {
            Err(VerifyError::UnknownKey) => {}
            decided => return decided,
        }
        if self.may_look_for_unknown_kid() {
            self.refresh().await;
        } else {
            self.0.flight.join().await;
        }
        self.known(kid)
    }

    /// Loads the keys if there are none; whether there are some now.
    pub async fn ready(&self) -> bool {
        self.freshen().await;
        self.0.snapshot.load().keys.is_some()
    }

    fn known(&self, kid: &str) -> Result<Arc<PublicKey>, VerifyError> {
        let snapshot = self.0.snapshot.load();
        let keys = snapshot.keys.as_ref().ok_or(VerifyError::KeysUnavailable)?;
        keys.get(kid).cloned().ok_or(VerifyError::UnknownKey)
    }

    async fn freshen(&self) {
        let now = self.0.clock.now();
        let (loaded, age, max_age) = {
            let snapshot = self.0.snapshot.load();
            (
                snapshot.keys.is_some(),
                elapsed(snapshot.loaded_at, now),
                snapshot.max_age,
            )
        };
        if loaded && age < max_age / 5 * 4 {
            return;
        }
        let failing = self.0.failing.load(Ordering::Acquire);
        let pause = if loaded { self.0.cooldown } else { FIRST_RETRY };
        if failing && elapsed(self.0.failed_at.load(Ordering::Acquire), now) < pause {
            return;
        }
        let landed = self.refresh();
        // While the issuer is down, requests go on with the last good keys instead of waiting.
        if !loaded || (age >= max_age && !failing) {
            landed.await;
        }
    }

    /// One fetch per cool-down, or anybody could make us call the issuer with invented names.
    fn may_look_for_unknown_kid(&self) -> bool {
        let now = self.0.clock.now();
        let last = self.0.unknown_kid_at.load(Ordering::Acquire);
        elapsed(last, now) >= self.0.cooldown
            && self
                .0
                .unknown_kid_at
                .compare_exchange(last, now, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
    }

    fn refresh(&self) -> impl Future<Output = ()> + Send + use<> {
        let inner = Arc::clone(&self.0);
        self.0.flight.start(async move { inner.refresh().await })
    }
}

impl Inner {
    async fn refresh(&self) {
        match self.load().await {
            Ok(snapshot) => {
                self.snapshot.store(Arc::new(snapshot));
                self.failing.store(false, Ordering::Release);
            }
            Err(error) => {
                tracing::warn!(issuer = %self.issuer, %error, "issuer keys not refreshed");
                self.failed_at.store(self.clock.now(), Ordering::Release);
                self.failing.store(true, Ordering::Release);
            }
        }
    }

    async fn load(&self) -> Result<Snapshot, FetchError> {
        let current = self.snapshot.load_full();
        let (jwks_uri, discovered_at) = self.locate(&current).await?;
        let known_etag = current.keys.as_ref().and(current.etag.clone());
        let request = FetchRequest {
            url: jwks_uri.clone(),
            accept: "application/jwk-set+json, application/json",
            if_none_match: known_etag.clone(),
            max_bytes: MAX_BYTES,
        };
        let response = self.fetch.get(request).await?;
        let (keys, etag) = match response.status {
            200 => {
                let keys = KeySet::from_json(&response.body)
                    .map_err(|error| FetchError(error.to_string()))?;
                (Some(keys), response.etag)
            }
            304 if known_etag.is_some() => (current.keys.clone(), known_etag),
            status => return Err(FetchError(format!("keys answered {status}"))),
        };
        Ok(Snapshot {
            keys,
            jwks_uri: Some(jwks_uri),
            discovered_at,
            etag,
            loaded_at: self.clock.now(),
            max_age: max_age(response.cache_control.as_deref()),
        })
    }

    /// The address of the keys: known for an hour, asked for again when a refresh failed.
    async fn locate(&self, current: &Snapshot) -> Result<(String, i64), FetchError> {
        let now = self.clock.now();
        let young = elapsed(current.discovered_at, now) < METADATA_MAX_AGE;
        match &current.jwks_uri {
            Some(known) if young && !self.failing.load(Ordering::Acquire) => {
                Ok((known.clone(), current.discovered_at))
            }
            _ => Ok((
                discovery::jwks_uri(self.fetch.as_ref(), &self.issuer).await?,
                now,
            )),
        }
    }
}

/// RFC 9111 §5.2.2, within bounds: neither a storm of fetches nor keys for ever.
fn max_age(cache_control: Option<&str>) -> i64 {
    let mut age = DEFAULT_MAX_AGE;
    for directive in cache_control.unwrap_or_default().split(',') {
        let (name, value) = directive
            .trim()
            .split_once('=')
            .unwrap_or((directive.trim(), ""));
        if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
            return SHORTEST_MAX_AGE;
        }
        if name.eq_ignore_ascii_case("max-age") {
            let seconds = value.trim_matches('"').parse::<i64>().unwrap_or(0);
            age = seconds.saturating_mul(1000);
        }
    }
    age.clamp(SHORTEST_MAX_AGE, LONGEST_MAX_AGE)
}

#[cfg(test)]
mod tests {
    use super::max_age;

    #[test]
    fn max_age_is_honoured_within_bounds() {
        for (header, expected) in [
            (None, 300_000),
            (Some("public, max-age=600"), 600_000),
            (Some("Max-Age=\"60\""), 60_000),
            (Some("max-age=0"), 10_000),
            (Some("max-age=99999999999999999999"), 10_000),
            (Some("max-age=31536000"), 86_400_000),
            (Some("no-store, max-age=600"), 10_000),
            (Some("max-age=x"), 10_000),
        ] {
            assert_eq!(max_age(header), expected, "{header:?}");
        }
    }
}
