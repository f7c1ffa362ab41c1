//! The parameters of a request: one place that decides about duplicates, empty values, size and encoding.

use std::fmt;

use crate::error::OAuthError;

/// The largest request, in bytes of its encoded form.
pub const MAX_BYTES: usize = 16 * 1024;
/// The most parameters in one request.
pub const MAX_PARAMETERS: usize = 100;
/// The longest name and the longest value, in bytes after decoding.
pub const MAX_NAME: usize = 128;
pub const MAX_VALUE: usize = 8 * 1024;

/// Parameters that may be given more than once (RFC 8707 §2).
const REPEATABLE: &[&str] = &["resource"];
/// Parameters holding JSON, where white space between tokens is legitimate.
const JSON_VALUED: &[&str] = &["claims", "authorization_details"];

/// Decoded parameters of one query or one body. `Debug` shows the names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Parse `application/x-www-form-urlencoded` of a protocol request.
    ///
    /// Refuses what RFC 6749 §3.1 forbids (a parameter given twice) and what no client sends: broken percent or UTF-8
    /// encoding, control characters, too many or too long parameters. A value that is empty counts as not given.
    pub fn parse(bytes: &[u8]) -> Result<Self, OAuthError> {
        Self::read(bytes, |name, value| {
            // Almost every value is plain, and that is quick to see.
            if value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                return false;
            }
            let json = JSON_VALUED.contains(&name);
            value
                .chars()
                .any(|c| c.is_control() && !(json && matches!(c, '\t' | '\r' | '\n')))
        })
    }

    /// Parse the form of a page: as [`Self::parse`], but line breaks and tabs are text. NUL is still refused.
    pub fn parse_form(bytes: &[u8]) -> Result<Self, OAuthError> {
        Self::read(bytes, |_, value| value.contains('\0'))
    }

    fn read(bytes: &[u8], forbidden: impl Fn(&str, &str) -> bool) -> Result<Self, OAuthError> {
        if bytes.len() > MAX_BYTES {
            return Err(OAuthError::invalid_request("the request is too large"));
        }
        let mut seen: Vec<(String, String)> = Vec::new();
        for pair in bytes
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            if seen.len() == MAX_PARAMETERS {
                return Err(OAuthError::invalid_request(
                    "the request has too many parameters",
                ));
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = halves
                .next()
                .and_then(form_decode)
                .ok_or_else(badly_encoded)?;
            let value = form_decode(halves.next().unwrap_or_default());
            if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
                return Err(badly_encoded());
            }
            let value = value.ok_or_else(|| refused("is not correctly encoded", &name))?;
            if value.len() > MAX_VALUE {
                return Err(refused("is too long", &name));
            }
            if forbidden(&name, &value) {
                return Err(refused("contains control characters", &name));
            }
            // Also an empty one counts here: `client_id=&client_id=x` is read differently by different parsers.
            if !REPEATABLE.contains(&name.as_str()) && seen.iter().any(|(other, _)| *other == name)
            {
                return Err(refused("is given more than once", &name));
            }
            seen.push((name, value));
        }
        // RFC 6749 §3.1: parameters sent without a value are treated as if they were omitted.
        seen.retain(|(_, value)| !value.is_empty());
        Ok(Self { pairs: seen })
    }

    /// The value of a parameter that may be given once.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// As [`Self::get`], but its absence is `invalid_request`.
    pub fn required(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| refused("is missing", name))
    }

    /// Every value of a parameter that may be repeated, in order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs
            .iter()
            .filter(move |(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Every (name, value) in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

/// Values may be secrets, so only names are shown.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.pairs.iter().map(|(name, _)| name))
            .finish()
    }
}

fn badly_encoded() -> OAuthError {
    OAuthError::invalid_request("a parameter name is not correctly encoded")
}

fn refused(what: &str, name: &str) -> OAuthError {
    OAuthError::invalid_request(format!("parameter {name} {what}"))
}

