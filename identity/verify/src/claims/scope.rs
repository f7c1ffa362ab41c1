//! `scope`: space-separated tokens (RFC 6749 §3.3).

use std::fmt;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A set of scope tokens in their order, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope(String);

/// The text is not a scope of RFC 6749 §3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a list of scope tokens")]
pub struct InvalidScope;

impl Scope {
    /// No scope at all.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The tokens, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|token| !token.is_empty())
    }

    /// Whether this one token is there, compared whole and with case.
    pub fn contains(&self, token: &str) -> bool {
        self.iter().any(|one| one == token)
    }

    /// Whether every token of `other` is here too.
    pub fn contains_all(&self, other: &Self) -> bool {
        other.iter().all(|token| self.contains(token))
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The wire form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Collects tokens, leaving out repetitions.
    pub fn from_tokens<'a>(
        tokens: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, InvalidScope> {
        let mut scope = Self::default();
        for token in tokens {
            if !is_scope_token(token) {
                return Err(InvalidScope);
            }
            if scope.contains(token) {
                continue;
            }
            if !scope.0.is_empty() {
                scope.0.push(' ');
            }
            scope.0.push_str(token);
        }
        Ok(scope)
    }
}

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
fn is_scope_token(token: &str) -> bool {
    !token.is_empty()
        && token
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        if text.is_empty() {
            Ok(Self::default())
        } else {
            Self::from_tokens(text.split(' '))
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}
