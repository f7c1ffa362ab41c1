//! One person's part of the log.

use identity_domain::user::User;
use identity_domain::{Fault, Id, Timestamp};
use uuid::Uuid;

use super::{AuditRow, audit_columns, read_audit};
use crate::store::Store;
use crate::value::args;

impl Store {
    /// What a person did and what was done to their account since an instant, the newest first, at most `most` records, before
    /// the record `before` if it is named. Tokens issued to applications are not among it.
    pub async fn activity_of(
        &self,
        user: Id<User>,
        since: Timestamp,
        before: Option<Uuid>,
        most: usize,
    ) -> Result<Vec<AuditRow>, Fault> {
        let subject = format!("user:{user}");
        let before = before.unwrap_or(Uuid::max());
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        // The bounds repeat what the partial indexes hold, so that they are used.
        let about = concat!(
            "SELECT ",
            audit_columns!(),
            " FROM audit WHERE target = ?1 AND target >= 'user:' AND target < 'user;' AND id < ?2 AND at >= ?3 ",
            "ORDER BY id DESC LIMIT ?4"
        );
        let consents = concat!(
            "SELECT ",
            audit_columns!(),
            " FROM audit WHERE actor = ?1 AND action >= 'consent.' AND action < 'consent/' AND id < ?2 AND at >= ?3 ",
            "ORDER BY id DESC LIMIT ?4"
        );
        let arguments = args![subject.as_str(), before, since, limit];
        let mut rows = self.all(about, &arguments, read_audit).await?;
        rows.extend(self.all(consents, &arguments, read_audit).await?);
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
        rows.truncate(most);
        Ok(rows)
    }
}
