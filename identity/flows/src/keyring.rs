//! Signing keys, parsed once and kept; the JWKS as prepared bytes; refresh-token keys.

use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;
use identity_domain::Fault;
use identity_domain::Id;
use identity_domain::audit::{Actor, Event, Record, RequestContext};
use identity_domain::ports::Entropy;
use identity_domain::secret::{Secret, ValueHash};
use identity_domain::signing_key::{KeyRecord, KeyState, Step, schedule};
use identity_domain::time::Timestamp;
use identity_domain::token::RefreshKey;
use identity_oauth::jose::{Algorithm, JwkSet, Pkcs8, RsaSize, SigningKey, VerificationKey};
use identity_storage::{Lost, Store, Work};
use serde::Serialize;

use crate::env::{Env, fault};

/// All keys in use, behind one atomic pointer.
pub struct Keyring(ArcSwap<Ring>);

struct Ring {
    signers: Vec<(KeyRecord, Arc<SigningKey>)>,
    verifiers: Vec<VerificationKey>,
    refresh: Vec<RefreshKey>,
    jwks: Arc<Prepared>,
}

/// A document as it is sent, with its validator.
#[derive(Debug)]
pub struct Prepared {
    /// The bytes, shared by all answers.
    pub body: Bytes,
    /// Strong entity tag, with its quotes.
    pub etag: String,
}

impl Prepared {
    /// Wraps bytes and computes their tag.
    pub fn new(body: Vec<u8>) -> Self {
        let tag = ValueHash::of(&body)
            .0
            .iter()
            .take(12)
            .fold(String::new(), |tag, byte| format!("{tag}{byte:02x}"));
        Self {
            body: body.into(),
            etag: format!("\"{tag}\""),
        }
    }
}

impl Keyring {
    /// Loads the keys; makes the first ones where there are none. RSA keys take long to make and are left to [`rotate`].
    pub async fn load(store: &Store, entropy: &dyn Entropy, now: Timestamp) -> Result<Self, Fault> {
        ensure(store, entropy, now).await?;
        Ok(Self(ArcSwap::from_pointee(read(store).await?)))
    }

    /// Reads the keys again after a change.
    pub async fn reload(&self, store: &Store) -> Result<(), Fault> {
        self.0.store(Arc::new(read(store).await?));
        Ok(())
    }

    /// The JWKS as it is sent.
    pub fn jwks(&self) -> Arc<Prepared> {
        Arc::clone(&self.0.load().jwks)
    }

    /// Signs with the active key of an algorithm.
    ///
    /// # Errors
    /// When there is no active key of it.
    pub fn sign<T: Serialize>(
        &self,
        algorithm: Algorithm,
        typ: &str,
        claims: &T,
    ) -> Result<String, Fault> {
        let ring = self.0.load();
        let signer = ring
            .signers
            .iter()
            .find(|(record, _)| record.algorithm == algorithm && record.state == KeyState::Active);
        let (_, key) = signer
            .ok_or_else(|| Fault::busy(format!("no active {} key yet", algorithm.as_str())))?;
        key.sign(typ, claims).map_err(Fault::new)
    }

    /// Whether tokens can be signed with an algorithm now.
    pub fn can_sign(&self, algorithm: Algorithm) -> bool {
        self.0
            .load()
            .signers
            .iter()
            .any(|(record, _)| record.algorithm == algorithm && record.state == KeyState::Active)
    }

    /// Runs `check` with all published verification keys.
    pub fn verifying<T>(&self, check: impl FnOnce(&[VerificationKey]) -> T) -> T {
        check(&self.0.load().verifiers)
    }

    /// Runs `seal` with the newest refresh-token key.
    pub fn sealing<T>(&self, seal: impl FnOnce(&RefreshKey) -> T) -> Result<T, Fault> {
        let ring = self.0.load();
        ring.refresh
            .iter()
            .max_by_key(|key| key.number)
            .map(seal)
            .ok_or_else(|| Fault::new("no refresh-token key"))
    }

    /// A keyed hash of a value too short for a plain one, under the newest refresh-token key.
    ///
    /// # Errors
    /// When there is no such key.
    pub fn keyed_hash(&self, purpose: &str, value: &str) -> Result<ValueHash, Fault> {
        self.sealing(|key| key.keyed_hash(purpose, value))
    }

    /// The same under every key: what was made under an older one is still found.
    pub fn keyed_hashes(&self, purpose: &str, value: &str) -> Vec<ValueHash> {
        self.opening(|keys| {
            keys.iter()
                .map(|key| key.keyed_hash(purpose, value))
                .collect()
        })
    }

    /// Runs `open` with all refresh-token keys.
    pub fn opening<T>(&self, open: impl FnOnce(&[RefreshKey]) -> T) -> T {
        open(&self.0.load().refresh)
    }
}

