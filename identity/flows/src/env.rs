//! What every flow may reach besides its arguments: one struct, no locator.

use std::sync::Arc;

use identity_domain::Fault;
use identity_domain::audit::{Actor, Event, Record, RequestContext};
use identity_domain::id::Id;
use identity_domain::organization::Organization;
use identity_domain::ports::{
    BreachedPasswords, Clock, Entropy, Fetch, Geo, MailRenderer, MailTransport, SmsTransport,
};
use identity_domain::settings::Settings;
use identity_domain::time::Timestamp;
use identity_oauth::claims_request::ClaimsRequest;
use identity_storage::{Lost, Store, Work};

use crate::access::SeenTokens;
use crate::client_authentication::SecretMemo;
use crate::directory::Directory;
use crate::keyring::Keyring;
use crate::password::HashingPool;
use crate::refusals::Refusals;
use crate::status::StatusBoard;

/// Everything a flow may reach besides its arguments.
pub struct Env {
    /// The database, both kinds alike.
    pub store: Store,
    /// The only source of time.
    pub clock: Arc<dyn Clock>,
    /// The only source of randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Parsed signing and refresh keys.
    pub keys: Keyring,
    /// Snapshots of clients, organizations and people's claims, changed on write.
    pub directory: Directory,
    /// What was revoked, and the list that says so.
    pub status: StatusBoard,
    /// Access tokens whose signature was verified before.
    pub seen: SeenTokens,
    /// The `claims` parameter of grants, by the index of their status, as userinfo needs it.
    pub requested_claims: moka::sync::Cache<i64, Option<Arc<ClaimsRequest>>>,
    /// Chosen client secrets proven a moment ago.
    pub client_secrets: SecretMemo,
    /// Refusals that were recorded lately.
    pub refusals: Refusals,
    /// The bounded pool in which passwords are hashed.
    pub hashing: HashingPool,
    /// What the operator decided.
    pub settings: Arc<Settings>,
    /// Ports to the outside.
    pub outside: Outside,
}

/// Ports to the outside.
pub struct Outside {
    /// Mail server, or the sink of `identity dev`.
    pub mail: Arc<dyn MailTransport>,
    /// Writes mails in the theme's words.
    pub mail_renderer: Arc<dyn MailRenderer>,
    /// SMS gateway; `None` until one is configured.
    pub sms: Option<Arc<dyn SmsTransport>>,
    /// Looks addresses up; `None` without the operator's file.
    pub geo: Option<Arc<dyn Geo>>,
    /// The only way to a URL somebody else chose.
    pub fetch: Arc<dyn Fetch>,
    /// Breached passwords by range; `None` when not configured.
    pub breached: Option<Arc<dyn BreachedPasswords>>,
}

/// The request a flow answers: who asks, from where, and the one instant that counts for all of it.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// Address, agent and request id.
    pub context: &'a RequestContext,
    /// When it began.
    pub now: Timestamp,
}

impl Env {
    /// An empty memory for [`Env::requested_claims`].
    pub fn claims_memory() -> moka::sync::Cache<i64, Option<Arc<ClaimsRequest>>> {
        moka::sync::Cache::builder()
            .max_capacity(20_000)
            .time_to_live(std::time::Duration::from_mins(15))
            .build()
    }

    /// The present instant; asked once at the start of a flow.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A request with the instant that counts for all of it; made once at the start of a flow.
    pub fn visit<'a>(&self, context: &'a RequestContext) -> Visit<'a> {
        Visit {
            context,
            now: self.now(),
        }
    }

    /// A new identifier.
    pub fn id<T>(&self, now: Timestamp) -> Id<T> {
        Id::new(now, self.entropy.as_ref())
    }

    /// An audit record in an organization's chain, or the instance's.
    pub fn record(
        &self,
        organization_id: Option<Id<Organization>>,
        actor: Actor,
        event: Event,
        visit: Visit<'_>,
    ) -> Record {
        Record {
            id: self.id(visit.now),
            at: visit.now,
            organization_id,
            actor,
            event,
            context: visit.context.clone(),
        }
    }

    /// A unit of work that begins with its event.
    pub fn audited(
        &self,
        organization_id: Option<Id<Organization>>,
        actor: Actor,
        event: Event,
        visit: Visit<'_>,
    ) -> Work {
        Work::audited(self.record(organization_id, actor, event, visit))
    }
}

/// A lost unit where nothing but a fault was to be expected.
pub fn fault(lost: Lost) -> Fault {
    match lost {
        Lost::Busy => Fault::busy("the write queue is full"),
        Lost::Fault(fault) => fault,
        Lost::Guard(guard) => Fault::new(format!("lost guard {guard}")),
        Lost::Conflict(what) => Fault::new(format!("conflict at {what}")),
    }
}
