//! Signing keys and the states they pass through.

use identity_oauth::jose::Algorithm;

use crate::time::{Duration, Timestamp};

/// Where a key stands in its life. Each state says in public what may be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Published, not yet used: verifiers have time to learn it.
    Pending,
    /// Signs.
    Active,
    /// Signs no more; published until the last token under it has expired.
    Retiring,
    /// Published no more.
    Retired,
    /// Withdrawn at once because it may be known to somebody: published no more, tokens under it are refused.
    Revoked,
}

impl KeyState {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Retired => "retired",
            Self::Revoked => "revoked",
        }
    }
    /// Reads the stored word; anything unknown is not used.
    pub fn from_stored(word: &str) -> Self {
        match word {
            "pending" => Self::Pending,
            "active" => Self::Active,
            "retiring" => Self::Retiring,
            "revoked" => Self::Revoked,
            _ => Self::Retired,
        }
    }
    /// Whether the key stands in the JWKS.
    pub const fn is_published(self) -> bool {
        matches!(self, Self::Pending | Self::Active | Self::Retiring)
    }
}

/// What is known of a key without its private half.
#[derive(Clone, Debug)]
pub struct KeyRecord {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// The one algorithm it is used with.
    pub algorithm: Algorithm,
    /// Its state.
    pub state: KeyState,
    /// Public JWK as JSON.
    pub public_jwk: String,
    /// Made.
    pub created_at: Timestamp,
    /// Signs since.
    pub active_at: Option<Timestamp>,
    /// Signs no more since.
    pub retiring_at: Option<Timestamp>,
    /// Published no more since.
    pub retired_at: Option<Timestamp>,
}

/// When keys move on.
#[derive(Clone, Copy, Debug)]
pub struct RotationPolicy {
    /// How long a key is published before it signs; at least the JWKS max-age verifiers cache for.
    pub publish_ahead: Duration,
    /// How long a key signs.
    pub active_for: Duration,
    /// How long it stays published afterwards: the longest token life and skew.
    pub keep_after: Duration,
}

impl Default for RotationPolicy {
    fn default() -> Self {
        Self {
            publish_ahead: Duration::days(1),
            active_for: Duration::days(90),
            keep_after: Duration::days(1),
        }
    }
}

/// What the schedule asks for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Make a key of this algorithm, pending.
    Create(Algorithm),
    /// Let a pending key sign, and the active one of its algorithm retire.
    Activate(String),
    /// Take a retiring key out of the JWKS.
    Retire(String),
}

/// What has to happen to the keys of one algorithm at `now`. `force` starts a rotation whatever the age (`keys rotate`);
/// `at_once` lets the successor sign without having been published ahead (`--now`).
pub fn schedule(
    algorithm: Algorithm,
    keys: &[KeyRecord],
    policy: RotationPolicy,
    now: Timestamp,
) -> Vec<Step> {
    let of = |state| {
        keys.iter()
            .filter(move |key| key.algorithm == algorithm && key.state == state)
    };
    let mut steps = Vec::new();
    for key in of(KeyState::Retiring) {
        if key
            .retiring_at
            .is_none_or(|at| now >= at + policy.keep_after)
        {
            steps.push(Step::Retire(key.kid.clone()));
        }
    }
    let active = of(KeyState::Active).max_by_key(|key| key.active_at);
    let pending = of(KeyState::Pending).min_by_key(|key| key.created_at);
    let ends_at = active
        .and_then(|key| key.active_at)
        .map(|at| at + policy.active_for);
    match (ends_at, pending) {
        (_, Some(key)) if now >= key.created_at + policy.publish_ahead => {
            steps.push(Step::Activate(key.kid.clone()));
        }
        (Some(ends_at), None) if now + policy.publish_ahead >= ends_at => {
            steps.push(Step::Create(algorithm));
        }
        (None, None) => steps.push(Step::Create(algorithm)),
        _ => {}
    }
    steps
}
