//! Somebody else was in an account: which of its second factors are theirs.

use crate::Id;
use crate::credential::{BackupCodes, Credential, CredentialKind};
use crate::device::Device;
use crate::time::{Duration, Timestamp};

/// A device that is known for longer than this is its owner's, whoever sat at it last.
pub const NEW_FOR: Duration = Duration::days(30);

/// A device that nobody signed in with for longer is not in use: a session that is kept lasts 30 days, and a few more for whoever comes back.
const IN_USE: Duration = Duration::days(35);

/// What is known of whoever was there: since when, and where from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intrusion {
    since: Option<Timestamp>,
    device: Option<Id<Device>>,
    done: Option<Timestamp>,
}

impl Intrusion {
    /// The owner says that a device is none of theirs.
    pub const fn of_device(device: Id<Device>) -> Self {
        Self {
            since: None,
            device: Some(device),
            done: None,
        }
    }

    /// The owner says that something done at an instant was not them. It was done in `device`, whose row is `known` unless it was forgotten.
    /// A device that was new then is the intruder's, with all that was set up in it before. One that was known for long is the owner's: what
    /// they set up there before stays theirs.
    pub fn reported(since: Timestamp, device: Option<Id<Device>>, known: Option<&Device>) -> Self {
        let is_owners = known.is_some_and(|known| {
            known.distrusted_at.is_none() && since.since(known.first_seen_at) >= NEW_FOR
        });
        Self {
            since: Some(since),
            device: device.filter(|_| !is_owners),
            done: Some(since),
        }
    }

    /// The same, where what is reported was done at a later instant than they came.
    #[must_use]
    pub const fn done_at(self, done: Timestamp) -> Self {
        Self {
            done: Some(done),
            ..self
        }
    }

    /// Whether whoever sits at a recognised device was here long before the intruder: then they are the owner, and more than a mailbox. An
    /// intruder who is known for as long as an owner, or of whose device nothing is known, can't be told from one.
    pub fn came_after(&self, known: &Device) -> bool {
        let is_newcomer = self.device.is_some_and(|theirs| theirs != known.id);
        let instants = self.since.zip(self.done);
        is_newcomer && instants.is_some_and(|(since, done)| was_here(known, since, done))
    }

    /// Whether a device is the intruder's.
    pub fn sat_at(&self, device: Id<Device>) -> bool {
        self.device == Some(device)
    }

    /// Whether a second factor is the intruder's. What waits for its confirmation always is: its owner begins again.
    pub fn set_up(&self, row: &Credential) -> bool {
        let is_since = |at| self.since.is_some_and(|since| at >= since);
        let made_again = || {
            row.kind == CredentialKind::BackupCodes
                && row
                    .read::<BackupCodes>()
                    .is_some_and(|codes| is_since(codes.made_at))
        };
        let is_theirs = self.device.is_some() && row.device_id == self.device;
        row.kind.method().is_none() || is_theirs || is_since(row.created_at) || made_again()
    }
}

