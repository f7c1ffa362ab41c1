//! An authenticator and the browser in front of it, made from WebAuthn Level 3 §5 to §7 and nothing of the provider's. It can get every
//! single thing wrong on request.

#![allow(
    clippy::disallowed_methods,
    reason = "an authenticator has randomness of its own"
)]

// Named, because the benchmark includes this file from elsewhere.
#[path = "authenticator/parts.rs"]
mod parts;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Value, json};
use url::Url;

pub use self::parts::Parts;

/// User present (§6.1).
pub const UP: u8 = 0x01;
/// User verified.
pub const UV: u8 = 0x04;
/// Backup eligible.
pub const BE: u8 = 0x08;
/// Backup state.
pub const BS: u8 = 0x10;
/// Attested credential data included.
pub const AT: u8 = 0x40;

/// Whatever holds passkeys in a browser: this one, and those that others wrote.
pub trait Passkeys {
    /// `navigator.credentials.create` and what `toJSON` makes of it, with something changed.
    fn create_with(&mut self, options: &Value, change: impl FnOnce(&mut Parts)) -> Value;

    /// `navigator.credentials.get` and what `toJSON` makes of it, with something changed.
    fn get_with(&mut self, options: &Value, change: impl FnOnce(&mut Parts)) -> Value;

    /// The newest credential id, and the user handle it was made for.
    fn newest(&self) -> (Vec<u8>, Vec<u8>);

    /// An answer as it should be.
    fn get(&mut self, options: &Value) -> Value {
        self.get_with(options, |_| ())
    }
}

/// One key.
pub struct Key {
    /// Its credential id.
    pub id: Vec<u8>,
    /// Whose it is, as the provider said when it was made.
    pub user_handle: Vec<u8>,
    /// Uses so far; stays 0 for authenticators that do not count.
    pub counter: u32,
    pair: EcdsaKeyPair,
}

/// A browser at the provider's origin with an authenticator in it.
pub struct Authenticator {
    origin: String,
    rp_id: String,
    /// All keys, the newest last.
    pub keys: Vec<Key>,
    /// Flags it sets beside UP and UV.
    pub backup: u8,
    /// Whether it counts uses.
    pub counts: bool,
    /// Its kind.
    pub aaguid: [u8; 16],
}

impl Authenticator {
    /// An authenticator whose keys never leave it, in a browser at `origin`.
    pub fn new(origin: &Url) -> Self {
        Self {
            origin: origin.origin().ascii_serialization(),
            rp_id: origin.host_str().expect("a host").to_owned(),
            keys: Vec::new(),
            backup: 0,
            counts: false,
            aaguid: [0; 16],
        }
    }

    /// A password manager that copies its keys to all devices.
    pub fn synced(origin: &Url) -> Self {
        Self {
            backup: BE | BS,
            ..Self::new(origin)
        }
    }

    /// `navigator.credentials.create`, and what `toJSON` makes of it.
    pub fn create(&mut self, options: &Value) -> Value {
        self.create_with(options, |_| ())
    }

