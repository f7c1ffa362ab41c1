//! A person.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Id;
use crate::email::EmailAddress;
use crate::factor::Method;
use crate::time::Timestamp;

/// In which language pages were shown when a mail was caused, and to whom.
#[derive(Clone, Copy, Debug)]
pub enum Pages<'a> {
    /// To the person themselves: they are signed in, or hold a proof.
    Theirs(&'a str),
    /// To whoever typed the address: that may be a stranger, who must not choose for them.
    Anybodys(&'a str),
    /// To nobody, or to somebody else.
    None,
}

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Never recycled; the `sub` of tokens about this person (OIDC Core §8: never reassigned).
    pub id: Id<User>,
    /// The sign-in address as its owner writes it.
    pub email: EmailAddress,
    /// When control of the address was proven.
    pub email_verified_at: Option<Timestamp>,
    /// What the person says about themselves.
    pub profile: Profile,
    /// Whether the person may sign in.
    pub status: UserStatus,
    /// What the account is in the middle of, and what its owner chose about it.
    pub standing: Standing,
    /// The language they last used our pages in; no claim, and nobody's choice.
    pub language: Option<String>,
    /// Set by a declarative file: read-only elsewhere.
    pub managed_by: Option<String>,
    /// Raised whenever everything issued before must die: password change, suspension, recovery.
    pub security_epoch: i64,
    /// Guard against lost updates; raised by each change.
    pub version: i64,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Last change of this row.
    pub updated_at: Timestamp,
}

impl User {
    /// Whether somebody signed up with this address and nobody proved that it is theirs. Whoever owns the address may know nothing of it.
    pub const fn is_only_claimed(&self) -> bool {
        self.email_verified_at.is_none() && self.standing.signed_up_in.is_some()
    }

    /// The language of a mail to this person: the one they chose in their profile, else the one they last used our pages in, else the one
    /// that whoever asked for the mail uses them in, else `ours`, the instance's.
    pub fn mail_language<'a>(&'a self, pages: Pages<'a>, ours: &'a str) -> &'a str {
        let (theirs, anybodys) = match pages {
            Pages::Theirs(here) => (Some(here), None),
            Pages::Anybodys(here) => (None, Some(here)),
            Pages::None => (None, None),
        };
        [
            self.profile.locale.as_deref(),
            theirs,
            self.language.as_deref(),
            anybodys,
        ]
        .into_iter()
        .flatten()
        .find(|language| !language.is_empty())
        .unwrap_or(ours)
    }

    /// What a mail to the person's own address calls them. Nothing as long as the address is not proven: whoever signs up with the address of
    /// a stranger must not be able to write to them.
    pub fn mail_name(&self) -> Option<&str> {
        self.profile
            .name
            .as_deref()
            .map(str::trim)
            .filter(|name| !name.is_empty() && self.email_verified_at.is_some())
    }

    /// On whose clock a mail to the person's own address, once it is proven, names instants: an IANA name.
    pub fn mail_zone(&self) -> Option<&str> {
        self.profile
            .zoneinfo
            .as_deref()
            .filter(|_| self.email_verified_at.is_some())
    }

    /// Ends whatever was issued before: sessions and tokens by the higher epoch, mailed proofs because they are bound to it, and what was
    /// under way and waited for one.
    pub fn raise_epoch(&mut self, now: Timestamp) {
        self.security_epoch += 1;
        self.end_what_waits(now);
    }

    /// Ends what is under way and waits: a change of address, and the removal of lost second factors.
    pub fn end_what_waits(&mut self, now: Timestamp) {
        self.standing.new_email = None;
        // Whoever said by mail that the factors are not theirs still has to wait: a new password comes by the same mailbox.
        if !self.standing.factors_on_hold {
            self.standing.factors_removed_at = None;
        }
        self.updated_at = now;
    }

    /// Puts all second factors on hold, to be removed at an instant unless one of them is proven before.
    pub const fn hold_factors(&mut self, now: Timestamp, removed_at: Timestamp) {
        self.standing.factors_on_hold = true;
        self.standing.factors_held_since = Some(now);
        self.standing.factors_removed_at = Some(removed_at);
    }

    /// Ends a wait for the removal of second factors: one was proven, or none is left.
    pub const fn end_removal_of_factors(&mut self) {
        self.standing.factors_on_hold = false;
        self.standing.factors_held_since = None;
        self.standing.factors_removed_at = None;
    }

    /// Until when second factors are on hold; `None` while they are not.
    pub fn factors_held_until(&self) -> Option<Timestamp> {
        self.standing
            .factors_removed_at
            .filter(|_| self.standing.factors_on_hold)
    }
}

