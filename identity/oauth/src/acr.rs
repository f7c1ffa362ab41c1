//! `acr_values` (OpenID Connect Core §3.1.2.1, RFC 9470) and the names of `amr` (RFC 8176).

use serde::{Deserialize, Serialize};

use crate::error::OAuthError;

const MAX_VALUES: usize = 16;
const MAX_VALUE: usize = 128;

/// The authentication contexts a client asks for, in order of preference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AcrValues(Vec<String>);

impl AcrValues {
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let mut values: Vec<String> = Vec::new();
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            if value.len() > MAX_VALUE || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(OAuthError::invalid_request(
                    "acr_values contains a malformed value",
                ));
            }
            if !values.iter().any(|other| other == value) {
                values.push(value.to_owned());
            }
        }
        if values.len() > MAX_VALUES {
            return Err(OAuthError::invalid_request(
                "acr_values has too many values",
            ));
        }
        Ok(Self(values))
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub fn contains(&self, acr: &str) -> bool {
        self.0.iter().any(|other| other == acr)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Authentication method references (RFC 8176 §2): only what a step has really proved.
pub mod amr {
    pub const PASSWORD: &str = "pwd";
    pub const ONE_TIME_PASSWORD: &str = "otp";
    pub const SMS: &str = "sms";
    /// A code sent by mail. RFC 8176 registers no value for it; `otp` would claim more than was proved.
    pub const EMAIL: &str = "email";
    pub const HARDWARE_KEY: &str = "hwk";
    pub const SOFTWARE_KEY: &str = "swk";
    /// User presence was tested.
    pub const USER_PRESENCE: &str = "user";
    /// More than one factor was proved.
    pub const MULTIPLE_FACTORS: &str = "mfa";
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn order_is_kept_and_sizes_are_bounded() {
        let values = AcrValues::parse("b a b").unwrap();
        assert_eq!(values.iter().collect::<Vec<_>>(), ["b", "a"]);
        assert!(AcrValues::parse("\u{e9}").is_err());
        assert!(AcrValues::parse(&"x".repeat(129)).is_err());
        let many = (0..17).map(|i| i.to_string()).collect::<Vec<_>>().join(" ");
        assert!(AcrValues::parse(&many).is_err());
    }
}
