//! Passkeys: the form a script fills, and the account's pages about them.

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::engine::Engine;
use crate::notice::{Alert, Text, minutes_ago};
use crate::page::Page;

/// A form that the script `js/passkey.js` fills and sends: it asks `options_url` for a ceremony, has the browser hold it, and posts the
/// answer as `credential` to `action`. Without script it says that passkeys need one.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyForm {
    pub action: String,
    pub options_url: String,
    /// Passkeys are offered in the autofill of the identifier field as soon as the page is there (H-05).
    pub conditional: bool,
    /// The browser may make a passkey by itself as soon as the page is there; the answer comes with `silent` (value `1`) then (H-43).
    pub silent: bool,
    /// A second button makes a credential on a security key: `options_url` is asked with `security_key` (value `1`) then.
    pub security_key: bool,
    /// A passkey that nobody here knows: its manager is told to forget it (H-07).
    pub forget: Option<UnknownPasskey>,
}

/// What `signalUnknownCredential` wants to know.
#[derive(Clone, Debug, Serialize)]
pub struct UnknownPasskey {
    pub rp_id: String,
    /// Base64url.
    pub credential_id: String,
}

impl PasskeyForm {
    /// A form whose ceremony is begun at `<action>/options`.
    pub fn new(action: impl Into<String>) -> Self {
        let action = action.into();
        Self {
            options_url: format!("{action}/options"),
            action,
            conditional: false,
            silent: false,
            security_key: false,
            forget: None,
        }
    }

    /// The same, with autofill.
    #[must_use]
    pub fn with_autofill(self) -> Self {
        Self {
            conditional: true,
            ..self
        }
    }
}

/// One passkey of the person.
#[derive(Clone, Debug, Serialize)]
pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    /// It is copied to other devices of its owner.
    pub synced: bool,
    /// It can sign in without an address being typed.
    pub discoverable: bool,
    /// It was perhaps copied, and is not accepted any more.
    pub suspect: bool,
}

/// What the Signal API wants to know: with it, managers forget removed passkeys and show today's name (H-07).
#[derive(Clone, Debug, Serialize)]
pub struct PasskeySignal {
    pub rp_id: String,
    /// User handle, base64url.
    pub user_id: String,
    pub name: String,
    pub display_name: String,
    /// Credential ids, base64url.
    pub accepted: Vec<String>,
}

/// `account/passkeys`. Each row posts `id` to `remove_action`, or `id` and `name` to `rename_action`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountPasskeys {
    pub passkeys: Vec<PasskeyRow>,
    /// `None`: as many as one person may have.
    pub add_url: Option<String>,
    pub rename_action: String,
    pub remove_action: String,
    pub signal: Option<PasskeySignal>,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountPasskeys {
    const TEMPLATE: &'static str = "pages/account/passkeys.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id: &str, name: &str| PasskeyRow {
            id: id.into(),
            name: name.into(),
            created_at: minutes_ago(60 * 24 * 90),
            last_used_at: Some(minutes_ago(60 * 5)),
            synced: true,
            discoverable: true,
            suspect: false,
        };
        let plain = Self {
            passkeys: vec![
                row("p1", "Google Password Manager"),
                PasskeyRow {
                    synced: false,
                    last_used_at: None,
                    ..row("p2", "YubiKey 5 NFC")
                },
                PasskeyRow {
                    suspect: true,
                    synced: false,
                    discoverable: false,
                    ..row("p3", "Passkey (Windows)")
                },
            ],
            add_url: Some("/account/security/passkeys/add".into()),
            rename_action: "/account/security/passkeys/rename".into(),
            remove_action: "/account/security/passkeys/remove".into(),
            signal: Some(PasskeySignal {
                rp_id: "id.acme.test".into(),
                user_id: "AZKq".into(),
                name: "ana@acme.test".into(),
                display_name: "Ana Petrova".into(),
                accepted: vec!["AQID".into(), "BAUG".into()],
            }),
            alert: None,
            sign_out_action: "/account/sign-out".into(),
        };
        let one = Self {
            passkeys: vec![row("p1", "Windows Hello")],
            alert: Some(Alert::PasskeyAdded),
            ..plain.clone()
        };
        let none = Self {
            passkeys: vec![],
            signal: None,
            alert: Some(Alert::PasskeyRemoved),
            ..plain.clone()
        };
        vec![("plain", plain), ("one", one), ("none", none)]
    }
}

/// `account/add_passkey`: what a passkey is, before the browser's own dialog opens (H-41).
#[derive(Clone, Debug, Serialize)]
pub struct AccountAddPasskey {
    pub passkey: PasskeyForm,
    pub back_url: String,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountAddPasskey {
    const TEMPLATE: &'static str = "pages/account/add_passkey.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            passkey: PasskeyForm {
                security_key: true,
                ..PasskeyForm::new("/account/security/passkeys/add")
            },
            back_url: "/account/security/passkeys".into(),
            alert: None,
            sign_out_action: "/account/sign-out".into(),
        };
        let refused = Self {
            alert: Some(Alert::PasskeyRefused),
            ..plain.clone()
        };
        vec![("plain", plain), ("refused", refused)]
    }
}

/// `auth/enrol_passkey`: the same, in a login that waits for a second factor to be set up.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolPasskey {
    pub passkey: PasskeyForm,
    pub email: String,
    pub back_url: String,
    pub alert: Option<Alert>,
}

impl Page for EnrolPasskey {
    const TEMPLATE: &'static str = "pages/auth/enrol_passkey.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            passkey: PasskeyForm {
                security_key: true,
                ..PasskeyForm::new("/login/0190/passkey")
            },
            email: "ana@acme.test".into(),
            back_url: "/login/0190/enrol".into(),
            alert: None,
        };
        let refused = Self {
            alert: Some(Alert::PasskeyRefused),
            ..plain.clone()
        };
        vec![("plain", plain), ("refused", refused)]
    }
}

/// `auth/offer_passkey`: a passkey is offered right after a password (H-42). The form of the passkey posts `credential`; `decline_action`
/// takes `answer`, which is `later` or `never`.
#[derive(Clone, Debug, Serialize)]
pub struct OfferPasskey {
    pub passkey: PasskeyForm,
    pub decline_action: String,
    pub email: String,
    /// There are no backup codes yet: they come next.
    pub codes_follow: bool,
    pub alert: Option<Alert>,
}

impl Page for OfferPasskey {
    const TEMPLATE: &'static str = "pages/auth/offer_passkey.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            passkey: PasskeyForm::new("/login/0190/add_passkey"),
            decline_action: "/login/0190/add_passkey/decline".into(),
            email: "ana@acme.test".into(),
            codes_follow: true,
            alert: None,
        };
        let refused = Self {
            alert: Some(Alert::PasskeyRefused),
            ..plain.clone()
        };
        let second = Self {
            codes_follow: false,
            passkey: PasskeyForm {
                silent: true,
                ..PasskeyForm::new("/login/0190/add_passkey")
            },
            ..plain.clone()
        };
        vec![("plain", plain), ("second", second), ("refused", refused)]
    }
}

/// How a passkey is called whose kind is not known: by the system it was made on.
pub fn fallback_name(engine: &Engine, locale: &str, system: Option<&str>) -> String {
    let text = match system {
        Some(system) => Text::new("passkey-on", [("system", system.into())]),
        None => Text::new("passkey-unnamed", []),
    };
    // Isolation marks are for pages; a stored name is put into one again.
    engine
        .text(locale, &text)
        .replace(['\u{2068}', '\u{2069}'], "")
}
