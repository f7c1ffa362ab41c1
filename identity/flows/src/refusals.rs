//! Refusals that anybody can cause as often as they like: each is recorded until one address, or all together, cause more than the
//! audit log should hold. Beyond that they are counted, and the log says once that it does not tell all.
//!
//! Those of a person whose first factor is proven are counted by person, and apart: what the owner is told of (H-56) is read from the log,
//! so whoever used up the records of an address must not go on to guess codes unseen. Those of a client that proved itself are counted by
//! client, for the same reason: anybody can send requests in the name of one that has no secret.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use identity_domain::Id;
use identity_domain::audit::{Actor, Event};
use identity_domain::failure::{Failure, Fault};
use identity_domain::organization::Organization;
use identity_domain::refusal::LoginRefusal;
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::User;
use identity_storage::Work;
use moka::sync::Cache;

use crate::client_authentication::AuthenticatedClient;
use crate::env::{Env, Visit, fault};
use crate::login::password::network_of;

/// After this long counting starts anew.
const WINDOW: Duration = Duration::minutes(10);
/// Records of one address (IPv6: its /64), one person or one client, in a window.
const OF_ONE: u64 = 60;
/// Records of all addresses in a window: a botnet has many.
const OF_ALL: u64 = 5_000;
/// Addresses, people or clients that are told apart.
const SUBJECTS: u64 = 20_000;

/// How many refusals were recorded lately. Kept by each node for itself: it bounds a log, it guards nothing.
#[derive(Default)]
pub struct Refusals {
    strangers: Lane,
    people: Lane,
    clients: Lane,
    unrecorded: AtomicU64,
}

struct Lane {
    of_one: Cache<String, Counted>,
    of_all: Mutex<Counted>,
}

#[derive(Clone, Copy, Default)]
struct Counted {
    since: Timestamp,
    count: u64,
}

/// What becomes of one refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Recorded,
    /// The first one too many.
    Last,
    Counted,
}

impl Default for Lane {
    fn default() -> Self {
        Self {
            of_one: Cache::builder().max_capacity(SUBJECTS).build(),
            of_all: Mutex::default(),
        }
    }
}

impl Counted {
    fn next(self, now: Timestamp) -> Self {
        if self.count == 0 || now.since(self.since) >= WINDOW || now < self.since {
            return Self {
                since: now,
                count: 1,
            };
        }
        Self {
            count: self.count + 1,
            ..self
        }
    }

    fn fate(self, most: u64) -> Fate {
        match self.count {
            count if count <= most => Fate::Recorded,
            count if count == most + 1 => Fate::Last,
            _ => Fate::Counted,
        }
    }
}

impl Refusals {
    /// Refusals that left no record since the start.
    pub fn unrecorded(&self) -> u64 {
        self.unrecorded.load(Ordering::Relaxed)
    }

    /// The unit that begins with what becomes of a refusal in a lane, if anything is written of it.
    fn unit(
        &self,
        env: &Env,
        (lane, subject): (&Lane, String),
        (organization, actor, event): (Option<Id<Organization>>, Actor, Event),
        visit: Visit<'_>,
    ) -> Option<Work> {
        let fate = lane.judge(&subject, visit.now);
        if fate != Fate::Recorded {
            self.unrecorded.fetch_add(1, Ordering::Relaxed);
        }
        match fate {
            Fate::Recorded => Some(env.audited(organization, actor, event, visit)),
            Fate::Last => {
                let budget = "refusals";
                tracing::warn!(subject, "refusals are counted and no longer recorded");
                let event = Event::Throttled { budget, subject };
                Some(env.audited(None, Actor::System, event, visit))
            }
            Fate::Counted => None,
        }
    }
}

impl Lane {
    fn judge(&self, subject: &str, now: Timestamp) -> Fate {
        let counted = self
            .of_one
            .entry_by_ref(subject)
            .and_upsert_with(|known| {
                known
                    .map(moka::Entry::into_value)
                    .unwrap_or_default()
                    .next(now)
            })
            .into_value();
        match counted.fate(OF_ONE) {
            Fate::Recorded => {
                let mut all = self.of_all.lock().unwrap_or_else(PoisonError::into_inner);
                *all = all.next(now);
                all.fate(OF_ALL)
            }
            beyond => beyond,
        }
    }
}

