//! Text messages: plain words of the catalogue, without a template. They should fit 160 letters of the GSM alphabet.

use serde_json::json;

use crate::notice::Text;

/// A code sent by text message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeMessage {
    /// For the second step of a sign-in.
    SecondFactor,
    /// To prove a number.
    Number,
}

impl CodeMessage {
    /// Message key and arguments.
    pub fn text(self, code: &str, product: &str) -> Text {
        let args = [("code", json!(code)), ("product", json!(product))];
        match self {
            Self::SecondFactor => Text::new("sms-second-factor-code", args),
            Self::Number => Text::new("sms-number-code", args),
        }
    }

    /// One of each, for the checks.
    pub const fn samples() -> [Self; 2] {
        [Self::SecondFactor, Self::Number]
    }
}
