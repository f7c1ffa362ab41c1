//! Lists that operators ask for. They may read whole tables; no request of a person or an application comes here.

use identity_domain::email::EmailKey;
use identity_domain::membership::Membership;
use identity_domain::organization::Organization;
use identity_domain::user::User;
use identity_domain::{Fault, Id, Timestamp};

use sea_orm::ConnectionTrait as _;

use crate::orm::fault;
use crate::row::Row;
use crate::store::Store;
use crate::users::{Person, USER_COLUMNS, read_user, user_columns};
use crate::value::args;

impl Store {
    /// The people after `after` in the order of their addresses, at most `most`, each with their memberships.
    pub async fn people_after(
        &self,
        after: Option<&EmailKey>,
        most: usize,
    ) -> Result<Vec<Person>, Fault> {
        let sql = concat!(
            "SELECT /* whole table */ ",
            user_columns!(),
            ", m.organization_id, m.roles, m.created_at, u.email_key FROM \
             (SELECT * FROM users WHERE email_key > ? ORDER BY email_key LIMIT ?) u \
             LEFT JOIN memberships m ON m.user_id = u.id ORDER BY u.email_key, m.organization_id"
        );
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.people(sql, &args![after.map_or("", EmailKey::as_str), most])
            .await
    }

    /// The people that declarative files manage, each with their memberships.
    pub async fn managed_people(&self) -> Result<Vec<Person>, Fault> {
        let sql = concat!(
            "SELECT /* whole table */ ",
            user_columns!(),
            ", m.organization_id, m.roles, m.created_at, u.email_key FROM users u \
             LEFT JOIN memberships m ON m.user_id = u.id WHERE u.managed_by IS NOT NULL ORDER BY u.email_key, m.organization_id"
        );
        self.people(sql, &[]).await
    }

    async fn people(
        &self,
        sql: &'static str,
        args: &[crate::value::Value],
    ) -> Result<Vec<Person>, Fault> {
        let mut people: Vec<Person> = Vec::new();
        self.all(sql, args, |row| {
            let user = read_user(row, 0)?;
            let membership = membership(row, user.id)?;
            match people.last_mut().filter(|last| last.user.id == user.id) {
                Some(person) => person.memberships.extend(membership),
                None => people.push(Person {
                    user,
                    memberships: membership.into_iter().collect(),
                }),
            }
            Ok(())
        })
        .await?;
        Ok(people)
    }

    /// Everybody who administers an organization: active people with the role `admin` there.
    pub async fn administrators(&self) -> Result<Vec<(Id<Organization>, Id<User>)>, Fault> {
        let sql = "SELECT /* whole table */ m.organization_id, m.user_id, m.roles FROM memberships m JOIN users u ON u.id = m.user_id \
                   WHERE u.status = 'active' AND m.roles LIKE '%\"admin\"%'";
        let found = self
            .all(sql, &[], |row| {
                let roles: Vec<String> = row.json(2)?;
                Ok((
                    row.id(0)?,
                    row.id(1)?,
                    roles.iter().any(|role| role == "admin"),
                ))
            })
            .await?;
        Ok(found
            .into_iter()
            .filter(|(.., is_admin)| *is_admin)
            .map(|(organization, user, _)| (organization, user))
            .collect())
    }

    /// Clears away what deleted rows left behind: SQLite's write-ahead log is written back and emptied (free pages are overwritten
    /// at once, see `secure_delete`), PostgreSQL vacuums the tables that held personal data.
    pub async fn scrub(&self) -> Result<(), Fault> {
        let sql = if self.is_shared() {
            "VACUUM users, credentials, sessions, devices, consents, memberships, single_use"
        } else {
            "PRAGMA wal_checkpoint(TRUNCATE)"
        };
        self.orm()
            .execute_unprepared(sql)
            .await
            .map(drop)
            .map_err(|e| fault(&e))
    }

    /// The members of an organization.
    pub async fn members_of(&self, organization: Id<Organization>) -> Result<Vec<Id<User>>, Fault> {
        let sql = "SELECT user_id FROM memberships WHERE organization_id = ?";
        self.all(sql, &args![organization], |row| row.id(0)).await
    }

    /// What the database's own clock says; two nodes agree on time only as well as this agrees with theirs.
    pub async fn database_time(&self) -> Result<Timestamp, Fault> {
        let sql = if self.is_shared() {
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
        } else {
            "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
        };
        let found = self.first(sql, &[], |row| row.at(0)).await?;
        found.ok_or_else(|| Fault::new("the database does not tell the time"))
    }

    /// Everybody with a session that was not ended.
    pub async fn people_with_sessions(&self) -> Result<Vec<Id<User>>, Fault> {
        let sql = "SELECT /* whole table */ DISTINCT user_id FROM sessions WHERE ended_at IS NULL";
        self.all(sql, &[], |row| row.id(0)).await
    }
}

fn membership(row: &Row<'_>, user_id: Id<User>) -> Result<Option<Membership>, Fault> {
    let Some(organization_id) = row.id_or_null(USER_COLUMNS)? else {
        return Ok(None);
    };
    let roles = row.json(USER_COLUMNS + 1)?;
    let created_at = row.at(USER_COLUMNS + 2)?;
    Ok(Some(Membership {
        user_id,
        organization_id,
        roles,
        created_at,
    }))
}
