//! Mails about a second step that was used up or lost.

use identity_domain::time::Timestamp;
use serde::Serialize;

use super::{Mail, Origin, REPORT};
use crate::notice::minutes_ago;

const SECURITY: &str = "https://id.acme.example/account/security";

/// A backup code was used to sign in.
#[derive(Clone, Debug, Serialize)]
pub struct BackupCodeUsed {
    pub to: String,
    pub left: usize,
    /// So few that new ones should be made.
    pub few: bool,
    /// "This wasn't me".
    pub no_url: String,
    pub security_url: String,
    pub origin: Origin,
}

impl Mail for BackupCodeUsed {
    const NAME: &'static str = "backup_code_used";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            left: 7,
            few: false,
            no_url: REPORT.into(),
            security_url: SECURITY.into(),
            origin: Origin::without_app(),
        };
        let few = Self {
            left: 3,
            few: true,
            ..plain.clone()
        };
        let none = Self {
            left: 0,
            ..few.clone()
        };
        vec![("plain", plain), ("few", few), ("none", none)]
    }
}

/// Asks whether all second factors shall be removed; the link only leads to a page that asks again.
#[derive(Clone, Debug, Serialize)]
pub struct FactorRecovery {
    pub to: String,
    pub link: String,
    pub origin: Origin,
}

impl Mail for FactorRecovery {
    const NAME: &'static str = "factor_recovery";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            link: "https://id.acme.example/recover/factors/Zk3pX0w2v9sT7mB1nQ4rLhY8".into(),
            origin: Origin::without_app(),
        };
        vec![("plain", plain)]
    }
}

/// The wait has begun: all second factors will be removed, unless somebody stops it.
#[derive(Clone, Debug, Serialize)]
pub struct FactorRecoveryWaiting {
    pub to: String,
    pub removed_at: Timestamp,
    pub cancel_link: String,
    pub origin: Origin,
}

impl Mail for FactorRecoveryWaiting {
    const NAME: &'static str = "factor_recovery_waiting";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            removed_at: minutes_ago(-72 * 60),
            cancel_link: "https://id.acme.example/recover/factors/keep/Zk3pX0w2v9sT7mB1nQ4rLhY8"
                .into(),
            origin: Origin::without_app(),
        };
        vec![("plain", plain)]
    }
}

/// Somebody said that the second factors are not the owner's: they are on hold, and removed after a wait unless one of them is used.
#[derive(Clone, Debug, Serialize)]
pub struct FactorsOnHold {
    pub to: String,
    pub removed_at: Timestamp,
    pub sign_in_url: String,
    pub origin: Origin,
}

impl Mail for FactorsOnHold {
    const NAME: &'static str = "factors_on_hold";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            removed_at: minutes_ago(-72 * 60),
            sign_in_url: "https://id.acme.example/account".into(),
            origin: Origin::without_app(),
        };
        vec![("plain", plain)]
    }
}

/// The wait was stopped.
#[derive(Clone, Debug, Serialize)]
pub struct FactorRecoveryCancelled {
    pub to: String,
    pub recover_url: String,
    pub origin: Origin,
}

impl Mail for FactorRecoveryCancelled {
    const NAME: &'static str = "factor_recovery_cancelled";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            recover_url: "https://id.acme.example/recover".into(),
            origin: Origin::without_app(),
        };
        vec![("plain", plain)]
    }
}

/// The wait is over and the second factors are gone.
#[derive(Clone, Debug, Serialize)]
pub struct FactorsRemoved {
    pub to: String,
    pub sign_in_url: String,
    pub origin: Origin,
}

impl Mail for FactorsRemoved {
    const NAME: &'static str = "factors_removed";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            sign_in_url: "https://id.acme.example/account".into(),
            origin: Origin::bare(),
        };
        vec![("plain", plain)]
    }
}
