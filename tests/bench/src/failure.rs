//! Why something could not be measured: a sentence, with what was being done in front.

use std::fmt;

/// A sentence for whoever reads the report.
#[derive(Clone, Debug)]
pub struct Failure(String);

/// What most functions here return.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// Says it.
    pub fn new(text: impl fmt::Display) -> Self {
        Self(text.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Adds what was being done.
pub trait During<T> {
    /// `what: error`
    fn during(self, what: &str) -> Outcome<T>;
}

impl<T, E: fmt::Display> During<T> for Result<T, E> {
    fn during(self, what: &str) -> Outcome<T> {
        self.map_err(|error| Failure(format!("{what}: {error}")))
    }
}

impl<T> During<T> for Option<T> {
    fn during(self, what: &str) -> Outcome<T> {
        self.ok_or_else(|| Failure(what.to_owned()))
    }
}
