//! Text messages by meaning; the theme's catalogue writes them, and what a gateway carries as one message is decided here.

use serde::{Deserialize, Serialize};

use crate::secret::SecretString;
use crate::time::Timestamp;

/// Septets of one message in the GSM alphabet (3GPP TS 23.038 §6.2.1).
const MOST_SEPTETS: usize = 160;
/// UTF-16 units of one message in any other (§6.2.3).
const MOST_UNITS: usize = 70;
/// The default alphabet (3GPP TS 23.038 §6.2.1), without its escape.
const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// The extension table: two septets each.
const GSM_EXTENSION: &str = "^{}\\[~]|€\u{c}";

/// Something a person is told by text message.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum TextNotice {
    /// A code that proves a second factor.
    SecondFactorCode {
        /// Six digits.
        code: String,
        /// Worth nothing afterwards, so no longer sent.
        expires_at: Timestamp,
    },
    /// A code that proves a number.
    NumberCode {
        /// Six digits.
        code: String,
        /// Worth nothing afterwards, so no longer sent.
        expires_at: Timestamp,
    },
}

impl std::fmt::Debug for TextNotice {
    // The code is a secret: only the kind is printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl TextNotice {
    /// Its name in the catalogue: `sms-<name>`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SecondFactorCode { .. } => "second-factor-code",
            Self::NumberCode { .. } => "number-code",
        }
    }

    /// Its code.
    pub fn code(&self) -> SecretString {
        match self {
            Self::SecondFactorCode { code, .. } | Self::NumberCode { code, .. } => {
                SecretString::from(code.as_str())
            }
        }
    }

    /// Until when it is worth sending.
    pub const fn expires_at(&self) -> Timestamp {
        match self {
            Self::SecondFactorCode { expires_at, .. } | Self::NumberCode { expires_at, .. } => {
                *expires_at
            }
        }
    }
}

/// Whether a text travels as one message.
pub fn fits(text: &str) -> bool {
    let septets = text.chars().try_fold(0, |sum, c| {
        if GSM.contains(c) {
            Some(sum + 1)
        } else {
            GSM_EXTENSION.contains(c).then_some(sum + 2)
        }
    });
    septets.map_or_else(
        || text.encode_utf16().count() <= MOST_UNITS,
        |septets| septets <= MOST_SEPTETS,
    )
}

/// The words of a code message, with the line by which browsers fill the code in on our host alone (origin-bound one-time codes), where
/// both travel as one message.
pub fn bound_to_host(words: &str, host: &str, code: &SecretString) -> String {
    let bound = format!("{words}\n\n@{host} #{}", code.expose());
    if fits(&bound) {
        bound
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_message_holds_160_letters_of_the_gsm_alphabet_or_70_others() {
        assert!(fits(&"ä".repeat(160)));
        assert!(!fits(&"a".repeat(161)));
        assert!(fits(&"€".repeat(80)));
        assert!(!fits(&"€".repeat(81)));
        assert!(fits(&"ع".repeat(70)));
        assert!(!fits(&format!("{}ع", "a".repeat(70))));
    }

    #[test]
    fn the_line_for_the_browser_comes_last_or_not_at_all() {
        let code = SecretString::from("123456");
        assert_eq!(
            bound_to_host("Your code is 123456.", "id.example.com", &code),
            "Your code is 123456.\n\n@id.example.com #123456"
        );
        let long = "a".repeat(150);
        assert_eq!(bound_to_host(&long, "id.example.com", &code), long);
    }
}