async fn read(store: &Store) -> Result<Ring, Fault> {
    let mut signers = Vec::new();
    let mut verifiers = Vec::new();
    for (record, private) in store.keys().await? {
        let key = SigningKey::from_pkcs8(record.algorithm, &Pkcs8::new(private.expose().clone()))
            .map_err(|error| Fault::new(format!("signing key {}: {error}", record.kid)))?;
        verifiers.push(
            VerificationKey::from_jwk(key.public_jwk(), Some(record.algorithm))
                .map_err(Fault::new)?,
        );
        signers.push((record, Arc::new(key)));
    }
    let set = JwkSet {
        keys: signers
            .iter()
            .map(|(_, key)| key.public_jwk().clone())
            .collect(),
    };
    let jwks = Arc::new(Prepared::new(serde_json::to_vec(&set).map_err(Fault::new)?));
    let mut refresh = Vec::new();
    for (number, bytes) in store.refresh_keys().await? {
        let bytes: &[u8; 32] = bytes
            .expose()
            .as_slice()
            .try_into()
            .map_err(|_| Fault::new("a refresh-token key has the wrong length"))?;
        refresh.push(RefreshKey::new(number, bytes));
    }
    Ok(Ring {
        signers,
        verifiers,
        refresh,
        jwks,
    })
}

/// First keys: an active `ES256` and `EdDSA` key, and a refresh-token key. Nothing was signed before, so nobody needs to be warned ahead.
async fn ensure(store: &Store, entropy: &dyn Entropy, now: Timestamp) -> Result<(), Fault> {
    if store.refresh_keys().await?.is_empty() {
        let mut bytes = vec![0_u8; 32];
        entropy.fill(&mut bytes);
        let work = Work::audited(record(entropy, now, Actor::System, "refresh-1", "created"))
            .insert_refresh_key(1, &Secret::new(bytes), now);
        lenient(store.commit(work).await)?;
    }
    let known = store.all_keys().await?;
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA] {
        if !known.iter().any(|key| key.algorithm == algorithm) {
            lenient(
                store
                    .commit(create(
                        algorithm,
                        KeyState::Active,
                        entropy,
                        (now, Actor::System),
                    )?)
                    .await,
            )?;
        }
    }
    Ok(())
}

/// Two nodes may make the first keys in the same moment; the slower one uses the faster one's.
fn lenient(result: Result<(), Lost>) -> Result<(), Fault> {
    match result {
        Ok(()) | Err(Lost::Conflict(_) | Lost::Guard(_)) => Ok(()),
        Err(lost) => Err(fault(lost)),
    }
}

fn create(
    algorithm: Algorithm,
    state: KeyState,
    entropy: &dyn Entropy,
    (now, actor): (Timestamp, Actor),
) -> Result<Work, Fault> {
    let pkcs8 = match algorithm {
        Algorithm::ES256 | Algorithm::EdDSA => SigningKey::generate(algorithm),
        Algorithm::RS256 | Algorithm::PS256 => SigningKey::generate_rsa(RsaSize::Bits2048),
    }
    .map_err(Fault::new)?;
    let key = SigningKey::from_pkcs8(algorithm, &pkcs8).map_err(Fault::new)?;
    let created = KeyRecord {
        kid: key.kid().to_owned(),
        algorithm,
        state,
        public_jwk: serde_json::to_string(key.public_jwk()).map_err(Fault::new)?,
        created_at: now,
        active_at: (state == KeyState::Active).then_some(now),
        retiring_at: None,
        retired_at: None,
    };
    let change = if state == KeyState::Active {
        "created_active"
    } else {
        "created"
    };
    Ok(
        Work::audited(record(entropy, now, actor, &created.kid, change))
            .insert_key(&created, &Secret::new(pkcs8.expose().to_vec())),
    )
}

fn record(
    entropy: &dyn Entropy,
    now: Timestamp,
    actor: Actor,
    kid: &str,
    change: &'static str,
) -> Record {
    let event = Event::KeyChanged {
        kid: kid.to_owned(),
        change,
    };
    Record {
        id: Id::new(now, entropy),
        at: now,
        organization_id: None,
        actor,
        event,
        context: RequestContext::default(),
    }
}

/// Algorithms whose keys are made without being asked for. RS256 and PS256 keys come into being when a client wants them.
fn wanted(env: &Env, known: &[KeyRecord]) -> Vec<Algorithm> {
    Algorithm::ALL
        .into_iter()
        .filter(|algorithm| {
            known.iter().any(|key| key.algorithm == *algorithm)
                || env.directory.uses_algorithm(*algorithm)
        })
        .collect()
}

/// Does what the schedule asks for now. `force` begins a rotation whatever the age, `at_once` lets the successor sign without
/// having been published ahead; both are an operator's wish.
pub async fn rotate(env: &Env, force: bool, at_once: bool) -> Result<usize, Fault> {
    let now = env.now();
    let known = env.store.all_keys().await?;
    let urgency = match (force, at_once) {
        (false, _) => Urgency::Scheduled,
        (true, false) => Urgency::Forced,
        (true, true) => Urgency::AtOnce,
    };
    let actor = match urgency {
        Urgency::Scheduled => Actor::System,
        Urgency::Forced | Urgency::AtOnce => Actor::Operator,
    };
    let mut changed = 0;
    for algorithm in wanted(env, &known) {
        let steps = steps(env, algorithm, &known, urgency, now);
        for step in steps {
            changed += usize::from(take(env, &step, &known, (now, &actor)).await?);
        }
    }
    if changed > 0 {
        env.keys.reload(&env.store).await?;
    }
    Ok(changed)
}

