//! Whom to tell about a hole (RFC 9116).

use std::fmt;
use std::str::FromStr;

use url::Url;

/// A `Contact` of RFC 9116 §2.5.3: a URI on one line, that leads to people and not over an unprotected connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityContact(String);

impl SecurityContact {
    /// The URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SecurityContact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // The parser drops line breaks. Here they would be lines of the operator's file that nobody has read.
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err("must not hold blanks or line breaks".to_owned());
        }
        let url = Url::parse(text).map_err(|_| {
            "is no URI; write it like mailto:security@example.com or https://example.com/security"
                .to_owned()
        })?;
        let is_sound = match url.scheme() {
            "https" => true,
            "mailto" => url
                .path()
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()),
            "tel" => url.path().bytes().any(|byte| byte.is_ascii_digit()),
            other => {
                return Err(format!(
                    "has the scheme `{other}`; use mailto, https or tel"
                ));
            }
        };
        if is_sound {
            Ok(Self(url.into()))
        } else {
            Err("leads to nobody; write it like mailto:security@example.com".to_owned())
        }
    }
}

impl fmt::Display for SecurityContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_setting!(SecurityContact, { "type": "string", "format": "uri" });

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_contact_is_one_protected_uri() {
        for good in [
            "mailto:security@example.com",
            "mailto:security@example.com?subject=identity",
            "https://example.com/security",
            "tel:+1-201-555-0123",
        ] {
            assert_eq!(good.parse::<SecurityContact>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "security@example.com",
            "mailto:",
            "mailto:nobody",
            "mailto:@example.com",
            "http://example.com/security",
            "javascript:alert(1)",
            "tel:",
            "mailto:a@example.com\nExpires: 2000-01-01T00:00:00Z",
            "mailto:a@example.com b@example.com",
        ] {
            assert!(bad.parse::<SecurityContact>().is_err(), "{bad:?}");
        }
    }
}
