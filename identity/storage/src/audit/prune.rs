//! Removing the oldest records of a chain: proven first, up to a checkpoint, in one unit with the signed anchor that the
//! chain begins at from then on. What is not sound stays, however old it is.

use std::fmt::Write as _;

use identity_domain::organization::Organization;
use identity_domain::secret::ValueHash;
use identity_domain::{Fault, Id, Timestamp};

use super::seal::{Checkpoint, Signed};
use super::verify::{Finding, Proof};
use crate::row::Row;
use crate::store::Store;
use crate::value::args;
use crate::work::Work;

/// Where a chain begins since its oldest records were removed.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    chain: String,
    /// Number of the last record that was removed.
    pub(super) seq: i64,
    /// Its hash, on which the first record that is kept stands.
    pub(super) hash: [u8; 32],
    at: Timestamp,
    pub(super) signed: Signed,
}

impl Anchor {
    pub(super) fn message(&self) -> String {
        message(&self.chain, self.seq, &self.hash, self.at)
    }
}

/// What an anchor's signature stands for. No checkpoint passes for it: whoever may write to the database has many of those, and must
/// not let a chain begin where they like.
fn message(chain: &str, seq: i64, hash: &[u8; 32], at: Timestamp) -> String {
    let mut text = format!("identity audit anchor 1\n{chain}\n{seq}\n{}\n", at.millis());
    for byte in hash {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The oldest records of a chain, proven and old enough.
#[derive(Clone, Debug)]
pub struct Prunable {
    /// The organization's id as text; empty for the instance's chain.
    pub chain: String,
    /// Number of the last record that may be removed.
    pub seq: i64,
    /// How many they are.
    pub records: i64,
    hash: [u8; 32],
    /// Where the chain begins so far.
    since: Option<i64>,
}

impl Prunable {
    /// What is signed for the chain to begin behind them.
    pub fn message(&self, now: Timestamp) -> String {
        message(&self.chain, self.seq, &self.hash, now)
    }

    /// Whose chain it is; `None` is the instance's.
    pub fn organization_id(&self) -> Option<Id<Organization>> {
        self.chain.parse().ok()
    }
}

impl Store {
    /// The chains with a checkpoint from before an instant: some of their records may be removed.
    pub async fn prunable_chains(&self, before: Timestamp) -> Result<Vec<String>, Fault> {
        let sql = "SELECT /* whole table */ c.chain FROM audit_chains c \
                   WHERE EXISTS (SELECT 1 FROM audit_checkpoints p WHERE p.chain = c.chain AND p.at < ?)";
        self.all(sql, &args![before], |row| row.text(0)).await
    }

    /// The oldest records of a chain up to the last checkpoint from before an instant, about `most` of them, all proven. What is
    /// wrong with them is the inner error: then nothing may be removed, for it is evidence.
    pub async fn prunable(
        &self,
        chain: &str,
        before: Timestamp,
        most: i64,
        is_signed: impl Fn(&str, &Signed) -> bool + Send + Sync,
    ) -> Result<Result<Option<Prunable>, Finding>, Fault> {
        let anchor = self.audit_anchor(chain).await?;
        let since = anchor.as_ref().map(|anchor| anchor.seq);
        let from = since.unwrap_or_default();
        let Some(checkpoint) = self.last_checkpoint(chain, from, before, most).await? else {
            return Ok(Ok(None));
        };
        let until = checkpoint.seq;
        let checkpoints = [checkpoint];
        let mut proof = Proof::from(anchor.as_ref(), &checkpoints, &is_signed);
        if let Some(finding) = proof.begins_soundly(anchor.as_ref()) {
            return Ok(Err(finding));
        }
        while proof.seq < until {
            let page = self.sealed_after(chain.parse().ok(), proof.seq).await?;
            if page.is_empty() {
                return Ok(Err(Finding::Missing(proof.seq + 1)));
            }
            let mut rows = page.iter().take_while(|row| row.seq <= until);
            if let Some(finding) = rows.find_map(|row| proof.take(row)) {
                return Ok(Err(finding));
            }
            if page.iter().all(|row| row.seq > until) {
                return Ok(Err(Finding::Missing(proof.seq + 1)));
            }
        }
        Ok(Ok(Some(Prunable {
            chain: chain.to_owned(),
            seq: until,
            records: until - from,
            hash: proof.hash.0,
            since,
        })))
    }

    pub(super) async fn audit_anchor(&self, chain: &str) -> Result<Option<Anchor>, Fault> {
        let sql = "SELECT seq, hash, signature, kid, at FROM audit_anchors WHERE chain = ?";
        self.first(sql, &args![chain], |row| {
            let (seq, hash, signed, at) = read(row)?;
            Ok(Anchor {
                chain: chain.to_owned(),
                seq,
                hash,
                at,
                signed,
            })
        })
        .await
    }

    /// The last checkpoint within `most` records from a place on, else the next one.
    async fn last_checkpoint(
        &self,
        chain: &str,
        from: i64,
        before: Timestamp,
        most: i64,
    ) -> Result<Option<Checkpoint>, Fault> {
        let near = "SELECT seq, hash, signature, kid, at FROM audit_checkpoints \
                    WHERE chain = ? AND seq > ? AND at < ? AND seq <= ? ORDER BY seq DESC LIMIT 1";
        let next = "SELECT seq, hash, signature, kid, at FROM audit_checkpoints \
                    WHERE chain = ? AND seq > ? AND at < ? AND seq <= ? ORDER BY seq LIMIT 1";
        for (sql, to) in [(near, from.saturating_add(most)), (next, i64::MAX)] {
            let found = self
                .first(sql, &args![chain, from, before, to], |row| {
                    let (seq, hash, signed, at) = read(row)?;
                    Ok(Checkpoint {
                        chain: chain.to_owned(),
                        seq,
                        hash,
                        at,
                        signed,
                    })
                })
                .await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

fn read(row: &Row<'_>) -> Result<(i64, [u8; 32], Signed, Timestamp), Fault> {
    let signed = Signed {
        signature: row.blob(2)?,
        kid: row.text(3)?,
    };
    Ok((row.int(0)?, row.hash(1)?.0, signed, row.at(4)?))
}

impl Work {
    /// Removes records that are proven and old enough, with their checkpoints, and lets their chain begin behind them. Guard `anchor`,
    /// or a conflict of `audit_anchors` the first time: somebody else removed them.
    pub fn prune_audit(self, prunable: &Prunable, signed: &Signed, now: Timestamp) -> Self {
        let Prunable {
            chain, seq, hash, ..
        } = prunable;
        let hash = ValueHash(*hash);
        let (signature, kid) = (signed.signature.clone(), signed.kid.as_str());
        let work = match prunable.since {
            Some(since) => self.guarded(
                "anchor",
                "UPDATE audit_anchors SET seq = ?, hash = ?, signature = ?, kid = ?, at = ? WHERE chain = ? AND seq = ?",
                args![*seq, hash, signature, kid, now, chain.as_str(), since],
            ),
            None => self.step(
                "INSERT INTO audit_anchors (chain, seq, hash, signature, kid, at) VALUES (?, ?, ?, ?, ?, ?)",
                args![chain.as_str(), *seq, hash, signature, kid, now],
            ),
        };
        let work = work.step(
            "DELETE FROM audit_checkpoints WHERE chain = ? AND seq <= ?",
            args![chain.as_str(), *seq],
        );
        match prunable.organization_id() {
            Some(id) => work.step(
                "DELETE FROM audit WHERE organization_id = ? AND seal_seq <= ?",
                args![id, *seq],
            ),
            None => work.step(
                "DELETE FROM audit WHERE organization_id IS NULL AND seal_seq <= ?",
                args![*seq],
            ),
        }
    }
}
