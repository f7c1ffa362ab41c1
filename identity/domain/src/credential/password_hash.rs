//! Password hashes: Argon2id made here, bcrypt, PBKDF2 and scrypt accepted from imports and replaced at the next sign-in.

use std::num::NonZeroU32;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::pbkdf2;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::ports::Entropy;
use crate::secret::SecretString;

/// Most characters a password may have; beyond it nothing is hashed.
pub const MAX_CHARACTERS: usize = 128;
/// Most bytes a password may have after normalisation.
pub const MAX_BYTES: usize = 512;

/// A hash in PHC or modular-crypt form. Not a password, yet not for eyes either.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

/// Cost of a new hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashParameters {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for HashParameters {
    /// The floor of OWASP ASVS 5.0 Appendix C: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
        }
    }
}

/// Memory reused from hash to hash, so that none is mapped and unmapped per sign-in.
#[derive(Default)]
pub struct Arena(Vec<Block>);

/// Why a hash cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Neither of the accepted forms.
    #[error("unknown form of password hash")]
    UnknownForm,
    /// A known form with costs that would stop the server.
    #[error("the cost of this password hash is beyond what is accepted")]
    TooCostly,
    /// Parameters that the algorithm refuses.
    #[error("parameters out of range")]
    Parameters,
}

/// A password as it is hashed: NFC, at most [`MAX_CHARACTERS`] characters and [`MAX_BYTES`] bytes.
pub struct Normalized(Zeroizing<String>);

