//! Sealing the secrets of a unit before any database sees it, and opening them after a read.

use std::collections::HashMap;

use identity_domain::Fault;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::envelope::{Cipher, Place, user_key_place};
use crate::store::Store;
use crate::value::{Sealing, Under, Value, args};
use crate::work::{Lost, Step};

impl Store {
    /// Replaces every secret still in the clear by its sealed form.
    pub(crate) async fn seal(&self, steps: &mut [Step]) -> Result<(), Lost> {
        let mut user_keys = HashMap::new();
        // New people first: what is sealed for them in the same unit needs their key.
        for value in values(steps) {
            let Value::Seal(sealing) = &*value else {
                continue;
            };
            if let Under::NewUser(user) = sealing.under {
                let key = self.envelope().random_key();
                *value = Value::Blob(self.envelope().seal(&sealing.place, &key)?);
                user_keys.insert(user, Cipher::new(&key)?);
            }
        }
        let mut missing = Vec::new();
        for value in values(steps) {
            if let Value::Seal(sealing) = &*value
                && let under @ (Under::User(of) | Under::Owner(of)) = sealing.under
                && !user_keys.contains_key(&of)
                && !missing.contains(&(under, of))
            {
                missing.push((under, of));
            }
        }
        for (under, of) in missing {
            user_keys.insert(of, self.user_key(under, of).await?);
        }
        for value in values(steps) {
            let Value::Seal(sealing) = &*value else {
                continue;
            };
            let sealed = self.seal_one(sealing, &user_keys)?;
            *value = Value::Blob(sealed);
        }
        Ok(())
    }

    fn seal_one(
        &self,
        sealing: &Sealing,
        user_keys: &HashMap<Uuid, Cipher>,
    ) -> Result<Vec<u8>, Fault> {
        match sealing.under {
            Under::Instance => self.envelope().seal(&sealing.place, &sealing.plain),
            Under::User(of) | Under::Owner(of) | Under::NewUser(of) => {
                let key = user_keys
                    .get(&of)
                    .ok_or_else(|| Fault::new("a person's key is missing"))?;
                self.envelope()
                    .seal_for(key, &sealing.place, &sealing.plain)
            }
        }
    }

    /// The own key of a person, named by their id or by a credential of theirs. Who is gone loses the unit.
    async fn user_key(&self, under: Under, of: Uuid) -> Result<Cipher, Lost> {
        let (sql, guard) = match under {
            Under::Owner(_) => (
                "SELECT u.id, u.data_key_sealed FROM credentials c JOIN users u ON u.id = c.user_id WHERE c.id = ?",
                "credential",
            ),
            _ => ("SELECT id, data_key_sealed FROM users WHERE id = ?", "user"),
        };
        let found = self
            .first(sql, &args![of], |row| Ok((row.uuid(0)?, row.blob(1)?)))
            .await?;
        let (user, sealed) = found.ok_or(Lost::Guard(guard))?;
        Ok(self.open_user_key(user, &sealed).await?)
    }

    /// Opens a person's own key as read from their row.
    pub(crate) async fn open_user_key(&self, user: Uuid, sealed: &[u8]) -> Result<Cipher, Fault> {
        Cipher::new(&self.open_sealed(&user_key_place(user), sealed).await?)
    }

    /// Opens a cell sealed under a data key of the instance, also under one that another process made since we last looked.
    pub(crate) async fn open_sealed(
        &self,
        place: &Place,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        match self.envelope().open(place, sealed) {
            Err(fault) if fault.busy => {
                self.reload_keys().await?;
                self.envelope().open(place, sealed)
            }
            opened => opened,
        }
    }
}

fn values(steps: &mut [Step]) -> impl Iterator<Item = &mut Value> {
    steps.iter_mut().flat_map(|step| step.args.iter_mut())
}
