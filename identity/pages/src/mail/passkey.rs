//! The mail about a passkey that may have been copied.

use serde::Serialize;

use super::{Mail, Origin};

/// A passkey is not accepted any more, because a copy of it seems to exist.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeySuspected {
    pub to: String,
    /// Its name.
    pub label: String,
    /// Where it is removed.
    pub passkeys_url: String,
    pub origin: Origin,
}

impl Mail for PasskeySuspected {
    const NAME: &'static str = "passkey_suspected";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            label: "YubiKey 5 NFC".into(),
            passkeys_url: "https://id.acme.example/account/security/passkeys".into(),
            origin: Origin::without_app(),
        };
        vec![("plain", plain)]
    }
}
