//! Bearer tokens at protected resources (RFC 6750): reading the header, writing the challenge.

use crate::error::OAuthError;
use crate::sensitive::Sensitive;

/// Take the token from the value of an `Authorization` header; `None` if it is of another scheme.
///
/// RFC 6750 §2.3: a token in the query is never looked at.
pub fn token(authorization: &str) -> Option<Sensitive> {
    let (scheme, rest) = authorization.split_once(' ')?;
    let token = rest.trim_start_matches(' ');
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty() && token.bytes().all(is_b64token))
        .then(|| Sensitive::new(token))
}

/// Whether a byte may stand in a token (RFC 6750 §2.1). Asked for every byte of every request, so the answers are prepared.
fn is_b64token(byte: u8) -> bool {
    const ALLOWED: [bool; 256] = {
        let mut allowed = [false; 256];
        let mut byte = 0_u8;
        while byte < u8::MAX {
            let other = matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=');
            #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
            {
                allowed[byte as usize] = byte.is_ascii_alphanumeric() || other;
            }
            byte += 1;
        }
        allowed
    };
    ALLOWED.get(usize::from(byte)).copied().unwrap_or(false)
}

/// The value of `WWW-Authenticate` (RFC 6750 §3). Without an error: a request that carried no token at all.
pub fn challenge(realm: &str, error: Option<&OAuthError>) -> String {
    let mut challenge = format!("Bearer realm=\"{}\"", realm.replace(['"', '\\'], ""));
    // Descriptions hold neither quotes nor backslashes, so they need no escaping.
    for (name, value) in error.into_iter().flat_map(OAuthError::members) {
        for part in [", ", name, "=\"", value, "\""] {
            challenge.push_str(part);
        }
    }
    challenge
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::error::ErrorCode;

    #[test]
    fn only_well_formed_bearer_headers_are_read() {
        assert!(token("Bearer abc.def").unwrap().equals("abc.def"));
        assert!(token("bearer  abc").unwrap().equals("abc"));
        for header in [
            "",
            "Bearer",
            "Bearer ",
            "Basic abc",
            "Bearer a b",
            "Bearer a,b",
            "DPoP abc",
            "Bearer \u{e9}",
        ] {
            assert!(token(header).is_none(), "{header}");
        }
    }

    #[test]
    fn challenges_name_the_error() {
        assert_eq!(challenge("idp", None), "Bearer realm=\"idp\"");
        let error = OAuthError::new(ErrorCode::InvalidToken, "expired");
        assert_eq!(
            challenge("i\"dp", Some(&error)),
            "Bearer realm=\"idp\", error=\"invalid_token\", error_description=\"expired\""
        );
    }
}
