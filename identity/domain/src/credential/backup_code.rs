//! Backup codes: for the day the phone is lost. Ten codes of 80 bits, shown once, kept as salted hashes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::ports::Entropy;
use crate::secret::{SecretString, ValueHash};
use crate::time::Timestamp;

/// Codes of one set.
pub const COUNT: usize = 10;
/// From here on the account page warns (H-39).
pub const FEW: usize = 3;
/// Letters of a code: 32 without vowels' lookalikes (no i, l, o, u). 16 letters are 80 bits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LETTERS: usize = 16;

/// The stored document of a set of codes. 80 random bits cannot be guessed from a salted SHA-256 (NIST SP 800-63B-4 §3.1.2.1 asks for
/// a slow hash below 112 bits only of secrets people choose).
#[derive(Clone, Serialize, Deserialize)]
pub struct BackupCodes {
    /// Version of this document.
    pub v: u8,
    /// Random, per set.
    salt: String,
    /// Hashes of the codes that were not used yet.
    hashes: Vec<String>,
    /// When the set was made.
    pub made_at: Timestamp,
}

impl std::fmt::Debug for BackupCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupCodes")
    }
}

impl BackupCodes {
    /// A new set, and its codes as they are shown this once.
    pub fn generate(entropy: &dyn Entropy, now: Timestamp) -> (Self, Vec<SecretString>) {
        let mut salt = [0_u8; 16];
        entropy.fill(&mut salt);
        let salt = STANDARD_NO_PAD.encode(salt);
        let codes: Vec<SecretString> = (0..COUNT).map(|_| code(entropy)).collect();
        let hashes = codes.iter().map(|code| hash(&salt, code)).collect();
        let set = Self {
            v: 1,
            salt,
            hashes,
            made_at: now,
        };
        (set, codes)
    }

    /// How many are left.
    pub fn left(&self) -> usize {
        self.hashes.len()
    }

    /// The set without a presented code, or `None` when it is none of the set. Case, blanks and dashes do not count (H-40).
    pub fn spend(&self, typed: &SecretString) -> Option<Self> {
        let presented = hash(&self.salt, typed);
        // Every hash is compared, so that the time tells nothing about which one matched.
        let mut found = None;
        for (at, known) in self.hashes.iter().enumerate() {
            if known.as_bytes().ct_eq(presented.as_bytes()).into() {
                found = Some(at);
            }
        }
        let mut rest = self.clone();
        rest.hashes.remove(found?);
        Some(rest)
    }
}

fn code(entropy: &dyn Entropy) -> SecretString {
    let mut bytes = [0_u8; LETTERS];
    entropy.fill(&mut bytes);
    let mut text = String::with_capacity(LETTERS + 3);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        // 256 is a multiple of 32: no letter is likelier than another.
        text.extend(
            ALPHABET
                .get(usize::from(byte % 32))
                .map(|letter| char::from(*letter)),
        );
    }
    SecretString::from(text)
}

fn hash(salt: &str, typed: &SecretString) -> String {
    let plain: String = typed
        .expose()
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_lowercase() {
            // What a reader may have taken for a digit.
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect();
    STANDARD_NO_PAD.encode(ValueHash::of(format!("{salt}:{plain}").as_bytes()).0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    struct Counting(std::sync::atomic::AtomicU64);

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                let next = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                *byte = ValueHash::of(&next.to_be_bytes()).0[0];
            }
        }
    }

    fn set() -> (BackupCodes, Vec<SecretString>) {
        BackupCodes::generate(&Counting(0.into()), Timestamp(0))
    }

    #[test]
    fn mfa_06_a_backup_code_works_once_and_the_others_go_on() {
        let (set, codes) = set();
        let after = set.spend(&codes[3]).unwrap();
        assert_eq!(after.left(), COUNT - 1);
        assert!(after.spend(&codes[3]).is_none());
        assert!(after.spend(&codes[4]).is_some());
    }

    #[test]
    fn case_blanks_and_dashes_do_not_count() {
        let (set, codes) = set();
        let typed = format!(" {} ", codes[0].expose().replace('-', " ").to_uppercase());
        assert!(set.spend(&typed.into()).is_some());
        assert!(set.spend(&"".into()).is_none());
    }

    #[test]
    fn mfa_06_the_document_holds_no_code_and_a_new_set_takes_no_old_one() {
        let (set, codes) = set();
        let text = serde_json::to_string(&set).unwrap();
        let (other, _) = BackupCodes::generate(&Counting(10_000.into()), Timestamp(0));
        for code in &codes {
            assert!(!text.contains(code.expose().as_str()));
            assert!(!text.contains(&code.expose().replace('-', "")));
            assert!(other.spend(code).is_none());
        }
    }
}