    /// The same, with something changed.
    pub fn create_with(&mut self, options: &Value, change: impl FnOnce(&mut Parts)) -> Value {
        let selection = &options["authenticatorSelection"];
        // Passkeys sign in alone; a security key may be full.
        let wanted = match selection["authenticatorAttachment"].as_str() {
            Some("cross-platform") => "preferred",
            _ => "required",
        };
        assert_eq!(selection["residentKey"], wanted, "{options}");
        assert_eq!(selection["userVerification"], "required", "{options}");
        assert_eq!(options["rp"]["id"], self.rp_id.as_str(), "{options}");
        let algorithms = options["pubKeyCredParams"].as_array().expect("algorithms");
        assert!(algorithms.iter().any(|one| one["alg"] == -7), "{options}");
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let mut id = vec![0; 16];
        rand::fill(&mut id).expect("randomness");
        let handle = options["user"]["id"].as_str().expect("a user handle");
        let key = Key {
            user_handle: B64.decode(handle).expect("base64url"),
            counter: u32::from(self.counts),
            id,
            pair,
        };
        let mut parts = self.parts("webauthn.create", options, &key);
        parts.flags |= AT;
        change(&mut parts);
        let mut auth_data = parts.auth_data();
        auth_data.extend(self.aaguid);
        auth_data.extend(
            u16::try_from(parts.attested_id.len())
                .expect("short")
                .to_be_bytes(),
        );
        auth_data.extend(&parts.attested_id);
        auth_data.extend(cose(key.pair.public_key().as_ref(), parts.algorithm));
        let attestation = [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".as_slice(),
            &u16::try_from(auth_data.len()).expect("short").to_be_bytes(),
            &auth_data,
        ]
        .concat();
        self.keys.push(key);
        json!({
            "id": parts.id, "rawId": parts.raw_id, "type": parts.kind, "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": B64.encode(parts.client_data()), "attestationObject": B64.encode(attestation),
                "authenticatorData": B64.encode(auth_data), "transports": ["internal", "hybrid"], "publicKeyAlgorithm": -7,
            },
            "clientExtensionResults": {"credProps": {"rk": true}},
        })
    }

    /// `navigator.credentials.get` with the newest key that is allowed, and what `toJSON` makes of it.
    pub fn get(&mut self, options: &Value) -> Value {
        self.get_with(options, |_| ())
    }

    /// The same, with something changed.
    pub fn get_with(&mut self, options: &Value, change: impl FnOnce(&mut Parts)) -> Value {
        assert_eq!(options["rpId"], self.rp_id.as_str(), "{options}");
        assert_eq!(options["userVerification"], "required", "{options}");
        let allowed = options["allowCredentials"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let at = self
            .keys
            .iter()
            .rposition(|key| {
                let id = B64.encode(&key.id);
                allowed.is_empty() || allowed.iter().any(|one| one["id"] == id.as_str())
            })
            .expect("a key that is allowed");
        if self.counts {
            self.keys[at].counter += 1;
        }
        let key = &self.keys[at];
        let mut parts = self.parts("webauthn.get", options, key);
        change(&mut parts);
        let (client_data, auth_data) = (parts.client_data(), parts.auth_data());
        let mut signed = auth_data.clone();
        signed.extend(digest(&SHA256, client_data.as_bytes()).as_ref());
        if parts.break_signature {
            signed.push(0);
        }
        let fresh = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let pair = if parts.foreign_key { &fresh } else { &key.pair };
        let signature = pair
            .sign(&SystemRandom::new(), &signed)
            .expect("a signature");
        json!({
            "id": parts.id, "rawId": parts.raw_id, "type": parts.kind, "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": B64.encode(client_data), "authenticatorData": B64.encode(auth_data),
                "signature": B64.encode(signature.as_ref()), "userHandle": parts.user_handle,
            },
            "clientExtensionResults": {},
        })
    }

    fn parts(&self, client_type: &str, options: &Value, key: &Key) -> Parts {
        let challenge = options["challenge"].as_str().expect("a challenge");
        let bytes = B64.decode(challenge).expect("base64url");
        assert!(bytes.len() >= 16, "§13.4.3: at least 16 bytes");
        let id = B64.encode(&key.id);
        Parts {
            client_type: client_type.to_owned(),
            challenge: challenge.to_owned(),
            origin: self.origin.clone(),
            more: json!({"crossOrigin": false}),
            rp_id: self.rp_id.clone(),
            flags: UP | UV | self.backup,
            counter: key.counter,
            algorithm: -7,
            raw_id: id.clone(),
            id,
            attested_id: key.id.clone(),
            kind: "public-key".to_owned(),
            user_handle: Some(B64.encode(&key.user_handle)),
            break_signature: false,
            foreign_key: false,
        }
    }
}

impl Passkeys for Authenticator {
    fn create_with(&mut self, options: &Value, change: impl FnOnce(&mut Parts)) -> Value {
        self.create_with(options, change)
    }

    fn get_with(&mut self, options: &Value, change: impl FnOnce(&mut Parts)) -> Value {
        self.get_with(options, change)
    }

    fn newest(&self) -> (Vec<u8>, Vec<u8>) {
        let key = self.keys.last().expect("a key");
        (key.id.clone(), key.user_handle.clone())
    }
}

/// RFC 9053 §7.1.1: an uncompressed point as a COSE key in CBOR.
fn cose(point: &[u8], algorithm: i8) -> Vec<u8> {
    let algorithm = u8::try_from(-1 - i16::from(algorithm)).expect("negative");
    assert!(algorithm < 24, "one byte of CBOR");
    [
        &[
            0xa5,
            0x01,
            0x02,
            0x03,
            0x20 | algorithm,
            0x20,
            0x01,
            0x21,
            0x58,
            0x20,
        ],
        &point[1..33],
        &[0x22, 0x58, 0x20],
        &point[33..65],
    ]
    .concat()
}
