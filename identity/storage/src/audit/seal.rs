//! Giving records their place in the chain, and signing heads.

use std::fmt::Write as _;

use identity_domain::organization::Organization;
use identity_domain::secret::ValueHash;
use identity_domain::{Fault, Id, Timestamp};

use super::{AuditRow, audit_columns, chain_name, read_audit};
use crate::store::Store;
use crate::value::{Value, args};
use crate::work::{Lost, Work};

/// How many records one unit seals: few sizes, so that few statements are prepared.
const UNITS: [usize; 5] = [256, 64, 16, 4, 1];
/// Hash before the first record of a chain.
pub(super) const GENESIS: ValueHash = ValueHash([0; 32]);

/// The end of a chain at some moment, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The organization's id as text; empty for the instance's chain.
    pub chain: String,
    /// Number of its last record.
    pub seq: i64,
    /// Hash of its last record.
    pub hash: [u8; 32],
    /// When it was signed.
    pub at: Timestamp,
    /// Signature over [`Checkpoint::message`].
    pub signed: Signed,
}

/// A signature and the key it was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The signature's bytes.
    pub signature: Vec<u8>,
    /// Id of the key.
    pub kid: String,
}

/// The end of a chain.
#[derive(Clone, Copy)]
struct Head {
    seq: i64,
    hash: ValueHash,
}

impl Checkpoint {
    /// What is signed.
    pub fn message(&self) -> String {
        message(&self.chain, self.seq, &self.hash, self.at)
    }
}

