//! What people prove themselves with: a kind and a versioned JSON document, sealed under the person's own key.

use identity_domain::credential::password::PasswordCredential;
use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::device::Device;
use identity_domain::email::EmailKey;
use identity_domain::user::User;
use identity_domain::{Fault, Id, Timestamp};

use crate::envelope::{Cipher, Envelope, Place};
use crate::row::to_json;
use crate::store::Store;
use crate::users::{USER_COLUMNS, read_user, user_columns};
use crate::value::{Value, args};
use crate::work::Work;

/// A person with their password.
#[derive(Clone, Debug)]
pub struct PasswordOwner {
    /// The person.
    pub user: User,
    /// The row of the password.
    pub credential_id: Id<Credential>,
    /// The password's document.
    pub credential: PasswordCredential,
    /// Version of the row, for its guard.
    pub credential_version: i64,
}

/// A credential as its row has it.
pub(crate) struct Sealed {
    pub id: Id<Credential>,
    pub user_id: Id<User>,
    pub kind: String,
    pub label: String,
    pub data: Vec<u8>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub device_id: Option<Id<Device>>,
    pub version: i64,
}

impl Store {
    /// The person with this address together with their password; `None` when there is no such person, or no password.
    pub async fn password_owner(&self, key: &EmailKey) -> Result<Option<PasswordOwner>, Fault> {
        let sql = concat!(
            "SELECT ",
            user_columns!(),
            ", u.data_key_sealed, c.id, c.version, c.data_sealed FROM users u \
             JOIN credentials c ON c.user_id = u.id AND c.kind = 'password' WHERE u.email_key = ?"
        );
        let at = USER_COLUMNS;
        let found = self
            .first(sql, &args![key.as_str()], |row| {
                Ok((
                    read_user(row, 0)?,
                    row.blob(at)?,
                    row.id(at + 1)?,
                    row.int(at + 2)?,
                    row.blob(at + 3)?,
                ))
            })
            .await?;
        let Some((user, key, credential_id, credential_version, sealed)) = found else {
            return Ok(None);
        };
        let key = self.open_user_key(user.id.uuid(), &key).await?;
        let plain = Envelope::open_for(&key, &data_place(credential_id), &sealed)?;
        let credential = serde_json::from_slice(&plain)
            .map_err(|_| Fault::new("a stored password document cannot be read"))?;
        Ok(Some(PasswordOwner {
            user,
            credential_id,
            credential,
            credential_version,
        }))
    }

    /// All credentials of a person.
    pub async fn credentials_of(&self, user: Id<User>) -> Result<Vec<Credential>, Fault> {
        let sql = "SELECT c.id, c.kind, c.label, c.data_sealed, c.created_at, c.last_used_at, c.version, u.data_key_sealed, c.device_id \
                   FROM credentials c JOIN users u ON u.id = c.user_id WHERE c.user_id = ?";
        let mut key = Vec::new();
        let sealed = self
            .all(sql, &args![user], |row| {
                key = row.blob(7)?;
                Ok(Sealed {
                    id: row.id(0)?,
                    user_id: user,
                    kind: row.text(1)?,
                    label: row.text(2)?,
                    data: row.blob(3)?,
                    created_at: row.at(4)?,
                    last_used_at: row.at_or_null(5)?,
                    device_id: row.id_or_null(8)?,
                    version: row.int(6)?,
                })
            })
            .await?;
        self.open_credentials(user, &key, sealed).await
    }

    /// Opens the credentials of one person. Kinds this binary does not know are left out: a newer one wrote them.
    pub(crate) async fn open_credentials(
        &self,
        user: Id<User>,
        key: &[u8],
        sealed: Vec<Sealed>,
    ) -> Result<Vec<Credential>, Fault> {
        if sealed.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.open_user_key(user.uuid(), key).await?;
        sealed
            .into_iter()
            .filter_map(|sealed| open(&key, sealed).transpose())
            .collect()
    }
}

fn open(key: &Cipher, sealed: Sealed) -> Result<Option<Credential>, Fault> {
    let Some(kind) = CredentialKind::from_stored(&sealed.kind) else {
        return Ok(None);
    };
    let data = Envelope::open_for(key, &data_place(sealed.id), &sealed.data)?;
    Ok(Some(Credential {
        id: sealed.id,
        user_id: sealed.user_id,
        kind,
        label: sealed.label,
        data: String::from_utf8(data.to_vec())
            .map_err(|_| Fault::new("a stored credential is no text"))?,
        created_at: sealed.created_at,
        last_used_at: sealed.last_used_at,
        device_id: sealed.device_id,
        version: sealed.version,
    }))
}

