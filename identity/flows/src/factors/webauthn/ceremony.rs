//! A ceremony between its two requests: kept on our side, bound to the login or session it was begun in, used once.

use identity_domain::credential::webauthn::CEREMONY;
use identity_domain::failure::{Failure, Fault};
use identity_domain::id::Id;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::ValueHash;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::user::User;
use identity_storage::Work;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::library::Begun;
use crate::env::{Env, Visit, fault};
use crate::login::LoginResult;

const KIND: SingleUseKind = SingleUseKind::WebauthnChallenge;

/// What a ceremony is for. Part of what is stored, so that the answer to one never passes in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Aim {
    /// A passkey alone signs in.
    SignIn,
    /// An account that is known proves its passkey.
    Proof,
    /// A new passkey.
    Registration,
    /// A new passkey that the browser makes by itself, right after a password.
    SilentRegistration,
    /// A new credential on a security key.
    SecurityKeyRegistration,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    aim: Aim,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<Id<User>>,
    state: Value,
}

/// A ceremony that was found again.
pub(super) struct Opened {
    /// What the library wants back.
    pub(super) state: Value,
    /// What it was begun for.
    pub(super) aim: Aim,
    hash: ValueHash,
    tenant: String,
}

/// Keeps a ceremony, and returns what the browser is given. One at a time for each login or session.
pub(super) async fn keep(
    env: &Env,
    begun: Begun,
    (aim, user): (Aim, Option<Id<User>>),
    bound_to: &str,
    visit: Visit<'_>,
) -> Result<String, Fault> {
    let stored = Stored {
        aim,
        user,
        state: begun.state,
    };
    let artefact = Artefact {
        kind: KIND,
        tenant: bound_to.to_owned(),
        value_hash: ValueHash::of(&begun.challenge),
        payload: serde_json::to_string(&stored)
            .map_err(|_| Fault::new("a passkey ceremony cannot be stored"))?,
        created_at: visit.now,
        expires_at: visit.now + CEREMONY,
        used_at: None,
    };
    let work = Work::unaudited("a ceremony that begins; what it leads to has events")
        .cancel(KIND, bound_to, None)
        .issue(&artefact);
    env.store.commit(work).await.map_err(fault)?;
    Ok(begun.options.to_string())
}

/// Finds the ceremony of a challenge. Unknown, used, too old, begun elsewhere, for none of these aims or another person: all the same.
pub(super) async fn find(
    env: &Env,
    challenge: &[u8],
    (aims, user): (&[Aim], Option<Id<User>>),
    bound_to: &str,
    visit: Visit<'_>,
) -> LoginResult<Opened> {
    let hash = ValueHash::of(challenge);
    let dead = || Failure::Refused(LoginRefusal::PasskeyRefused("challenge"));
    let artefact = env
        .store
        .artefact(KIND, bound_to, hash)
        .await?
        .filter(|found| found.used_at.is_none() && visit.now < found.expires_at)
        .ok_or_else(dead)?;
    let stored: Stored = serde_json::from_str(&artefact.payload)
        .map_err(|_| Fault::new("a stored passkey ceremony cannot be read"))?;
    if !aims.contains(&stored.aim) || stored.user != user {
        return Err(dead());
    }
    Ok(Opened {
        state: stored.state,
        aim: stored.aim,
        hash,
        tenant: artefact.tenant,
    })
}

impl Opened {
    /// Uses the ceremony up, in the same unit as what it leads to: of many who bring the same answer, one gets through.
    pub(super) fn used(&self, work: Work, visit: Visit<'_>) -> Work {
        work.consume(KIND, &self.tenant, self.hash, visit.now)
    }
}