fn message(chain: &str, seq: i64, hash: &[u8; 32], at: Timestamp) -> String {
    let mut text = format!(
        "identity audit checkpoint 1\n{chain}\n{seq}\n{}\n",
        at.millis()
    );
    for byte in hash {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The hash of a record in its place: over the hash before it and every field, each with its length.
pub(super) fn chain_hash(previous: &ValueHash, seq: i64, row: &AuditRow) -> ValueHash {
    let mut bytes = Vec::with_capacity(256 + row.data.len() + row.user_agent.len());
    bytes.extend_from_slice(&previous.0);
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(row.id.as_bytes());
    bytes.extend_from_slice(&row.at.millis().to_be_bytes());
    let chain = chain_name(row.organization_id);
    let texts = [
        &chain,
        &row.action,
        &row.actor,
        &row.target,
        &row.result,
        &row.address,
        &row.user_agent,
        &row.request_id,
        &row.data,
    ];
    for text in texts {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    ValueHash::of(&bytes)
}

impl Store {
    /// Gives records that have none their place in the chain, the oldest first, at most `most` of each chain; how many it were.
    /// Called about once a second by one worker; several at once do no harm, one of them wins.
    pub async fn seal_audit(&self, most: usize) -> Result<usize, Fault> {
        let sql = "SELECT DISTINCT organization_id FROM audit WHERE seal_seq IS NULL";
        let mut sealed = 0;
        for organization in self.all(sql, &[], |row| row.id_or_null(0)).await? {
            // The head first, then what is to follow it: whoever seals in between moves the head, and we lose.
            let mut head = self.chain_head(&chain_name(organization)).await?;
            let rows = self.unsealed(organization, most).await?;
            let mut rest = rows.as_slice();
            while let Some((unit, after)) =
                UNITS.iter().find_map(|size| rest.split_at_checked(*size))
            {
                rest = after;
                match self.seal_unit(&chain_name(organization), head, unit).await {
                    Ok(moved) => head = Some(moved),
                    // Another node seals this chain right now.
                    Err(Lost::Guard(_) | Lost::Conflict(_)) => break,
                    Err(lost) => return Err(lost.into()),
                }
                sealed += unit.len();
            }
        }
        Ok(sealed)
    }

    async fn chain_head(&self, chain: &str) -> Result<Option<Head>, Fault> {
        let sql = "SELECT seq, hash FROM audit_chains WHERE chain = ?";
        self.first(sql, &args![chain], |row| {
            Ok(Head {
                seq: row.int(0)?,
                hash: row.hash(1)?,
            })
        })
        .await
    }

    async fn unsealed(
        &self,
        organization: Option<Id<Organization>>,
        most: usize,
    ) -> Result<Vec<AuditRow>, Fault> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        if let Some(id) = organization {
            let sql = concat!(
                "SELECT ",
                audit_columns!(),
                " FROM audit WHERE organization_id = ? AND seal_seq IS NULL ORDER BY id LIMIT ?"
            );
            return self.all(sql, &args![id, most], read_audit).await;
        }
        let sql = concat!(
            "SELECT ",
            audit_columns!(),
            " FROM audit WHERE organization_id IS NULL AND seal_seq IS NULL ORDER BY id LIMIT ?"
        );
        self.all(sql, &args![most], read_audit).await
    }

    /// Seals records after `head` and answers the head they make.
    async fn seal_unit(
        &self,
        chain: &str,
        head: Option<Head>,
        rows: &[AuditRow],
    ) -> Result<Head, Lost> {
        let first = head.map_or(0, |head| head.seq);
        let mut next = head.unwrap_or(Head {
            seq: 0,
            hash: GENESIS,
        });
        let mut sql = String::from("WITH sealed (id, seq, prev, hash) AS (VALUES ");
        let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 4);
        for (at, row) in rows.iter().enumerate() {
            let previous = next.hash;
            next = Head {
                seq: next.seq + 1,
                hash: chain_hash(&previous, next.seq + 1, row),
            };
            sql.push_str(if at == 0 {
                "(?, ?, ?, ?)"
            } else {
                ", (?, ?, ?, ?)"
            });
            values.extend(args![row.id, next.seq, previous, next.hash]);
        }
        sql.push_str(
            ") UPDATE audit SET seal_seq = sealed.seq, prev_hash = sealed.prev, hash = sealed.hash FROM sealed \
             WHERE audit.id = sealed.id AND audit.seal_seq IS NULL",
        );
        let work = Work::unaudited("sealing changes no record, it gives them their place");
        let work = if head.is_some() {
            let sql = "UPDATE audit_chains SET seq = ?, hash = ? WHERE chain = ? AND seq = ?";
            work.guarded("chain", sql, args![next.seq, next.hash, chain, first])
        } else {
            work.step(
                "INSERT INTO audit_chains (chain, seq, hash) VALUES (?, ?, ?)",
                args![chain, next.seq, next.hash],
            )
        };
        self.commit(work.push(sql.into(), values, None).ordered())
            .await?;
        Ok(next)
    }

    /// Signs the heads that moved on since their last checkpoint; how many it were. `sign` gets the message of
    /// [`Checkpoint::message`].
    pub async fn checkpoint_audit(
        &self,
        now: Timestamp,
        sign: impl Fn(&str) -> Result<Signed, Fault> + Send,
    ) -> Result<usize, Fault> {
        let sql = "SELECT /* whole table */ c.chain, c.seq, c.hash FROM audit_chains c \
                   WHERE NOT EXISTS (SELECT 1 FROM audit_checkpoints p WHERE p.chain = c.chain AND p.seq >= c.seq)";
        let heads = self
            .all(sql, &[], |row| {
                Ok((row.text(0)?, row.int(1)?, row.hash(2)?))
            })
            .await?;
        let mut count = 0;
        for (chain, seq, hash) in heads {
            let signed = sign(&message(&chain, seq, &hash.0, now))?;
            let work = Work::unaudited("a checkpoint is part of the log itself").step(
                "INSERT INTO audit_checkpoints (chain, seq, hash, signature, kid, at) VALUES (?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (chain, seq) DO NOTHING",
                args![chain, seq, hash, signed.signature, signed.kid, now],
            );
            self.commit(work).await?;
            count += 1;
        }
        Ok(count)
    }
}
