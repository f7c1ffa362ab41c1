//! The audit log: appended in the unit of what it tells of, chained shortly after, verifiable at any time.
//!
//! A record is written without its place in the chain, so that no unit waits for another. The sealer gives it one: a
//! number without gaps per organization, the hash before it, and its own. Checkpoints sign a head now and then. Records
//! that nobody needs any more are removed from the beginning, up to a checkpoint; a signed anchor says where the chain
//! begins since.

mod activity;
mod list;
mod prune;
mod seal;
mod sign_ins;
mod verify;

use identity_domain::audit::Record;
use identity_domain::organization::Organization;
use identity_domain::{Fault, Id, Timestamp};
use uuid::Uuid;

use crate::row::{Row, to_json};
use crate::value::args;
use crate::work::Work;

pub use list::{AuditFilter, AuditScope};
pub use prune::Prunable;
pub use seal::{Checkpoint, Signed};
pub use sign_ins::FailedSignIns;
pub use verify::{ChainReport, Finding};

/// A record as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its id.
    pub id: Uuid,
    /// In whose chain it stands; `None` is the instance's.
    pub organization_id: Option<Id<Organization>>,
    /// When.
    pub at: Timestamp,
    /// What, as a stable name.
    pub action: String,
    /// Who, as `kind:id`.
    pub actor: String,
    /// To what, as `kind:id`.
    pub target: String,
    /// `ok` or `refused`.
    pub result: String,
    /// Client address.
    pub address: String,
    /// Client program.
    pub user_agent: String,
    /// Our id of the request.
    pub request_id: String,
    /// The rest, a JSON object.
    pub data: String,
    /// Its place in the chain, once sealed.
    pub seal_seq: Option<i64>,
}

macro_rules! audit_columns {
    () => {
        "id, organization_id, at, action, actor, target, result, address, user_agent, request_id, data, seal_seq"
    };
}
pub(crate) use audit_columns;

/// How many columns [`audit_columns`] names.
const AUDIT_COLUMNS: usize = 12;

impl Work {
    /// A unit that leaves this trace. If the trace cannot be written, nothing of the unit happens.
    pub fn audited(record: Record) -> Self {
        Self::empty().and_event(record)
    }

    /// Adds another trace.
    #[expect(clippy::needless_pass_by_value, reason = "a record is written once")]
    pub fn and_event(self, record: Record) -> Self {
        self.step(
            "INSERT INTO audit (id, organization_id, at, action, actor, target, result, address, user_agent, request_id, data) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            args![
                record.id,
                record.organization_id,
                record.at,
                record.event.action(),
                record.actor.to_stored(),
                record.event.target(),
                record.event.result(),
                record.context.address.as_str(),
                record.context.user_agent.as_str(),
                record.context.request_id.as_str(),
                to_json(&record.event.data()),
            ],
        )
    }
}

/// Reads [`audit_columns`].
fn read_audit(row: &Row<'_>) -> Result<AuditRow, Fault> {
    Ok(AuditRow {
        id: row.uuid(0)?,
        organization_id: row.id_or_null(1)?,
        at: row.at(2)?,
        action: row.text(3)?,
        actor: row.text(4)?,
        target: row.text(5)?,
        result: row.text(6)?,
        address: row.text(7)?,
        user_agent: row.text(8)?,
        request_id: row.text(9)?,
        data: row.text(10)?,
        seal_seq: row.int_or_null(11)?,
    })
}

/// The name of a chain: the organization's id, or nothing for the instance's.
fn chain_name(organization: Option<Id<Organization>>) -> String {
    organization.map(|id| id.to_string()).unwrap_or_default()
}
