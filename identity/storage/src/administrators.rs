//! The rule above all others as a guard: an organization that has an administrator is not left without one.

use identity_domain::Id;
use identity_domain::organization::Organization;
use identity_domain::user::User;

use crate::value::args;
use crate::work::Work;

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
