//! `scope` (RFC 6749 §3.3): an unordered set of case-sensitive tokens.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{ErrorCode, OAuthError};

/// The most tokens in one scope and the longest token.
const MAX_TOKENS: usize = 64;
const MAX_TOKEN: usize = 128;

pub const OPENID: &str = "openid";
pub const OFFLINE_ACCESS: &str = "offline_access";

/// A set of scope tokens, kept in the order given. Serialised as one string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(Vec<String>);

impl Scope {
    /// Parse a space-separated list. A token given twice counts once.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let mut tokens: Vec<String> = Vec::new();
        for token in text.split(' ').filter(|token| !token.is_empty()) {
            // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
            if token.len() > MAX_TOKEN
                || !token
                    .bytes()
                    .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
            {
                return Err(OAuthError::new(
                    ErrorCode::InvalidScope,
                    "scope contains a malformed token",
                ));
            }
            if !tokens.iter().any(|other| other == token) {
                tokens.push(token.to_owned());
            }
        }
        if tokens.len() > MAX_TOKENS {
            return Err(OAuthError::new(
                ErrorCode::InvalidScope,
                "scope has too many tokens",
            ));
        }
        Ok(Self(tokens))
    }

    pub fn contains(&self, token: &str) -> bool {
        self.0.iter().any(|other| other == token)
    }

    pub fn is_openid(&self) -> bool {
        self.contains(OPENID)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether every token of `self` is in `other`.
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.iter().all(|token| other.contains(token))
    }

    /// The tokens that are in both, in the order of `self`.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.filtered(|token| other.contains(token))
    }

    /// The tokens of `self` that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.filtered(|token| !other.contains(token))
    }

    /// As the `scope` claim of an access token.
    pub fn to_claim(&self) -> identity_verify::claims::Scope {
        // Every token was checked by the same grammar, so this cannot fail.
        identity_verify::claims::Scope::from_tokens(self.iter()).unwrap_or_default()
    }

    /// The tokens for which `keep` holds.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|token| keep(token)).cloned().collect())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| serde::de::Error::custom(error.description()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_are_a_set() {
        let scope = Scope::parse("openid  profile openid email").unwrap();
        assert_eq!(scope.to_string(), "openid profile email");
        assert!(scope.is_openid());
        assert!(!scope.contains("OpenID"));
        let narrower = Scope::parse("email openid").unwrap();
        assert!(narrower.is_subset_of(&scope) && !scope.is_subset_of(&narrower));
        assert_eq!(scope.intersection(&narrower).to_string(), "openid email");
        assert_eq!(scope.difference(&narrower).to_string(), "profile");
    }

    #[test]
    fn malformed_tokens_are_refused() {
        for text in ["a\"b", "a\\b", "\u{e9}", "a\tb", &"x".repeat(129)] {
            assert_eq!(
                Scope::parse(text).unwrap_err().code,
                ErrorCode::InvalidScope,
                "{text}"
            );
        }
        let many = (0..65)
            .map(|i| format!("s{i}"))
            .collect::<Vec<_>>()
            .join(" ");
        assert!(Scope::parse(&many).is_err());
    }

    proptest! {
        #[test]
        fn round_trips(text in "[ -~]{0,80}") {
            if let Ok(scope) = Scope::parse(&text) {
                let claim = scope.to_claim();
                prop_assert_eq!(claim.as_str(), scope.to_string());
                prop_assert_eq!(Scope::parse(&scope.to_string()).unwrap(), scope.clone());
                let json = serde_json::to_string(&scope).unwrap();
                prop_assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), scope);
            }
        }

        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = Scope::parse(&text);
        }
    }
}
