//! Proof Key for Code Exchange (RFC 7636), method S256 only.
//!
//! `plain` is refused: RFC 9700 §2.1.1 asks for methods that do not expose the verifier in the authorization request.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::error::OAuthError;

/// The only method offered.
pub const METHOD: &str = "S256";

/// The S256 challenge of an authorization request, in canonical base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// `method` is `code_challenge_method` as sent; absent means `plain` (RFC 7636 §4.3), which is refused.
    pub fn parse(challenge: &str, method: Option<&str>) -> Result<Self, OAuthError> {
        if method != Some(METHOD) {
            return Err(OAuthError::invalid_request(
                "code_challenge_method must be S256",
            ));
        }
        match URL_SAFE_NO_PAD.decode(challenge) {
            Ok(hash) if hash.len() == digest::SHA256_OUTPUT_LEN => Ok(Self(challenge.to_owned())),
            _ => Err(OAuthError::invalid_request(
                "code_challenge is not the base64url form of a SHA-256 hash",
            )),
        }
    }

    /// The challenge of a verifier, as a client computes it.
    pub fn of(verifier: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// RFC 7636 §4.6: the verifier must hash to the challenge. Compared in constant time.
    pub fn verify(&self, verifier: &str) -> Result<(), PkceMismatch> {
        check_verifier(verifier)?;
        if bool::from(self.0.as_bytes().ct_eq(Self::of(verifier).0.as_bytes())) {
            Ok(())
        } else {
            Err(PkceMismatch::Different)
        }
    }
}

/// Why a verifier was refused. All are `invalid_grant` to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PkceMismatch {
    #[error("a challenge was sent but no code_verifier")]
    Missing,
    // RFC 9700 §4.8.2: a verifier without a challenge is a downgrade, somebody removed the challenge.
    #[error("a code_verifier came though no challenge was sent")]
    Unexpected,
    #[error("code_verifier is not 43 to 128 unreserved characters")]
    Malformed,
    #[error("code_verifier does not match the challenge")]
    Different,
}

impl From<PkceMismatch> for OAuthError {
    fn from(mismatch: PkceMismatch) -> Self {
        Self::invalid_grant(mismatch.to_string())
    }
}

/// The whole rule of the token endpoint: both present and matching, or both absent.
pub fn verify(
    challenge: Option<&CodeChallenge>,
    verifier: Option<&str>,
) -> Result<(), PkceMismatch> {
    match (challenge, verifier) {
        (Some(challenge), Some(verifier)) => challenge.verify(verifier),
        (Some(_), None) => Err(PkceMismatch::Missing),
        (None, Some(_)) => Err(PkceMismatch::Unexpected),
        (None, None) => Ok(()),
    }
}

/// RFC 7636 §4.1: `code-verifier` = 43*128unreserved.
fn check_verifier(verifier: &str) -> Result<(), PkceMismatch> {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    if (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved) {
        Ok(())
    } else {
        Err(PkceMismatch::Malformed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    // RFC 7636 appendix B
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_rfc_7636_appendix_b_verifies() {
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).unwrap();
        assert_eq!(CodeChallenge::of(VERIFIER), challenge);
        assert_eq!(verify(Some(&challenge), Some(VERIFIER)), Ok(()));
    }

    #[test]
    fn plain_and_unknown_methods_are_refused() {
        for method in [None, Some("plain"), Some("s256"), Some("S512")] {
            assert!(
                CodeChallenge::parse(CHALLENGE, method).is_err(),
                "{method:?}"
            );
        }
    }

    #[test]
    fn malformed_challenges_are_refused() {
        let not_canonical = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN";
        for challenge in [
            "",
            VERIFIER.get(..42).unwrap(),
            &format!("{CHALLENGE}="),
            "%%",
            not_canonical,
            VERIFIER.trim(),
        ] {
            let parsed = CodeChallenge::parse(challenge, Some("S256"));
            assert_eq!(parsed.is_ok(), challenge == VERIFIER, "{challenge}");
        }
    }

    #[test]
    fn verifiers_are_refused_by_their_reason() {
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).unwrap();
        let cases = [
            (None, PkceMismatch::Missing),
            (Some("a".repeat(42)), PkceMismatch::Malformed),
            (Some("a".repeat(129)), PkceMismatch::Malformed),
            (Some(format!("{VERIFIER}=")), PkceMismatch::Malformed),
            (Some("a".repeat(43)), PkceMismatch::Different),
        ];
        for (verifier, expected) in cases {
            assert_eq!(verify(Some(&challenge), verifier.as_deref()), Err(expected));
        }
        assert_eq!(verify(None, Some(VERIFIER)), Err(PkceMismatch::Unexpected));
        assert_eq!(verify(None, None), Ok(()));
    }

    proptest! {
        #[test]
        fn only_the_own_verifier_matches(a in "[A-Za-z0-9._~-]{43,128}", b in "[A-Za-z0-9._~-]{43,128}") {
            let challenge = CodeChallenge::of(&a);
            prop_assert_eq!(challenge.verify(&a), Ok(()));
            prop_assert_eq!(challenge.verify(&b).is_ok(), a == b);
            prop_assert!(CodeChallenge::parse(challenge.as_str(), Some("S256")).is_ok());
        }

        #[test]
        fn never_panics(challenge in "\\PC*", verifier in "\\PC*") {
            let _ = CodeChallenge::parse(&challenge, Some("S256"));
            let _ = CodeChallenge::of(VERIFIER).verify(&verifier);
        }
    }
}
