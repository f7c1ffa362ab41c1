//! `prompt` (OpenID Connect Core §3.1.2.1, Initiating User Registration 1.0).

use serde::{Deserialize, Serialize};

use crate::error::OAuthError;

/// One value of `prompt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// No page may be shown.
    None,
    /// Authenticate again, whatever session there is.
    Login,
    /// Ask for consent again.
    Consent,
    SelectAccount,
    /// Begin with sign-up.
    Create,
}

impl Prompt {
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Login,
        Self::Consent,
        Self::SelectAccount,
        Self::Create,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
            Self::Create => "create",
        }
    }
}

/// The set of values in one request; empty when the parameter was absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompts(Vec<Prompt>);

impl Prompts {
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let mut prompts = Vec::new();
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            // Initiating User Registration §4.1: an unsupported value is answered with invalid_request.
            let prompt = Prompt::ALL
                .into_iter()
                .find(|prompt| prompt.as_str() == value)
                .ok_or_else(|| OAuthError::invalid_request("prompt has an unsupported value"))?;
            if !prompts.contains(&prompt) {
                prompts.push(prompt);
            }
        }
        // OpenID Connect Core §3.1.2.1: none with any other value is an error.
        if prompts.len() > 1 && prompts.contains(&Prompt::None) {
            return Err(OAuthError::invalid_request(
                "prompt=none cannot be combined with other values",
            ));
        }
        Ok(Self(prompts))
    }

    pub fn contains(&self, prompt: Prompt) -> bool {
        self.0.contains(&prompt)
    }

    /// `prompt=none`: answer without showing anything.
    pub fn is_none(&self) -> bool {
        self.contains(Prompt::None)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forget a prompt that has been satisfied.
    pub fn satisfied(&mut self, prompt: Prompt) {
        self.0.retain(|other| *other != prompt);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_a_set_and_none_stands_alone() {
        let prompts = Prompts::parse("login consent login").unwrap();
        assert!(
            prompts.contains(Prompt::Login)
                && prompts.contains(Prompt::Consent)
                && !prompts.is_none()
        );
        assert!(Prompts::parse("none").unwrap().is_none());
        assert!(Prompts::parse("").unwrap().is_empty());
        for text in [
            "none login",
            "login none",
            "NONE",
            "sometimes",
            "none consent login",
        ] {
            assert!(Prompts::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn serde_uses_the_wire_names() {
        let prompts = Prompts::parse("select_account create").unwrap();
        assert_eq!(
            serde_json::to_string(&prompts).unwrap(),
            r#"["select_account","create"]"#
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = Prompts::parse(&text);
        }
    }
}