/// Whether somebody signed in with a device long before an instant, did so of late as well, and nobody signed it out or replaced the
/// password over it until another. What was done after that says nothing: an intruder may have done it.
pub fn was_here(known: &Device, before: Timestamp, until: Timestamp) -> bool {
    let is_in_use = before.since(known.last_seen_at) <= IN_USE;
    is_in_use
        && before.since(known.first_seen_at) >= NEW_FOR
        && known
            .passed_over_at
            .is_none_or(|passed_over| passed_over >= until)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::secret::ValueHash;

    const DAY: Duration = Duration::days(1);
    const REPORTED: Timestamp = Timestamp(100 * 86_400_000);

    fn id(last: u8) -> Id<Device> {
        format!("018f0000-0000-7000-8000-0000000000{last:02}")
            .parse()
            .unwrap()
    }

    fn device(first_seen_at: Timestamp, distrusted_at: Option<Timestamp>) -> Device {
        Device {
            id: id(1),
            user_id: "018f0000-0000-7000-8000-000000000000".parse().unwrap(),
            token_hash: ValueHash::of(b"device"),
            traits: String::new(),
            label: None,
            first_seen_at,
            last_seen_at: REPORTED,
            address: String::new(),
            country: None,
            user_agent: String::new(),
            trusted_until: None,
            distrusted_at,
            passed_over_at: None,
        }
    }

    fn app(created_at: Timestamp, device_id: Option<Id<Device>>) -> Credential {
        Credential {
            id: "018f0000-0000-7000-8000-000000000009".parse().unwrap(),
            user_id: "018f0000-0000-7000-8000-000000000000".parse().unwrap(),
            kind: CredentialKind::Totp,
            label: String::new(),
            data: "{}".to_owned(),
            created_at,
            last_used_at: None,
            device_id,
            version: 1,
        }
    }

    fn ago(days: i64) -> Timestamp {
        REPORTED - Duration::days(days)
    }

    #[test]
    fn what_was_set_up_in_a_device_that_was_new_goes_however_long_before_the_report() {
        let known = device(ago(20), None);
        let intrusion = Intrusion::reported(REPORTED, Some(id(1)), Some(&known));
        assert!(intrusion.set_up(&app(ago(10), Some(id(1)))));
        assert!(!intrusion.set_up(&app(ago(10), Some(id(2)))), "the owner's");
        assert!(!intrusion.set_up(&app(ago(10), None)), "an operator's");
        assert!(intrusion.set_up(&app(REPORTED, Some(id(2)))));
        assert!(intrusion.set_up(&app(REPORTED + DAY, None)));
        // Whoever makes the row go away gains nothing by it.
        let forgotten = Intrusion::reported(REPORTED, Some(id(1)), None);
        assert!(forgotten.set_up(&app(ago(10), Some(id(1)))));
    }

    #[test]
    fn what_was_set_up_long_before_in_a_device_of_the_owner_stays() {
        let known = device(ago(90), None);
        let intrusion = Intrusion::reported(REPORTED, Some(id(1)), Some(&known));
        assert!(!intrusion.set_up(&app(ago(80), Some(id(1)))));
        assert!(intrusion.set_up(&app(REPORTED, Some(id(1)))));
        // Unless they said before that it is none of theirs.
        let known = device(ago(90), Some(ago(1)));
        let intrusion = Intrusion::reported(REPORTED, Some(id(1)), Some(&known));
        assert!(intrusion.set_up(&app(ago(80), Some(id(1)))));
        let unknown = Intrusion::reported(REPORTED, None, None);
        assert!(!unknown.set_up(&app(ago(1), None)));
    }

    #[test]
    fn only_a_device_that_was_there_long_before_and_is_not_the_reported_one_speaks_for_its_owner() {
        let passed_over = |first_seen_at, passed_over_at| Device {
            passed_over_at,
            ..device(first_seen_at, None)
        };
        let here = device(ago(60), None);
        let elsewhere = Intrusion::reported(REPORTED, Some(id(2)), None);
        assert!(elsewhere.came_after(&here));
        assert!(!elsewhere.came_after(&device(ago(29), None)), "new");
        assert!(!elsewhere.came_after(&device(REPORTED, None)));
        let once = Device {
            last_seen_at: ago(36),
            ..device(ago(60), None)
        };
        assert!(!elsewhere.came_after(&once), "not in use");
        // Thrown out before the report; what the intruder did since does not count.
        assert!(!elsewhere.came_after(&passed_over(ago(60), Some(ago(5)))));
        assert!(elsewhere.came_after(&passed_over(ago(60), Some(REPORTED))));
        let later = elsewhere.done_at(REPORTED + DAY);
        assert!(!later.came_after(&passed_over(ago(60), Some(REPORTED))));
        assert!(!later.came_after(&device(ago(29), None)));
        let same = Intrusion::reported(REPORTED, Some(id(1)), None);
        assert!(!same.came_after(&here), "the intruder's own");
        let nobody = Intrusion::of_device(id(2));
        assert!(!nobody.came_after(&here), "no instant");
        // Two who were both here for long: either may be the owner.
        let other = Device {
            id: id(2),
            ..device(ago(40), None)
        };
        let old = Intrusion::reported(REPORTED, Some(id(2)), Some(&other));
        assert!(!old.came_after(&here));
        let nowhere = Intrusion::reported(REPORTED, None, None);
        assert!(!nowhere.came_after(&here));
    }

    #[test]
    fn a_device_that_is_disowned_takes_what_was_set_up_in_it_and_nothing_else() {
        let intrusion = Intrusion::of_device(id(1));
        assert!(intrusion.set_up(&app(ago(400), Some(id(1)))));
        assert!(!intrusion.set_up(&app(REPORTED + DAY, Some(id(2)))));
        assert!(!intrusion.set_up(&app(REPORTED + DAY, None)));
        let pending = Credential {
            kind: CredentialKind::TotpPending,
            ..app(ago(1), None)
        };
        assert!(intrusion.set_up(&pending));
    }
}
