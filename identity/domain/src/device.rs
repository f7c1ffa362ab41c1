//! A browser in which a person signed in before.

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::secret::{SecretString, ValueHash};
use crate::session::Session;
use crate::time::{Duration, Timestamp};
use crate::user::User;

/// Most devices of one person; the one unused longest gives way.
pub const MAX_PER_USER: usize = 50;
/// A device that was not seen for so long is forgotten.
pub const FORGOTTEN_AFTER: Duration = Duration::days(400);
/// Longest name an owner may give it, in characters.
pub const MAX_LABEL: usize = 40;

/// A browser of one person, recognised by a random cookie. Another person in the same browser has a device of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: Id<Device>,
    /// Whose.
    pub user_id: Id<User>,
    /// Made of the browser's cookie and the person; see [`token_hash`].
    pub token_hash: ValueHash,
    /// Coarse traits of the browser: a stolen cookie in another kind of browser is not this device (SES-11).
    pub traits: String,
    /// The name its owner gave it.
    pub label: Option<String>,
    /// First sign-in.
    pub first_seen_at: Timestamp,
    /// Last sign-in.
    pub last_seen_at: Timestamp,
    /// From where it signed in last.
    pub address: String,
    /// ISO 3166-1 country of that address, where known.
    pub country: Option<String>,
    /// With what it signed in last.
    pub user_agent: String,
    /// Until then its owner is not asked for a second factor here.
    pub trusted_until: Option<Timestamp>,
    /// Its owner said "this wasn't me": it never counts as known again.
    pub distrusted_at: Option<Timestamp>,
    /// Since its last sign-in the password was replaced elsewhere, or all other devices were signed out, for the first time then: whoever
    /// sits at it may be who that was meant for.
    pub passed_over_at: Option<Timestamp>,
}

/// What a device is found by: a hash over the browser's secret cookie and the person, so that rows of two people in one browser cannot
/// be told to be the same browser, and a cookie works for nobody else.
pub fn token_hash(browser: &SecretString, user: Id<User>) -> ValueHash {
    ValueHash::of(format!("device:{user}:{}", browser.expose()).as_bytes())
}

/// The id of a device that is new: it follows from the token, so that two sign-ins at the same moment speak of the same device.
pub fn id_of(token_hash: &ValueHash) -> Id<Device> {
    let hash = ValueHash::of(&token_hash.0);
    let mut bytes = [0_u8; 16];
    for (byte, from) in bytes.iter_mut().zip(hash.0) {
        *byte = from;
    }
    // RFC 9562 §5.8: made by a rule of our own.
    Id::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Family of browser and system, without versions: those change with every update, the family hardly ever.
pub fn traits(user_agent: &str) -> String {
    woothee::parser::Parser::new()
        .parse(user_agent)
        .map_or_else(
            || "unknown".to_owned(),
            |agent| format!("{}/{}", agent.name, agent.os),
        )
}

impl Device {
    /// Whether this is the browser it claims to be, and its owner did not disown it.
    pub fn is_known(&self, traits: &str, now: Timestamp) -> bool {
        self.distrusted_at.is_none()
            && self.traits == traits
            && now.since(self.last_seen_at) < FORGOTTEN_AFTER
    }

    /// Whether its owner is not asked for a second factor here, as far as the device goes; policy has the last word.
    pub fn is_trusted(&self, traits: &str, now: Timestamp) -> bool {
        self.is_known(traits, now) && self.trusted_until.is_some_and(|until| now < until)
    }
}

/// What is unusual about a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unusual {
    /// A browser in which the person never signed in, or one they disowned.
    NewDevice,
    /// A known browser in a country they never signed in from.
    NewCountry,
}

impl Unusual {
    /// The word of the audit record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewDevice => "device",
            Self::NewCountry => "country",
        }
    }
}

/// A sign-in that its owner is told about (H-54).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnusualSignIn {
    /// Whose.
    pub user_id: Id<User>,
    /// What is unusual.
    pub what: Unusual,
    /// The browser.
    pub device_id: Id<Device>,
    /// The session that began.
    pub session_id: Id<Session>,
    /// When.
    pub at: Timestamp,
    /// From which address.
    pub address: String,
    /// With what.
    pub user_agent: String,
    /// ISO 3166-1 country of the address, where known.
    pub country: Option<String>,
    /// The application it led to.
    pub client_id: Option<String>,
}

/// Countries a person signed in from before, as far as they are known, and where they are now.
#[derive(Clone, Copy, Debug)]
pub struct Whereabouts<'a> {
    /// Before.
    pub earlier: &'a [String],
    /// Now.
    pub now: Option<&'a str>,
}

impl Whereabouts<'_> {
    /// Whether this country was never seen. Where no country was known before, none can be new.
    pub fn is_new(&self) -> bool {
        self.now.is_some_and(|country| {
            !self.earlier.is_empty() && !self.earlier.iter().any(|earlier| earlier == country)
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn device() -> Device {
        let user = "0190b1d4-7f5a-7c3e-8000-000000000001".parse().unwrap();
        Device {
            id: "0190b1d4-7f5a-7c3e-8000-000000000002".parse().unwrap(),
            user_id: user,
            token_hash: token_hash(&"cookie".into(), user),
            traits: "Firefox/Linux".into(),
            label: None,
            first_seen_at: Timestamp(0),
            last_seen_at: Timestamp(0),
            address: "192.0.2.7".into(),
            country: None,
            user_agent: String::new(),
            trusted_until: Some(Timestamp(0) + Duration::days(30)),
            distrusted_at: None,
            passed_over_at: None,
        }
    }

    #[test]
    fn ses_11_a_stolen_token_is_no_device_of_somebody_else_or_in_another_kind_of_browser() {
        let other = "0190b1d4-7f5a-7c3e-8000-000000000003".parse().unwrap();
        assert_ne!(token_hash(&"cookie".into(), other), device().token_hash);
        assert!(device().is_trusted("Firefox/Linux", Timestamp(1)));
        assert!(!device().is_known("Chrome/Windows", Timestamp(1)));
    }

    #[test]
    fn ses_11_trust_ends_by_time_and_by_its_owner() {
        let late = Timestamp(0) + Duration::days(30);
        assert!(!device().is_trusted("Firefox/Linux", late));
        assert!(device().is_known("Firefox/Linux", late));
        let disowned = Device {
            distrusted_at: Some(Timestamp(1)),
            ..device()
        };
        assert!(!disowned.is_known("Firefox/Linux", Timestamp(2)));
    }

    #[test]
    fn ses_10_a_country_is_new_when_others_are_known_and_this_one_is_not() {
        let earlier = ["DE".to_owned(), "FR".to_owned()];
        let new = |earlier: &[String], now| Whereabouts { earlier, now }.is_new();
        assert!(new(&earlier, Some("BR")));
        assert!(!new(&earlier, Some("FR")));
        assert!(!new(&earlier, None));
        assert!(!new(&[], Some("BR")), "the file was added today");
    }

    #[test]
    fn two_sign_ins_at_once_in_one_new_browser_are_one_device() {
        let hash = device().token_hash;
        assert_eq!(id_of(&hash), id_of(&hash));
        assert_ne!(id_of(&hash), id_of(&ValueHash::of(b"another")));
    }
}
