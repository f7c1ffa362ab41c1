//! Mails about what somebody else may be doing.

use identity_domain::time::Timestamp;
use serde::Serialize;

use super::{Mail, Origin};
use crate::notice::minutes_ago;

/// A sign-in that is unusual for the person (H-54).
#[derive(Clone, Debug, Serialize)]
pub struct NewSignIn {
    pub to: String,
    /// The device is known, the country is not.
    pub new_country: bool,
    /// "Yes, it was me".
    pub yes_url: String,
    /// "This wasn't me".
    pub no_url: String,
    pub origin: Origin,
}

impl Mail for NewSignIn {
    const NAME: &'static str = "new_sign_in";

    fn samples() -> Vec<(&'static str, Self)> {
        let link = "https://id.acme.example/report/Zk3pX0w2v9sT7mB1nQ4rLhY8";
        let plain = Self {
            to: "ana@acme.test".into(),
            new_country: false,
            yes_url: format!("{link}?it=me"),
            no_url: format!("{link}?it=not_me"),
            origin: Origin::sample(),
        };
        let country = Self {
            new_country: true,
            origin: Origin::without_app(),
            ..plain.clone()
        };
        let bare = Self {
            origin: Origin::bare(),
            ..plain.clone()
        };
        vec![("plain", plain), ("country", country), ("bare", bare)]
    }
}

/// Many failed sign-ins within an hour, told once (H-56).
#[derive(Clone, Debug, Serialize)]
pub struct ManyFailures {
    pub to: String,
    pub count: u32,
    /// From how many addresses.
    pub addresses: u32,
    /// The first of them; the last one is in `origin`.
    pub since: Timestamp,
    pub secure_url: String,
    pub origin: Origin,
}

impl Mail for ManyFailures {
    const NAME: &'static str = "many_failures";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            count: 23,
            addresses: 4,
            since: minutes_ago(40),
            secure_url: "https://id.acme.example/account/secure".into(),
            origin: Origin::bare(),
        };
        let one = Self {
            count: 5,
            addresses: 1,
            ..plain.clone()
        };
        vec![("plain", plain), ("one-address", one)]
    }
}

/// To an administrator: a member said "This wasn't me" (H-53).
#[derive(Clone, Debug, Serialize)]
pub struct MemberReported {
    pub to: String,
    /// The member's address.
    pub member: String,
    pub organization: String,
    pub origin: Origin,
}

impl Mail for MemberReported {
    const NAME: &'static str = "member_reported";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "adam@acme.test".into(),
            member: "ana@acme.test".into(),
            organization: "Acme".into(),
            origin: Origin::bare(),
        };
        vec![("plain", plain)]
    }
}