impl Normalized {
    /// Normalises; `None` when it is too long to be hashed (checked before any costly work) or holds NUL.
    pub fn of(password: &SecretString) -> Option<Self> {
        let raw = password.expose();
        if raw.len() > MAX_BYTES * 3 {
            return None;
        }
        let text: String = raw.nfc().collect();
        let sound = text.len() <= MAX_BYTES
            && text.chars().count() <= MAX_CHARACTERS
            && !text.contains('\0');
        sound.then(|| Self(Zeroizing::new(text)))
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PasswordHash {
    /// Accepts a stored or imported hash after checking its form and cost; nothing is computed.
    pub fn parse(text: &str) -> Result<Self, HashError> {
        Form::parse(text).map(|_| Self(text.to_owned()))
    }

    /// The PHC string, for storage.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Hashes with Argon2id. Takes milliseconds and `memory_kib`; belongs into the bounded pool.
    pub fn create(
        password: &Normalized,
        parameters: HashParameters,
        entropy: &dyn Entropy,
        arena: &mut Arena,
    ) -> Result<Self, HashError> {
        let mut salt = [0_u8; 16];
        entropy.fill(&mut salt);
        let mut out = [0_u8; 32];
        arena.argon2id(password.as_str().as_bytes(), &salt, parameters, &mut out)?;
        Ok(Self(format!(
            "$argon2id$v=19$m={},t={},p={}${}${}",
            parameters.memory_kib,
            parameters.passes,
            parameters.lanes,
            STANDARD_NO_PAD.encode(salt),
            STANDARD_NO_PAD.encode(out)
        )))
    }

    /// Whether `password` is the one. Costs what the stored parameters say.
    pub fn verify(&self, password: &Normalized, arena: &mut Arena) -> Result<bool, HashError> {
        let bytes = password.as_str().as_bytes();
        match Form::parse(&self.0)? {
            Form::Argon2id {
                parameters,
                salt,
                hash,
            } => {
                let mut out = vec![0_u8; hash.len()];
                arena.argon2id(bytes, &salt, parameters, &mut out)?;
                Ok(out.ct_eq(&hash).into())
            }
            // bcrypt sees 72 bytes only; refusing longer ones keeps a shared prefix from matching (PWD-08).
            Form::Bcrypt => {
                Ok(bytes.len() <= 72 && bcrypt::verify(bytes, &self.0).unwrap_or(false))
            }
            Form::Pbkdf2 {
                algorithm,
                rounds,
                salt,
                hash,
            } => Ok(pbkdf2::verify(algorithm, rounds, &salt, bytes, &hash).is_ok()),
            Form::Scrypt {
                parameters,
                salt,
                hash,
            } => {
                let mut out = vec![0_u8; hash.len()];
                scrypt::scrypt(bytes, &salt, &parameters, &mut out)
                    .map_err(|_| HashError::Parameters)?;
                Ok(out.ct_eq(&hash).into())
            }
        }
    }

    /// Whether it should be replaced at the next successful sign-in: another algorithm, or lower cost than wanted.
    pub fn needs_rehash(&self, wanted: HashParameters) -> bool {
        match Form::parse(&self.0) {
            Ok(Form::Argon2id { parameters, .. }) => {
                parameters.memory_kib < wanted.memory_kib
                    || parameters.passes < wanted.passes
                    || parameters.lanes != wanted.lanes
            }
            _ => true,
        }
    }
}

impl Arena {
    fn argon2id(
        &mut self,
        password: &[u8],
        salt: &[u8],
        cost: HashParameters,
        out: &mut [u8],
    ) -> Result<(), HashError> {
        let parameters = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(out.len()))
            .map_err(|_| HashError::Parameters)?;
        let blocks = parameters.block_count();
        if self.0.len() < blocks {
            self.0.resize(blocks, Block::default());
        }
        let memory = self.0.get_mut(..blocks).ok_or(HashError::Parameters)?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into_with_memory(password, salt, out, memory)
            .map_err(|_| HashError::Parameters)
    }
}

enum Form {
    Argon2id {
        parameters: HashParameters,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    Bcrypt,
    Pbkdf2 {
        algorithm: pbkdf2::Algorithm,
        rounds: NonZeroU32,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    Scrypt {
        parameters: scrypt::Params,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
}

impl Form {
    fn parse(text: &str) -> Result<Self, HashError> {
        let fields: Vec<&str> = text.split('$').collect();
        match fields.as_slice() {
            ["", "argon2id", "v=19", cost, salt, hash] => Self::argon2id(cost, salt, hash),
            ["", "2a" | "2b" | "2y", cost, _] => match cost.parse::<u32>() {
                Ok(4..=16) if text.len() == 60 => Ok(Self::Bcrypt),
                Ok(17..) => Err(HashError::TooCostly),
                _ => Err(HashError::UnknownForm),
            },
            ["", "scrypt", cost, salt, hash] => Self::scrypt(cost, salt, hash),
            // PHC and passlib write the digest into the name; Django writes it with an underscore and keeps the salt as text.
            ["", name, rounds, salt, hash] if name.starts_with("pbkdf2") => {
                Self::pbkdf2(name, rounds, decode(salt)?, decode(hash)?)
            }
            [name, rounds, salt, hash] if name.starts_with("pbkdf2_") => {
                Self::pbkdf2(name, rounds, salt.as_bytes().to_vec(), decode(hash)?)
            }
            _ => Err(HashError::UnknownForm),
        }
    }

    fn argon2id(cost: &str, salt: &str, hash: &str) -> Result<Self, HashError> {
        let parameters = HashParameters {
            memory_kib: parameter(cost, "m")?,
            passes: parameter(cost, "t")?,
            lanes: parameter(cost, "p")?,
        };
        if parameters.memory_kib > 262_144 || parameters.passes > 16 || parameters.lanes > 16 {
            return Err(HashError::TooCostly);
        }
        let (salt, hash) = (decode(salt)?, decode(hash)?);
        if salt.len() < 8 || !(16..=64).contains(&hash.len()) {
            return Err(HashError::UnknownForm);
        }
        Ok(Self::Argon2id {
            parameters,
            salt,
            hash,
        })
    }

    fn scrypt(cost: &str, salt: &str, hash: &str) -> Result<Self, HashError> {
        let (log_n, r, p): (u32, u32, u32) = (
            parameter(cost, "ln")?,
            parameter(cost, "r")?,
            parameter(cost, "p")?,
        );
        if log_n > 18 || r > 16 || p > 16 {
            return Err(HashError::TooCostly);
        }
        let parameters = u8::try_from(log_n)
            .ok()
            .and_then(|log_n| scrypt::Params::new(log_n, r, p).ok())
            .ok_or(HashError::UnknownForm)?;
        let hash = decode(hash)?;
        if !(16..=64).contains(&hash.len()) {
            return Err(HashError::UnknownForm);
        }
        Ok(Self::Scrypt {
            parameters,
            salt: decode(salt)?,
            hash,
        })
    }

    fn pbkdf2(name: &str, rounds: &str, salt: Vec<u8>, hash: Vec<u8>) -> Result<Self, HashError> {
        let algorithm = match name {
            "pbkdf2-sha256" | "pbkdf2_sha256" => pbkdf2::PBKDF2_HMAC_SHA256,
            "pbkdf2-sha512" | "pbkdf2_sha512" => pbkdf2::PBKDF2_HMAC_SHA512,
            "pbkdf2" | "pbkdf2-sha1" | "pbkdf2_sha1" => pbkdf2::PBKDF2_HMAC_SHA1,
            _ => return Err(HashError::UnknownForm),
        };
        let rounds = rounds.parse::<u32>().or_else(|_| parameter(rounds, "i"))?;
        if rounds > 5_000_000 {
            return Err(HashError::TooCostly);
        }
        let rounds = NonZeroU32::new(rounds).ok_or(HashError::UnknownForm)?;
        if hash.len() < 16 {
            return Err(HashError::UnknownForm);
        }
        Ok(Self::Pbkdf2 {
            algorithm,
            rounds,
            salt,
            hash,
        })
    }
}

fn parameter(list: &str, name: &str) -> Result<u32, HashError> {
    list.split(',')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| value.parse().ok())
        .ok_or(HashError::UnknownForm)
}

/// Standard base64 with or without padding; passlib writes `.` for `+`.
fn decode(text: &str) -> Result<Vec<u8>, HashError> {
    let text = text.replace('.', "+");
    STANDARD_NO_PAD
        .decode(text.trim_end_matches('='))
        .or_else(|_| STANDARD.decode(&text))
        .map_err(|_| HashError::UnknownForm)
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
#[path = "password_hash_tests.rs"]
mod tests;
