//! The audit log is sealed right behind its writers, proven on demand, and kept as long as the operator says.

use identity_domain::Fault;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::time::{Duration, Timestamp};
use identity_oauth::jose::{
    self, Algorithm, Expected, Lifetime, Pkcs8, SigningKey, VerificationKey,
};
use identity_storage::{ChainReport, Lost, Prunable, Signed};
use serde::{Deserialize, Serialize};

use crate::env::{Env, Visit, fault};

/// Records sealed in one go.
const PORTION: usize = 1_000;
/// About how many records one unit removes.
const REMOVED_AT_ONCE: i64 = 1_000;
/// Units per chain and turn.
const UNITS: usize = 20;
/// `typ` of what is signed of the log; no other token of ours can pass for it.
const TYP: &str = "identity-audit+jwt";

#[derive(Serialize, Deserialize)]
struct Head {
    head: String,
}

/// Links new records into their chains. Called about once a second.
pub async fn seal(env: &Env) -> Result<(), Fault> {
    while env.store.seal_audit(PORTION).await? >= PORTION {}
    Ok(())
}

/// Signs the heads of chains that moved on.
pub async fn checkpoint(env: &Env) -> Result<usize, Fault> {
    env.store
        .checkpoint_audit(env.now(), |message| sign(env, message))
        .await
}

fn sign(env: &Env, message: &str) -> Result<Signed, Fault> {
    let head = Head {
        head: message.to_owned(),
    };
    let token = env.keys.sign(Algorithm::ES256, TYP, &head)?;
    let kid = jose::decode_unverified(&token)
        .ok()
        .and_then(|token| token.header.kid)
        .unwrap_or_default();
    Ok(Signed {
        signature: token.into_bytes(),
        kid,
    })
}

/// Proves every chain from the first record that is kept; the first bad or missing one is named.
pub async fn verify(env: &Env) -> Result<Vec<ChainReport>, Fault> {
    let keys = all_keys(env).await?;
    env.store
        .verify_audit(|message, signed| is_signed(&keys, message, signed))
        .await
}

/// Keys that were retired since still prove what they signed. Each is derived from its sealed private half: the public one stands beside it
/// in the clear, where whoever can write to the database could put a key of their own.
async fn all_keys(env: &Env) -> Result<Vec<VerificationKey>, Fault> {
    let mut keys = Vec::new();
    for (record, private) in env.store.keys_ever().await? {
        let Some(private) = private else {
            tracing::warn!(
                kid = record.kid,
                "a signing key that we did not seal proves nothing"
            );
            continue;
        };
        let pkcs8 = Pkcs8::new(private.expose().clone());
        let key = SigningKey::from_pkcs8(record.algorithm, &pkcs8).map_err(Fault::new)?;
        let algorithm = Some(record.algorithm);
        keys.push(VerificationKey::from_jwk(key.public_jwk(), algorithm).map_err(Fault::new)?);
    }
    Ok(keys)
}

fn is_signed(keys: &[VerificationKey], message: &str, signed: &Signed) -> bool {
    let expected = Expected {
        typ: &[TYP],
        issuer: None,
        audience: None,
        lifetime: Lifetime::Ignored,
    };
    std::str::from_utf8(&signed.signature)
        .ok()
        .and_then(|token| jose::verify::<Head>(token, keys, &expected).ok())
        .is_some_and(|verified| verified.claims.head == message)
}

/// Removes records that are older than they are kept (PRI-04), whole days of them, so that addresses and programs of people do not stay
/// for ever. Each chain begins behind them at a signed anchor. What cannot be proven stays: it is evidence.
pub async fn prune(env: &Env) -> Result<u64, Fault> {
    let Some(kept) = env.settings.audit_kept else {
        return Ok(0);
    };
    let now = env.now();
    let day = Duration::days(1).0;
    let before = Timestamp((now - kept).millis().div_euclid(day) * day);
    let chains = env.store.prunable_chains(before).await?;
    if chains.is_empty() {
        return Ok(0);
    }
    let keys = all_keys(env).await?;
    let mut removed = 0;
    for chain in chains {
        for _ in 0..UNITS {
            let is_signed = |message: &str, signed: &Signed| is_signed(&keys, message, signed);
            let found = env
                .store
                .prunable(&chain, before, REMOVED_AT_ONCE, is_signed);
            let prunable = match found.await? {
                Ok(Some(prunable)) => prunable,
                Ok(None) => break,
                Err(finding) => {
                    tracing::error!(%chain, %finding, "old records of the audit log stay: they do not hold");
                    break;
                }
            };
            if !remove(env, &prunable, now).await? {
                break;
            }
            removed += prunable.records.unsigned_abs();
        }
    }
    Ok(removed)
}

/// Whether it was this node that removed them.
async fn remove(env: &Env, prunable: &Prunable, now: Timestamp) -> Result<bool, Fault> {
    let signed = sign(env, &prunable.message(now))?;
    let organization = prunable.organization_id();
    let event = Event::AuditPruned {
        organization,
        through: prunable.seq,
        records: prunable.records,
    };
    let context = RequestContext::default();
    let visit = Visit {
        context: &context,
        now,
    };
    let work = env
        .audited(organization, Actor::System, event, visit)
        .prune_audit(prunable, &signed, now);
    match env.store.commit(work).await {
        Ok(()) => Ok(true),
        Err(Lost::Guard(_) | Lost::Conflict(_)) => Ok(false),
        Err(lost) => Err(fault(lost)),
    }
}
