//! Public keys of the issuer (RFC 7517), parsed once and kept.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

/// More keys than this in one set are ignored.
const MAX_KEYS: usize = 64;

/// The signature algorithms that are understood (RFC 7518 §3.1, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Es256, Self::EdDsa, Self::Rs256, Self::Ps256];

    /// The name in `alg`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }

    /// The algorithm of that name; names are case-sensitive (RFC 7515 §4.1.1).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One public key with the only algorithm it may be used with.
pub struct PublicKey {
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl PublicKey {
    /// Reads a JWK. `None` for keys that are not for us: other types, other uses, secret keys.
    pub fn from_jwk(jwk: &Value) -> Option<Self> {
        Jwk::deserialize(jwk).ok()?.parse()
    }

    /// The algorithm of this key.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether `signature` is one of `message` under this key.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }

    /// Whether both are the same key for the same algorithm.
    pub fn same_as(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.key.as_ref() == other.key.as_ref()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PublicKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// The keys of an issuer by `kid`.
#[derive(Debug, Clone, Default)]
pub struct KeySet(HashMap<String, Arc<PublicKey>>);

impl KeySet {
    /// Reads a JWK set. Keys that are not understood are skipped (RFC 7517 §5); what is not a set is
    /// an error.
    pub fn from_json(bytes: &[u8]) -> Result<Self, InvalidKeySet> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = crate::json::from_slice(bytes).map_err(|_| InvalidKeySet)?;
        let mut keys = HashMap::new();
        for jwk in set.keys.iter().take(MAX_KEYS) {
            let kid = jwk.get("kid").and_then(Value::as_str);
            if let (Some(kid), Some(key)) = (kid, PublicKey::from_jwk(jwk)) {
                // The first key of a name counts; a second one cannot replace it.
                keys.entry(kid.to_owned()).or_insert_with(|| Arc::new(key));
            }
        }
        Ok(Self(keys))
    }

    /// The key of that name, compared whole.
    pub fn get(&self, kid: &str) -> Option<&Arc<PublicKey>> {
        self.0.get(kid)
    }

    /// Number of usable keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no usable key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The bytes are not a JWK set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a JWK set")]
pub struct InvalidKeySet;

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<serde::de::IgnoredAny>,
}

impl Jwk {
    fn parse(&self) -> Option<PublicKey> {
        let for_signatures = self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self
                .key_ops
                .as_ref()
                .is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !for_signatures || self.d.is_some() {
            return None;
        }
        let algorithm = self.algorithm()?;
        let key = match algorithm {
            Algorithm::Es256 => {
                let mut point = vec![0x04];
                point.extend(fixed::<32>(self.x.as_deref()?)?);
                point.extend(fixed::<32>(self.y.as_deref()?)?);
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point).ok()?
            }
            Algorithm::EdDsa => {
                ParsedPublicKey::new(&ED25519, fixed::<32>(self.x.as_deref()?)?).ok()?
            }
            Algorithm::Rs256 => self
                .rsa()?
                .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                .ok()?,
            Algorithm::Ps256 => self
                .rsa()?
                .to_parsed_public_key(&RSA_PSS_2048_8192_SHA256)
                .ok()?,
        };
        Some(PublicKey { algorithm, key })
    }

    /// RFC 8725 §3.1: the algorithm belongs to the key. `kty` and `crv` decide, `alg` may only agree
    /// or, for RSA, choose the padding.
    fn algorithm(&self) -> Option<Algorithm> {
        let possible: &[Algorithm] = match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => &[Algorithm::Es256],
            ("OKP", Some("Ed25519")) => &[Algorithm::EdDsa],
            ("RSA", None) => &[Algorithm::Rs256, Algorithm::Ps256],
            _ => return None,
        };
        match self.alg.as_deref() {
            None => possible.first().copied(),
            Some(name) => Algorithm::from_name(name).filter(|named| possible.contains(named)),
        }
    }

    fn rsa(&self) -> Option<RsaPublicKeyComponents<Vec<u8>>> {
        let n = without_leading_zeros(decode(self.n.as_deref()?)?);
        let e = without_leading_zeros(decode(self.e.as_deref()?)?);
        // RFC 7518 §3.3: 2048 bits or more; an upper bound keeps a verification cheap.
        ((256..=1024).contains(&n.len()) && e.len() <= 8).then_some(RsaPublicKeyComponents { n, e })
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn fixed<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}

fn without_leading_zeros(bytes: Vec<u8>) -> Vec<u8> {
    bytes.into_iter().skip_while(|byte| *byte == 0).collect()
}
