//! What is written down: who did what, to whom, from where, and how it ended.

mod event;
mod written;

pub use event::Event;

use crate::Id;
use crate::client::Client;
use crate::device::Device;
use crate::organization::Organization;
use crate::time::Timestamp;
use crate::user::User;
use identity_oauth::text::is_unseen;

/// From where a request came; every event carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestContext {
    /// Resolved client address; empty for the command line.
    pub address: String,
    /// `User-Agent`, made harmless and capped by [`RequestContext::new`].
    pub user_agent: String,
    /// Our own id of the request.
    pub request_id: String,
    /// The recognised device of the person it is about, where a flow found one: its tries are counted apart from those of strangers.
    pub known_device: Option<Id<Device>>,
}

impl RequestContext {
    /// Caps the agent at 256 characters and replaces control and bidirectional marks, so that a record stays one honest line (AUD-05).
    pub fn new(
        address: impl Into<String>,
        user_agent: &str,
        request_id: impl Into<String>,
    ) -> Self {
        Self {
            address: address.into(),
            user_agent: one_line(user_agent, 256),
            request_id: request_id.into(),
            known_device: None,
        }
    }
}

/// Text from outside as it may stand in a record.
pub fn one_line(text: &str, most: usize) -> String {
    text.chars()
        .take(most)
        .map(|c| if is_unseen(c) { '\u{fffd}' } else { c })
        .collect()
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody known yet.
    Anonymous,
    /// A person.
    User(Id<User>),
    /// A client by its own credentials.
    Client(String),
    /// An operator at the command line, or a declarative file.
    Operator,
    /// The server itself: rotation, sweeping.
    System,
}

impl Actor {
    /// The stored form.
    pub fn to_stored(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::User(id) => format!("user:{id}"),
            Self::Client(id) => format!("client:{id}"),
            Self::Operator => "operator".to_owned(),
            Self::System => "system".to_owned(),
        }
    }
}

/// One record, complete but for its place in the chain.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id.
    pub id: Id<Record>,
    /// When.
    pub at: Timestamp,
    /// In whose chain it stands; `None` is the instance's.
    pub organization_id: Option<Id<Organization>>,
    /// Who.
    pub actor: Actor,
    /// What.
    pub event: Event,
    /// From where.
    pub context: RequestContext,
}

/// The chain a client's events stand in.
pub fn chain_of(client: &Client) -> Option<Id<Organization>> {
    client.organization_id
}