/// How soon a new key is wanted.
#[derive(Clone, Copy)]
enum Urgency {
    /// When the schedule says so.
    Scheduled,
    /// Published now, signing when everybody has seen it.
    Forced,
    /// Signing now.
    AtOnce,
}

fn steps(
    env: &Env,
    algorithm: Algorithm,
    known: &[KeyRecord],
    urgency: Urgency,
    now: Timestamp,
) -> Vec<Step> {
    let pending = known
        .iter()
        .find(|key| key.algorithm == algorithm && key.state == KeyState::Pending);
    match (urgency, pending) {
        (Urgency::AtOnce, Some(key)) => vec![Step::Activate(key.kid.clone())],
        (Urgency::AtOnce | Urgency::Forced, None) => vec![Step::Create(algorithm)],
        (Urgency::Forced | Urgency::Scheduled, _) => {
            schedule(algorithm, known, env.settings.rotation, now)
        }
    }
}

async fn take(
    env: &Env,
    step: &Step,
    known: &[KeyRecord],
    (now, actor): (Timestamp, &Actor),
) -> Result<bool, Fault> {
    let record = |kid: &str, change| record(env.entropy.as_ref(), now, actor.clone(), kid, change);
    let work = match step {
        Step::Create(algorithm) => {
            // The first key of an algorithm signs at once: nothing else can.
            let first = !known
                .iter()
                .any(|key| key.algorithm == *algorithm && key.state == KeyState::Active);
            let (algorithm, entropy) = (*algorithm, Arc::clone(&env.entropy));
            let state = if first {
                KeyState::Active
            } else {
                KeyState::Pending
            };
            // RSA keys take long; the worker's thread is not blocked by them.
            let actor = actor.clone();
            tokio::task::spawn_blocking(move || {
                create(algorithm, state, entropy.as_ref(), (now, actor))
            })
            .await
            .map_err(Fault::new)??
        }
        Step::Activate(kid) => {
            let algorithm = known
                .iter()
                .find(|key| key.kid == *kid)
                .map(|key| key.algorithm);
            let work = Work::audited(record(kid, "activated")).set_key_state(
                kid,
                KeyState::Pending,
                KeyState::Active,
                now,
            );
            known
                .iter()
                .filter(|key| Some(key.algorithm) == algorithm && key.state == KeyState::Active)
                .fold(work, |work, old| {
                    work.set_key_state(&old.kid, KeyState::Active, KeyState::Retiring, now)
                })
        }
        Step::Retire(kid) => Work::audited(record(kid, "retired")).set_key_state(
            kid,
            KeyState::Retiring,
            KeyState::Retired,
            now,
        ),
    };
    match env.store.commit(work).await {
        Ok(()) => Ok(true),
        Err(Lost::Guard(_) | Lost::Conflict(_)) => Ok(false),
        Err(lost) => Err(fault(lost)),
    }
}

/// Takes a key out of use at once, and makes its successor sign. What it signed is refused by our own APIs from now on.
pub async fn revoke(env: &Env, kid: &str) -> Result<bool, Fault> {
    let now = env.now();
    let known = env.store.all_keys().await?;
    let Some(key) = known
        .iter()
        .find(|key| key.kid == kid && key.state.is_published())
    else {
        return Ok(false);
    };
    let revoked = record(env.entropy.as_ref(), now, Actor::Operator, kid, "revoked");
    let work = Work::audited(revoked).set_key_state(kid, key.state, KeyState::Revoked, now);
    env.store.commit(work).await.map_err(fault)?;
    if key.state == KeyState::Active {
        let pending = known
            .iter()
            .find(|other| other.algorithm == key.algorithm && other.state == KeyState::Pending);
        let step = pending.map_or(Step::Create(key.algorithm), |pending| {
            Step::Activate(pending.kid.clone())
        });
        let remaining: Vec<KeyRecord> = known
            .iter()
            .filter(|other| other.kid != kid)
            .cloned()
            .collect();
        take(env, &step, &remaining, (now, &Actor::Operator)).await?;
    }
    env.keys.reload(&env.store).await?;
    env.seen.clear();
    Ok(true)
}

/// A new key for everything that is encrypted in the database, at an operator's wish. Answers how many values were encrypted anew.
/// `taken_up` ends when all other processes have had time to take up the key.
pub async fn rotate_encryption(
    env: &Env,
    taken_up: impl Future<Output = ()>,
) -> Result<u64, Fault> {
    let now = env.now();
    let event = record(
        env.entropy.as_ref(),
        now,
        Actor::Operator,
        "encryption",
        "rotated",
    );
    let done = env.store.rotate_encryption(now, event, taken_up).await?;
    Ok(done.resealed)
}
