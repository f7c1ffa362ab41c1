//! Passkeys and security keys, as they are kept. The ceremony itself is the library's; what it means is ours.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Most passkeys of one person.
pub const MAX_PER_USER: usize = 20;
/// How long a ceremony may take.
pub const CEREMONY: crate::time::Duration = crate::time::Duration::minutes(5);

/// The stored document of a passkey, sealed at rest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WebauthnCredential {
    /// Version of this document.
    pub v: u8,
    /// The library's own record: public key, counter, flags.
    pub passkey: serde_json::Value,
    /// Credential id in base64url, for `excludeCredentials`, `allowCredentials` and the Signal API.
    pub credential_id: String,
    /// Kind of authenticator (WebAuthn §6.5.1); only for names, never for trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aaguid: Option<uuid::Uuid>,
    /// It may be copied to other devices (BE flag, WebAuthn §6.1.3). Constant for a credential.
    pub backup_eligible: bool,
    /// It is copied now (BS flag).
    pub backed_up: bool,
    /// It can sign in without an address being typed.
    pub discoverable: bool,
    /// How the browser reaches it, for `allowCredentials`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transports: Vec<String>,
    /// A signature counter went backwards at this instant: perhaps a copy (WebAuthn §6.1.1). Refused since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspect_since: Option<Timestamp>,
}

impl WebauthnCredential {
    /// RFC 8176 §2: whether its key lives in hardware it cannot leave, or in software that copies it.
    pub const fn amr(&self) -> &'static str {
        if self.backup_eligible {
            identity_oauth::acr::amr::SOFTWARE_KEY
        } else {
            identity_oauth::acr::amr::HARDWARE_KEY
        }
    }
}
