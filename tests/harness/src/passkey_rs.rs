//! An authenticator and a client that nobody here wrote: the crates of `passkey-rs`. What it answers goes to the provider as it is; for a test
//! of a refusal its valid answer is taken apart, changed in one place, and signed again with its own key.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use passkey_authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey_client::{Client, DefaultClientData, WebauthnError};
use passkey_crypto::coset::cbor::Value as Cbor;
use passkey_crypto::coset::{CborSerializable as _, CoseKey, RegisteredLabelWithPrivate, cbor};
use passkey_crypto::iana::{Algorithm, EnumI64 as _};
use passkey_crypto::{AvailableBackend, AvailableSecretKey, CryptoBackend as _, SecretKeyT as _};
use passkey_types::Passkey;
use passkey_types::ctap2::{Aaguid, Ctap2Error};
use serde_json::{Value, json};
use url::Url;

use crate::authenticator::{Parts, Passkeys};

/// RP ID hash, flags and counter (§6.1).
const HEAD: usize = 37;
/// The AAGUID that follows at registration (§6.5.1).
const AAGUID: usize = 16;

type Inner =
    Client<Option<Passkey>, Verified, AvailableBackend, public_suffix::PublicSuffixList, ()>;

/// A browser with a password manager in it that holds one passkey.
pub struct PasskeyRs {
    origin: Url,
    client: Inner,
}

/// Somebody who is there and proves it, always.
struct Verified;

#[async_trait::async_trait]
impl UserValidationMethod for Verified {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        hint: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        // The crate leaves it to the window it opens to say this.
        if matches!(hint, UiHint::InformExcludedCredentialFound(_)) {
            return Err(Ctap2Error::CredentialExcluded);
        }
        Ok(UserCheck {
            presence,
            verification,
        })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

impl PasskeyRs {
    /// One without keys, in a browser at `origin`.
    pub fn new(origin: &Url) -> Self {
        let authenticator =
            Authenticator::new(Aaguid::new_empty(), None, Verified, AvailableBackend);
        Self {
            origin: origin
                .origin()
                .ascii_serialization()
                .parse()
                .expect("an origin"),
            client: Client::new(authenticator).allows_insecure_localhost(true),
        }
    }

    /// The same, that counts how often its key is used.
    pub fn counting(origin: &Url) -> Self {
        let mut new = Self::new(origin);
        let authenticator = new.client.authenticator_mut();
        authenticator.set_make_credentials_with_signature_counter(true);
        new
    }

