//! Declared passwords that are known to be the stored ones, in `identity dev`.
//!
//! It applies the same file at every start, and to verify each password anew costs more than everything else a start does. So a
//! fingerprint of the password and of the stored hash it was verified against is kept, under a server key: without the master key it
//! is worth nothing. In production nothing of the kind is kept, because whoever holds the master key could try passwords against
//! it much faster than against the hash; there a password is declared as a hash, or verified as often as it is declared.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_domain::Id;
use identity_domain::credential::Credential;
use identity_domain::credential::password_hash::PasswordHash;
use identity_domain::failure::Fault;
use identity_domain::secret::SecretString;
use identity_storage::Work;

use crate::env::Env;

/// A stored password, and the declared one that it is or may be.
pub(super) struct Pair<'a> {
    pub credential: Id<Credential>,
    pub stored: &'a PasswordHash,
    pub declared: &'a SecretString,
}

impl Pair<'_> {
    fn key(&self) -> String {
        format!("declared_password/{}", self.credential)
    }

    fn fingerprint(&self, env: &Env) -> Result<String, Fault> {
        // A stored hash holds no line break.
        let value = format!("{}\n{}", self.stored.as_str(), self.declared.expose());
        env.keys
            .keyed_hash("declared_password", &value)
            .map(|fingerprint| URL_SAFE_NO_PAD.encode(fingerprint.0))
    }

    /// Whether it was found to be the stored one before.
    pub async fn is_known(&self, env: &Env) -> Result<bool, Fault> {
        if !env.settings.dev {
            return Ok(false);
        }
        let Some(kept) = env.store.setting(&self.key()).await? else {
            return Ok(false);
        };
        Ok(SecretString::from(kept).matches(&self.fingerprint(env)?))
    }

    /// Remembers that it is.
    pub fn remember(&self, env: &Env, work: Work) -> Result<Work, Fault> {
        if !env.settings.dev {
            return Ok(work);
        }
        Ok(work.put_setting(&self.key(), &self.fingerprint(env)?))
    }
}
