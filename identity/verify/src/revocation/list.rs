//! One list as it is held here.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use arc_swap::ArcSwapOption;

use crate::single_flight::SingleFlight;
use crate::status_list::StatusList;

/// Lists known at a time.
const MAX_LISTS: usize = 64;
const NEVER: i64 = i64::MIN;

pub(super) struct List {
    pub(super) uri: String,
    pub(super) held: ArcSwapOption<Held>,
    pub(super) flight: SingleFlight,
    pub(super) used_at: AtomicI64,
    pub(super) failing: AtomicBool,
    pub(super) failed_at: AtomicI64,
}

pub(super) struct Held {
    pub(super) list: Arc<StatusList>,
    pub(super) iat: i64,
    pub(super) etag: Option<String>,
    pub(super) fetched_at: i64,
    pub(super) good_until: i64,
}

impl List {
    pub(super) fn new(uri: &str, now: i64) -> Self {
        Self {
            uri: uri.to_owned(),
            held: ArcSwapOption::empty(),
            flight: SingleFlight::default(),
            used_at: AtomicI64::new(now),
            failing: AtomicBool::new(false),
            failed_at: AtomicI64::new(NEVER),
        }
    }
}

/// The lists with one more, and without the longest unused one when there are too many.
pub(super) fn with_list(
    lists: &HashMap<String, Arc<List>>,
    fresh: &Arc<List>,
) -> HashMap<String, Arc<List>> {
    let mut lists = lists.clone();
    if lists.len() >= MAX_LISTS
        && let Some(oldest) = lists
            .values()
            .min_by_key(|list| list.used_at.load(Ordering::Relaxed))
            .cloned()
    {
        lists.remove(&oldest.uri);
    }
    lists
        .entry(fresh.uri.clone())
        .or_insert_with(|| Arc::clone(fresh));
    lists
}

impl Held {
    /// The same list, known to be current at `fetched_at`.
    pub(super) fn unchanged(&self, fetched_at: i64) -> Self {
        Self {
            list: Arc::clone(&self.list),
            iat: self.iat,
            etag: self.etag.clone(),
            fetched_at,
            good_until: self.good_until,
        }
    }
}
