//! Signing in: address and password, the password alone, the choice between several sessions.

use serde::Serialize;

use crate::form::{Field, Hidden, Remember};
use crate::notice::{Alert, FieldError};
use crate::page::Page;
use crate::passkey::{PasskeyForm, UnknownPasskey};

/// A connection that may be chosen by hand.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectionLink {
    pub slug: String,
    pub name: String,
    /// Where the button leads; holds the slug.
    pub url: String,
}

/// `auth/identifier`: address and password in one form. The server may decide on the address alone and answer with
/// [`Password`] or a redirect; password managers fill both fields at once.
#[derive(Clone, Debug, Serialize)]
pub struct SignIn {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub identifier: Field,
    pub password: Field,
    pub remember: Option<Remember>,
    pub alert: Option<Alert>,
    /// Where it leads. The button `recover` in the form itself takes along what was typed.
    pub forgot_url: Option<String>,
    /// The same by the button `register`.
    pub register_url: Option<String>,
    pub connections: Vec<ConnectionLink>,
    /// `None` where passkeys are not offered.
    pub passkey: Option<PasskeyForm>,
}

impl SignIn {
    /// The empty page.
    pub fn new(action: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            hidden: Vec::new(),
            identifier: Field::identifier().focused(),
            password: Field::current_password(),
            remember: None,
            alert: None,
            forgot_url: None,
            register_url: None,
            connections: Vec::new(),
            passkey: None,
        }
    }
}

impl Page for SignIn {
    const TEMPLATE: &'static str = "pages/auth/identifier.html";

    #[expect(clippy::too_many_lines, reason = "a table: one sample after the other")]
    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            remember: Some(Remember::days(30)),
            forgot_url: Some("/recover".into()),
            register_url: Some("/register".into()),
            passkey: Some(PasskeyForm::new("/login/0190/passkey").with_autofill()),
            ..Self::new("/login/0190/identifier")
        };
        let refused = Self {
            identifier: Field::identifier().with_value("ana@acme.test"),
            password: Field::current_password(),
            alert: Some(Alert::WrongCredentials),
            ..plain.clone()
        };
        let unfinished = Self {
            identifier: Field::identifier().with_error(FieldError::EnterIdentifier),
            password: Field::current_password().with_error(FieldError::EnterPassword),
            alert: Some(Alert::CheckFields),
            ..plain.clone()
        };
        let connections = Self {
            connections: vec![
                ConnectionLink {
                    slug: "acme-oidc".into(),
                    name: "Acme Workspace".into(),
                    url: "/connections/acme-oidc".into(),
                },
                ConnectionLink {
                    slug: "acme-saml".into(),
                    name: "Contoso".into(),
                    url: "/connections/acme-saml".into(),
                },
            ],
            ..plain.clone()
        };
        let bare = Self::new("/login/0190/identifier");
        let throttled = Self {
            alert: Some(Alert::Throttled { minutes: 10 }),
            ..refused.clone()
        };
        let reset = Self {
            alert: Some(Alert::PasswordReset),
            ..plain.clone()
        };
        let unknown = Self {
            alert: Some(Alert::PasskeyUnknown),
            passkey: Some(PasskeyForm {
                forget: Some(UnknownPasskey {
                    rp_id: "id.acme.test".into(),
                    credential_id: "AQID".into(),
                }),
                ..PasskeyForm::new("/login/0190/passkey").with_autofill()
            }),
            ..plain.clone()
        };
        vec![
            ("plain", plain),
            ("refused", refused),
            ("unknown-passkey", unknown),
            ("unfinished", unfinished),
            ("throttled", throttled),
            ("connections", connections),
            ("after-reset", reset),
            ("bare", bare),
        ]
    }
}

/// What somebody who is signed in proves themselves anew for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirm {
    /// A change of how they sign in.
    Security,
    /// Another address.
    Email,
    /// All that is held about them.
    Data,
    /// The end of the account.
    Deletion,
}

/// `auth/password`: the address is known, the password is asked.
#[derive(Clone, Debug, Serialize)]
pub struct Password {
    pub action: String,
    pub hidden: Vec<Hidden>,
    /// Shown, and sent along in a read-only `identifier` so that password managers know whose password it is.
    pub identifier: String,
    pub name: Option<String>,
    pub password: Field,
    pub remember: Option<Remember>,
    pub alert: Option<Alert>,
    pub forgot_url: Option<String>,
    pub not_you_url: String,
    /// Passkeys are offered here: the script says in `passkeys` (value `1`) whether this browser can make one.
    pub passkeys: bool,
    /// The other way, where passkeys are offered.
    pub passkey: Option<PasskeyForm>,
    /// Somebody who is signed in proves themselves anew before a change of how they sign in (H-63).
    pub confirm: Option<Confirm>,
    /// Back to where that was begun.
    pub cancel_url: Option<String>,
}

