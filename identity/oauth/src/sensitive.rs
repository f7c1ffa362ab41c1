//! A string that must not be seen in logs: codes, secrets, tokens as they arrive on the wire.

use std::fmt;

use subtle::ConstantTimeEq;

/// A value whose `Debug` shows nothing and which cannot be serialised or compared with `==`.
#[derive(Clone)]
pub struct Sensitive(String);

impl Sensitive {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself. Each call is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compare in time that depends on the lengths only.
    pub fn equals(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<&str> for Sensitive {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Sensitive;

    #[test]
    fn debug_never_shows_the_value() {
        assert_eq!(format!("{:?}", Sensitive::new("hunter2")), "[redacted]");
    }

    #[test]
    fn equality_is_by_the_whole_value() {
        let value = Sensitive::new("abc");
        assert!(value.equals("abc"));
        assert!(!value.equals("ab"));
        assert!(!value.equals("abcd"));
    }
}
