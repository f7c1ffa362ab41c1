//! Who administers an organization, and the rule above all others as a guard: one that has an administrator is not left without.

use identity_domain::organization::Organization;
use identity_domain::user::User;
use identity_domain::{Fault, Id};

use crate::store::Store;
use crate::users::{read_user, user_columns};
use crate::value::args;
use crate::work::Work;

impl Store {
    /// The active administrators of an organization, the longest-standing first, at most `most`.
    pub async fn administrators_of(
        &self,
        organization: Id<Organization>,
        most: usize,
    ) -> Result<Vec<User>, Fault> {
        let sql = concat!(
            "SELECT ",
            user_columns!(),
            " FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.organization_id = ? AND u.status = 'active' ",
            "AND m.roles LIKE '%\"admin\"%' ORDER BY m.created_at, u.id LIMIT ?"
        );
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.all(sql, &args![organization, most], |row| read_user(row, 0))
            .await
    }
}

impl Work {
    /// Guard `administrator`: somebody else than the one who leaves is an active administrator of the organization. Of two who leave in
    /// the same moment one stays: the first step takes the organization's row, and the second looks when nobody else has it.
    pub fn keep_an_administrator(self, organization: Id<Organization>, leaving: Id<User>) -> Self {
        self.step(
            "UPDATE organizations SET updated_at = updated_at WHERE id = ?",
            args![organization],
        )
        .guarded(
            "administrator",
            "UPDATE organizations SET updated_at = updated_at WHERE id = ? AND EXISTS (SELECT 1 FROM memberships m \
             JOIN users u ON u.id = m.user_id WHERE m.organization_id = ? AND m.user_id <> ? AND u.status = 'active' \
             AND m.roles LIKE '%\"admin\"%')",
            args![organization, organization, leaving],
        )
        .ordered()
    }
}
