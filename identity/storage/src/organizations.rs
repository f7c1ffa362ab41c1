//! Organizations, their roles and their members.

use std::collections::BTreeSet;

use identity_domain::membership::Membership;
use identity_domain::organization::{Organization, OrganizationStatus, Slug};
use identity_domain::role::Role;
use identity_domain::user::User;
use identity_domain::{Fault, Id, Timestamp};

use crate::row::{Row, to_json};
use crate::store::Store;
use crate::value::args;
use crate::work::Work;

macro_rules! organization_columns {
    () => {
        "o.id, o.slug, o.name, o.status, o.domains, o.managed_by, o.version, o.created_at, o.updated_at, o.branding"
    };
}

/// How many columns [`organization_columns`] names.
const ORGANIZATION_COLUMNS: usize = 10;

impl Store {
    /// All organizations with their own roles, for the snapshot.
    pub async fn all_organizations(&self) -> Result<Vec<(Organization, Vec<Role>)>, Fault> {
        let sql = concat!(
            "SELECT /* whole table */ ",
            organization_columns!(),
            ", r.name, r.permissions FROM organizations o LEFT JOIN roles r ON r.organization_id = o.id ORDER BY o.id, r.name"
        );
        let mut all: Vec<(Organization, Vec<Role>)> = Vec::new();
        self.all(sql, &[], |row| {
            let organization_id = row.id(0)?;
            // Once, however many roles it has: its pictures are the larger part of a row.
            if all
                .last()
                .is_none_or(|(last, _)| last.id != organization_id)
            {
                all.push((read_organization(row, 0)?, Vec::new()));
            }
            if let (Some(name), Some((_, roles))) =
                (row.text_or_null(ORGANIZATION_COLUMNS)?, all.last_mut())
            {
                roles.push(Role {
                    organization_id,
                    name,
                    permissions: row.json(ORGANIZATION_COLUMNS + 1)?,
                });
            }
            Ok(())
        })
        .await?;
        Ok(all)
    }

    /// One organization.
    pub async fn organization(&self, id: Id<Organization>) -> Result<Option<Organization>, Fault> {
        let sql = concat!(
            "SELECT ",
            organization_columns!(),
            " FROM organizations o WHERE o.id = ?"
        );
        self.first(sql, &args![id], |row| read_organization(row, 0))
            .await
    }

    /// One organization by its short name.
    pub async fn organization_by_slug(&self, slug: &Slug) -> Result<Option<Organization>, Fault> {
        let sql = concat!(
            "SELECT ",
            organization_columns!(),
            " FROM organizations o WHERE o.slug = ?"
        );
        self.first(sql, &args![slug.as_str()], |row| read_organization(row, 0))
            .await
    }

    /// An organization's own roles.
    pub async fn roles_of(&self, organization: Id<Organization>) -> Result<Vec<Role>, Fault> {
        let sql = "SELECT organization_id, name, permissions FROM roles WHERE organization_id = ?";
        self.all(sql, &args![organization], read_role).await
    }

    /// Where a person belongs, oldest first.
    pub async fn memberships_of(&self, user: Id<User>) -> Result<Vec<Membership>, Fault> {
        let sql = "SELECT user_id, organization_id, roles, created_at FROM memberships WHERE user_id = ? ORDER BY created_at";
        self.all(sql, &args![user], read_membership).await
    }

    /// Where a person belongs, each with the organization as it is now, oldest first.
    pub async fn organizations_of(
        &self,
        user: Id<User>,
    ) -> Result<Vec<(Membership, Organization)>, Fault> {
        let sql = concat!(
            "SELECT ",
            organization_columns!(),
            ", m.roles, m.created_at FROM memberships m JOIN organizations o ON o.id = m.organization_id \
             WHERE m.user_id = ? ORDER BY m.created_at"
        );
        self.all(sql, &args![user], |row| {
            let organization = read_organization(row, 0)?;
            let membership = Membership {
                user_id: user,
                organization_id: organization.id,
                roles: row.json(ORGANIZATION_COLUMNS)?,
                created_at: row.at(ORGANIZATION_COLUMNS + 1)?,
            };
            Ok((membership, organization))
        })
        .await
    }

    /// A person's place in one organization.
    pub async fn membership(
        &self,
        user: Id<User>,
        organization: Id<Organization>,
    ) -> Result<Option<Membership>, Fault> {
        let sql = "SELECT user_id, organization_id, roles, created_at FROM memberships WHERE user_id = ? AND organization_id = ?";
        self.first(sql, &args![user, organization], read_membership)
            .await
    }
}

