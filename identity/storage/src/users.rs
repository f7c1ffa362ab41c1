//! People.

use identity_domain::credential::Credential;
use identity_domain::email::{EmailAddress, EmailKey};
use identity_domain::membership::Membership;
use identity_domain::secret::SecretString;
use identity_domain::user::{User, UserStatus};
use identity_domain::{Fault, Id, Timestamp};

use crate::credentials;
use crate::envelope::{Place, user_key_place};
use crate::row::{Row, to_json};
use crate::store::Store;
use crate::value::{Value, args};
use crate::work::Work;

/// A person's columns, read by [`read_user`].
macro_rules! user_columns {
    () => {
        "u.id, u.email, u.email_verified_at, u.profile, u.status, u.managed_by, u.security_epoch, u.version, u.created_at, u.updated_at, \
         u.standing, u.language"
    };
}
pub(crate) use user_columns;

/// How many columns [`user_columns`] names.
pub(crate) const USER_COLUMNS: usize = 12;

/// A person with what they prove themselves with and where they belong.
#[derive(Clone, Debug)]
pub struct Account {
    /// The person.
    pub user: User,
    /// All credentials.
    pub credentials: Vec<Credential>,
    /// All memberships.
    pub memberships: Vec<Membership>,
}

/// A person and where they belong.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person.
    pub user: User,
    /// All memberships.
    pub memberships: Vec<Membership>,
}

impl Store {
    /// The person with this id.
    pub async fn user(&self, id: Id<User>) -> Result<Option<User>, Fault> {
        let sql = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.id = ?");
        self.first(sql, &args![id], |row| read_user(row, 0)).await
    }

    /// The person with this address, however it is spelled.
    pub async fn user_by_email(&self, key: &EmailKey) -> Result<Option<User>, Fault> {
        let sql = concat!(
            "SELECT ",
            user_columns!(),
            " FROM users u WHERE u.email_key = ?"
        );
        self.first(sql, &args![key.as_str()], |row| read_user(row, 0))
            .await
    }

    /// The person with credentials and memberships, in one round trip.
    pub async fn account(&self, id: Id<User>) -> Result<Option<Account>, Fault> {
        let sql = concat!(
            "SELECT 0 AS part, u.id, u.email, u.email_verified_at, u.profile, u.status, u.managed_by, u.security_epoch, u.version, ",
            "u.created_at, u.updated_at, u.standing, u.language, u.data_key_sealed, NULL FROM users u WHERE u.id = ?1 ",
            "UNION ALL SELECT 1, c.id, c.kind, c.last_used_at, c.label, '', NULL, 0, c.version, c.created_at, 0, '', NULL, c.data_sealed, c.device_id ",
            "FROM credentials c WHERE c.user_id = ?1 ",
            "UNION ALL SELECT 2, m.organization_id, m.roles, NULL, '', '', NULL, 0, 0, m.created_at, 0, '', NULL, NULL, NULL ",
            "FROM memberships m WHERE m.user_id = ?1"
        );
        let mut account: Option<Account> = None;
        let mut sealed = Vec::new();
        let mut key = Vec::new();
        let mut memberships = Vec::new();
        self.all(sql, &args![id], |row| {
            match row.int(0)? {
                0 => {
                    account = Some(Account {
                        user: read_user(row, 1)?,
                        credentials: Vec::new(),
                        memberships: Vec::new(),
                    });
                    key = row.blob(13)?;
                }
                1 => sealed.push(credentials::Sealed {
                    id: row.id(1)?,
                    user_id: id,
                    kind: row.text(2)?,
                    last_used_at: row.at_or_null(3)?,
                    label: row.text(4)?,
                    device_id: row.id_or_null(14)?,
                    version: row.int(8)?,
                    created_at: row.at(9)?,
                    data: row.blob(13)?,
                }),
                _ => memberships.push(Membership {
                    user_id: id,
                    organization_id: row.id(1)?,
                    roles: row.json(2)?,
                    created_at: row.at(9)?,
                }),
            }
            Ok(())
        })
        .await?;
        let Some(mut account) = account else {
            return Ok(None);
        };
        account.credentials = self.open_credentials(id, &key, sealed).await?;
        account.memberships = memberships;
        Ok(Some(account))
    }

    /// The person with memberships alone, for the snapshot claims are made from.
    pub async fn person(&self, id: Id<User>) -> Result<Option<Person>, Fault> {
        let sql = concat!(
            "SELECT ",
            user_columns!(),
            ", m.organization_id, m.roles, m.created_at FROM users u LEFT JOIN memberships m ON m.user_id = u.id WHERE u.id = ?"
        );
        let mut person: Option<Person> = None;
        self.all(sql, &args![id], |row| {
            let person = match &mut person {
                Some(person) => person,
                none => none.insert(Person {
                    user: read_user(row, 0)?,
                    memberships: Vec::new(),
                }),
            };
            if let Some(organization_id) = row.id_or_null(USER_COLUMNS)? {
                let roles = row.json(USER_COLUMNS + 1)?;
                let created_at = row.at(USER_COLUMNS + 2)?;
                person.memberships.push(Membership {
                    user_id: id,
                    organization_id,
                    roles,
                    created_at,
                });
            }
            Ok(())
        })
        .await?;
        Ok(person)
    }