/// Records the refusal of somebody who proved nothing, as long as there are not too many of them.
pub async fn record(
    env: &Env,
    organization: Option<Id<Organization>>,
    event: Event,
    visit: Visit<'_>,
) -> Result<(), Fault> {
    match recorded(env, organization, event, visit) {
        Some(work) => env.store.commit(work).await.map_err(fault),
        None => Ok(()),
    }
}

/// Records the refusal of what a client presented, as long as there are not too many of them.
pub async fn record_of_client(
    env: &Env,
    client: &AuthenticatedClient,
    event: Event,
    visit: Visit<'_>,
) -> Result<(), Fault> {
    let (refusals, about) = (&env.refusals, client.client());
    let counted = if client.is_confidential() {
        (&refusals.clients, about.client_id.clone())
    } else {
        (&refusals.strangers, network_of(&visit.context.address))
    };
    let actor = Actor::Client(about.client_id.clone());
    match refusals.unit(env, counted, (about.organization_id, actor, event), visit) {
        Some(work) => env.store.commit(work).await.map_err(fault),
        None => Ok(()),
    }
}

/// Records a refusal and hands it back.
pub async fn refused(
    env: &Env,
    event: Event,
    refusal: LoginRefusal,
    visit: Visit<'_>,
) -> Failure<LoginRefusal> {
    handed_back(env, recorded(env, None, event, visit), refusal).await
}

/// Records a refusal of a person whose first factor is proven, and hands it back.
pub async fn refused_to(
    env: &Env,
    user: Id<User>,
    event: Event,
    refusal: LoginRefusal,
    visit: Visit<'_>,
) -> Failure<LoginRefusal> {
    let refusals = &env.refusals;
    let counted = (&refusals.people, user.to_string());
    let unit = refusals.unit(env, counted, (None, Actor::User(user), event), visit);
    handed_back(env, unit, refusal).await
}

async fn handed_back(
    env: &Env,
    work: Option<Work>,
    refusal: LoginRefusal,
) -> Failure<LoginRefusal> {
    let Some(work) = work else {
        return Failure::Refused(refusal);
    };
    match env.store.commit(work).await {
        Ok(()) => Failure::Refused(refusal),
        Err(lost) => Failure::Fault(fault(lost)),
    }
}

/// The unit that records a refusal of somebody who proved nothing, as long as there are not too many of them.
pub fn recorded(
    env: &Env,
    organization: Option<Id<Organization>>,
    event: Event,
    visit: Visit<'_>,
) -> Option<Work> {
    let refusals = &env.refusals;
    let counted = (&refusals.strangers, network_of(&visit.context.address));
    refusals.unit(env, counted, (organization, Actor::Anonymous, event), visit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aud_01_refusals_are_recorded_until_there_are_too_many() {
        let refusals = Lane::default();
        let (start, mut fates) = (Timestamp::from_seconds(1_000), Vec::new());
        for _ in 0..OF_ONE + 3 {
            fates.push(refusals.judge("one", start));
        }
        let recorded = |fates: &[Fate], fate| fates.iter().filter(|one| **one == fate).count();
        assert_eq!(recorded(&fates, Fate::Recorded) as u64, OF_ONE);
        assert_eq!(recorded(&fates, Fate::Last), 1);
        // Others have their own, and time heals.
        assert_eq!(refusals.judge("other", start), Fate::Recorded);
        assert_eq!(refusals.judge("one", start + WINDOW), Fate::Recorded);
    }

    #[test]
    fn aud_01_many_addresses_together_have_a_bound_too() {
        let refusals = Lane::default();
        let now = Timestamp::from_seconds(1_000);
        let fates: Vec<Fate> = (0..OF_ALL + 10)
            .map(|address| refusals.judge(&address.to_string(), now))
            .collect();
        let told = fates.iter().filter(|fate| **fate == Fate::Recorded).count();
        assert_eq!(told as u64, OF_ALL);
        assert_eq!(fates.iter().filter(|fate| **fate == Fate::Last).count(), 1);
    }
}
