//! Proving the log: every chain from its first record, or from the anchor behind those that were removed, to its head, and
//! every checkpoint on the way.

use std::collections::BTreeSet;
use std::fmt;

use identity_domain::organization::Organization;
use identity_domain::secret::ValueHash;
use identity_domain::{Fault, Id};

use super::prune::Anchor;
use super::seal::{Checkpoint, GENESIS, Signed, chain_hash};
use super::{AUDIT_COLUMNS, AuditRow, audit_columns, chain_name, read_audit};
use crate::store::Store;
use crate::value::args;

/// Records read at once.
const PAGE: i64 = 1000;

/// What was found of one chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    /// The organization's id as text; empty for the instance's chain.
    pub chain: String,
    /// Number of the first record that is kept; those before it were removed because of their age.
    pub first: i64,
    /// How many records were proven, from that one on.
    pub proven: i64,
    /// Hash of the last proven record; worth keeping elsewhere.
    pub head: [u8; 32],
    /// The first thing that is wrong, if anything is.
    pub finding: Option<Finding>,
}

/// What is wrong, at which place of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// No record has this number, although a later one or the head does.
    Missing(i64),
    /// The record with this number is not what was sealed.
    Changed(i64),
    /// The checkpoint at this number does not fit the record, or its signature is not good.
    BadCheckpoint(i64),
    /// What says that records up to this number were removed because of their age is not signed by us.
    BadAnchor(i64),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(seq) => write!(f, "record {seq} is missing"),
            Self::Changed(seq) => write!(f, "record {seq} was changed or moved"),
            Self::BadCheckpoint(seq) => write!(f, "the checkpoint at record {seq} does not hold"),
            Self::BadAnchor(seq) => write!(
                f,
                "nothing of ours says that the records up to {seq} were removed"
            ),
        }
    }
}

/// A sealed record with its hashes as stored.
pub(super) struct SealedRow {
    row: AuditRow,
    pub(super) seq: i64,
    previous: Option<ValueHash>,
    hash: Option<ValueHash>,
}

impl Store {
    /// Verifies all chains. `is_signed` judges the signature over a message.
    pub async fn verify_audit(
        &self,
        is_signed: impl Fn(&str, &Signed) -> bool + Send + Sync,
    ) -> Result<Vec<ChainReport>, Fault> {
        let mut chains = BTreeSet::new();
        // Each source alone could have been emptied by whoever changed the log.
        for sql in [
            "SELECT /* whole table */ chain FROM audit_chains",
            "SELECT /* whole table */ DISTINCT chain FROM audit_checkpoints",
            "SELECT /* whole table */ chain FROM audit_anchors",
        ] {
            chains.extend(self.all(sql, &[], |row| row.text(0)).await?);
        }
        let sql = "SELECT /* whole table */ DISTINCT organization_id FROM audit WHERE seal_seq IS NOT NULL";
        chains.extend(
            self.all(sql, &[], |row| Ok(chain_name(row.id_or_null(0)?)))
                .await?,
        );
        let mut reports = Vec::with_capacity(chains.len());
        for chain in chains {
            reports.push(self.verify_chain(chain, &is_signed).await?);
        }
        Ok(reports)
    }

    async fn verify_chain(
        &self,
        chain: String,
        is_signed: &(impl Fn(&str, &Signed) -> bool + Send + Sync),
    ) -> Result<ChainReport, Fault> {
        let organization: Option<Id<Organization>> = chain.parse().ok();
        let checkpoints = self.checkpoints(&chain).await?;
        let head = self
            .first(
                "SELECT seq FROM audit_chains WHERE chain = ?",
                &args![chain.as_str()],
                |row| row.int(0),
            )
            .await?;
        let anchor = self.audit_anchor(&chain).await?;
        let mut proof = Proof::from(anchor.as_ref(), &checkpoints, is_signed);
        let start = proof.seq;
        let finding = match proof.begins_soundly(anchor.as_ref()) {
            Some(finding) => Some(finding),
            None => match self.sealed_up_to(organization, start).await? {
                // It was put there by somebody: what is removed goes with the anchor that says so, in one unit.
                Some(seq) => Some(Finding::Changed(seq)),
                None => self.prove(&mut proof, organization, head).await?,
            },
        };
        Ok(ChainReport {
            chain,
            first: start + 1,
            proven: proof.seq - start,
            head: proof.hash.0,
            finding,
        })
    }

    async fn prove<F: Fn(&str, &Signed) -> bool + Send + Sync>(
        &self,
        proof: &mut Proof<'_, F>,
        organization: Option<Id<Organization>>,
        head: Option<i64>,
    ) -> Result<Option<Finding>, Fault> {
        loop {
            let page = self.sealed_after(organization, proof.seq).await?;
            if page.is_empty() {
                return Ok(proof.end(head));
            }
            if let Some(finding) = page.iter().find_map(|row| proof.take(row)) {
                return Ok(Some(finding));
            }
        }
    }

