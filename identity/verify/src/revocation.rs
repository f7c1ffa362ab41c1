//! Revoked tokens, learnt from the issuer's status lists (draft-ietf-oauth-status-list).
//!
//! A list is at most one polling interval old when a token is decided on: requests refresh it beside
//! themselves from three quarters of the interval on, and wait for it after the whole one. Without
//! requests nothing is polled. A list whose refresh fails stays in use until its `exp` (without one:
//! its `ttl`, or five minutes). **After that tokens with a status reference are refused** with
//! [`VerifyError::StatusUnavailable`], unless the service chose [`WhenUnknown::Accept`].

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use arc_swap::ArcSwap;

mod list;

use self::list::{Held, List, with_list};
use crate::address;
use crate::claims::StatusReference;
use crate::clock::{Clock, elapsed, millis};
use crate::error::VerifyError;
use crate::fetch::{Fetch, FetchError, FetchRequest};
use crate::jwks_cache::JwksCache;
use crate::jws::Compact;
use crate::status_list::{MAX_INFLATED, MEDIA_TYPE, StatusList, StatusListClaims, TYP};

/// Largest signed list that is fetched.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// How long a list without `exp` and `ttl` may decide.
const DEFAULT_LIFE: i64 = 5 * 60 * 1000;
/// `iat` of a list may be ahead of us by this many seconds.
const AHEAD: i64 = 10;

/// What to do about a token whose status list cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhenUnknown {
    /// Refuse it (fail closed).
    #[default]
    Refuse,
    /// Accept it until it expires (fail open): revocation then waits for the issuer's return.
    Accept,
}

/// The lists of one issuer; cheap to clone.
#[derive(Clone)]
pub(crate) struct Revocations(Arc<Inner>);

pub(crate) struct Settings {
    pub(crate) issuer: String,
    pub(crate) interval: Duration,
    pub(crate) leeway: Duration,
    pub(crate) when_unknown: WhenUnknown,
}

struct Inner {
    settings: Settings,
    keys: JwksCache,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    lists: ArcSwap<HashMap<String, Arc<List>>>,
}

impl Revocations {
    pub(crate) fn new(
        settings: Settings,
        keys: JwksCache,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Inner {
            settings,
            keys,
            fetch,
            clock,
            lists: ArcSwap::default(),
        }))
    }

    /// Refuses revoked tokens.
    pub(crate) async fn check(&self, reference: &StatusReference) -> Result<(), VerifyError> {
        let list = self.list(&reference.uri)?;
        self.freshen(&list).await;
        let held = list.held.load();
        let good = held
            .as_ref()
            .filter(|held| self.0.clock.now() < held.good_until);
        match (good, self.0.settings.when_unknown) {
            (Some(held), _) => match held.list.get(reference.idx) {
                Ok(status) if status.is_valid() => Ok(()),
                Ok(_) => Err(VerifyError::Revoked),
                // draft-ietf-oauth-status-list §8.3: an index out of range is a refusal.
                Err(_) => Err(VerifyError::StatusReference),
            },
            (None, WhenUnknown::Accept) => Ok(()),
            (None, WhenUnknown::Refuse) => Err(VerifyError::StatusUnavailable),
        }
    }

    fn list(&self, uri: &str) -> Result<Arc<List>, VerifyError> {
        let now = self.0.clock.now();
        if let Some(list) = self.0.lists.load().get(uri) {
            list.used_at.store(now, Ordering::Relaxed);
            return Ok(Arc::clone(list));
        }
        // Only the issuer's own lists: a token must not send us elsewhere.
        if !address::is_below(uri, &self.0.settings.issuer) {
            return Err(VerifyError::StatusReference);
        }
        let fresh = Arc::new(List::new(uri, now));
        self.0.lists.rcu(|lists| with_list(lists, &fresh));
        Ok(self.0.lists.load().get(uri).cloned().unwrap_or(fresh))
    }

    async fn freshen(&self, list: &Arc<List>) {
        let now = self.0.clock.now();
        let interval = millis(self.0.settings.interval);
        let age = list
            .held
            .load()
            .as_ref()
            .map(|held| elapsed(held.fetched_at, now));
        if age.is_some_and(|age| age < interval / 4 * 3) {
            return;
        }
        let failing = list.failing.load(Ordering::Acquire);
        if failing && elapsed(list.failed_at.load(Ordering::Acquire), now) < interval {
            return;
        }
        let (inner, this) = (Arc::clone(&self.0), Arc::clone(list));
        let landed = list.flight.start(async move { inner.refresh(&this).await });
        // While the issuer is down, requests go on with the last good list instead of waiting.
        if age.is_none_or(|age| age >= interval && !failing) {
            landed.await;
        }
    }
}

