//! Private keys, parsed once and kept, and the writer of compact JWS.

use std::fmt;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaEncoding,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::jwk::Material;
use super::{Algorithm, JoseError, PublicJwk, typ};

/// Types whose header is encoded when the key is loaded.
const PREPARED: [&str; 4] = [
    typ::ACCESS_TOKEN,
    typ::JWT,
    typ::LOGOUT_TOKEN,
    typ::STATUS_LIST,
];

/// A private key in PKCS#8 DER. `Debug` shows nothing.
#[derive(Clone)]
pub struct Pkcs8(Vec<u8>);

impl Pkcs8 {
    pub fn new(der: Vec<u8>) -> Self {
        Self(der)
    }

    /// The key itself, to be encrypted before it is stored.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Pkcs8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pkcs8([redacted])")
    }
}

/// RSA modulus sizes offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaSize {
    Bits2048,
    Bits3072,
    Bits4096,
}

/// A private key of one algorithm, ready to sign.
pub struct SigningKey {
    algorithm: Algorithm,
    pair: Pair,
    jwk: PublicJwk,
    kid: String,
    /// `base64url(header) + "."` for each of [`PREPARED`].
    headers: Vec<(&'static str, String)>,
}

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
}

impl SigningKey {
    /// Make a new key for ES256 or `EdDSA`. RSA keys take up to seconds to make: see [`Self::generate_rsa`].
    pub fn generate(algorithm: Algorithm) -> Result<Pkcs8, JoseError> {
        let rng = random();
        let document = match algorithm {
            Algorithm::ES256 => {
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng)
            }
            Algorithm::EdDSA => Ed25519KeyPair::generate_pkcs8(&rng),
            Algorithm::RS256 | Algorithm::PS256 => return Self::generate_rsa(RsaSize::Bits2048),
        };
        document
            .map(|document| Pkcs8(document.as_ref().to_vec()))
            .map_err(|_| JoseError::Key("generation failed"))
    }

    /// Make a new RSA key. Slow: call it where blocking is allowed.
    pub fn generate_rsa(size: RsaSize) -> Result<Pkcs8, JoseError> {
        let size = match size {
            RsaSize::Bits2048 => KeySize::Rsa2048,
            RsaSize::Bits3072 => KeySize::Rsa3072,
            RsaSize::Bits4096 => KeySize::Rsa4096,
        };
        let pair = RsaKeyPair::generate(size).map_err(|_| JoseError::Key("generation failed"))?;
        let der = pair
            .as_der()
            .map_err(|_| JoseError::Key("generation failed"))?;
        Ok(Pkcs8(der.as_ref().to_vec()))
    }

    /// Parse a PKCS#8 key, for one algorithm for good.
    pub fn from_pkcs8(algorithm: Algorithm, pkcs8: &Pkcs8) -> Result<Self, JoseError> {
        let rejected = |_| JoseError::Key("PKCS#8 rejected");
        let pair = match algorithm {
            Algorithm::ES256 => Pair::Ecdsa(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8.0)
                    .map_err(rejected)?,
            ),
            Algorithm::EdDSA => {
                Pair::Ed25519(Ed25519KeyPair::from_pkcs8(&pkcs8.0).map_err(rejected)?)
            }
            Algorithm::RS256 => Pair::Rsa(
                RsaKeyPair::from_pkcs8(&pkcs8.0).map_err(rejected)?,
                &RSA_PKCS1_SHA256,
            ),
            Algorithm::PS256 => Pair::Rsa(
                RsaKeyPair::from_pkcs8(&pkcs8.0).map_err(rejected)?,
                &RSA_PSS_SHA256,
            ),
        };
        let jwk = PublicJwk::new(pair.public_material()?, algorithm);
        let kid = jwk.thumbprint();
        let headers = PREPARED
            .into_iter()
            .map(|typ| (typ, header(algorithm, typ, &kid)))
            .collect();
        Ok(Self {
            algorithm,
            pair,
            jwk,
            kid,
            headers,
        })
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The RFC 7638 thumbprint of the public key.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub fn public_jwk(&self) -> &PublicJwk {
        &self.jwk
    }

    /// Write a compact JWS of the given `typ` (see [`typ`]) over the claims.
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, JoseError> {
        let payload = serde_json::to_vec(claims).map_err(|_| JoseError::Signing)?;
        let prepared = self.headers.iter().find(|(prepared, _)| *prepared == typ);
        let mut token = String::with_capacity(payload.len() * 4 / 3 + 512);
        match prepared {
            Some((_, header)) => token.push_str(header),
            None => token.push_str(&header(self.algorithm, typ, &self.kid)),
        }
        URL_SAFE_NO_PAD.encode_string(&payload, &mut token);
        let signature = self.sign_bytes(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
        Ok(token)
    }
}

impl SigningKey {
    pub(super) fn sign_bytes(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        self.pair.sign(message)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.algorithm, self.kid)
    }
}

/// The library draws randomness itself and does not look at this argument.
#[expect(
    clippy::disallowed_methods,
    reason = "the cryptographic library draws its own randomness"
)]
fn random() -> SystemRandom {
    SystemRandom::new()
}

/// The encoded header with its dot.
fn header(algorithm: Algorithm, typ: &str, kid: &str) -> String {
    let json = serde_json::json!({ "alg": algorithm, "typ": typ, "kid": kid }).to_string();
    let mut encoded = URL_SAFE_NO_PAD.encode(json);
    encoded.push('.');
    encoded
}

impl Pair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        let failed = |_| JoseError::Signing;
        let rng = random();
        match self {
            Self::Ecdsa(pair) => pair
                .sign(&rng, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(failed),
            Self::Ed25519(pair) => pair
                .try_sign(message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(failed),
            Self::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &rng, message, &mut signature)
                    .map_err(failed)?;
                Ok(signature)
            }
        }
    }

    fn public_material(&self) -> Result<Material, JoseError> {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ecdsa(pair) => match pair.public_key().as_ref().split_first() {
                // SEC 1 §2.3.3: an uncompressed point is 0x04 with both coordinates.
                Some((4, coordinates)) if coordinates.len() == 64 => {
                    let (x, y) = coordinates.split_at(32);
                    Ok(Material::P256 {
                        x: encode(x),
                        y: encode(y),
                    })
                }
                _ => Err(JoseError::Key("public point")),
            },
            Self::Ed25519(pair) => Ok(Material::Ed25519 {
                x: encode(pair.public_key().as_ref()),
            }),
            Self::Rsa(pair, _) => {
                let public = pair.public_key();
                Ok(Material::Rsa {
                    n: encode(public.modulus().big_endian_without_leading_zero()),
                    e: encode(public.exponent().big_endian_without_leading_zero()),
                })
            }
        }
    }
}
