//! `[mfa]`: second factors.

use identity_domain::factor::{Method, MfaPolicy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::period::Period;

/// `[mfa]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mfa {
    /// Whether everybody must have a second factor. Whoever has one is always asked for it.
    pub required: bool,
    /// Methods that count: `webauthn` (passkeys and security keys), `totp` (authenticator apps), `sms`, `email`. Mail codes prove little
    /// more than a password reset does, so they are not among the defaults. Backup codes exist beside any of them.
    #[schemars(with = "Vec<String>")]
    pub methods: Vec<MfaMethod>,
    /// How long after their first sign-in under the requirement people may still go on without. `0s` gives no time.
    pub grace: Period,
    /// For how long a browser may be trusted not to be asked again, by the choice of its user. `0s` takes the choice away.
    pub trusted_device: Period,
    /// Only passkeys that cannot be copied off their device.
    pub device_bound_only: bool,
}

/// Methods that can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MfaMethod {
    /// Passkeys and security keys.
    Webauthn,
    /// Authenticator apps.
    Totp,
    /// Text messages.
    Sms,
    /// Mail codes.
    Email,
}

impl Default for Mfa {
    fn default() -> Self {
        Self {
            required: false,
            methods: vec![MfaMethod::Webauthn, MfaMethod::Totp, MfaMethod::Sms],
            grace: Period::days(7),
            trusted_device: Period::days(30),
            device_bound_only: false,
        }
    }
}

impl Mfa {
    /// In the units of the rules.
    pub fn policy(&self) -> MfaPolicy {
        let method = |method: &MfaMethod| match method {
            MfaMethod::Webauthn => Method::Webauthn,
            MfaMethod::Totp => Method::Totp,
            MfaMethod::Sms => Method::Sms,
            MfaMethod::Email => Method::Email,
        };
        MfaPolicy {
            required: self.required,
            methods: self.methods.iter().map(method).collect(),
            grace: self.grace.as_domain(),
            trusted_device: Some(self.trusted_device.as_domain()).filter(|period| period.0 > 0),
            device_bound_only: self.device_bound_only,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_rules() {
        assert_eq!(Mfa::default().policy(), MfaPolicy::default());
    }
}