impl Inner {
    async fn refresh(&self, list: &List) {
        match self.load(list).await {
            Ok(held) => {
                list.held.store(Some(Arc::new(held)));
                list.failing.store(false, Ordering::Release);
            }
            Err(error) => {
                tracing::warn!(uri = %list.uri, %error, "status list not refreshed");
                list.failed_at.store(self.clock.now(), Ordering::Release);
                list.failing.store(true, Ordering::Release);
            }
        }
    }

    async fn load(&self, list: &List) -> Result<Held, FetchError> {
        let current = list.held.load_full();
        // A list about to expire is fetched whole: "not modified" would not make it last longer.
        let lasting = millis(self.settings.interval).saturating_add(self.clock.now());
        let known_etag = current
            .as_ref()
            .filter(|held| lasting < held.good_until)
            .and_then(|held| held.etag.clone());
        let request = FetchRequest {
            url: list.uri.clone(),
            accept: MEDIA_TYPE,
            if_none_match: known_etag.clone(),
            max_bytes: MAX_BYTES,
        };
        // Taken before the answer, so that a slow answer does not look younger than it is.
        let fetched_at = self.clock.now();
        let response = self.fetch.get(request).await?;
        match (response.status, current) {
            (304, Some(held)) if known_etag.is_some() => Ok(held.unchanged(fetched_at)),
            (200, current) => {
                let held = self
                    .verify(&list.uri, &response.body, response.etag, fetched_at)
                    .await?;
                match current {
                    // A list signed before the one at hand, as another node may still serve it, must
                    // not bring a revoked token back.
                    Some(newer) if held.iat < newer.iat => Ok(newer.unchanged(fetched_at)),
                    _ => Ok(held),
                }
            }
            (status, _) => Err(FetchError(format!("status list answered {status}"))),
        }
    }

    /// draft-ietf-oauth-status-list §8.3: signature, type, subject, times, then the list itself.
    async fn verify(
        &self,
        uri: &str,
        body: &[u8],
        etag: Option<String>,
        fetched_at: i64,
    ) -> Result<Held, FetchError> {
        let token = std::str::from_utf8(body).map_err(|_| refused("not a JWT"))?;
        let compact = Compact::parse(token.trim_end(), MAX_BYTES).map_err(refused)?;
        if !compact.has_type(TYP) {
            return Err(refused("another type"));
        }
        let key = self.keys.key(&compact.kid).await.map_err(refused)?;
        let payload = compact.open(&key).map_err(refused)?;
        let claims = StatusListClaims::from_json(&payload).map_err(refused)?;
        let now = self.clock.now();
        let leeway = millis(self.settings.leeway);
        if claims.sub != uri
            || claims
                .iss
                .as_ref()
                .is_some_and(|iss| *iss != self.settings.issuer)
        {
            return Err(refused("of another address or issuer"));
        }
        if claims.iat > (now / 1000).saturating_add(AHEAD) {
            return Err(refused("issued in the future"));
        }
        let good_until = good_until(&claims, fetched_at).saturating_add(leeway);
        if good_until <= now {
            return Err(refused("expired"));
        }
        let list = StatusList::decode(&claims.status_list, MAX_INFLATED).map_err(refused)?;
        Ok(Held {
            list: Arc::new(list),
            iat: claims.iat,
            etag,
            fetched_at,
            good_until,
        })
    }
}

fn good_until(claims: &StatusListClaims, fetched_at: i64) -> i64 {
    let life = claims
        .ttl
        .and_then(|ttl| i64::try_from(ttl).ok())
        .map(|ttl| ttl.saturating_mul(1000));
    claims.exp.map_or_else(
        || fetched_at.saturating_add(life.unwrap_or(DEFAULT_LIFE)),
        |exp| exp.saturating_mul(1000),
    )
}

fn refused(why: impl Display) -> FetchError {
    FetchError(format!("status list refused: {why}"))
}