    /// The phone number of a person, if there is one.
    pub async fn phone_of(&self, id: Id<User>) -> Result<Option<SecretString>, Fault> {
        let sql = "SELECT data_key_sealed, phone_sealed FROM users WHERE id = ? AND phone_sealed IS NOT NULL";
        let found = self
            .first(sql, &args![id], |row| Ok((row.blob(0)?, row.blob(1)?)))
            .await?;
        let Some((key, phone)) = found else {
            return Ok(None);
        };
        let key = self.open_user_key(id.uuid(), &key).await?;
        let plain = crate::envelope::Envelope::open_for(&key, &phone_place(id), &phone)?;
        Ok(Some(SecretString::new(
            String::from_utf8_lossy(&plain).into_owned(),
        )))
    }
}

impl Work {
    /// Stores a new person with a new key of their own. An address that is taken is [`crate::Lost::Conflict`] of `users`.
    pub fn insert_user(self, user: &User) -> Self {
        self.step(
            "INSERT INTO users (id, email, email_key, email_verified_at, name, profile, data_key_sealed, status, managed_by, \
             security_epoch, version, created_at, updated_at, standing, language) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            args![
                user.id,
                user.email.as_str(),
                user.email.key().as_str(),
                user.email_verified_at,
                user.profile.name.as_ref(),
                to_json(&user.profile),
                Value::new_user_key(user.id.uuid(), user_key_place(user.id.uuid())),
                user.status.as_str(),
                user.managed_by.as_ref(),
                user.security_epoch,
                user.version,
                user.created_at,
                user.updated_at,
                to_json(&user.standing),
                user.language.as_ref(),
            ],
        )
        .announce_user(user.id, user.updated_at)
    }

    /// Stores a changed person. Guard `user`: the row still has the version that was read; it is raised by one.
    pub fn update_user(self, user: &User) -> Self {
        self.guarded(
            "user",
            "UPDATE users SET email = ?, email_key = ?, email_verified_at = ?, name = ?, profile = ?, status = ?, managed_by = ?, \
             security_epoch = ?, updated_at = ?, standing = ?, version = version + 1 WHERE id = ? AND version = ?",
            args![
                user.email.as_str(),
                user.email.key().as_str(),
                user.email_verified_at,
                user.profile.name.as_ref(),
                to_json(&user.profile),
                user.status.as_str(),
                user.managed_by.as_ref(),
                user.security_epoch,
                user.updated_at,
                to_json(&user.standing),
                user.id,
                user.version,
            ],
        )
        .announce_user(user.id, user.updated_at)
    }

    /// Notes the language that a person used our pages in. Nobody decides by it, so that it needs no guard and changes no version: two
    /// sign-ins at once do not lose each other.
    pub fn note_language(self, user: Id<User>, language: &str) -> Self {
        self.step(
            "UPDATE users SET language = ? WHERE id = ?",
            args![language, user],
        )
    }

    /// Stores or clears a person's phone number, sealed under their own key.
    pub fn set_phone(self, user: Id<User>, phone: Option<&SecretString>) -> Self {
        let sealed = phone.map_or(Value::Null(crate::value::Kind::Blob), |phone| {
            Value::seal_for(user.uuid(), phone.expose().as_bytes(), phone_place(user))
        });
        self.step(
            "UPDATE users SET phone_sealed = ? WHERE id = ?",
            vec![sealed, user.into()],
        )
    }

    /// Removes a person with everything that hangs on them, their key included. Their id is not used again.
    pub fn delete_user(self, user: Id<User>, now: Timestamp) -> Self {
        self.guarded("user", "DELETE FROM users WHERE id = ?", args![user])
            .announce_user(user, now)
    }
}

fn phone_place(user: Id<User>) -> Place {
    Place::new(
        "users",
        "phone_sealed",
        user.uuid().as_bytes(),
        user.uuid().as_bytes(),
    )
}

/// Reads [`user_columns`] from column `at` on.
pub(crate) fn read_user(row: &Row<'_>, at: usize) -> Result<User, Fault> {
    let email = row.text(at + 1)?;
    Ok(User {
        id: row.id(at)?,
        email: EmailAddress::parse(&email)
            .map_err(|e| Fault::new(format_args!("a stored address: {e}")))?,
        email_verified_at: row.at_or_null(at + 2)?,
        profile: row.json(at + 3)?,
        status: UserStatus::from_stored(&row.text(at + 4)?),
        managed_by: row.text_or_null(at + 5)?,
        security_epoch: row.int(at + 6)?,
        version: row.int(at + 7)?,
        created_at: row.at(at + 8)?,
        updated_at: row.at(at + 9)?,
        standing: row.json(at + 10)?,
        language: row.text_or_null(at + 11)?,
    })
}