impl Work {
    /// Stores a new organization. A slug that is taken is [`crate::Lost::Conflict`] of `organizations`.
    pub fn insert_organization(self, organization: &Organization) -> Self {
        self.step(
            "INSERT INTO organizations (id, slug, name, status, domains, policy, managed_by, version, created_at, updated_at, branding) \
             VALUES (?, ?, ?, ?, ?, '{}', ?, ?, ?, ?, ?)",
            args![
                organization.id,
                organization.slug.as_str(),
                organization.name.as_str(),
                organization.status.as_str(),
                to_json(&organization.domains),
                organization.managed_by.as_ref(),
                organization.version,
                organization.created_at,
                organization.updated_at,
                organization.branding.as_ref().map(to_json),
            ],
        )
        .announce_organization(organization.id, organization.updated_at)
    }

    /// Stores a changed organization. Guard `organization`: the row still has the version that was read; it is raised by one.
    pub fn update_organization(self, organization: &Organization) -> Self {
        self.guarded(
            "organization",
            "UPDATE organizations SET slug = ?, name = ?, status = ?, domains = ?, managed_by = ?, updated_at = ?, branding = ?, \
             version = version + 1 WHERE id = ? AND version = ?",
            args![
                organization.slug.as_str(),
                organization.name.as_str(),
                organization.status.as_str(),
                to_json(&organization.domains),
                organization.managed_by.as_ref(),
                organization.updated_at,
                organization.branding.as_ref().map(to_json),
                organization.id,
                organization.version,
            ],
        )
        .announce_organization(organization.id, organization.updated_at)
    }

    /// Removes an organization with its roles, memberships and clients. Guard `organization`.
    pub fn delete_organization(self, id: Id<Organization>, now: Timestamp) -> Self {
        self.guarded(
            "organization",
            "DELETE FROM organizations WHERE id = ?",
            args![id],
        )
        .announce_organization(id, now)
        .announce_client("", now)
    }

    /// Stores a role, new or changed. The sessions of the organization's members get new tokens.
    pub fn put_role(self, role: &Role, now: Timestamp) -> Self {
        self.step(
            "INSERT INTO roles (organization_id, name, permissions) VALUES (?, ?, ?) \
             ON CONFLICT (organization_id, name) DO UPDATE SET permissions = excluded.permissions",
            args![
                role.organization_id,
                role.name.as_str(),
                to_json(&role.permissions)
            ],
        )
        .demand_renewal_of_members(role.organization_id, now)
        .announce_organization(role.organization_id, now)
    }

    /// Removes a role; memberships that name it give nothing by it any more. The sessions of the organization's members get new tokens.
    pub fn delete_role(self, organization: Id<Organization>, name: &str, now: Timestamp) -> Self {
        self.step(
            "DELETE FROM roles WHERE organization_id = ? AND name = ?",
            args![organization, name],
        )
        .demand_renewal_of_members(organization, now)
        .announce_organization(organization, now)
    }

    /// Stores a membership, new or with other roles; the first instant stays. The sessions of the person get new tokens.
    pub fn put_membership(self, membership: &Membership, now: Timestamp) -> Self {
        self.step(
            "INSERT INTO memberships (user_id, organization_id, roles, created_at) VALUES (?, ?, ?, ?) \
             ON CONFLICT (user_id, organization_id) DO UPDATE SET roles = excluded.roles",
            args![membership.user_id, membership.organization_id, to_json(&membership.roles), membership.created_at],
        )
        .demand_renewal(membership.user_id, now)
        .announce_user(membership.user_id, now)
    }

    /// Takes a person out of an organization. Their sessions get new tokens. Guard `membership`.
    pub fn delete_membership(
        self,
        user: Id<User>,
        organization: Id<Organization>,
        now: Timestamp,
    ) -> Self {
        self.guarded(
            "membership",
            "DELETE FROM memberships WHERE user_id = ? AND organization_id = ?",
            args![user, organization],
        )
        .demand_renewal(user, now)
        .announce_user(user, now)
    }
}

fn read_organization(row: &Row<'_>, at: usize) -> Result<Organization, Fault> {
    let slug = row.text(at + 1)?;
    Ok(Organization {
        id: row.id(at)?,
        slug: Slug::parse(&slug).map_err(|e| Fault::new(format_args!("a stored slug: {e}")))?,
        name: row.text(at + 2)?,
        status: OrganizationStatus::from_stored(&row.text(at + 3)?),
        domains: row.json(at + 4)?,
        managed_by: row.text_or_null(at + 5)?,
        version: row.int(at + 6)?,
        created_at: row.at(at + 7)?,
        updated_at: row.at(at + 8)?,
        branding: row.json_or_null(at + 9)?,
    })
}

fn read_role(row: &Row<'_>) -> Result<Role, Fault> {
    let permissions: BTreeSet<String> = row.json(2)?;
    Ok(Role {
        organization_id: row.id(0)?,
        name: row.text(1)?,
        permissions,
    })
}

fn read_membership(row: &Row<'_>) -> Result<Membership, Fault> {
    Ok(Membership {
        user_id: row.id(0)?,
        organization_id: row.id(1)?,
        roles: row.json(2)?,
        created_at: row.at(3)?,
    })
}
