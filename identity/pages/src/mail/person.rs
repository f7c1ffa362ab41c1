//! Mails about an account itself: its address, its end, its applications.

use identity_domain::time::Timestamp;
use serde::Serialize;

use super::{Mail, Origin};
use crate::notice::minutes_ago;

/// Proves a new address of an existing account.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmNewEmail {
    pub to: String,
    pub link: String,
    pub code: Option<String>,
    pub valid_minutes: i64,
    pub origin: Origin,
}

impl Mail for ConfirmNewEmail {
    const NAME: &'static str = "confirm_new_email";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana.petrova@acme.test".into(),
            link: "https://id.acme.example/account/email/confirm/Zk3pX0w2v9sT7mB1nQ4rLhY8".into(),
            code: Some("KTWRM-BXQHD".into()),
            valid_minutes: 30,
            origin: Origin::bare(),
        };
        vec![("plain", plain)]
    }
}

/// To the old address: it was changed, and here is the way back.
#[derive(Clone, Debug, Serialize)]
pub struct EmailChanged {
    pub to: String,
    pub new: String,
    pub undo_url: String,
    pub origin: Origin,
}

impl Mail for EmailChanged {
    const NAME: &'static str = "email_changed";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            new: "ana.petrova@acme.test".into(),
            undo_url: "https://id.acme.example/account/email/undo/Zk3pX0w2v9sT7mB1nQ4rLhY8".into(),
            origin: Origin::without_app(),
        };
        vec![("plain", plain)]
    }
}

/// The account waits for its purge.
#[derive(Clone, Debug, Serialize)]
pub struct DeletionRequested {
    pub to: String,
    pub cancel_url: String,
    pub delete_at: Timestamp,
    pub origin: Origin,
}

impl Mail for DeletionRequested {
    const NAME: &'static str = "deletion_requested";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            cancel_url: "https://id.acme.example/account/delete/cancel/Zk3pX0w2v9sT7mB1".into(),
            delete_at: minutes_ago(-60 * 24 * 30),
            origin: Origin::bare(),
        };
        vec![("plain", plain)]
    }
}

/// An application was connected; this mail may be switched off.
#[derive(Clone, Debug, Serialize)]
pub struct AppConnected {
    pub to: String,
    pub app: String,
    pub applications_url: String,
    pub origin: Origin,
}

impl Mail for AppConnected {
    const NAME: &'static str = "app_connected";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            app: "Analysis Studio".into(),
            applications_url: "https://id.acme.example/account/applications".into(),
            origin: Origin::bare(),
        };
        vec![("plain", plain)]
    }
}
