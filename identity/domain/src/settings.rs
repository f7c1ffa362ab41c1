//! What the operator decided, in the units the rules use.

use crate::credential::password_hash::HashParameters;
use crate::credential::password_policy::PasswordPolicy;
use crate::factor::MfaPolicy;
use crate::phone::SmsPolicy;
use crate::session::SessionPolicy;
use crate::signing_key::RotationPolicy;
use crate::time::Duration;
use crate::token::RefreshPolicy;

/// Settings that flows and rules read. Made once from the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name of the product on pages and in mails.
    pub product: String,
    /// The language of a person of whom no other is known, BCP 47.
    pub language: String,
    /// `public_url` without a trailing slash: the issuer, and the start of every link.
    pub issuer: String,
    /// Whether error pages may tell everything (`identity dev`).
    pub dev: bool,
    /// Whether strangers may sign up.
    pub registration_open: bool,
    /// Sessions.
    pub session: SessionPolicy,
    /// Second factors.
    pub mfa: MfaPolicy,
    /// To which numbers text messages go.
    pub sms: SmsPolicy,
    /// Passwords.
    pub password: PasswordPolicy,
    /// Cost of a new password hash.
    pub hash: HashParameters,
    /// Tokens.
    pub token: TokenPolicy,
    /// Signing keys.
    pub rotation: RotationPolicy,
    /// How long records of the audit log are kept; `None`: for ever.
    pub audit_kept: Option<Duration>,
}

/// Lifetimes of what is issued.
#[derive(Clone, Copy, Debug)]
pub struct TokenPolicy {
    /// Access token.
    pub access: Duration,
    /// ID token.
    pub id: Duration,
    /// Authorization code.
    pub code: Duration,
    /// Refresh tokens.
    pub refresh: RefreshPolicy,
}

impl Default for TokenPolicy {
    fn default() -> Self {
        Self {
            access: Duration::minutes(10),
            id: Duration::minutes(10),
            code: Duration::minutes(1),
            refresh: RefreshPolicy::default(),
        }
    }
}

impl Settings {
    /// Defaults for an issuer.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self {
            product: "Identity".to_owned(),
            language: "en".to_owned(),
            issuer: issuer.into(),
            dev: false,
            registration_open: true,
            session: SessionPolicy::default(),
            mfa: MfaPolicy::default(),
            sms: SmsPolicy::default(),
            password: PasswordPolicy::default(),
            hash: HashParameters::default(),
            token: TokenPolicy::default(),
            rotation: RotationPolicy::default(),
            audit_kept: Some(Duration::days(365)),
        }
    }

    /// An absolute URL of ours for a path that starts with `/`. The only way links are made: never from a request.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }
}