impl Password {
    /// The empty page.
    pub fn new(
        action: impl Into<String>,
        identifier: impl Into<String>,
        not_you_url: impl Into<String>,
    ) -> Self {
        Self {
            action: action.into(),
            hidden: Vec::new(),
            identifier: identifier.into(),
            name: None,
            password: Field::current_password().focused(),
            remember: None,
            alert: None,
            forgot_url: None,
            not_you_url: not_you_url.into(),
            passkeys: false,
            passkey: None,
            confirm: None,
            cancel_url: None,
        }
    }
}

impl Page for Password {
    const TEMPLATE: &'static str = "pages/auth/password.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            remember: Some(Remember::days(30)),
            forgot_url: Some("/recover".into()),
            passkeys: true,
            passkey: Some(PasskeyForm::new("/login/0190/passkey")),
            ..Self::new(
                "/login/0190/password",
                "ana@acme.test",
                "/login/0190/identifier?switch=1",
            )
        };
        let again = Self {
            name: Some("Ana Petrova".into()),
            alert: Some(Alert::SignInAgain),
            remember: None,
            ..plain.clone()
        };
        let refused = Self {
            password: Field::current_password(),
            alert: Some(Alert::WrongCredentials),
            ..plain.clone()
        };
        let confirm = Self {
            remember: None,
            confirm: Some(Confirm::Security),
            cancel_url: Some("/account/security".into()),
            ..plain.clone()
        };
        let confirm_refused = Self {
            passkey: None,
            alert: Some(Alert::WrongPassword),
            password: Field::current_password(),
            ..confirm.clone()
        };
        let long = Self {
            identifier:
                "maximiliana.von-der-hohenstaufen-lichtenberg@verwaltung.beispielstadt.example"
                    .into(),
            ..plain.clone()
        };
        vec![
            ("plain", plain),
            ("again", again),
            (
                "confirm-data",
                Self {
                    confirm: Some(Confirm::Data),
                    ..confirm.clone()
                },
            ),
            ("confirm", confirm),
            ("confirm-refused", confirm_refused),
            ("refused", refused),
            ("long", long),
        ]
    }
}

/// One row of the account chooser.
#[derive(Clone, Debug, Serialize)]
pub struct AccountChoice {
    /// Value of the buttons `session` and `remove`.
    pub session: String,
    pub name: Option<String>,
    pub email: String,
    /// The session has ended; choosing it asks for the password.
    pub signed_out: bool,
    /// It cannot satisfy the request; choosing it explains and goes on.
    pub unsuitable: bool,
}

/// `auth/select_account`: several people use this browser. Posts `session`, or `remove` to take one off the list. Never
/// shown without accounts.
#[derive(Clone, Debug, Serialize)]
pub struct SelectAccount {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub accounts: Vec<AccountChoice>,
    pub use_another_url: String,
    /// Somebody signed in in another tab while this sign-in waited.
    pub already: bool,
    pub alert: Option<Alert>,
}

impl Page for SelectAccount {
    const TEMPLATE: &'static str = "pages/auth/select_account.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let account = |session: &str, name: Option<&str>, email: &str| AccountChoice {
            session: session.into(),
            name: name.map(Into::into),
            email: email.into(),
            signed_out: false,
            unsuitable: false,
        };
        let plain = Self {
            action: "/login/0190/account".into(),
            hidden: Vec::new(),
            accounts: vec![
                account("s1", Some("Ana Petrova"), "ana@acme.test"),
                AccountChoice {
                    signed_out: true,
                    ..account("s2", Some("Ben Okafor"), "ben@acme.test")
                },
                AccountChoice {
                    unsuitable: true,
                    ..account("s3", None, "cleo@contoso.test")
                },
            ],
            use_another_url: "/login/0190/identifier".into(),
            already: false,
            alert: None,
        };
        let one = Self {
            accounts: plain.accounts.iter().take(1).cloned().collect(),
            ..plain.clone()
        };
        let already = Self {
            already: true,
            ..one.clone()
        };
        vec![("plain", plain), ("one", one), ("already", already)]
    }
}
