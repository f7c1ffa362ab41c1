//! Secrets that a command is given: by standard input, by a file or by the environment, never as an argument, where every user of the
//! machine could read them.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use identity_domain::secret::SecretString;

use super::Failed;

/// More than any secret that is accepted.
const MAX_BYTES: u64 = 64 * 1024;

/// Where the secret is.
pub(super) struct SecretOptions<'a> {
    /// On standard input.
    pub standard_input: bool,
    /// In a file.
    pub file: Option<&'a Path>,
    /// In a variable, if it is set and nothing else was said.
    pub variable: Option<&'a str>,
}

impl SecretOptions<'_> {
    /// The secret, if there is one.
    pub fn read(&self) -> Result<Option<SecretString>, Failed> {
        if self.standard_input {
            let input = std::io::stdin();
            if input.is_terminal() {
                return Err(Failed::new(
                    "standard input is a terminal: pipe the secret in, or name a file",
                ));
            }
            return first_line(input.lock(), "standard input").map(Some);
        }
        if let Some(path) = self.file {
            let shown = path.display().to_string();
            let file = std::fs::File::open(path)
                .map_err(|error| Failed::new(format!("{shown}: {error}")))?;
            return first_line(file, &shown).map(Some);
        }
        let variable = self.variable.and_then(|name| std::env::var(name).ok());
        Ok(variable
            .filter(|value| !value.is_empty())
            .map(SecretString::from))
    }
}

/// Without the line break that editors and `echo` add.
fn first_line(from: impl std::io::Read, shown: &str) -> Result<SecretString, Failed> {
    let mut text = String::new();
    from.take(MAX_BYTES)
        .read_to_string(&mut text)
        .map_err(|error| Failed::new(format!("{shown}: {error}")))?;
    let all = SecretString::new(text);
    match all.expose().trim_end_matches(['\r', '\n']) {
        "" => Err(Failed::new(format!("{shown} is empty"))),
        secret => Ok(secret.into()),
    }
}