/// Decode one name or value of `application/x-www-form-urlencoded`; `None` when the encoding is broken.
///
/// Lossy decoders turn broken input into replacement characters, and two layers then disagree on what was sent.
pub(crate) fn form_decode(encoded: &[u8]) -> Option<String> {
    // Tokens and codes are encoded as they are.
    if !encoded.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return std::str::from_utf8(encoded).ok().map(str::to_owned);
    }
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut bytes = encoded.iter().copied();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(bytes.next()?).to_digit(16)?;
                let low = char::from(bytes.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Encode (name, value) pairs as `application/x-www-form-urlencoded`.
pub(crate) fn form_encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;
    use crate::error::ErrorCode;

    fn refusal(input: &[u8]) -> String {
        let error = Parameters::parse(input).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest);
        error.description().to_owned()
    }

    #[test]
    fn reads_names_and_values() {
        let parameters = Parameters::parse(b"a=1&b=x+y%2Bz&c&d=&e=%C3%A9").unwrap();
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!(parameters.get("b"), Some("x y+z"));
        assert_eq!(parameters.get("c"), None);
        assert_eq!(parameters.get("d"), None);
        assert_eq!(parameters.get("e"), Some("\u{e9}"));
        assert_eq!(
            parameters.required("d").unwrap_err().description(),
            "parameter d is missing"
        );
    }

    #[test]
    fn a_parameter_given_twice_is_refused_by_name() {
        for input in [
            "state=1&state=2",
            "state=&state=2",
            "state&state",
            "st%61te=1&state=1",
        ] {
            assert_eq!(
                refusal(input.as_bytes()),
                "parameter state is given more than once"
            );
        }
    }

    #[test]
    fn resource_may_be_repeated() {
        let parameters =
            Parameters::parse(b"resource=https%3A%2F%2Fa&resource=https%3A%2F%2Fb").unwrap();
        assert_eq!(
            parameters.all("resource").collect::<Vec<_>>(),
            ["https://a", "https://b"]
        );
    }

    #[test]
    fn broken_encodings_and_control_characters_are_refused_without_the_value() {
        for input in [
            &b"client_secret=%zz-hunter2"[..],
            b"client_secret=hunter2%2",
            b"client_secret=hunter2%ff",
            b"client_secret=hunter2\xff",
            b"client_secret=hunter2%00",
            b"client_secret=hunter2%0d%0aX",
        ] {
            let description = refusal(input);
            assert!(
                description.contains("client_secret") && !description.contains("hunter2"),
                "{description}"
            );
        }
        assert!(Parameters::parse(b"claims=%7B%0a%7D").is_ok());
        assert!(Parameters::parse(b"claims=%7B%00%7D").is_err());
        assert!(Parameters::parse_form(b"note=a%0ab").is_ok());
    }

    #[test]
    fn sizes_are_bounded() {
        assert!(Parameters::parse(&vec![b'a'; MAX_BYTES + 1]).is_err());
        let many = |n: usize| {
            (0..n)
                .map(|i| format!("p{i}=1"))
                .collect::<Vec<_>>()
                .join("&")
        };
        assert!(Parameters::parse(many(MAX_PARAMETERS).as_bytes()).is_ok());
        assert!(Parameters::parse(many(MAX_PARAMETERS + 1).as_bytes()).is_err());
        let long = |n: usize| format!("state={}", "x".repeat(n));
        assert!(Parameters::parse(long(MAX_VALUE).as_bytes()).is_ok());
        assert_eq!(
            refusal(long(MAX_VALUE + 1).as_bytes()),
            "parameter state is too long"
        );
    }

    #[test]
    fn debug_shows_names_only() {
        let shown = format!("{:?}", Parameters::parse(b"client_secret=hunter2").unwrap());
        assert_eq!(shown, r#"{"client_secret"}"#);
    }

    proptest! {
        #[test]
        fn never_panics(input in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Parameters::parse(&input);
            let _ = Parameters::parse_form(&input);
        }

        #[test]
        fn round_trips(values in proptest::collection::btree_map("[a-z_]{1,20}", "[^\\p{C}]{1,40}", 0..20)) {
            let encoded = form_encode(values.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let parsed = Parameters::parse(encoded.as_bytes()).unwrap();
            prop_assert_eq!(parsed.iter().count(), values.len());
            for (name, value) in &values {
                prop_assert_eq!(parsed.get(name), Some(value.as_str()));
            }
        }
    }
}
