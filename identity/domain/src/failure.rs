//! Two ways not to succeed: a refusal is expected and recorded, a fault is ours and logged once at the edge.

use std::fmt;

/// Either an expected refusal of the family `R`, or a fault of ours.
#[derive(Debug)]
pub enum Failure<R> {
    /// Expected, recorded, never a 5xx.
    Refused(R),
    /// Unexpected; the caller learns a reference id and nothing else.
    Fault(Fault),
}

/// Something broke on our side. Its text is for the log, never for a caller.
#[derive(Debug)]
pub struct Fault {
    /// What was being done, in words for the operator; no secrets.
    pub context: String,
    /// Whether trying again soon is sensible: overload or a lost database, answered 503 with `Retry-After`.
    pub busy: bool,
}

impl Fault {
    /// A fault with its context.
    pub fn new(context: impl fmt::Display) -> Self {
        Self {
            context: context.to_string(),
            busy: false,
        }
    }
    /// Overload: the caller should come back.
    pub fn busy(context: impl fmt::Display) -> Self {
        Self {
            context: context.to_string(),
            busy: true,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.context)
    }
}
impl std::error::Error for Fault {}

impl<R> From<Fault> for Failure<R> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<R> Failure<R> {
    /// The same failure with its refusal turned into another family's.
    pub fn map<S>(self, f: impl FnOnce(R) -> S) -> Failure<S> {
        match self {
            Self::Refused(refusal) => Failure::Refused(f(refusal)),
            Self::Fault(fault) => Failure::Fault(fault),
        }
    }
}