    /// A record that stands at or before a place, if any does.
    async fn sealed_up_to(
        &self,
        organization: Option<Id<Organization>>,
        seq: i64,
    ) -> Result<Option<i64>, Fault> {
        if let Some(id) = organization {
            let sql = "SELECT seal_seq FROM audit WHERE organization_id = ? AND seal_seq <= ? ORDER BY seal_seq LIMIT 1";
            return self.first(sql, &args![id, seq], |row| row.int(0)).await;
        }
        let sql = "SELECT seal_seq FROM audit WHERE organization_id IS NULL AND seal_seq <= ? ORDER BY seal_seq LIMIT 1";
        self.first(sql, &args![seq], |row| row.int(0)).await
    }

    pub(super) async fn sealed_after(
        &self,
        organization: Option<Id<Organization>>,
        seq: i64,
    ) -> Result<Vec<SealedRow>, Fault> {
        let read = |row: &crate::row::Row<'_>| {
            let read = read_audit(row)?;
            let seq = read.seal_seq.unwrap_or_default();
            Ok(SealedRow {
                row: read,
                seq,
                previous: row.hash_or_null(AUDIT_COLUMNS)?,
                hash: row.hash_or_null(AUDIT_COLUMNS + 1)?,
            })
        };
        if let Some(id) = organization {
            let sql = concat!(
                "SELECT ",
                audit_columns!(),
                ", prev_hash, hash FROM audit WHERE organization_id = ? AND seal_seq > ? ORDER BY seal_seq LIMIT ?"
            );
            return self.all(sql, &args![id, seq, PAGE], read).await;
        }
        let sql = concat!(
            "SELECT ",
            audit_columns!(),
            ", prev_hash, hash FROM audit WHERE organization_id IS NULL AND seal_seq > ? ORDER BY seal_seq LIMIT ?"
        );
        self.all(sql, &args![seq, PAGE], read).await
    }

    async fn checkpoints(&self, chain: &str) -> Result<Vec<Checkpoint>, Fault> {
        let sql = "SELECT seq, hash, signature, kid, at FROM audit_checkpoints WHERE chain = ? ORDER BY seq";
        self.all(sql, &args![chain], |row| {
            Ok(Checkpoint {
                chain: chain.to_owned(),
                seq: row.int(0)?,
                hash: row.hash(1)?.0,
                signed: Signed {
                    signature: row.blob(2)?,
                    kid: row.text(3)?,
                },
                at: row.at(4)?,
            })
        })
        .await
    }
}

/// How far a chain is proven.
pub(super) struct Proof<'a, F> {
    pub(super) seq: i64,
    pub(super) hash: ValueHash,
    checkpoints: &'a [Checkpoint],
    is_signed: &'a F,
}

impl<'a, F: Fn(&str, &Signed) -> bool> Proof<'a, F> {
    /// From the first record, or from the anchor behind those that were removed.
    pub(super) fn from(
        anchor: Option<&Anchor>,
        checkpoints: &'a [Checkpoint],
        is_signed: &'a F,
    ) -> Self {
        let (seq, hash) =
            anchor.map_or((0, GENESIS), |anchor| (anchor.seq, ValueHash(anchor.hash)));
        Self {
            seq,
            hash,
            checkpoints,
            is_signed,
        }
    }

    /// Nobody but us says where a chain begins.
    pub(super) fn begins_soundly(&self, anchor: Option<&Anchor>) -> Option<Finding> {
        anchor
            .filter(|anchor| !(self.is_signed)(&anchor.message(), &anchor.signed))
            .map(|anchor| Finding::BadAnchor(anchor.seq))
    }

    /// Takes the next record, or says what is wrong with it.
    pub(super) fn take(&mut self, sealed: &SealedRow) -> Option<Finding> {
        let expected = self.seq + 1;
        if sealed.seq != expected {
            return Some(Finding::Missing(expected));
        }
        let hash = chain_hash(&self.hash, expected, &sealed.row);
        if sealed.previous != Some(self.hash) || sealed.hash != Some(hash) {
            return Some(Finding::Changed(expected));
        }
        let checkpoint = self
            .checkpoints
            .iter()
            .find(|checkpoint| checkpoint.seq == expected);
        let holds = |checkpoint: &Checkpoint| {
            checkpoint.hash == hash.0 && (self.is_signed)(&checkpoint.message(), &checkpoint.signed)
        };
        if checkpoint.is_some_and(|checkpoint| !holds(checkpoint)) {
            return Some(Finding::BadCheckpoint(expected));
        }
        self.seq = expected;
        self.hash = hash;
        None
    }

    /// All records were taken: whether the head and the checkpoints know of more.
    fn end(&self, head: Option<i64>) -> Option<Finding> {
        let last = self
            .checkpoints
            .last()
            .map_or(0, |checkpoint| checkpoint.seq)
            .max(head.unwrap_or_default());
        (last > self.seq).then_some(Finding::Missing(self.seq + 1))
    }
}
