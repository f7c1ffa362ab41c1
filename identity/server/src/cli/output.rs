//! What a command says: for people as text, with `--json` as one JSON value.

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

/// How a command ended.
pub type Outcome = Result<(), Failed>;

/// Why a command did not do what it was asked: exit status 1.
#[derive(Debug)]
pub struct Failed {
    message: String,
    details: Option<Value>,
}

impl Failed {
    /// With a sentence for the person in front of it.
    pub fn new(message: impl Display) -> Self {
        Self {
            message: message.to_string(),
            details: None,
        }
    }

    /// With more for programs, under `details`.
    #[must_use]
    pub fn with_details(mut self, details: &impl Serialize) -> Self {
        self.details = serde_json::to_value(details).ok();
        self
    }
}

impl From<crate::config::ConfigError> for Failed {
    fn from(error: crate::config::ConfigError) -> Self {
        Self::new(&error).with_details(&error.problems)
    }
}

impl From<crate::config::Problem> for Failed {
    fn from(problem: crate::config::Problem) -> Self {
        crate::config::ConfigError::from(problem).into()
    }
}

impl From<identity_domain::Fault> for Failed {
    fn from(fault: identity_domain::Fault) -> Self {
        Self::new(fault)
    }
}

/// Where a command writes.
#[derive(Clone, Debug)]
pub struct Output {
    json: bool,
}

impl Output {
    pub(super) const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether JSON was asked for.
    pub const fn is_json(&self) -> bool {
        self.json
    }

    /// Says `value`: as JSON, or as the text that `words` makes of it.
    pub fn say<T: Serialize + ?Sized>(
        &self,
        value: &T,
        words: impl FnOnce(&T) -> String,
    ) -> Outcome {
        let text = if self.json {
            serde_json::to_string_pretty(value).map_err(Failed::new)?
        } else {
            words(value)
        };
        write(&text);
        Ok(())
    }

    /// Says text that is the same either way, such as a script.
    pub fn text(&self, text: &str) -> Outcome {
        write(text);
        Ok(())
    }

    pub(super) fn finish(self, outcome: Outcome) -> ExitCode {
        let Err(failed) = outcome else {
            return ExitCode::SUCCESS;
        };
        if self.json {
            let error = serde_json::json!({ "error": failed.message, "details": failed.details });
            write(&serde_json::to_string_pretty(&error).unwrap_or_default());
        } else {
            let _ = writeln!(std::io::stderr(), "{}", failed.message);
        }
        ExitCode::from(1)
    }
}

/// A reader that went away (`| head`) is no failure.
fn write(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
    let _ = out.flush();
}
