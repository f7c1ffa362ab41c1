//! Redirect URIs: what may be registered, and whether a presented one is registered. The only place for both.
//!
//! RFC 9700 §4.1.3: the whole string is compared, byte for byte. No normalisation, no prefix, no pattern; the one
//! exception is the port of a loopback address of a native client (RFC 8252 §7.3).

mod registered;

use std::fmt;

use crate::client_metadata::ApplicationType;
use crate::error::{ErrorCode, OAuthError};
pub use registered::{MAX_LENGTH, RedirectUriError, RegisteredRedirectUri};

/// A redirect URI that the client has registered. Only this module makes one, so holding it is the proof.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedRedirectUri {
    uri: String,
}

impl VerifiedRedirectUri {
    pub fn as_str(&self) -> &str {
        &self.uri
    }

    /// What a CSP `form-action` needs to let the answer through: `https://host[:port]`, or `scheme:` of a native app.
    pub fn origin(&self) -> String {
        let (scheme, rest) = self.uri.split_once(':').unwrap_or((self.uri.as_str(), ""));
        match rest.strip_prefix("//") {
            Some(rest) if matches!(scheme, "http" | "https") => {
                let authority = rest.split(['/', '?']).next().unwrap_or_default();
                format!("{scheme}://{authority}")
            }
            _ => format!("{scheme}:"),
        }
    }
}

impl fmt::Debug for VerifiedRedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedRedirectUri({})", self.uri)
    }
}

/// The presented redirect URI is not registered. Holds what a developer needs to see the difference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("redirect_uri is not registered for this client")]
pub struct Mismatch {
    /// What came in, cut to [`MAX_LENGTH`] bytes. Untrusted: show it escaped, never link to it.
    pub presented: String,
    /// The registered URI most like it, if any is registered.
    pub closest: Option<String>,
    /// Byte index of the first difference, valid in `presented` and in `closest` (it may be their length).
    pub first_difference: usize,
}

impl From<Mismatch> for OAuthError {
    fn from(mismatch: Mismatch) -> Self {
        Self::new(ErrorCode::InvalidRequest, mismatch.to_string())
    }
}

/// Why no redirect URI could be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    #[error("redirect_uri is missing and the client has not registered exactly one")]
    Missing,
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
}

/// Find `presented` among the registered URIs.
pub fn match_registered(
    registered: &[String],
    presented: &str,
    application_type: ApplicationType,
) -> Result<VerifiedRedirectUri, Mismatch> {
    let found = registered.iter().any(|candidate| {
        candidate == presented
            || (application_type == ApplicationType::Native
                && differs_in_loopback_port_only(candidate, presented))
    });
    // The registration rules again: rows written by an import or an older release must not become a way out.
    if found && RegisteredRedirectUri::parse(presented, application_type).is_ok() {
        return Ok(VerifiedRedirectUri {
            uri: presented.to_owned(),
        });
    }
    Err(mismatch(registered, presented))
}

/// As [`match_registered`]; without a presented URI the only registered one is taken (RFC 6749 §3.1.2.3).
pub fn resolve(
    registered: &[String],
    presented: Option<&str>,
    application_type: ApplicationType,
) -> Result<VerifiedRedirectUri, Unresolved> {
    match (presented, registered) {
        (Some(presented), _) => Ok(match_registered(registered, presented, application_type)?),
        (None, [only]) => Ok(match_registered(registered, only, application_type)?),
        (None, _) => Err(Unresolved::Missing),
    }
}

/// RFC 8252 §7.3: the port of a loopback redirect is chosen by the operating system at run time.
fn differs_in_loopback_port_only(registered: &str, presented: &str) -> bool {
    match (
        without_loopback_port(registered),
        without_loopback_port(presented),
    ) {
        (Some(registered), Some(presented)) => registered == presented,
        _ => false,
    }
}

/// Split a loopback URI into host and everything behind the port; `None` for any other URI.
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let host = ["127.0.0.1", "[::1]", "localhost"]
        .into_iter()
        .find(|host| rest.starts_with(host))?;
    let rest = rest.strip_prefix(host)?;
    let rest = match rest.strip_prefix(':') {
        None => rest,
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (port, rest) = rest.split_at_checked(digits)?;
            if port.starts_with('0') || port.parse::<u16>().is_err() {
                return None;
            }
            rest
        }
    };
    // `http://127.0.0.1:80@evil.test/` and `http://localhost.evil.test/` end here.
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

fn mismatch(registered: &[String], presented: &str) -> Mismatch {
    let end = presented.floor_char_boundary(MAX_LENGTH);
    let presented = presented.get(..end).unwrap_or_default();
    // Linear on purpose: this runs on input of strangers.
    let closest = registered.iter().max_by_key(|candidate| {
        common(candidate.chars(), presented.chars())
            + common(candidate.chars().rev(), presented.chars().rev())
    });
    let first_difference = closest.map_or(0, |closest| common(closest.chars(), presented.chars()));
    Mismatch {
        presented: presented.to_owned(),
        closest: closest.cloned(),
        first_difference,
    }
}

/// The length in bytes of what two texts have in common from where the iterators start.
fn common(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b)
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum()
}

#[cfg(test)]
mod tests;
