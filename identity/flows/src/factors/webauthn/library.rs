//! The one file that knows the library. It checks what WebAuthn Level 3 §7.1 and §7.2 ask of a relying party; what it leaves to its caller
//! is checked in [`super::response`] and [`super::assertion`].
//!
//! The library draws its challenges from the operating system itself and looks at the wall clock for attestation certificates. No rule of
//! ours depends on either: a challenge is only compared with the one that was stored, its age is judged by [`crate::env::Env`]'s clock,
//! and attestation is not asked for.

use identity_domain::failure::Fault;
use identity_domain::settings::Settings;
use serde_json::{Value, json};
use url::{Host, Origin, Url};
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::response::Response;

/// Us, as browsers and authenticators know us. Made of the public URL alone, never of a request.
pub(super) struct RelyingParty {
    library: Webauthn,
    /// Scheme, host and port, as a browser writes it into `clientDataJSON`.
    pub(super) origin: String,
    /// The host.
    pub(super) id: String,
}

/// A ceremony that began.
pub(super) struct Begun {
    /// Worth nothing without the browser it was sent to, and works once.
    pub(super) challenge: Vec<u8>,
    /// What the browser is given.
    pub(super) options: Value,
    /// What the library wants back; nothing in it is secret.
    pub(super) state: Value,
}

/// A credential as the library stores it.
pub(super) struct Key {
    pub(super) record: Value,
    pub(super) id: Vec<u8>,
    pub(super) backup_eligible: bool,
    pub(super) backed_up: bool,
    /// It told that it can be found without an address.
    pub(super) discoverable: bool,
}

/// What kind of credential is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewKey {
    /// One that signs in alone.
    Passkey,
    /// The same, made by the browser by itself right after a password (`mediation: "conditional"`): nobody is there to verify.
    Silent,
    /// A second factor on a key with few places: one that is full, or has none, still makes a credential that works once the address is
    /// known. Where it has room the credential signs in alone, too.
    SecurityKey,
}

impl NewKey {
    /// `authenticatorSelection` (WebAuthn §5.4.4). For passkeys discoverable is required and not preferred: some systems take the latter
    /// as leave to make keys that cannot sign in alone. Security keys verify their owner, too: they stand for both factors.
    fn selection(self) -> Value {
        match self {
            Self::Passkey => {
                json!({"residentKey": "required", "requireResidentKey": true, "userVerification": "required"})
            }
            Self::Silent => {
                json!({"residentKey": "required", "requireResidentKey": true, "userVerification": "preferred"})
            }
            Self::SecurityKey => {
                json!({"authenticatorAttachment": "cross-platform", "residentKey": "preferred", "requireResidentKey": false,
                    "userVerification": "required"})
            }
        }
    }
}

/// Who a new credential is for.
pub(super) struct Owner<'a> {
    pub(super) handle: Uuid,
    pub(super) email: &'a str,
    pub(super) name: &'a str,
}

/// Why an answer was refused; the words stand in the audit log.
pub(super) type Why = &'static str;

/// The counter did not rise.
pub(super) const COUNTER: Why = "counter";

impl RelyingParty {
    /// `None` where browsers have no passkeys: an IP address is no relying party id (WebAuthn §5.1.2, a domain string).
    pub(super) fn of(settings: &Settings) -> Option<Self> {
        let url = Url::parse(&settings.issuer).ok()?;
        let Some(Host::Domain(id)) = url.host() else {
            return None;
        };
        let Origin::Tuple(..) = url.origin() else {
            return None;
        };
        let origin = url.origin().ascii_serialization();
        let library = WebauthnBuilder::new(id, &Url::parse(&origin).ok()?)
            .ok()?
            .rp_name(&settings.product)
            .build()
            .ok()?;
        Some(Self {
            library,
            origin,
            id: id.to_owned(),
        })
    }

    /// Options that name nobody; `allowed` names the credentials of somebody whose first factor is proven.
    pub(super) fn begin_assertion(&self, allowed: Vec<Value>) -> Result<Begun, Fault> {
        let (options, state) = self
            .library
            .start_discoverable_authentication()
            .map_err(|error| broken(&error))?;
        let challenge = options.public_key.challenge.clone();
        let mut options = to_json(&options.public_key)?;
        if let Some(options) = options.as_object_mut() {
            options.remove("extensions");
            options.insert("allowCredentials".to_owned(), Value::Array(allowed));
        }
        Ok(Begun {
            challenge,
            options,
            state: to_json(&state)?,
        })
    }

