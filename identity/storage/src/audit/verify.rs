//! Proving the log: every chain from its first record to its head, and every checkpoint on the way.

use std::collections::BTreeSet;
use std::fmt;

use identity_domain::organization::Organization;
use identity_domain::secret::ValueHash;
use identity_domain::{Fault, Id};

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
    /// How many records were proven, from the first on.
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
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(seq) => write!(f, "record {seq} is missing"),
            Self::Changed(seq) => write!(f, "record {seq} was changed or moved"),
            Self::BadCheckpoint(seq) => write!(f, "the checkpoint at record {seq} does not hold"),
        }
    }
}

/// A sealed record with its hashes as stored.
struct SealedRow {
    row: AuditRow,
    seq: i64,
    previous: Option<ValueHash>,
    hash: Option<ValueHash>,
}

impl Store {
    /// Verifies all chains. `is_signed` judges a checkpoint's signature over its message.
    pub async fn verify_audit(
        &self,
        is_signed: impl Fn(&Checkpoint) -> bool + Send + Sync,
    ) -> Result<Vec<ChainReport>, Fault> {
        let mut chains = BTreeSet::new();
        // Each source alone could have been emptied by whoever changed the log.
        for sql in [
            "SELECT /* whole table */ chain FROM audit_chains",
            "SELECT /* whole table */ DISTINCT chain FROM audit_checkpoints",
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
        is_signed: &(impl Fn(&Checkpoint) -> bool + Send + Sync),
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
        let mut proof = Proof {
            seq: 0,
            hash: GENESIS,
            checkpoints: &checkpoints,
            is_signed,
        };
        let finding = loop {
            let page = self.sealed_after(organization, proof.seq).await?;
            if page.is_empty() {
                break proof.end(head);
            }
            if let Some(finding) = page.iter().find_map(|row| proof.take(row)) {
                break Some(finding);
            }
        };
        Ok(ChainReport {
            chain,
            proven: proof.seq,
            head: proof.hash.0,
            finding,
        })
    }

    async fn sealed_after(
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
struct Proof<'a, F> {
    seq: i64,
    hash: ValueHash,
    checkpoints: &'a [Checkpoint],
    is_signed: &'a F,
}

impl<F: Fn(&Checkpoint) -> bool> Proof<'_, F> {
    /// Takes the next record, or says what is wrong with it.
    fn take(&mut self, sealed: &SealedRow) -> Option<Finding> {
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
        if checkpoint
            .is_some_and(|checkpoint| checkpoint.hash != hash.0 || !(self.is_signed)(checkpoint))
        {
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
