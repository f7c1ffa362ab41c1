//! `identity hash-password`: a hash for declarative files. The password comes from standard input, never as an argument,
//! where every user of the machine could read it.

use std::io::{IsTerminal as _, Read as _};

use clap::Args;
use identity_domain::credential::password_hash::{Arena, HashParameters, Normalized, PasswordHash};
use identity_domain::secret::SecretString;
use serde::Serialize;

use super::{ConfigOptions, Failed, Outcome, Output};
use crate::adapters::entropy::SystemEntropy;

/// More than any password that is accepted.
const MAX_BYTES: u64 = 4096;

/// How to hash.
#[derive(Debug, Args)]
pub struct HashPasswordOptions {
    /// Where the configuration is; `[password]` says what a hash costs.
    #[command(flatten)]
    pub config: ConfigOptions,
}

#[derive(Serialize)]
struct Hashed {
    password_hash: String,
}

pub(super) fn run(options: &HashPasswordOptions, output: &Output) -> Outcome {
    let password = options.config.load()?.config.password;
    let parameters = HashParameters {
        memory_kib: password.argon2_memory_kib,
        passes: password.argon2_passes,
        lanes: password.argon2_lanes,
    };
    let given = from_standard_input()?;
    let normalized =
        Normalized::of(&given).ok_or_else(|| Failed::new("the password is too long"))?;
    let hash = PasswordHash::create(
        &normalized,
        parameters,
        &SystemEntropy,
        &mut Arena::default(),
    );
    let hashed = Hashed {
        password_hash: hash.map_err(Failed::new)?.as_str().to_owned(),
    };
    output.say(&hashed, |hashed| hashed.password_hash.clone())
}

/// One line.
fn from_standard_input() -> Result<SecretString, Failed> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Err(Failed::new(
            "give the password on standard input: identity hash-password < FILE",
        ));
    }
    let mut text = String::new();
    input
        .lock()
        .take(MAX_BYTES)
        .read_to_string(&mut text)
        .map_err(Failed::new)?;
    let all = SecretString::new(text);
    match all.expose().trim_end_matches(['\r', '\n']) {
        "" => Err(Failed::new("there is no password on standard input")),
        password => Ok(SecretString::from(password)),
    }
}
