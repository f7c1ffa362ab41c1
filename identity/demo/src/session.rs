//! Sessions, sign-ins under way and logout tokens seen, all in memory and all bounded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::random;
use crate::trouble::Trouble;

const MAX_SESSIONS: usize = 10_000;
const MAX_PENDING: usize = 10_000;
const MAX_SEEN: usize = 10_000;
/// Milliseconds.
const SESSION_LIFE: i64 = 12 * 60 * 60 * 1000;
const PENDING_LIFE: i64 = 10 * 60 * 1000;
/// Seconds; more than the leeway at `exp`, so that nothing is forgotten while it is still accepted.
const KEEP_BEYOND_EXP: i64 = 60;

/// Tokens of a session. No `Debug`: they must not get into a log.
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    /// When it should be renewed, in milliseconds.
    pub(crate) renew_at: i64,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: String,
}

/// A signed-in browser.
pub(crate) struct Session {
    pub(crate) created_at: i64,
    pub(crate) sub: String,
    pub(crate) sid: Option<String>,
    pub(crate) name: String,
    pub(crate) csrf: String,
    pub(crate) id_claims: Value,
    /// Held while refreshing: two uses of one refresh token would look like theft to the provider.
    pub(crate) tokens: tokio::sync::Mutex<Tokens>,
}

/// A sign-in under way.
#[derive(Clone)]
pub(crate) struct Pending {
    pub(crate) browser: String,
    pub(crate) nonce: String,
    pub(crate) code_verifier: String,
    pub(crate) started_at: i64,
}

#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Arc<Session>>>);

impl Sessions {
    /// Keeps a session and gives the value of its cookie. Only the hash of that value is kept.
    pub(crate) fn open(&self, session: Session, now: i64) -> Result<String, Trouble> {
        let cookie = random::secret()?;
        let mut sessions = lock(&self.0);
        sessions.retain(|_, one| is_alive(one.created_at, SESSION_LIFE, now));
        make_room(&mut sessions, MAX_SESSIONS, |one| one.created_at);
        sessions.insert(random::sha256(&cookie), Arc::new(session));
        Ok(cookie)
    }

    pub(crate) fn find(&self, cookie: &str, now: i64) -> Option<Arc<Session>> {
        let session = lock(&self.0).get(&random::sha256(cookie)).cloned()?;
        is_alive(session.created_at, SESSION_LIFE, now).then_some(session)
    }

    pub(crate) fn close(&self, cookie: &str) {
        lock(&self.0).remove(&random::sha256(cookie));
    }

    /// Ends this very session, however it was reached.
    pub(crate) fn end(&self, session: &Arc<Session>) {
        lock(&self.0).retain(|_, one| !Arc::ptr_eq(one, session));
    }

    /// OpenID Connect Back-Channel Logout §2.4: with `sid` that session, with `sub` alone all of theirs.
    pub(crate) fn end_matching(&self, sid: Option<&str>, sub: Option<&str>) -> usize {
        let mut sessions = lock(&self.0);
        let before = sessions.len();
        sessions.retain(|_, one| {
            let other_sid = sid.is_some_and(|sid| one.sid.as_deref() != Some(sid));
            let other_sub = sub.is_some_and(|sub| one.sub != sub);
            other_sid || other_sub
        });
        before - sessions.len()
    }
}

#[derive(Default)]
pub(crate) struct PendingSignIns(Mutex<HashMap<String, Pending>>);

impl PendingSignIns {
    pub(crate) fn start(&self, state: &str, pending: Pending, now: i64) {
        let mut all = lock(&self.0);
        all.retain(|_, one| is_alive(one.started_at, PENDING_LIFE, now));
        make_room(&mut all, MAX_PENDING, |one| one.started_at);
        all.insert(random::sha256(state), pending);
    }

    /// Takes the sign-in of that state; a second answer with it finds nothing.
    pub(crate) fn take(&self, state: &str, now: i64) -> Option<Pending> {
        let pending = lock(&self.0).remove(&random::sha256(state))?;
        is_alive(pending.started_at, PENDING_LIFE, now).then_some(pending)
    }
}

/// `jti` of logout tokens, until they expire.
#[derive(Default)]
pub(crate) struct SeenLogoutTokens(Mutex<HashMap<String, i64>>);

impl SeenLogoutTokens {
    /// Whether this is the first time. `exp` in seconds, `now` in milliseconds.
    pub(crate) fn is_first(&self, jti: &str, exp: i64, now: i64) -> bool {
        let mut seen = lock(&self.0);
        seen.retain(|_, exp| exp.saturating_add(KEEP_BEYOND_EXP).saturating_mul(1000) > now);
        // Refusing is safe when there is no room to remember: the provider tries again.
        seen.len() < MAX_SEEN && seen.insert(random::sha256(jti), exp).is_none()
    }
}

/// Names of people by `sub`, learnt from ID tokens, to show who wrote what.
#[derive(Default)]
pub(crate) struct Names(Mutex<HashMap<String, String>>);

impl Names {
    pub(crate) fn learn(&self, sub: &str, name: &str) {
        let mut names = lock(&self.0);
        if names.len() < MAX_SESSIONS || names.contains_key(sub) {
            names.insert(sub.to_owned(), name.to_owned());
        }
    }

    pub(crate) fn of(&self, sub: &str) -> String {
        lock(&self.0)
            .get(sub)
            .cloned()
            .unwrap_or_else(|| "Somebody".to_owned())
    }
}

fn is_alive(since: i64, life: i64, now: i64) -> bool {
    now.saturating_sub(since) < life
}

/// Removes the oldest entry when there are too many.
fn make_room<T>(entries: &mut HashMap<String, T>, most: usize, since: impl Fn(&T) -> i64) {
    if entries.len() >= most
        && let Some(oldest) = entries
            .iter()
            .min_by_key(|(_, one)| since(one))
            .map(|(key, _)| key.clone())
    {
        entries.remove(&oldest);
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
