//! The audit log is sealed right behind its writers, and proven on demand.

use identity_domain::Fault;
use identity_oauth::jose::{self, Algorithm, Expected, Lifetime, PublicJwk, VerificationKey};
use identity_storage::{ChainReport, Checkpoint, Signed};
use serde::{Deserialize, Serialize};

use crate::env::Env;

/// Records sealed in one go.
const PORTION: usize = 1_000;
/// `typ` of a signed chain head; no other token of ours can pass for it.
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
    let sign = |message: &str| {
        let token = env.keys.sign(
            Algorithm::ES256,
            TYP,
            &Head {
                head: message.to_owned(),
            },
        )?;
        let kid = jose::decode_unverified(&token)
            .ok()
            .and_then(|token| token.header.kid)
            .unwrap_or_default();
        Ok(Signed {
            signature: token.into_bytes(),
            kid,
        })
    };
    env.store.checkpoint_audit(env.now(), sign).await
}

/// Proves every chain from its first record; the first bad or missing one is named. Keys that were retired since still prove what they signed.
pub async fn verify(env: &Env) -> Result<Vec<ChainReport>, Fault> {
    let mut keys = Vec::new();
    for record in env.store.all_keys().await? {
        let value: serde_json::Value =
            serde_json::from_str(&record.public_jwk).map_err(Fault::new)?;
        let Some(members) = value.as_object() else {
            continue;
        };
        let jwk = PublicJwk::parse(members).map_err(Fault::new)?;
        keys.push(VerificationKey::from_jwk(&jwk, Some(record.algorithm)).map_err(Fault::new)?);
    }
    let is_signed = |checkpoint: &Checkpoint| {
        let expected = Expected {
            typ: &[TYP],
            issuer: None,
            audience: None,
            lifetime: Lifetime::Ignored,
        };
        let Ok(token) = std::str::from_utf8(&checkpoint.signed.signature) else {
            return false;
        };
        jose::verify::<Head>(token, &keys, &expected)
            .is_ok_and(|verified| verified.claims.head == checkpoint.message())
    };
    env.store.verify_audit(is_signed).await
}
