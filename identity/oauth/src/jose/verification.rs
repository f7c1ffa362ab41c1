//! Checking a JWT: the signature with a key of ours or of a client, then type and claims.

use jsonwebtoken::DecodingKey;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::compact::Compact;
use super::jwk::Material;
use super::{Algorithm, Header, JoseError, PublicJwk, typ};

/// A public key with the one algorithm it is used for.
#[derive(Clone)]
pub struct VerificationKey {
    kid: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl VerificationKey {
    /// `algorithm` decides for RSA keys without `alg`; for all others it must be what the key is for.
    pub fn from_jwk(jwk: &PublicJwk, algorithm: Option<Algorithm>) -> Result<Self, JoseError> {
        let own = match jwk.material {
            Material::P256 { .. } => Some(Algorithm::ES256),
            Material::Ed25519 { .. } => Some(Algorithm::EdDSA),
            Material::Rsa { .. } => jwk.alg(),
        };
        let algorithm = algorithm
            .or(own)
            .ok_or(JoseError::Key("an RSA key without alg"))?;
        if !jwk.allows(algorithm) {
            return Err(JoseError::AlgorithmMismatch);
        }
        let key = match &jwk.material {
            Material::P256 { x, y } => DecodingKey::from_ec_components(x, y),
            Material::Ed25519 { x } => DecodingKey::from_ed_components(x),
            Material::Rsa { n, e } => DecodingKey::from_rsa_components(n, e),
        };
        let key = key.map_err(|_| JoseError::Key("rejected by the library"))?;
        Ok(Self {
            kid: jwk.kid().map(str::to_owned),
            algorithm,
            key,
        })
    }

    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Check a raw signature (base64url) over `message`.
    pub(super) fn check(&self, message: &str, signature: &str) -> Result<(), JoseError> {
        match jsonwebtoken::crypto::verify(
            signature,
            message.as_bytes(),
            &self.key,
            self.algorithm.library(),
        ) {
            Ok(true) => Ok(()),
            _ => Err(JoseError::Signature),
        }
    }
}

impl std::fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VerificationKey({} {:?})", self.algorithm, self.kid)
    }
}

/// Whether the life of a token matters.
#[derive(Clone, Copy, Debug)]
pub enum Lifetime {
    /// `exp` must be there and in the future, `nbf` and `iat` must not be. Seconds.
    Checked { now: i64, leeway: i64 },
    /// For `id_token_hint`: an expired ID token still says who somebody was.
    Ignored,
}

/// What a token must be.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The accepted values of `typ`; [`typ::ABSENT`] among them accepts a token without one.
    pub typ: &'a [&'a str],
    pub issuer: Option<&'a str>,
    /// Must be among the token's audiences.
    pub audience: Option<&'a str>,
    pub lifetime: Lifetime,
}

/// A token whose signature, type and standard claims hold.
#[derive(Clone, Debug)]
pub struct Verified<T> {
    pub header: Header,
    pub claims: T,
}

/// Check a token against the only keys it may be signed with.
pub fn verify<T: DeserializeOwned>(
    token: &str,
    keys: &[VerificationKey],
    expected: &Expected<'_>,
) -> Result<Verified<T>, JoseError> {
    let compact = Compact::split(token)?;
    check_typ(compact.header.typ.as_deref(), expected.typ)?;
    check_signature(&compact, keys)?;
    let claims = compact.claims()?;
    check_claims(&claims, expected)?;
    let claims = serde_json::from_value(Value::Object(claims)).map_err(|_| JoseError::Claims)?;
    Ok(Verified {
        header: compact.header,
        claims,
    })
}

/// RFC 8725 §3.11: a token of one kind must not pass for another.
fn check_typ(found: Option<&str>, accepted: &[&str]) -> Result<(), JoseError> {
    // RFC 7515 §4.1.9: "application/" may be left out; media types have no case.
    let found = found.unwrap_or(typ::ABSENT);
    let found = found
        .get(..12)
        .filter(|p| p.eq_ignore_ascii_case("application/"))
        .map_or(found, |p| found.get(p.len()..).unwrap_or_default());
    if accepted.iter().any(|typ| typ.eq_ignore_ascii_case(found)) {
        Ok(())
    } else {
        Err(JoseError::Typ)
    }
}

fn check_signature(compact: &Compact<'_>, keys: &[VerificationKey]) -> Result<(), JoseError> {
    let header = &compact.header;
    let mut result = Err(JoseError::UnknownKey);
    for key in keys {
        // A token that names a key is checked with that key alone; one that does not, with every key of its kind.
        match (&header.kid, &key.kid) {
            (Some(wanted), Some(kid)) if wanted != kid => continue,
            _ => {}
        }
        // RFC 8725 §3.1: the key says which algorithm, the header may only agree.
        if key.algorithm != header.alg {
            if result == Err(JoseError::UnknownKey) {
                result = Err(JoseError::AlgorithmMismatch);
            }
            continue;
        }
        result = key.check(compact.signed, compact.signature);
        if result.is_ok() {
            break;
        }
    }
    result
}

fn check_claims(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), JoseError> {
    for name in ["iss", "sub", "jti"] {
        text(claims, name)?;
    }
    let exp = instant(claims, "exp")?;
    let nbf = instant(claims, "nbf")?;
    let iat = instant(claims, "iat")?;
    check_audience(claims, expected.audience)?;
    if let Some(issuer) = expected.issuer
        && text(claims, "iss")?.ok_or(JoseError::MissingClaim("iss"))? != issuer
    {
        return Err(JoseError::ClaimMismatch("iss"));
    }
    if let Lifetime::Checked { now, leeway } = expected.lifetime {
        if exp.ok_or(JoseError::MissingClaim("exp"))? <= now.saturating_sub(leeway) {
            return Err(JoseError::Expired);
        }
        let latest = now.saturating_add(leeway);
        if nbf.is_some_and(|nbf| nbf > latest) || iat.is_some_and(|iat| iat > latest) {
            return Err(JoseError::NotYetValid);
        }
    }
    Ok(())
}

/// RFC 7519 §4.1.3: one string or an array of them.
fn check_audience(claims: &Map<String, Value>, expected: Option<&str>) -> Result<(), JoseError> {
    let found = match claims.get("aud") {
        None if expected.is_some() => return Err(JoseError::MissingClaim("aud")),
        None => return Ok(()),
        Some(Value::String(one)) => expected.is_none_or(|expected| one == expected),
        Some(Value::Array(many)) if !many.is_empty() && many.iter().all(Value::is_string) => {
            expected.is_none_or(|expected| many.iter().any(|one| one == expected))
        }
        Some(_) => return Err(JoseError::ClaimType("aud")),
    };
    if found {
        Ok(())
    } else {
        Err(JoseError::ClaimMismatch("aud"))
    }
}

fn text<'a>(
    claims: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, JoseError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JoseError::ClaimType(name)),
    }
}

/// A wrong type is never "absent" (CVE-2026-25537), and a fraction or 1e300 is not an instant.
fn instant(claims: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, JoseError> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_i64()
            .filter(|seconds| *seconds >= 0)
            .map(Some)
            .ok_or(JoseError::ClaimType(name)),
    }
}