    /// Whether it declines to make another key, because it holds one of those that are excluded (§5.1.3).
    pub fn would_refuse(&mut self, options: &Value) -> bool {
        let request = serde_json::from_value(json!({"publicKey": options})).expect("its options");
        let client = &mut self.client;
        match now(client.register(&self.origin, request, DefaultClientData)) {
            Ok(_) => false,
            Err(WebauthnError::AuthenticatorError(code)) => {
                code == u8::from(Ctap2Error::CredentialExcluded)
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    fn key(&self) -> &Passkey {
        let store = self.client.authenticator().store();
        store.as_ref().expect("a passkey")
    }

    /// What it signs with its key, or with another one.
    fn sign(&self, signed: &[u8], foreign: bool) -> Vec<u8> {
        let mut key = if foreign {
            AvailableBackend
                .generate_key(Algorithm::ES256)
                .expect("a key")
        } else {
            AvailableSecretKey::from_cose_key(&self.key().key)
                .unwrap_or_else(|_| panic!("the key it made"))
        };
        key.sign(signed)
    }
}

impl Passkeys for PasskeyRs {
    fn create_with(&mut self, options: &Value, change: impl FnOnce(&mut Parts)) -> Value {
        let request = serde_json::from_value(json!({"publicKey": options})).expect("its options");
        let made = now(self
            .client
            .register(&self.origin, request, DefaultClientData));
        let valid = serde_json::to_value(made.expect("it accepts our options")).expect("JSON");
        let rp_id = options["rp"]["id"].as_str().expect("an RP ID");
        let auth_data = bytes(&valid["response"]["authenticatorData"]);
        let (before, key) = read(&valid, rp_id, &auth_data);
        let mut parts = before.clone();
        change(&mut parts);
        if parts == before {
            return valid;
        }
        let mut new = parts.auth_data();
        new.extend(&auth_data[HEAD..HEAD + AAGUID]);
        let length = u16::try_from(parts.attested_id.len()).expect("short");
        new.extend(length.to_be_bytes());
        new.extend(&parts.attested_id);
        new.extend(with_algorithm(&key, parts.algorithm));
        let object = bytes(&valid["response"]["attestationObject"]);
        let object = with_auth_data(&object, &new);
        let mut answer = renamed(valid, &parts);
        answer["response"]["authenticatorData"] = B64.encode(new).into();
        answer["response"]["attestationObject"] = B64.encode(object).into();
        answer
    }

    fn get_with(&mut self, options: &Value, change: impl FnOnce(&mut Parts)) -> Value {
        let request = serde_json::from_value(json!({"publicKey": options})).expect("its options");
        let answer = now(self
            .client
            .authenticate(&self.origin, request, DefaultClientData));
        let valid = serde_json::to_value(answer.expect("it accepts our options")).expect("JSON");
        let rp_id = options["rpId"].as_str().expect("an RP ID");
        let auth_data = bytes(&valid["response"]["authenticatorData"]);
        let (before, _) = read(&valid, rp_id, &auth_data);
        let mut parts = before.clone();
        change(&mut parts);
        if parts == before {
            return valid;
        }
        let new = parts.auth_data();
        let mut signed = new.clone();
        signed.extend(digest(&SHA256, parts.client_data().as_bytes()).as_ref());
        if parts.break_signature {
            signed.push(0);
        }
        let signature = self.sign(&signed, parts.foreign_key);
        let mut answer = renamed(valid, &parts);
        answer["response"]["authenticatorData"] = B64.encode(new).into();
        answer["response"]["signature"] = B64.encode(signature).into();
        answer["response"]["userHandle"] = json!(parts.user_handle);
        answer
    }

    fn newest(&self) -> (Vec<u8>, Vec<u8>) {
        let key = self.key();
        let handle = key.user_handle.as_ref().expect("a discoverable one");
        (key.credential_id.to_vec(), handle.to_vec())
    }
}

/// Takes a valid answer apart; beside it the COSE key, if there is one. Put together again it is the same to the byte, so that a
/// change is the only thing that differs.
fn read(valid: &Value, rp_id: &str, auth_data: &[u8]) -> (Parts, Vec<u8>) {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let response = &valid["response"];
    let client_data = String::from_utf8(bytes(&response["clientDataJSON"])).expect("text");
    let mut more: Value = serde_json::from_str(&client_data).expect("JSON");
    let members = more.as_object_mut().expect("an object");
    let mut member = |name| text(&members.shift_remove(name).expect("a member"));
    let (client_type, challenge, origin) = (member("type"), member("challenge"), member("origin"));
    let (id, key) = match auth_data.get(HEAD + AAGUID..) {
        None => (Vec::new(), Vec::new()),
        Some(rest) => {
            let length = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
            (rest[2..2 + length].to_vec(), rest[2 + length..].to_vec())
        }
    };
    let algorithm = response["publicKeyAlgorithm"].as_i64().unwrap_or(-7);
    let parts = Parts {
        client_type,
        challenge,
        origin,
        more,
        rp_id: rp_id.to_owned(),
        flags: auth_data[32],
        counter: u32::from_be_bytes(auth_data[33..HEAD].try_into().expect("four bytes")),
        algorithm: i8::try_from(algorithm).expect("ES256"),
        raw_id: text(&valid["rawId"]),
        id: text(&valid["id"]),
        attested_id: id,
        kind: text(&valid["type"]),
        user_handle: response["userHandle"].as_str().map(str::to_owned),
        break_signature: false,
        foreign_key: false,
    };
    assert_eq!(parts.client_data(), client_data);
    assert_eq!(parts.auth_data(), auth_data[..HEAD]);
    (parts, key)
}

/// The parts that are written as they are.
fn renamed(mut answer: Value, parts: &Parts) -> Value {
    answer["id"] = json!(parts.id);
    answer["rawId"] = json!(parts.raw_id);
    answer["type"] = json!(parts.kind);
    answer["response"]["clientDataJSON"] = B64.encode(parts.client_data()).into();
    answer
}

fn with_algorithm(key: &[u8], algorithm: i8) -> Vec<u8> {
    let mut key = CoseKey::from_slice(key).expect("a COSE key");
    let algorithm = Algorithm::from_i64(algorithm.into()).expect("a registered algorithm");
    key.alg = Some(RegisteredLabelWithPrivate::Assigned(algorithm));
    key.to_vec().expect("CBOR")
}

fn with_auth_data(object: &[u8], auth_data: &[u8]) -> Vec<u8> {
    let mut object: Cbor = cbor::from_reader(object).expect("CBOR");
    let members = object.as_map_mut().expect("a map");
    let member = members
        .iter_mut()
        .find(|(name, _)| name.as_text() == Some("authData"))
        .expect("the authenticator data");
    member.1 = Cbor::Bytes(auth_data.to_vec());
    let mut written = Vec::new();
    cbor::into_writer(&object, &mut written).expect("CBOR");
    written
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("base64url");
    B64.decode(text).expect("base64url")
}

/// Nothing in it waits for anything: it computes.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("an authenticator in memory waits for nothing"),
    }
}
