//! Reading the log in pages.

use identity_domain::organization::Organization;
use identity_domain::{Fault, Id, Timestamp};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::AuditRow;
use crate::entity::audit;
use crate::lists::{Page, PageRequest, page};
use crate::orm::fault;
use crate::store::Store;

/// Whose records of the audit log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuditScope {
    /// All chains; for operators.
    #[default]
    All,
    /// The instance's own chain.
    Instance,
    /// One organization's.
    Organization(Id<Organization>),
}

/// Which records of the audit log; everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Whose.
    pub scope: AuditScope,
    /// By this actor, as stored (`user:…`).
    pub actor: Option<String>,
    /// About this target, as stored (`user:…`).
    pub target: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// `ok` or `refused`.
    pub result: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl Store {
    /// Records of the audit log, the newest first.
    pub async fn list_audit(
        &self,
        filter: &AuditFilter,
        request: &PageRequest,
    ) -> Result<Page<AuditRow>, Fault> {
        let mut query = audit::Entity::find();
        query = match filter.scope {
            AuditScope::All => query,
            AuditScope::Instance => query.filter(audit::Column::OrganizationId.is_null()),
            AuditScope::Organization(id) => {
                query.filter(audit::Column::OrganizationId.eq(id.uuid()))
            }
        };
        for (column, wanted) in [
            (audit::Column::Actor, &filter.actor),
            (audit::Column::Target, &filter.target),
            (audit::Column::Action, &filter.action),
            (audit::Column::Result, &filter.result),
        ] {
            if let Some(wanted) = wanted {
                query = query.filter(column.eq(wanted.as_str()));
            }
        }
        if let Some(since) = filter.since {
            query = query.filter(audit::Column::At.gte(since.millis()));
        }
        if let Some(until) = filter.until {
            query = query.filter(audit::Column::At.lt(until.millis()));
        }
        if let Some(after) = request.after {
            query = query.filter(audit::Column::Id.lt(after));
        }
        let rows = query
            .order_by_desc(audit::Column::Id)
            .limit(request.limit() + 1)
            .all(self.orm())
            .await
            .map_err(|e| fault(&e))?;
        let page = page(rows, request.limit(), |row| row.id);
        Ok(Page {
            items: page.items.into_iter().map(audit_row).collect(),
            next: page.next,
        })
    }
}

fn audit_row(row: audit::Model) -> AuditRow {
    AuditRow {
        id: row.id,
        organization_id: row.organization_id.map(Id::from_uuid),
        at: Timestamp(row.at),
        action: row.action,
        actor: row.actor,
        target: row.target,
        result: row.result,
        address: row.address,
        user_agent: row.user_agent,
        request_id: row.request_id,
        data: row.data,
        seal_seq: row.seal_seq,
    }
}
