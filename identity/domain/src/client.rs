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