/// What an account is in the middle of, and what its owner chose about it. Nothing of it is a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// The owner asked for deletion: purged at this instant unless cancelled (H-60).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_at: Option<Timestamp>,
    /// Until then a person without a required second factor may still go on (H-47); set by the first sign-in under the requirement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_grace_until: Option<Timestamp>,
    /// A change of address was taken back while the old address was another account's: closed since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disputed_at: Option<Timestamp>,
    /// Everything was lost: all second factors are removed at this instant, unless somebody stops it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors_removed_at: Option<Timestamp>,
    /// Somebody with nothing but the mailbox said that the second factors are an intruder's. Until they are removed they open nothing by
    /// themselves, and are asked for all the same: they may as well be the owner's, and the mailbox another's.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub factors_on_hold: bool,
    /// Since when; however often the removal was put off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factors_held_since: Option<Timestamp>,
    /// The password was chosen anew by whoever has the mailbox, at this instant: for a while the mailbox proves nothing beyond it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered_at: Option<Timestamp>,
    /// The browser in which somebody signed up, as long as nobody proved the address: until then the password is only a claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_up_in: Option<String>,
    /// The second factor used last, offered first (H-30).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_method: Option<Method>,
    /// "Don't ask again" about passkeys (H-42).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_passkey_offers: bool,
    /// "Not now" about passkeys: not before then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passkey_offer_after: Option<Timestamp>,
    /// The owner said that somebody else was here, and works through "Secure my account" (H-53).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub securing: Option<Securing>,
    /// The address that the owner wants to change to and that waits for its proof.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_email: Option<String>,
    /// Optional mails that were switched off. Security mails are not on this list (H-61).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub muted: Vec<String>,
}

/// How far a person came in securing their account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Securing {
    /// Since when: what was done before does not count.
    pub since: Timestamp,
    /// What they looked at.
    pub reviewed: Vec<Review>,
    /// Second factors that were set up while somebody else was here, and were removed with the report.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<RemovedFactor>,
    /// The entry of their activity that they said of that it was somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Uuid>,
}

/// A second factor that is gone, as its owner is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedFactor {
    /// Of which kind.
    pub method: Method,
    /// The name it had; empty where there can be only one.
    pub label: String,
}

/// What there is to look at when an account is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Second factors.
    Factors,
    /// Devices.
    Devices,
    /// Connected applications.
    Applications,
}

impl Review {
    /// All, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Factors, Self::Devices, Self::Applications];

    /// The word of the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Factors => "factors",
            Self::Devices => "devices",
            Self::Applications => "applications",
        }
    }

    /// Reads the word of the form.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|review| review.as_str() == word)
    }
}

/// Claims of the `profile` scope that a person may set (OIDC Core §5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Preferred language, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Time zone, IANA name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// A phone number was proven at this instant (the number itself is sealed apart).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_verified_at: Option<Timestamp>,
}

/// Whether a person may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// May sign in.
    Active,
    /// Shut out by an administrator; told only after a proven sign-in (H-70).
    Suspended,
    /// Waits for its purge.
    Deleted,
}

impl UserStatus {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
        }
    }
    /// Reads the stored word; anything unknown shuts out.
    pub fn from_stored(word: &str) -> Self {
        match word {
            "active" => Self::Active,
            "deleted" => Self::Deleted,
            _ => Self::Suspended,
        }
    }
}

