//! Which passwords may be set: long enough, not guessable, not known, not used before. No composition rules (NIST SP 800-63B-4).

use super::password_hash::{MAX_CHARACTERS, Normalized};
use crate::secret::SecretString;

/// Rules in force for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Least number of characters after normalisation.
    pub min_length: usize,
    /// Least zxcvbn score, 0 to 4.
    pub min_score: u8,
    /// How many earlier passwords may not come back.
    pub history: usize,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            min_length: 12,
            min_score: 3,
            history: 5,
        }
    }
}

/// Why a password may not be set. Each has its own words in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    /// Fewer characters than policy asks.
    #[error("shorter than {min} characters")]
    TooShort {
        /// The policy's minimum.
        min: usize,
    },
    /// More than [`MAX_CHARACTERS`] characters, or NUL inside.
    #[error("longer than 128 characters, or with a character that cannot be typed")]
    TooLong,
    /// In the embedded list.
    #[error("one of the most common passwords")]
    Common,
    /// Made of the name, the address, the product or the organization.
    #[error("built from the name, address or organization")]
    Context,
    /// zxcvbn finds it guessable.
    #[error("easy to guess")]
    Guessable,
    /// In a breach.
    #[error("known from a breach")]
    Breached,
    /// Used before.
    #[error("used before")]
    Reused,
    /// The same as the one in force.
    #[error("the password in force")]
    Unchanged,
}

/// What the meter shows while typing; from the same code as the final check (H-16).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strength {
    /// 0 (hopeless) to 4 (strong).
    pub score: u8,
    /// The first rule it breaks.
    pub refusal: Option<PasswordRefusal>,
}

/// About 18 000 passwords seen most often in leaks (the list by Royce Williams that Django ships, public domain), six characters and more.
const COMMON: &str = include_str!("common_passwords.txt");

/// Checks everything that needs no look-up outside and no hashing. `context` holds the words a stranger would try first:
/// name, address, product, organization.
pub fn check(
    password: &SecretString,
    policy: &PasswordPolicy,
    context: &[&str],
) -> Result<Normalized, PasswordRefusal> {
    let normalized = Normalized::of(password).ok_or(PasswordRefusal::TooLong)?;
    match strength(&normalized, policy, context).refusal {
        Some(refusal) => Err(refusal),
        None => Ok(normalized),
    }
}

/// Score and first broken rule of a normalised password.
pub fn strength(normalized: &Normalized, policy: &PasswordPolicy, context: &[&str]) -> Strength {
    let text = normalized.as_str();
    let words = context_words(context);
    let inputs: Vec<&str> = words.iter().map(String::as_str).collect();
    // zxcvbn's cost grows with length; the first 72 characters decide, the rest only adds.
    let head: String = text.chars().take(72).collect();
    let score = u8::from(zxcvbn::zxcvbn(&head, &inputs).score());
    let refusal = if text.chars().count() < policy.min_length.min(MAX_CHARACTERS) {
        Some(PasswordRefusal::TooShort {
            min: policy.min_length,
        })
    } else if is_common(text) {
        Some(PasswordRefusal::Common)
    } else if is_context(text, &words) {
        Some(PasswordRefusal::Context)
    } else if score < policy.min_score || is_one_character(text) {
        Some(PasswordRefusal::Guessable)
    } else {
        None
    };
    Strength { score, refusal }
}

fn is_common(text: &str) -> bool {
    let lower = text.to_lowercase();
    let plain: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    // A common password typed twice is as common as typed once.
    let half = plain
        .get(..plain.len() / 2)
        .filter(|half| half.repeat(2) == plain)
        .unwrap_or(&plain)
        .to_owned();
    COMMON
        .lines()
        .any(|line| line == lower || line == plain || line == half)
}

/// What remains after the context words are cut out must itself be worth something: `acme2026acme` is not.
fn is_context(text: &str, words: &[String]) -> bool {
    let mut rest = text.to_lowercase();
    let mut found = false;
    for word in words {
        if rest.contains(word.as_str()) {
            found = true;
            rest = rest.replace(word.as_str(), "");
        }
    }
    found && rest.chars().filter(|c| c.is_alphabetic()).count() < 6
}

fn is_one_character(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_none_or(|first| characters.all(|c| c == first))
}

/// Most words of name, address and product that a password is compared with.
const MAX_WORDS: usize = 48;

fn context_words(context: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = context
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= 3)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    // What somebody types as their name must not make judging slow.
    words.truncate(MAX_WORDS);
    words
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn refusal(password: &str) -> Option<PasswordRefusal> {
        check(
            &SecretString::from(password),
            &PasswordPolicy::default(),
            &["Ana Petrova", "ana@acme.test", "Acme", "identity"],
        )
        .err()
    }

    #[test]
    fn pwd_05_each_bad_password_is_refused_with_its_reason() {
        for (password, reason) in [
            ("short 1!", PasswordRefusal::TooShort { min: 12 }),
            ("passwordpassword", PasswordRefusal::Common),
            ("Acme-2026-acme", PasswordRefusal::Context),
            ("ana.petrova.1987", PasswordRefusal::Context),
            ("aaaaaaaaaaaaaaaa", PasswordRefusal::Common),
            ("qwertyuiop123456", PasswordRefusal::Guessable),
        ] {
            assert_eq!(refusal(password), Some(reason), "{password}");
        }
        assert_eq!(refusal(&" ".repeat(65)), Some(PasswordRefusal::Guessable));
        assert_eq!(refusal(&"x".repeat(129)), Some(PasswordRefusal::TooLong));
        assert_eq!(
            refusal("nul\0in the middle of it"),
            Some(PasswordRefusal::TooLong)
        );
    }

    #[test]
    fn pwd_05_good_passphrases_pass_without_composition_rules() {
        for password in [
            "violet tram kettle orbit",
            "🦀🌧️ sopka mlhavá ráno tiché",
            &"k7 moss lantern ".repeat(8),
        ] {
            assert_eq!(refusal(password), None, "{password}");
        }
    }
}
