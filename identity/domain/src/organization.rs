//! A tenant.

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::brand::Branding;
use crate::time::Timestamp;

/// An organization: people, roles and rules of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// Never recycled.
    pub id: Id<Organization>,
    /// Short name in addresses and tokens (`org_slug`), unique.
    pub slug: Slug,
    /// Name shown to people.
    pub name: String,
    /// Suspended organizations shut their members out.
    pub status: OrganizationStatus,
    /// Verified mail domains.
    pub domains: Vec<String>,
    /// How pages look for whoever signs in to it; `None` is as the instance does.
    pub branding: Option<Branding>,
    /// Set by a declarative file: read-only elsewhere.
    pub managed_by: Option<String>,
    /// Guard against lost updates.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last change of this row.
    pub updated_at: Timestamp,
}

impl Organization {
    /// Its own layer of a page's looks. One that is suspended has none: nobody signs in to it.
    pub fn looks(&self) -> Option<Branding> {
        let own = self.branding.as_ref()?;
        (self.status == OrganizationStatus::Active).then(|| own.of(&self.name))
    }
}

/// Whether an organization's members may sign in to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationStatus {
    /// In use.
    Active,
    /// Shut.
    Suspended,
}

impl OrganizationStatus {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
    /// Reads the stored word; anything unknown shuts out.
    pub fn from_stored(word: &str) -> Self {
        if word == "active" {
            Self::Active
        } else {
            Self::Suspended
        }
    }
}

/// A name safe in URLs: 1 to 63 of `a-z`, `0-9` and inner `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// Not a slug.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a slug has 1 to 63 characters of a-z, 0-9 and - (not at its ends)")]
pub struct NotASlug;

impl Slug {
    /// Checks and wraps.
    pub fn parse(text: &str) -> Result<Self, NotASlug> {
        let sound = (1..=63).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if sound {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASlug)
        }
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
