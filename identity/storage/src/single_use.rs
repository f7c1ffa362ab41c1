//! The one store of values that work once.

use identity_domain::secret::ValueHash;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::{Fault, Timestamp};

use crate::store::Store;
use crate::value::{Value, args};
use crate::work::{Step, Work};

/// Where they stand.
pub(crate) const TABLE: &str = "single_use";

const ISSUE: &str = "INSERT INTO single_use (kind, tenant, value_hash, payload, created_at, expires_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)";
const CONSUME: &str = "UPDATE single_use SET used_at = ?1 \
                       WHERE kind = ?2 AND tenant = ?3 AND value_hash = ?4 AND used_at IS NULL AND expires_at > ?1";
const CLAIM: &str = "INSERT INTO single_use (kind, tenant, value_hash, payload, created_at, expires_at, used_at) \
                     VALUES (?1, ?2, ?3, '', ?4, ?5, ?4) ON CONFLICT (kind, tenant, value_hash) DO NOTHING";
const FORGET: &str = "DELETE FROM single_use WHERE kind = ? AND tenant = ?";
const CANCEL: &str =
    "DELETE FROM single_use WHERE kind = ? AND tenant = ? AND used_at IS NULL AND value_hash <> ?";
const CANCEL_SINCE: &str = "DELETE FROM single_use WHERE kind = ? AND tenant = ? AND used_at IS NULL AND value_hash <> ? AND created_at >= ?";

impl Store {
    /// Looks at a value without using it: what it is bound to, and whether it was used.
    pub async fn artefact(
        &self,
        kind: SingleUseKind,
        tenant: &str,
        value_hash: ValueHash,
    ) -> Result<Option<Artefact>, Fault> {
        let sql = "SELECT payload, created_at, expires_at, used_at FROM single_use WHERE kind = ? AND tenant = ? AND value_hash = ?";
        self.first(sql, &args![kind.as_str(), tenant, value_hash], |row| {
            Ok(Artefact {
                kind,
                tenant: tenant.to_owned(),
                value_hash,
                payload: row.text(0)?,
                created_at: row.at(1)?,
                expires_at: row.at(2)?,
                used_at: row.at_or_null(3)?,
            })
        })
        .await
    }

    /// What is still good of a kind and tenant, the oldest first.
    pub async fn open_artefacts(
        &self,
        kind: SingleUseKind,
        tenant: &str,
        now: Timestamp,
    ) -> Result<Vec<Artefact>, Fault> {
        let sql = "SELECT value_hash, payload, created_at, expires_at FROM single_use \
                   WHERE kind = ? AND tenant = ? AND used_at IS NULL AND expires_at > ? ORDER BY created_at LIMIT 100";
        self.all(sql, &args![kind.as_str(), tenant, now], |row| {
            Ok(Artefact {
                kind,
                tenant: tenant.to_owned(),
                value_hash: row.hash(0)?,
                payload: row.text(1)?,
                created_at: row.at(2)?,
                expires_at: row.at(3)?,
                used_at: None,
            })
        })
        .await
    }
}

impl Work {
    /// Stores a value that may be used once.
    pub fn issue(self, artefact: &Artefact) -> Self {
        self.step(
            ISSUE,
            args![
                artefact.kind.as_str(),
                artefact.tenant.as_str(),
                artefact.value_hash,
                artefact.payload.as_str(),
                artefact.created_at,
                artefact.expires_at,
                artefact.used_at,
            ],
        )
    }

    /// Uses a value. Guard: the kind's stored word, such as `authorization_code`; it exists, was not used and has not expired. Of many who
    /// present it, one succeeds.
    pub fn consume(
        self,
        kind: SingleUseKind,
        tenant: &str,
        value_hash: ValueHash,
        now: Timestamp,
    ) -> Self {
        self.guarded(
            kind.as_str(),
            CONSUME,
            args![now, kind.as_str(), tenant, value_hash],
        )
    }

    /// Claims a value that others made (a `jti`): the first to see it wins. Guard: the kind's stored word. The row is kept until
    /// `expires_at`, after which the value must be refused for its age.
    #[expect(clippy::too_many_arguments, reason = "the sixth is the unit itself")]
    pub fn claim(
        self,
        kind: SingleUseKind,
        tenant: &str,
        value_hash: ValueHash,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Self {
        self.guarded(
            kind.as_str(),
            CLAIM,
            args![kind.as_str(), tenant, value_hash, now, expires_at],
        )
    }

    /// Removes every value of a tenant, used or not: what it is bound to may name a person.
    pub fn forget_values_of(self, tenant: &str) -> Self {
        // By kind, because the key begins with it.
        SingleUseKind::ALL.into_iter().fold(self, |work, kind| {
            work.step(FORGET, args![kind.as_str(), tenant])
        })
    }

    /// Takes back all unused values of a kind and tenant that exist before this unit, but for one if it is named. Stands before
    /// [`Self::issue`] in a unit.
    pub fn cancel(self, kind: SingleUseKind, tenant: &str, except: Option<ValueHash>) -> Self {
        // No SHA-256 is empty, so "all but the empty one" is all.
        let except = except.map_or_else(Vec::new, |hash| hash.0.to_vec());
        self.step(CANCEL, args![kind.as_str(), tenant, except])
    }

    /// The same of those alone that were issued at an instant or later.
    pub fn cancel_since(
        self,
        kind: SingleUseKind,
        tenant: &str,
        except: ValueHash,
        since: Timestamp,
    ) -> Self {
        let args = args![kind.as_str(), tenant, except.0.to_vec(), since];
        self.step(CANCEL_SINCE, args)
    }
}

/// Whether a unit takes back values that it uses, or that it stored before: then the order of the two shows.
pub(crate) fn takes_back_its_own(steps: &[Step]) -> bool {
    steps.iter().enumerate().any(|(at, step)| {
        let (owner, spared) = match (&*step.sql, &*step.args) {
            (FORGET, owner) => (owner, None),
            (CANCEL, [owner @ .., spared]) | (CANCEL_SINCE, [owner @ .., spared, _]) => {
                (owner, Some(spared))
            }
            _ => return false,
        };
        let is_taken = |written: &[Value], hash: &Value| written == owner && Some(hash) != spared;
        steps
            .iter()
            .enumerate()
            .any(|(other, step)| match (&*step.sql, &*step.args) {
                (CONSUME, [_, written @ .., hash]) => is_taken(written, hash),
                (ISSUE | CLAIM, [kind, tenant, hash, ..]) => {
                    other < at && [kind, tenant].into_iter().eq(owner) && Some(hash) != spared
                }
                _ => false,
            })
    })
}
