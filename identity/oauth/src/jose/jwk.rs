//! Public keys as JSON (RFC 7517, RFC 7518 §6, RFC 8037 §2) and their thumbprints (RFC 7638).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Algorithm, JoseError};

/// The most keys read from one set.
const MAX_KEYS: usize = 32;
const MAX_KID: usize = 256;
/// Members that only private and symmetric keys have (RFC 7518 §6.2.2, §6.3.2, §6.4).
const PRIVATE_MEMBERS: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public signature key. Every one can be used: size and encoding were checked when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicJwk {
    pub(super) material: Material,
    pub(super) kid: Option<String>,
    pub(super) alg: Option<Algorithm>,
}

/// Coordinates in canonical base64url.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Material {
    P256 { x: String, y: String },
    Ed25519 { x: String },
    Rsa { n: String, e: String },
}

impl PublicJwk {
    pub(super) fn new(material: Material, algorithm: Algorithm) -> Self {
        let mut jwk = Self {
            material,
            kid: None,
            alg: Some(algorithm),
        };
        jwk.kid = Some(jwk.thumbprint());
        jwk
    }

    /// Read one key. Errors say why it cannot be used; a set skips such keys, except private ones.
    pub fn parse(members: &Map<String, Value>) -> Result<Self, JoseError> {
        if PRIVATE_MEMBERS
            .iter()
            .any(|name| members.contains_key(*name))
        {
            return Err(JoseError::PrivateKey);
        }
        if optional(members, "use")?.is_some_and(|usage| usage != "sig") {
            return Err(JoseError::Key("use is not sig"));
        }
        let kid = optional(members, "kid")?;
        if kid.is_some_and(|kid| kid.len() > MAX_KID) {
            return Err(JoseError::Key("kid is too long"));
        }
        let material = match (required(members, "kty")?, optional(members, "crv")?) {
            ("EC", Some("P-256")) => Material::P256 {
                x: fixed(members, "x")?.to_owned(),
                y: fixed(members, "y")?.to_owned(),
            },
            ("OKP", Some("Ed25519")) => Material::Ed25519 {
                x: fixed(members, "x")?.to_owned(),
            },
            ("RSA", _) => rsa(members)?,
            _ => return Err(JoseError::Key("unsupported kty or crv")),
        };
        let alg = match optional(members, "alg")? {
            None => None,
            Some(text) => Some(Algorithm::parse(text).ok_or(JoseError::Key("unsupported alg"))?),
        };
        let jwk = Self {
            material,
            kid: kid.map(str::to_owned),
            alg,
        };
        if jwk.alg.is_some_and(|alg| !jwk.allows(alg)) {
            return Err(JoseError::Key("alg does not fit kty"));
        }
        Ok(jwk)
    }

    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The algorithm the key says it is for.
    pub fn alg(&self) -> Option<Algorithm> {
        self.alg
    }

    /// Whether the key can be used with an algorithm at all.
    pub fn allows(&self, algorithm: Algorithm) -> bool {
        let fits = match self.material {
            Material::P256 { .. } => algorithm == Algorithm::ES256,
            Material::Ed25519 { .. } => algorithm == Algorithm::EdDSA,
            Material::Rsa { .. } => matches!(algorithm, Algorithm::RS256 | Algorithm::PS256),
        };
        fits && self.alg.is_none_or(|own| own == algorithm)
    }

    /// RFC 7638 §3: SHA-256 over the required members in lexicographic order, in base64url.
    pub fn thumbprint(&self) -> String {
        // The values are base64url, so nothing needs escaping.
        let canonical = match &self.material {
            Material::P256 { x, y } => {
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Material::Ed25519 { x } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#),
            Material::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
        };
        URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
    }
}

fn optional<'a>(
    members: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, JoseError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JoseError::Key(name)),
    }
}

fn required<'a>(members: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, JoseError> {
    optional(members, name)?.ok_or(JoseError::Key(name))
}

fn bytes(members: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, JoseError> {
    URL_SAFE_NO_PAD
        .decode(required(members, name)?)
        .map_err(|_| JoseError::Key(name))
}

/// A coordinate of exactly 32 bytes (RFC 7518 §6.2.1.2, RFC 8037 §2).
fn fixed<'a>(members: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, JoseError> {
    if bytes(members, name)?.len() == 32 {
        required(members, name)
    } else {
        Err(JoseError::Key(name))
    }
}

fn rsa(members: &Map<String, Value>) -> Result<Material, JoseError> {
    let modulus = bytes(members, "n")?;
    // RFC 7518 §3.3: 2048 bits or more; above 8192 the library refuses and verifying costs too much.
    let first_bit_set = modulus.first().is_some_and(|byte| byte & 0x80 != 0);
    if !(256..=1024).contains(&modulus.len()) || (modulus.len() == 256 && !first_bit_set) {
        return Err(JoseError::Key("RSA modulus is not of 2048 to 8192 bits"));
    }
    let exponent = bytes(members, "e")?;
    // An exponent of 1 accepts anything, an even one nothing, a long one is a way to keep us busy.
    let odd = exponent.last().is_some_and(|byte| byte & 1 == 1);
    if !(1..=4).contains(&exponent.len())
        || !odd
        || exponent.first() == Some(&0)
        || exponent.as_slice() == [1]
    {
        return Err(JoseError::Key("RSA exponent"));
    }
    Ok(Material::Rsa {
        n: required(members, "n")?.to_owned(),
        e: required(members, "e")?.to_owned(),
    })
}

impl Serialize for PublicJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.material {
            Material::P256 { x, y } => {
                map.serialize_entry("kty", "EC")?;
                map.serialize_entry("crv", "P-256")?;
                map.serialize_entry("x", x)?;
                map.serialize_entry("y", y)?;
            }
            Material::Ed25519 { x } => {
                map.serialize_entry("kty", "OKP")?;
                map.serialize_entry("crv", "Ed25519")?;
                map.serialize_entry("x", x)?;
            }
            Material::Rsa { n, e } => {
                map.serialize_entry("kty", "RSA")?;
                map.serialize_entry("n", n)?;
                map.serialize_entry("e", e)?;
            }
        }
        map.serialize_entry("use", "sig")?;
        if let Some(kid) = &self.kid {
            map.serialize_entry("kid", kid)?;
        }
        if let Some(alg) = &self.alg {
            map.serialize_entry("alg", alg)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for PublicJwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Map::deserialize(deserializer)?;
        Self::parse(&members).map_err(serde::de::Error::custom)
    }
}

/// A JWK Set document (RFC 7517 §5), holding only keys that can be used here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    pub keys: Vec<PublicJwk>,
}

impl JwkSet {
    /// Read a set. Keys of kinds we do not know are skipped (RFC 7517 §5); private ones refuse the whole set.
    pub fn parse(value: &Value) -> Result<Self, JoseError> {
        let keys = value
            .get("keys")
            .and_then(Value::as_array)
            .ok_or(JoseError::Key("keys is not an array"))?;
        if keys.len() > MAX_KEYS {
            return Err(JoseError::Key("more than 32 keys"));
        }
        let mut usable = Vec::new();
        for key in keys {
            match PublicJwk::parse(
                key.as_object()
                    .ok_or(JoseError::Key("a key is not an object"))?,
            ) {
                Ok(key) => usable.push(key),
                Err(JoseError::PrivateKey) => return Err(JoseError::PrivateKey),
                Err(_) => {}
            }
        }
        Ok(Self { keys: usable })
    }
}

impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::parse(&value).map_err(serde::de::Error::custom)
    }
}
