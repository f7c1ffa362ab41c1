//! An OAuth client: an application that lets people in because we say who they are.

use identity_oauth::client_metadata::ClientMetadata;

use crate::Id;
use crate::brand::Branding;
use crate::credential::password_hash::PasswordHash;
use crate::organization::Organization;
use crate::secret::ValueHash;
use crate::time::Timestamp;

/// A registered client.
#[derive(Clone, Debug)]
pub struct Client {
    /// `client_id` of RFC 6749 §2.2; never recycled.
    pub client_id: String,
    /// The organization it belongs to; `None` for the whole instance.
    pub organization_id: Option<Id<Organization>>,
    /// RFC 7591 metadata.
    pub metadata: ClientMetadata,
    /// Secrets that are accepted now; two at most, for rotation.
    pub secrets: Vec<ClientSecret>,
    /// How pages look on the way to it; `None` is as its organization does.
    pub branding: Option<Branding>,
    /// Disabled clients get nothing.
    pub status: ClientStatus,
    /// Set by a declarative file: read-only elsewhere.
    pub managed_by: Option<String>,
    /// Guard against lost updates.
    pub version: i64,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Last change of this row.
    pub updated_at: Timestamp,
}

/// How a client secret is kept.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", content = "hash", rename_all = "snake_case")]
pub enum ClientSecret {
    /// One we generated (256 random bits): a plain hash is enough, and fast.
    Generated(HexHash),
    /// One somebody chose: kept like a password.
    Chosen(PasswordHash),
}

/// Fewest characters of a secret that somebody chose.
pub const MIN_SECRET: usize = 32;
/// Fewest different ones: 16 random bytes as hexadecimal digits nearly always have more.
const MIN_DIFFERENT: usize = 8;

/// Why a secret that somebody chose is too weak for a client: whoever finds it out speaks for the application (RFC 6749 §10.10), and unlike
/// a person's password it has no second factor beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakSecret {
    /// Too few characters.
    #[error("has {0} characters, and at least {MIN_SECRET} are needed")]
    Short(usize),
    /// Many, but hardly different ones, or a few again and again.
    #[error("repeats itself, so that it can be guessed")]
    Plain,
}

impl WeakSecret {
    /// What is wrong with a secret, if anything is. Without a secret in hand nobody can tell how it was made: this finds what was typed,
    /// not what was made badly.
    pub fn of(secret: &str) -> Option<Self> {
        let all: Vec<char> = secret.chars().collect();
        if all.len() < MIN_SECRET {
            return Some(Self::Short(all.len()));
        }
        let mut different = all.clone();
        different.sort_unstable();
        different.dedup();
        let repeats = |period: usize| {
            let shifted = all.iter().skip(period);
            all.iter().zip(shifted).all(|(one, other)| one == other)
        };
        let plain = different.len() < MIN_DIFFERENT || (1..=all.len() / 2).any(repeats);
        plain.then_some(Self::Plain)
    }
}

/// A [`ValueHash`] that is stored as hexadecimal text.
#[derive(Clone, Copy, Debug)]
pub struct HexHash(pub ValueHash);

impl serde::Serialize for HexHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use std::fmt::Write as _;
        let hex = self
            .0
            .0
            .iter()
            .fold(String::with_capacity(64), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
        serializer.serialize_str(&hex)
    }
}

impl<'de> serde::Deserialize<'de> for HexHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        let mut out = [0_u8; 32];
        if hex.len() != 64 || !hex.is_ascii() {
            return Err(serde::de::Error::custom("expected 64 hexadecimal digits"));
        }
        for (byte, pair) in out.iter_mut().zip(hex.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(serde::de::Error::custom)?;
            *byte = u8::from_str_radix(pair, 16).map_err(serde::de::Error::custom)?;
        }
        Ok(Self(ValueHash(out)))
    }
}

/// Whether a client is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientStatus {
    /// Served.
    Active,
    /// Refused everywhere.
    Disabled,
}

impl ClientStatus {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
    /// Reads the stored word; anything unknown is refused.
    pub fn from_stored(word: &str) -> Self {
        if word == "active" {
            Self::Active
        } else {
            Self::Disabled
        }
    }
}

/// The looks of an application with the links of its registration.
pub fn with_links(own: Branding, metadata: &ClientMetadata) -> Branding {
    Branding {
        privacy_url: metadata.policy_uri.clone(),
        terms_url: metadata.tos_uri.clone(),
        ..own
    }
}

impl Client {
    /// Name shown to people: `client_name`, else the id.
    pub fn display_name(&self) -> &str {
        self.metadata
            .client_name
            .as_deref()
            .unwrap_or(&self.client_id)
    }
    /// Its own layer of a page's looks. With one it lends the page the links of its registration, too; without one it stays a guest.
    pub fn looks(&self) -> Option<Branding> {
        let own = self.branding.as_ref()?;
        Some(with_links(own.of(self.display_name()), &self.metadata))
    }
    /// Whether it is served.
    pub fn is_active(&self) -> bool {
        self.status == ClientStatus::Active
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oau_10_a_secret_that_was_typed_is_told_from_one_that_was_made() {
        for (secret, weak) in [
            ("", Some(WeakSecret::Short(0))),
            ("hunter2", Some(WeakSecret::Short(7))),
            (
                "chat-secret-of-thirty-one-chars",
                Some(WeakSecret::Short(31)),
            ),
            ("00000000000000000000000000000000", Some(WeakSecret::Plain)),
            (
                "abcabcabcabcabcabcabcabcabcabcabcabc",
                Some(WeakSecret::Plain),
            ),
            (
                "hunter2-hunter2-hunter2-hunter2-hunt",
                Some(WeakSecret::Plain),
            ),
            ("0123456789abcdef0123456789abcdef", Some(WeakSecret::Plain)),
            // `openssl rand -base64 32`, `openssl rand -hex 16`, ours.
            ("x1ZzkWcQO3nVqS0mJ0pT4u9cXw2l8bR7yHfKe5aGdUo=", None),
            ("9f86d081884c7d659a2feaa0c55ad015", None),
            ("7Qm2vX9pLk4sTz8w7Rn6yC1dHj7gVu3eaB5xWq0ZtYs", None),
        ] {
            assert_eq!(WeakSecret::of(secret), weak, "{secret}");
        }
    }
}