    /// Checks an answer against the one credential it names. Returns the record if it changed, and whether it is backed up now.
    pub(super) fn finish_assertion(
        &self,
        response: &Response,
        state: Value,
        record: &Value,
    ) -> Result<(Option<Value>, bool), Why> {
        let state: DiscoverableAuthentication =
            serde_json::from_value(state).map_err(|_| "state")?;
        let mut passkey: Passkey = serde_json::from_value(record.clone()).map_err(|_| "record")?;
        let answer = response.assertion()?;
        let result = self
            .library
            .finish_discoverable_authentication_v2(&answer, state, &passkey)
            .map_err(|error| why(&error))?;
        if !result.user_verified() {
            return Err("user_not_verified");
        }
        let changed = passkey.update_credential(&result) == Some(true);
        let record = changed
            .then(|| serde_json::to_value(&passkey))
            .transpose()
            .map_err(|_| "record")?;
        Ok((record, result.backup_state()))
    }

    /// Options for a new credential of a kind.
    pub(super) fn begin_registration(
        &self,
        owner: &Owner<'_>,
        registered: Vec<Vec<u8>>,
        kind: NewKey,
    ) -> Result<Begun, Fault> {
        let (options, state) = self
            .library
            .start_passkey_registration(owner.handle, owner.email, owner.name, Some(registered))
            .map_err(|error| broken(&error))?;
        let challenge = options.public_key.challenge.clone();
        let mut options = to_json(&options.public_key)?;
        if let Some(options) = options.as_object_mut() {
            // The library asks for keys that cannot be found without an address; such a key cannot sign in alone.
            options.insert("authenticatorSelection".to_owned(), kind.selection());
            if kind == NewKey::SecurityKey {
                // WebAuthn §5.8.8: the dialog begins with what is plugged in or held close.
                options.insert("hints".to_owned(), json!(["security-key"]));
            }
            if kind == NewKey::Silent {
                // The library's `credProtect` demands verification, and a browser refuses to be asked for both.
                options.insert("extensions".to_owned(), json!({"credProps": true}));
            }
        }
        Ok(Begun {
            challenge,
            options,
            state: to_json(&state)?,
        })
    }

    /// Checks a new credential.
    pub(super) fn finish_registration(
        &self,
        response: &Response,
        state: Value,
        kind: NewKey,
    ) -> Result<Key, Why> {
        let answer = match kind {
            NewKey::Silent => response.silent_registration()?,
            NewKey::Passkey | NewKey::SecurityKey => response.registration()?,
        };
        let state: PasskeyRegistration = serde_json::from_value(state).map_err(|_| "state")?;
        let passkey = self
            .library
            .finish_passkey_registration(&answer, &state)
            .map_err(|error| why(&error))?;
        let id = passkey.cred_id().clone();
        let record = serde_json::to_value(&passkey).map_err(|_| "record")?;
        let flag =
            |name: &str| record.pointer(&format!("/cred/{name}")) == Some(&Value::Bool(true));
        Ok(Key {
            id,
            backup_eligible: flag("backup_eligible"),
            backed_up: flag("backup_state"),
            // Browsers that say nothing did as they were told, if they were told.
            discoverable: response
                .is_discoverable()
                .unwrap_or(kind != NewKey::SecurityKey),
            record,
        })
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(|_| Fault::new("a passkey ceremony cannot be written"))
}

fn broken(error: &WebauthnError) -> Fault {
    Fault::new(format!("a passkey ceremony cannot begin: {error}"))
}

/// The library's reason in a word for the audit log.
const fn why(error: &WebauthnError) -> Why {
    match error {
        WebauthnError::InvalidClientDataType => "type",
        WebauthnError::MismatchedChallenge => "challenge",
        WebauthnError::InvalidRPOrigin | WebauthnError::CredentialCrossOrigin => "origin",
        WebauthnError::InvalidRPIDHash => "rp_id",
        WebauthnError::UserNotPresent => "user_not_present",
        WebauthnError::UserNotVerified => "user_not_verified",
        WebauthnError::AuthenticationFailure | WebauthnError::SignatureInvalid => "signature",
        WebauthnError::CredentialPossibleCompromise => COUNTER,
        WebauthnError::CredentialBackupEligibilityInconsistent
        | WebauthnError::CredentialMayNotBeHardwareBound => "backup_flags",
        WebauthnError::CredentialAlteredAlgFromRequest => "algorithm",
        WebauthnError::CredentialNotFound => "credential",
        _ => "malformed",
    }
}
