//! Credential ids of passkeys, unique over all people, and whose they are.

use identity_domain::credential::Credential;
use identity_domain::secret::ValueHash;
use identity_domain::user::User;
use identity_domain::{Fault, Id, Timestamp};

use crate::store::Store;
use crate::value::args;
use crate::work::Work;

impl Store {
    /// Whose passkey has this id, by the hash of the id's bytes.
    pub async fn webauthn_owner(
        &self,
        id_hash: ValueHash,
    ) -> Result<Option<(Id<User>, Id<Credential>)>, Fault> {
        let sql = "SELECT user_id, credential_id FROM webauthn_ids WHERE id_hash = ?";
        self.first(sql, &args![id_hash], |row| Ok((row.id(0)?, row.id(1)?)))
            .await
    }
}

impl Work {
    /// Notes the id of a passkey that was stored in the same unit. An id that is taken, by whomever, is
    /// [`crate::Lost::Conflict`] of `webauthn_ids` (WebAuthn §7.1). The row goes with its credential.
    pub fn insert_webauthn_id(self, id_hash: ValueHash, credential: &Credential) -> Self {
        let created_at: Timestamp = credential.created_at;
        self.step(
            "INSERT INTO webauthn_ids (id_hash, credential_id, user_id, created_at) VALUES (?, ?, ?, ?)",
            args![id_hash, credential.id, credential.user_id, created_at],
        )
    }
}
