//! What people allowed applications.

use identity_domain::consent::Consent;
use identity_domain::user::User;
use identity_domain::{Fault, Id};

use crate::row::{Row, to_json};
use crate::store::Store;
use crate::value::args;
use crate::work::Work;

impl Store {
    /// What a person allowed one client.
    pub async fn consent(&self, user: Id<User>, client_id: &str) -> Result<Option<Consent>, Fault> {
        let sql = "SELECT user_id, client_id, scopes, granted_at, updated_at FROM consents WHERE user_id = ? AND client_id = ?";
        self.first(sql, &args![user, client_id], read_consent).await
    }

    /// All a person allowed.
    pub async fn consents_of(&self, user: Id<User>) -> Result<Vec<Consent>, Fault> {
        let sql = "SELECT user_id, client_id, scopes, granted_at, updated_at FROM consents WHERE user_id = ?";
        self.all(sql, &args![user], read_consent).await
    }
}

impl Work {
    /// Stores a consent, new or widened; the first instant stays.
    pub fn put_consent(self, consent: &Consent) -> Self {
        self.step(
            "INSERT INTO consents (user_id, client_id, scopes, granted_at, updated_at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (user_id, client_id) DO UPDATE SET scopes = excluded.scopes, updated_at = excluded.updated_at",
            args![consent.user_id, consent.client_id.as_str(), to_json(&consent.scopes), consent.granted_at, consent.updated_at],
        )
    }

    /// Takes a consent back; nothing happens where there is none.
    pub fn delete_consent(self, user: Id<User>, client_id: &str) -> Self {
        self.step(
            "DELETE FROM consents WHERE user_id = ? AND client_id = ?",
            args![user, client_id],
        )
    }
}

fn read_consent(row: &Row<'_>) -> Result<Consent, Fault> {
    Ok(Consent {
        user_id: row.id(0)?,
        client_id: row.text(1)?,
        scopes: row.json(2)?,
        granted_at: row.at(3)?,
        updated_at: row.at(4)?,
    })
}
