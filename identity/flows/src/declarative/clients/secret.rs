//! Secrets of clients: how they are kept, compared and written.

use identity_domain::client::{ClientSecret, HexHash};
use identity_domain::credential::password_hash::{Normalized, PasswordHash};
use identity_domain::failure::Fault;
use identity_domain::secret::{SecretString, ValueHash};

use super::super::document::SecretEntry;
use crate::env::Env;

/// From this length on, text of the base64url alphabet is taken for random bytes: 43 characters are 256 bits.
const RANDOM_LENGTH: usize = 43;

/// The secret to set, if what is stored is not it already. A stored second secret, from a rotation under way, is left alone.
pub(super) async fn new_secret(
    env: &Env,
    described: Option<&SecretEntry>,
    stored: &[ClientSecret],
) -> Result<Option<SecretEntry>, Fault> {
    let same = match described {
        None => true,
        Some(SecretEntry::Hashes(hashes)) => {
            hashes.len() == stored.len()
                && hashes
                    .iter()
                    .zip(stored)
                    .all(|(left, right)| secret_to_text(left) == secret_to_text(right))
        }
        Some(SecretEntry::Clear(clear)) => is_among(env, clear, stored).await?,
    };
    Ok(described.filter(|_| !same).cloned())
}

async fn is_among(env: &Env, clear: &SecretString, stored: &[ClientSecret]) -> Result<bool, Fault> {
    for secret in stored {
        let matches = match secret {
            ClientSecret::Generated(hash) => hash.0.matches(&clear.hash()),
            ClientSecret::Chosen(hash) => env
                .hashing
                .verify(Normalized::of(clear), Some(hash.clone()))
                .await
                .map_err(|_| Fault::busy("the hashing queue is full"))?,
        };
        if matches {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A secret as it is kept: what looks like 256 random bits is hashed once, anything else like a password.
pub(super) async fn kept(env: &Env, clear: &SecretString) -> Result<ClientSecret, Fault> {
    let text = clear.expose();
    let random = text.len() >= RANDOM_LENGTH
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if random {
        return Ok(ClientSecret::Generated(HexHash(clear.hash())));
    }
    let normalized =
        Normalized::of(clear).ok_or_else(|| Fault::new("a client secret that cannot be hashed"))?;
    let hash = env
        .hashing
        .create(normalized)
        .await
        .map_err(|_| Fault::busy("the hashing queue is full"))?;
    Ok(ClientSecret::Chosen(hash))
}

/// A kept secret as exports write it: `sha256:` and hexadecimal digits, or a password hash.
pub(in super::super) fn secret_to_text(secret: &ClientSecret) -> String {
    match secret {
        ClientSecret::Generated(hash) => {
            hash.0.0.iter().fold("sha256:".to_owned(), |text, byte| {
                format!("{text}{byte:02x}")
            })
        }
        ClientSecret::Chosen(hash) => hash.as_str().to_owned(),
    }
}

/// The reverse of [`secret_to_text`].
pub(in super::super) fn secret_from_text(text: &str) -> Option<ClientSecret> {
    let Some(hex) = text.strip_prefix("sha256:") else {
        return PasswordHash::parse(text).ok().map(ClientSecret::Chosen);
    };
    let mut bytes = [0_u8; 32];
    if hex.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(ClientSecret::Generated(HexHash(ValueHash(bytes))))
}
