//! What a browser sends after a ceremony: `credential.toJSON()`, read strictly. Whatever is checked here the library does not check.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use super::library::Why;

/// Largest answer that is read, as large as a field of a form may be. One without attestation has about two kilobytes.
const LARGEST: usize = 8 * 1024;
/// WebAuthn §7.1: longer credential ids are not accepted.
const LONGEST_ID: usize = 1023;
/// WebAuthn §6.1: `rpIdHash`, flags and counter stand before the AAGUID.
const BEFORE_AAGUID: usize = 37;
/// WebAuthn §6.1: the flags stand behind `rpIdHash`.
const FLAGS: usize = 32;
/// Bits 0 and 2 of the flags.
const USER_PRESENT_AND_VERIFIED: u8 = 0b0000_0101;
/// How an attestation object without attestation begins in CTAP2's canonical CBOR: `{"fmt": "none", "attStmt": {}, "authData":`.
const NO_ATTESTATION: &[u8] = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData";
/// Hints that are worth keeping (WebAuthn §5.8.4).
const TRANSPORTS: [&str; 6] = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

/// An answer whose outer form is sound.
pub(super) struct Response {
    json: Value,
    /// Which ceremony it answers.
    pub(super) challenge: Vec<u8>,
    /// Which credential it speaks of.
    pub(super) credential_id: Vec<u8>,
    /// Whose the authenticator says it is.
    pub(super) user_handle: Option<Vec<u8>>,
}

impl Response {
    /// Reads an answer and checks it against our origin.
    pub(super) fn read(text: &str, origin: &str) -> Result<Self, Why> {
        if text.len() > LARGEST {
            return Err("malformed");
        }
        let json: Value = serde_json::from_str(text).map_err(|_| "malformed")?;
        if text_at(&json, "/type") != Some("public-key") {
            return Err("type");
        }
        let raw_id = text_at(&json, "/rawId").ok_or("malformed")?;
        if text_at(&json, "/id") != Some(raw_id) {
            return Err("id");
        }
        let credential_id = decode(raw_id).ok_or("malformed")?;
        if credential_id.is_empty() || credential_id.len() > LONGEST_ID {
            return Err("id");
        }
        let client_data = text_at(&json, "/response/clientDataJSON").and_then(decode);
        let client_data: Value = client_data
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or("malformed")?;
        same_origin(&client_data, origin)?;
        let challenge = text_at(&client_data, "/challenge")
            .and_then(decode)
            .ok_or("malformed")?;
        let user_handle = match json.pointer("/response/userHandle") {
            None | Some(Value::Null) => None,
            Some(handle) => Some(handle.as_str().and_then(decode).ok_or("user_handle")?),
        };
        Ok(Self {
            json,
            challenge,
            credential_id,
            user_handle,
        })
    }

    /// As the library wants it.
    pub(super) fn assertion(&self) -> Result<PublicKeyCredential, Why> {
        serde_json::from_value(self.json.clone()).map_err(|_| "malformed")
    }

    /// As the library wants it.
    pub(super) fn registration(&self) -> Result<RegisterPublicKeyCredential, Why> {
        serde_json::from_value(self.json.clone()).map_err(|_| "malformed")
    }

    /// As the library wants it, of a credential that the browser made by itself. WebAuthn Level 3 §7.1 asks for no user presence then
    /// (step 15: unless mediation is `conditional`), and nobody was verified; the library asks for both. Without an attestation nothing
    /// signs the flags, so they are set for it here; whoever signs in with the credential is verified then.
    pub(super) fn silent_registration(&self) -> Result<RegisterPublicKeyCredential, Why> {
        let bytes = |pointer| {
            text_at(&self.json, pointer)
                .and_then(decode)
                .ok_or("malformed")
        };
        let mut attestation = bytes("/response/attestationObject")?;
        let data = bytes("/response/authenticatorData")?;
        if !attestation.starts_with(NO_ATTESTATION) || !attestation.ends_with(&data) {
            return Err("malformed");
        }
        let flags = attestation.len() - data.len() + FLAGS;
        *attestation.get_mut(flags).ok_or("malformed")? |= USER_PRESENT_AND_VERIFIED;
        let mut json = self.json.clone();
        let place = json.pointer_mut("/response/attestationObject");
        *place.ok_or("malformed")? = Value::String(encode(&attestation));
        serde_json::from_value(json).map_err(|_| "malformed")
    }

    /// The browser's word on whether the new credential can be found without an address (WebAuthn §10.1.3 `credProps`), if it says one.
    pub(super) fn is_discoverable(&self) -> Option<bool> {
        self.json
            .pointer("/clientExtensionResults/credProps/rk")
            .and_then(Value::as_bool)
    }

    /// How the browser reaches the authenticator; known words only.
    pub(super) fn transports(&self) -> Vec<String> {
        let told = self.json.pointer("/response/transports");
        let told = told
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        TRANSPORTS
            .iter()
            .filter(|known| told.iter().any(|word| word == *known))
            .map(ToString::to_string)
            .collect()
    }

    /// The kind of authenticator, unproven: for its name alone.
    pub(super) fn aaguid(&self) -> Option<Uuid> {
        let data = text_at(&self.json, "/response/authenticatorData").and_then(decode)?;
        let bytes = data.get(BEFORE_AAGUID..BEFORE_AAGUID + 16)?;
        Uuid::from_slice(bytes).ok().filter(|kind| !kind.is_nil())
    }
}

/// WebAuthn §7.1 and §7.2: the origin is ours to the letter, and our page was not inside somebody else's.
fn same_origin(client_data: &Value, origin: &str) -> Result<(), Why> {
    let framed = client_data.get("topOrigin").is_some()
        || client_data
            .get("crossOrigin")
            .is_some_and(|crossed| crossed != &Value::Bool(false));
    if text_at(client_data, "/origin") == Some(origin) && !framed {
        Ok(())
    } else {
        Err("origin")
    }
}

fn text_at<'a>(json: &'a Value, pointer: &str) -> Option<&'a str> {
    json.pointer(pointer)?.as_str()
}

/// Base64url without padding.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Base64url without padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
