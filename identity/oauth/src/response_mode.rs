//! `response_mode`: how the answer travels back to the client.

use serde::{Deserialize, Serialize};

use crate::error::OAuthError;

/// OAuth 2.0 Multiple Response Type Encoding Practices §2.1, OAuth 2.0 Form Post Response Mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// The default for `response_type=code`.
    #[default]
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or_else(|| OAuthError::invalid_request("response_mode is not supported"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn only_the_three_modes_are_known() {
        for mode in ResponseMode::ALL {
            assert_eq!(ResponseMode::parse(mode.as_str()).unwrap(), mode);
        }
        for text in [
            "",
            "Query",
            "jwt",
            "query.jwt",
            "form_post.jwt",
            "web_message",
        ] {
            assert!(ResponseMode::parse(text).is_err(), "{text}");
        }
    }
}
