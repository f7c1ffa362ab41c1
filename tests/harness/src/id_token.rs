//! ID token validation as OIDC Core §3.1.3.7 demands it of a client, nothing optional.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::Jwk};
use serde_json::Value;

use crate::relying_party::{Registration, Rejected, sha256};

/// What the request asked for and the token must confirm.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// The `nonce` sent; `None` after a refresh, where it may be missing.
    pub nonce: Option<String>,
    /// The `max_age` sent.
    pub max_age: Option<i64>,
}

/// What a client compares a token with.
pub struct Against<'a> {
    /// The published keys.
    pub keys: &'a Value,
    /// Discovery.
    pub metadata: &'a Value,
    /// The client's registration.
    pub registration: &'a Registration,
    /// The time, in seconds.
    pub now: i64,
    /// What was asked for.
    pub expected: &'a Expected,
}

/// Checks signature and claims; returns the claims.
pub fn validate(token: &str, against: &Against<'_>) -> Result<Value, Rejected> {
    let Against {
        keys,
        metadata,
        registration,
        now,
        expected,
    } = against;
    let header = decode_header(token).map_err(invalid)?;
    let algorithm: Algorithm = registration.id_token_alg.parse().map_err(invalid)?;
    ensure(
        header.alg == algorithm,
        "the algorithm is not the registered one",
    )?;
    let listed = metadata["id_token_signing_alg_values_supported"].as_array();
    ensure(
        listed.is_some_and(|all| all.contains(&Value::from(registration.id_token_alg.as_str()))),
        "discovery does not list the algorithm",
    )?;
    let kid = header
        .kid
        .ok_or_else(|| Rejected::Invalid("no kid".to_owned()))?;
    let published = keys["keys"]
        .as_array()
        .and_then(|all| all.iter().find(|key| key["kid"] == kid.as_str()));
    let published =
        published.ok_or_else(|| Rejected::Invalid(format!("kid {kid} is not published")))?;
    let key: Jwk = serde_json::from_value(published.clone()).map_err(invalid)?;

    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false; // Compared with the test's clock below.
    validation.set_issuer(&[metadata["issuer"].as_str().unwrap_or_default()]);
    validation.set_audience(&[&registration.client_id]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    let claims: Value = decode(
        token,
        &DecodingKey::from_jwk(&key).map_err(invalid)?,
        &validation,
    )
    .map_err(invalid)?
    .claims;
    check_claims(&claims, registration, *now, expected)?;
    Ok(claims)
}

fn check_claims(
    claims: &Value,
    registration: &Registration,
    now: i64,
    expected: &Expected,
) -> Result<(), Rejected> {
    let number = |name: &str| claims[name].as_i64();
    ensure(number("exp").is_some_and(|exp| exp > now), "expired")?;
    ensure(
        number("iat").is_some_and(|iat| (now - 60..=now + 10).contains(&iat)),
        "iat is not now",
    )?;
    ensure(
        claims["sub"]
            .as_str()
            .is_some_and(|sub| !sub.is_empty() && sub.len() <= 255 && sub.is_ascii()),
        "sub is not up to 255 ASCII characters",
    )?;
    let several = claims["aud"].as_array().is_some_and(|all| all.len() > 1);
    ensure(
        !several || claims["azp"] == registration.client_id.as_str(),
        "several audiences without azp",
    )?;
    ensure(
        claims["azp"].is_null() || claims["azp"] == registration.client_id.as_str(),
        "azp is another client",
    )?;
    if let Some(nonce) = &expected.nonce {
        ensure(claims["nonce"] == nonce.as_str(), "nonce differs")?;
    }
    if let Some(max_age) = expected.max_age {
        ensure(
            number("auth_time").is_some_and(|at| now - at <= max_age + 60),
            "auth_time is older than max_age",
        )?;
    }
    Ok(())
}

/// `at_hash` / `c_hash` (OIDC Core §3.1.3.6): left half of the hash, checked when present.
pub fn check_hash(
    claims: &Value,
    name: &str,
    value: &str,
    algorithm: &str,
) -> Result<(), Rejected> {
    let Some(hash) = claims[name].as_str() else {
        return Ok(());
    };
    // The hash of the signature's algorithm: for Ed25519 that is SHA-512 (RFC 8032 section 5.1).
    let whole = match algorithm {
        "EdDSA" => aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, value.as_bytes())
            .as_ref()
            .to_vec(),
        _ => sha256(value.as_bytes()),
    };
    let expected = URL_SAFE_NO_PAD.encode(&whole[..whole.len() / 2]);
    ensure(hash == expected, &format!("{name} differs"))
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), Rejected> {
    if holds {
        Ok(())
    } else {
        Err(Rejected::Invalid(otherwise.to_owned()))
    }
}

fn invalid(error: impl std::fmt::Display) -> Rejected {
    Rejected::Invalid(error.to_string())
}