impl User {
    /// What pages and mails call the person: the name, else the address.
    pub fn display_name(&self) -> &str {
        self.profile
            .name
            .as_deref()
            .filter(|name| !name.trim().is_empty())
            .unwrap_or(self.email.as_str())
    }

    /// Whether the person may be signed in at all.
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Whether the account waits for its purge and its owner may still keep it. One that was suspended meanwhile does not: only an operator
    /// opens it again.
    pub fn waits_for_deletion(&self) -> bool {
        self.status == UserStatus::Deleted && self.standing.delete_at.is_some()
    }

    /// Whether a change of address may be taken back: whoever made it may have asked for the end of the account too, and a dispute about the
    /// address ends by it. A suspension does not: only an operator lifts it.
    pub fn may_be_taken_back(&self) -> bool {
        self.is_active()
            || self.waits_for_deletion()
            || (self.status == UserStatus::Suspended && self.standing.disputed_at.is_some())
    }

    /// Closes the account, because its address is not its owner's and the one before belongs to another account.
    pub fn dispute(&mut self, now: Timestamp) {
        self.status = UserStatus::Suspended;
        self.standing.delete_at = None;
        self.standing.disputed_at = Some(now);
        self.updated_at = now;
    }

    /// Opens an account again whose address is its owner's, with a deletion taken back that somebody else asked for.
    pub fn settle(&mut self, now: Timestamp) {
        if self.standing.disputed_at.take().is_some() {
            self.status = UserStatus::Active;
        }
        self.keep(now);
    }

    /// Takes a deletion back, where one was asked for; lifts nothing else.
    pub fn keep(&mut self, now: Timestamp) {
        if self.status == UserStatus::Deleted {
            self.status = UserStatus::Active;
        }
        self.standing.delete_at = None;
        self.updated_at = now;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn whoever_signs_up_with_a_strangers_address_cannot_choose_what_they_are_called() {
        let mut person = person(None, None);
        person.profile.name = Some(" Ana Petrova ".to_owned());
        assert_eq!(person.mail_name(), None);
        person.email_verified_at = Some(Timestamp(1));
        assert_eq!(person.mail_name(), Some("Ana Petrova"));
        person.profile.name = Some(" ".to_owned());
        assert_eq!(person.mail_name(), None);
    }

    #[test]
    fn a_mail_to_an_address_that_nobody_proved_says_nothing_of_where_its_person_lives() {
        let mut person = person(None, None);
        person.profile.zoneinfo = Some("Europe/Berlin".to_owned());
        assert_eq!(person.mail_zone(), None);
        person.email_verified_at = Some(Timestamp(1));
        assert_eq!(person.mail_zone(), Some("Europe/Berlin"));
    }

    fn person(chosen: Option<&str>, last: Option<&str>) -> User {
        User {
            id: "018f0000-0000-7000-8000-000000000001".parse().unwrap(),
            email: EmailAddress::parse("ana@acme.test").unwrap(),
            email_verified_at: None,
            profile: Profile {
                locale: chosen.map(str::to_owned),
                ..Profile::default()
            },
            status: UserStatus::Active,
            standing: Standing::default(),
            language: last.map(str::to_owned),
            managed_by: None,
            security_epoch: 1,
            version: 1,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        }
    }

    #[test]
    fn a_mail_comes_in_the_language_its_reader_chose_or_used_last_and_a_stranger_chooses_only_where_nothing_is_known()
     {
        let (ar, de, en) = (Some("ar"), Some("de"), "en");
        for (chosen, last, pages, expected) in [
            (ar, de, Pages::Theirs("fr"), "ar"),
            (None, de, Pages::Theirs("fr"), "fr"),
            (None, de, Pages::Anybodys("fr"), "de"),
            (None, de, Pages::None, "de"),
            (Some(""), None, Pages::Anybodys("fr"), "fr"),
            (None, None, Pages::Theirs("fr"), "fr"),
            (None, None, Pages::None, "en"),
        ] {
            let person = person(chosen, last);
            assert_eq!(person.mail_language(pages, en), expected, "{pages:?}");
        }
    }
}