fn data_place(id: Id<Credential>) -> Place {
    Place::new("credentials", "data_sealed", id.uuid().as_bytes(), b"")
}

impl Work {
    /// Stores a new credential. A second of the same kind and label is [`crate::Lost::Conflict`] of `credentials`.
    pub fn insert_credential(self, credential: &Credential) -> Self {
        self.step(
            "INSERT INTO credentials (id, user_id, kind, label, data_sealed, created_at, last_used_at, version) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            args![
                credential.id,
                credential.user_id,
                credential.kind.as_str(),
                credential.label.as_str(),
                Value::seal_for(credential.user_id.uuid(), credential.data.as_bytes(), data_place(credential.id)),
                credential.created_at,
                credential.last_used_at,
                credential.version,
            ],
        )
    }

    /// Stores a changed document. Guard `credential`: the row still has the version that was read; it is raised by one.
    pub fn update_credential(self, credential: &Credential) -> Self {
        let data = Value::seal_for(
            credential.user_id.uuid(),
            credential.data.as_bytes(),
            data_place(credential.id),
        );
        self.replace_document(credential.id, data, credential.version)
    }

    /// Stores a first password.
    pub fn insert_password(
        self,
        id: Id<Credential>,
        user: Id<User>,
        password: &PasswordCredential,
        now: Timestamp,
    ) -> Self {
        self.insert_credential(&Credential {
            id,
            user_id: user,
            kind: CredentialKind::Password,
            label: String::new(),
            data: to_json(password),
            created_at: now,
            last_used_at: None,
            device_id: None,
            version: 1,
        })
    }

    /// Stores a changed password. Guard `credential` on the version that was read.
    pub fn update_password(
        self,
        id: Id<Credential>,
        password: &PasswordCredential,
        version: i64,
    ) -> Self {
        let data = Value::seal_for_owner(id.uuid(), to_json(password).as_bytes(), data_place(id));
        self.replace_document(id, data, version)
    }

    fn replace_document(self, id: Id<Credential>, data: Value, version: i64) -> Self {
        self.guarded(
            "credential",
            "UPDATE credentials SET data_sealed = ?, version = version + 1 WHERE id = ? AND version = ?",
            args![data, id, version],
        )
    }

    /// Notes a successful use.
    pub fn use_credential(self, id: Id<Credential>, now: Timestamp) -> Self {
        self.step(
            "UPDATE credentials SET last_used_at = ? WHERE id = ?",
            args![now, id],
        )
    }

    /// Notes a successful use that changed the document, such as a counter. Guard `credential` on the version that was read. One write, because
    /// a unit never writes a row twice.
    pub fn use_changed_credential(self, credential: &Credential) -> Self {
        let data = Value::seal_for(
            credential.user_id.uuid(),
            credential.data.as_bytes(),
            data_place(credential.id),
        );
        self.guarded(
            "credential",
            "UPDATE credentials SET data_sealed = ?, last_used_at = ?, version = version + 1 WHERE id = ? AND version = ?",
            args![data, credential.last_used_at, credential.id, credential.version],
        )
    }

    /// Notes in which device was set up what a person set up at an instant.
    pub fn set_up_in(self, user: Id<User>, at: Timestamp, device: Id<Device>) -> Self {
        self.step(
            "UPDATE credentials SET device_id = ? WHERE user_id = ? AND created_at = ? AND kind <> 'password'",
            args![device, user, at],
        )
    }

    /// Gives a credential another name. Guard `credential`: it is there and that person's. A name that another of the same kind has is
    /// [`crate::Lost::Conflict`] of `credentials`.
    pub fn rename_credential(self, id: Id<Credential>, user: Id<User>, label: &str) -> Self {
        self.guarded(
            "credential",
            "UPDATE credentials SET label = ? WHERE id = ? AND user_id = ?",
            args![label, id, user],
        )
    }

    /// Removes a credential. Guard `credential`: it is there and that person's.
    pub fn delete_credential(self, id: Id<Credential>, user: Id<User>) -> Self {
        self.guarded(
            "credential",
            "DELETE FROM credentials WHERE id = ? AND user_id = ?",
            args![id, user],
        )
    }
}
