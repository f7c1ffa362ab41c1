//! E-mail addresses: how they are written, and the one key under which all spellings meet.

use std::fmt;

use identity_oauth::text::is_unseen;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// A syntactically sound address as its owner writes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// The look-up key: NFKC, trimmed, lower-cased. All spellings of one address share it, so they share its budgets too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailKey(String);

/// Not an address we can send a mail to.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnAddress;

/// Longest address accepted (RFC 5321 §4.5.3.1.3, path less its brackets).
const MAX_LENGTH: usize = 254;

impl EmailAddress {
    /// Parses what a person typed. White space around is dropped; control characters, a missing or repeated `@`, an
    /// empty part or a domain without a dot are refused. Quoted local parts are not accepted.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let text: String = text.trim().nfc().collect();
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnAddress)?;
        let plain = |c: char| {
            !is_unseen(c)
                && !c.is_whitespace()
                && !matches!(
                    c,
                    '<' | '>' | '"' | ',' | ';' | ':' | '\\' | '(' | ')' | '[' | ']' | '@'
                )
        };
        let sound = text.len() <= MAX_LENGTH
            && !local.is_empty()
            && local.len() <= 64
            && local.chars().all(plain)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && domain.split('.').count() > 1
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            });
        if sound {
            Ok(Self(text))
        } else {
            Err(NotAnAddress)
        }
    }

    /// The text as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The look-up key.
    pub fn key(&self) -> EmailKey {
        EmailKey::of(&self.0)
    }

    /// The domain part, lower-cased.
    pub fn domain(&self) -> String {
        self.0
            .rsplit_once('@')
            .map(|(_, domain)| domain.to_lowercase())
            .unwrap_or_default()
    }
}

impl EmailKey {
    /// The key of any text typed as an identifier, whether or not it is an address.
    pub fn of(text: &str) -> Self {
        let folded: String = text
            .trim()
            .nfkc()
            .flat_map(char::to_lowercase)
            .nfc()
            .take(320)
            .collect();
        // Some letters begin or end with a blank only once they are taken apart.
        Self(folded.trim().to_owned())
    }

    /// The key as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pwd_02_all_spellings_of_an_address_share_one_key() {
        for spelling in [
            "Ana@Acme.test",
            " ana@acme.test ",
            "ANA@ACME.TEST",
            "ａna@acme.test",
        ] {
            assert_eq!(
                EmailKey::of(spelling).as_str(),
                "ana@acme.test",
                "{spelling}"
            );
        }
    }

    #[test]
    fn only_plain_addresses_are_accepted() {
        for good in [
            "ana@acme.test",
            "o'neil+tag@sub.example.org",
            "jörg@münchen.example",
        ] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ana",
            "ana@",
            "@acme.test",
            "a@b@acme.test",
            "a b@acme.test",
            "a\r\nBcc: x@y.z@acme.test",
            "ana@localhost",
            "ana@-a.test",
            ".a@acme.test",
            "a..b@acme.test",
            "\"a\"@acme.test",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        /// An address that is accepted can be written into a mail as it is, and means the same when it is read back.
        #[test]
        fn an_accepted_address_reads_back_the_same(text in ".{0,60}@.{0,40}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address.clone()));
                prop_assert!(!address.as_str().contains(|c: char| c.is_control() || c.is_whitespace()));
                prop_assert_eq!(address.as_str().matches('@').count(), 1);
                // What is typed at a sign-in meets the account.
                prop_assert_eq!(EmailKey::of(&text), address.key());
            }
        }

        /// Neither case nor form of an address makes another budget of it.
        #[test]
        fn pwd_02_no_spelling_has_a_key_of_its_own(text in "[\u{a8}\u{fc5e}]?.{0,80}[\u{b4}\u{2001}]?") {
            let key = EmailKey::of(&text);
            let again = EmailKey::of(key.as_str());
            prop_assert_eq!(&again, &key);
            prop_assert_eq!(EmailKey::of(&format!(" {text}\t")), key.clone());
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(EmailKey::of(&decomposed), key);
        }
    }
}
