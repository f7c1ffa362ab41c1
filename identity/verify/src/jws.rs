//! A compact JWS (RFC 7515 §7.1) taken apart, with a header that has no say in how it is checked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::claims::present;
use crate::error::VerifyError;
use crate::jwk::{Algorithm, PublicKey};

const MAX_HEADER: usize = 2048;

/// A token whose parts were found and whose header is acceptable. Nothing is verified yet.
pub(crate) struct Compact<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) typ: Option<String>,
    pub(crate) kid: String,
    message: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Compact<'a> {
    /// Takes a token apart, refusing every header that would let it bring its own key or rules.
    pub(crate) fn parse(token: &'a str, max_length: usize) -> Result<Self, VerifyError> {
        if token.len() > max_length {
            return Err(VerifyError::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(VerifyError::Malformed)?;
        // RFC 7515 §7.1: exactly three parts, and an unsecured JWS (no signature) is none of ours.
        if signature.is_empty() || header.len() > MAX_HEADER || payload.contains('.') {
            return Err(VerifyError::Malformed);
        }
        let header = Header::decode(header)?;
        header.refuse_forbidden()?;
        let algorithm =
            Algorithm::from_name(&header.alg).ok_or(VerifyError::AlgorithmNotAllowed)?;
        let kid = header.kid.ok_or(VerifyError::KeyMissing)?;
        Ok(Self {
            algorithm,
            typ: header.typ,
            kid,
            message,
            payload,
            signature,
        })
    }

    /// Whether `typ` is this one; RFC 7515 §4.1.9: without regard to case, `application/` may be there.
    pub(crate) fn has_type(&self, expected: &str) -> bool {
        self.typ.as_deref().is_some_and(|typ| {
            let bare = match typ.split_at_checked("application/".len()) {
                Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
                _ => typ,
            };
            bare.eq_ignore_ascii_case(expected)
        })
    }

    /// The payload, given only against a fitting signature by a key with that very algorithm.
    pub(crate) fn open(&self, key: &PublicKey) -> Result<Vec<u8>, VerifyError> {
        // RFC 8725 §3.1: the key knows its algorithm, the header may only agree.
        if self.algorithm != key.algorithm() {
            return Err(VerifyError::AlgorithmMismatch);
        }
        let signature = decode(self.signature)?;
        if !key.verify(self.message.as_bytes(), &signature) {
            return Err(VerifyError::BadSignature);
        }
        decode(self.payload)
    }
}

fn decode(part: &str) -> Result<Vec<u8>, VerifyError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| VerifyError::Malformed)
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default, deserialize_with = "present")]
    typ: Option<String>,
    #[serde(default, deserialize_with = "present")]
    kid: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    b64: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    jwk: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    jku: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    x5u: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    x5c: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    zip: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "present")]
    enc: Option<IgnoredAny>,
}

impl Header {
    fn decode(part: &str) -> Result<Self, VerifyError> {
        crate::json::from_slice(&decode(part)?)
            .map_err(|error| VerifyError::Header(error.to_string()))
    }

    /// RFC 8725 §3.10 and RFC 7515 §4.1.11: keys come from the issuer alone, and extensions that must
    /// be understood are not.
    fn refuse_forbidden(&self) -> Result<(), VerifyError> {
        let members = [
            ("crit", self.crit.is_some()),
            ("b64", self.b64.is_some()),
            ("jwk", self.jwk.is_some()),
            ("jku", self.jku.is_some()),
            ("x5u", self.x5u.is_some()),
            ("x5c", self.x5c.is_some()),
            ("zip", self.zip.is_some()),
            ("enc", self.enc.is_some()),
        ];
        match members.into_iter().find(|(_, there)| *there) {
            Some((name, _)) => Err(VerifyError::ForbiddenHeader(name)),
            None => Ok(()),
        }
    }
}
