//! One TOML file, every key also as an environment variable, no key unknown.
//!
//! [`sections`] lists the keys; everything else — the check of names, the environment, the JSON schema, the reference in
//! `docs/configuration.md` — is derived from it. Start at [`load`].

#[macro_use]
mod text_setting;

mod audit;
mod branding;
mod document;
mod environment;
pub mod keys;
mod load;
mod mfa;
mod period;
mod problem;
mod production;
mod public_url;
mod secret;
mod sections;
mod security_contact;
mod sms;
mod values;

pub use audit::Audit;
pub use branding::{Branding, Corners};
pub use document::reference;
pub use load::{Loaded, load};
pub use mfa::{Mfa, MfaMethod};
pub use period::Period;
pub use problem::{ConfigError, Place, Problem};
pub use production::{Production, Stored};
pub use public_url::PublicUrl;
pub use secret::{SecretText, SecretUrl, redacted_url};
pub use sections::{
    Config, Database, Fetch, Http, Keys, Log, LogFormat, Mail, Management, Password, Registration,
    Secrets, Session, Theme, TlsMinimum, Token,
};
pub use security_contact::SecurityContact;
pub use sms::{Sms, SmsGateway, SmsProvider};
