//! What is written down: who did what, to whom, from where, and how it ended.

use serde_json::{Value, json};

use crate::Id;
use crate::client::Client;
use crate::device::Device;
use crate::organization::Organization;
use crate::time::Timestamp;
use crate::user::User;

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
        .map(|c| if c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}') { '\u{fffd}' } else { c })
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

/// What happened. Names are stable; each becomes an `action` and a small JSON document without secrets.
#[derive(Clone, Debug)]
pub enum Event {
    /// A session began.
    SignedIn {
        user: Id<User>,
        session: String,
        amr: Vec<String>,
        client: Option<String>,
    },
    /// A sign-in attempt was refused; `account` is the hash prefix of the identifier, never what was typed.
    SignInRefused {
        user: Option<Id<User>>,
        account: String,
        reason: &'static str,
    },
    /// A session ended.
    SignedOut {
        user: Id<User>,
        session: String,
        reason: &'static str,
    },
    /// Several sessions ended at once.
    SessionsEnded {
        user: Id<User>,
        count: Option<u64>,
        reason: &'static str,
    },
    /// An account was made.
    UserRegistered { user: Id<User> },
    /// An account was made or changed by an operator or a file.
    UserChanged {
        user: Id<User>,
        change: &'static str,
    },
    /// An address was proven.
    EmailVerified { user: Id<User> },
    /// A proof of an address or a recovery was asked for.
    MailRequested {
        user: Option<Id<User>>,
        account: String,
        purpose: &'static str,
    },
    /// A mailed code or link was refused.
    CodeRefused {
        user: Option<Id<User>>,
        purpose: &'static str,
        reason: &'static str,
    },
    /// A password was set, changed, reset, imported or rehashed.
    PasswordChanged { user: Id<User>, how: &'static str },
    /// A change of password was refused.
    PasswordChangeRefused {
        user: Id<User>,
        reason: &'static str,
    },
    /// A person allowed an application.
    ConsentGranted {
        user: Id<User>,
        client: String,
        scopes: Vec<String>,
    },
    /// A person refused an application, or took consent back.
    ConsentWithdrawn {
        user: Id<User>,
        client: String,
        how: &'static str,
    },
    /// A code was issued.
    Authorized {
        user: Id<User>,
        client: String,
        session: String,
        scopes: Vec<String>,
    },
    /// An authorization request was refused after its client was known.
    AuthorizationRefused { client: String, reason: String },
    /// Tokens were issued for a code.
    TokenIssued {
        user: Id<User>,
        client: String,
        family: String,
    },
    /// Tokens were refreshed.
    TokenRefreshed {
        user: Id<User>,
        client: String,
        family: String,
        generation: i64,
    },
    /// A token request was refused.
    TokenRefused {
        client: String,
        user: Option<Id<User>>,
        reason: String,
    },
    /// A used code or an old refresh token came back: the grant was revoked.
    ReuseDetected {
        client: String,
        user: Id<User>,
        family: String,
        what: &'static str,
    },
    /// A token or grant was revoked on request.
    TokenRevoked { client: String, what: &'static str },
    /// A client failed to authenticate.
    ClientRefused { client: String, reason: String },
    /// A client was made, changed or removed.
    ClientChanged {
        client: String,
        change: &'static str,
    },
    /// An organization was made, changed or removed.
    OrganizationChanged {
        organization: Id<Organization>,
        change: &'static str,
    },
    /// A membership was made, changed or removed.
    MembershipChanged {
        user: Id<User>,
        organization: Id<Organization>,
        roles: Vec<String>,
        change: &'static str,
    },
    /// A signing or encryption key changed its state.
    KeyChanged { kid: String, change: &'static str },
    /// A one-time administrator link was made.
    AdminLinkCreated { user: Id<User> },
    /// A second factor was set up.
    FactorAdded {
        user: Id<User>,
        kind: &'static str,
        credential: String,
    },
    /// A second factor was removed, renamed or made anew.
    FactorChanged {
        user: Id<User>,
        kind: &'static str,
        change: &'static str,
    },
    /// An operator removed a second factor, for a reason.
    FactorRemoved {
        user: Id<User>,
        kind: &'static str,
        reason: String,
    },
    /// A second factor was proven, or a backup code spent.
    FactorUsed {
        user: Id<User>,
        method: &'static str,
    },
    /// A second factor or its enrolment was refused.
    FactorRefused {
        user: Option<Id<User>>,
        method: &'static str,
        reason: &'static str,
    },
    /// A code was sent as a second factor.
    CodeSent {
        user: Id<User>,
        method: &'static str,
    },
    /// A person signed in from a browser or country that was new for them.
    NewDevice {
        user: Id<User>,
        device: String,
        what: &'static str,
    },
    /// A device was trusted, renamed, forgotten or disowned.
    DeviceChanged {
        user: Id<User>,
        device: String,
        change: &'static str,
    },
    /// A person said "this wasn't me"; administrators watch for it.
    SignInReported { user: Id<User>, what: &'static str },
    /// A person changed what they say about themselves, or how they are told things.
    ProfileChanged {
        user: Id<User>,
        change: &'static str,
    },
    /// A person's own data was handed to them.
    DataExported { user: Id<User> },
    /// The deletion of an account was asked for, cancelled or done.
    DeletionChanged {
        user: Id<User>,
        change: &'static str,
    },
    /// A budget was exhausted: the alert of PWD-04.
    Throttled {
        budget: &'static str,
        subject: String,
    },
}

impl Event {
    /// Stable name of the action.
    pub const fn action(&self) -> &'static str {
        match self {
            Self::SignedIn { .. } | Self::SignInRefused { .. } => "session.sign_in",
            Self::SignedOut { .. } => "session.sign_out",
            Self::SessionsEnded { .. } => "session.end_all",
            Self::UserRegistered { .. } => "user.register",
            Self::UserChanged { .. } => "user.change",
            Self::EmailVerified { .. } => "user.verify_email",
            Self::MailRequested { .. } => "user.request_mail",
            Self::CodeRefused { .. } => "user.use_code",
            Self::PasswordChanged { .. } | Self::PasswordChangeRefused { .. } => {
                "user.change_password"
            }
            Self::ConsentGranted { .. } => "consent.grant",
            Self::ConsentWithdrawn { .. } => "consent.withdraw",
            Self::Authorized { .. } | Self::AuthorizationRefused { .. } => "client.authorize",
            Self::TokenIssued { .. } | Self::TokenRefused { .. } => "token.issue",
            Self::TokenRefreshed { .. } => "token.refresh",
            Self::ReuseDetected { .. } => "token.reuse",
            Self::TokenRevoked { .. } => "token.revoke",
            Self::ClientRefused { .. } => "client.authenticate",
            Self::ClientChanged { .. } => "client.change",
            Self::OrganizationChanged { .. } => "organization.change",
            Self::MembershipChanged { .. } => "membership.change",
            Self::KeyChanged { .. } => "key.change",
            Self::AdminLinkCreated { .. } => "admin.link",
            Self::FactorAdded { .. } => "factor.add",
            Self::FactorChanged { .. } | Self::FactorRemoved { .. } => "factor.change",
            Self::FactorUsed { .. } | Self::FactorRefused { .. } => "factor.use",
            Self::CodeSent { .. } => "factor.send_code",
            Self::NewDevice { .. } => "device.new",
            Self::DeviceChanged { .. } => "device.change",
            Self::SignInReported { .. } => "session.report",
            Self::ProfileChanged { .. } => "user.change_profile",
            Self::DataExported { .. } => "user.export",
            Self::DeletionChanged { .. } => "user.delete",
            Self::Throttled { .. } => "limit.reached",
        }
    }

    /// Whether it was done (`ok`) or refused.
    pub const fn result(&self) -> &'static str {
        match self {
            Self::SignInRefused { .. }
            | Self::FactorRefused { .. }
            | Self::CodeRefused { .. }
            | Self::PasswordChangeRefused { .. }
            | Self::AuthorizationRefused { .. }
            | Self::TokenRefused { .. }
            | Self::ReuseDetected { .. }
            | Self::ClientRefused { .. }
            | Self::Throttled { .. } => "refused",
            _ => "ok",
        }
    }

    /// What it was done to, as `kind:id`.
    pub fn target(&self) -> String {
        match self {
            Self::SignedIn { user, .. }
            | Self::SignedOut { user, .. }
            | Self::SessionsEnded { user, .. }
            | Self::UserRegistered { user }
            | Self::UserChanged { user, .. }
            | Self::EmailVerified { user }
            | Self::PasswordChanged { user, .. }
            | Self::PasswordChangeRefused { user, .. }
            | Self::AdminLinkCreated { user }
            | Self::FactorAdded { user, .. }
            | Self::FactorChanged { user, .. }
            | Self::FactorRemoved { user, .. }
            | Self::FactorUsed { user, .. }
            | Self::CodeSent { user, .. }
            | Self::NewDevice { user, .. }
            | Self::DeviceChanged { user, .. }
            | Self::SignInReported { user, .. }
            | Self::ProfileChanged { user, .. }
            | Self::DataExported { user }
            | Self::DeletionChanged { user, .. }
            | Self::MembershipChanged { user, .. } => format!("user:{user}"),
            Self::SignInRefused { user, account, .. }
            | Self::MailRequested { user, account, .. } => user.map_or_else(
                || format!("account:{account}"),
                |user| format!("user:{user}"),
            ),
            Self::CodeRefused { user, .. } | Self::FactorRefused { user, .. } => {
                user.map_or_else(|| "user:unknown".to_owned(), |user| format!("user:{user}"))
            }
            Self::ConsentGranted { client, .. }
            | Self::ConsentWithdrawn { client, .. }
            | Self::Authorized { client, .. }
            | Self::AuthorizationRefused { client, .. }
            | Self::TokenIssued { client, .. }
            | Self::TokenRefreshed { client, .. }
            | Self::TokenRefused { client, .. }
            | Self::ReuseDetected { client, .. }
            | Self::TokenRevoked { client, .. }
            | Self::ClientRefused { client, .. }
            | Self::ClientChanged { client, .. } => format!("client:{}", one_line(client, 128)),
            Self::OrganizationChanged { organization, .. } => {
                format!("organization:{organization}")
            }
            Self::KeyChanged { kid, .. } => format!("key:{kid}"),
            Self::Throttled { budget, subject } => format!("{budget}:{}", one_line(subject, 128)),
        }
    }

    /// The rest, as a JSON object of short values.
    #[expect(clippy::too_many_lines, reason = "a table: one arm per event")]
    pub fn data(&self) -> Value {
        match self {
            Self::SignedIn {
                session,
                amr,
                client,
                ..
            } => json!({"session": session, "amr": amr, "client": client}),
            Self::SignInRefused {
                reason, account, ..
            } => json!({"reason": reason, "account": account}),
            Self::SignedOut {
                session, reason, ..
            } => json!({"session": session, "reason": reason}),
            Self::SessionsEnded { count, reason, .. } => json!({"count": count, "reason": reason}),
            Self::FactorAdded {
                kind, credential, ..
            } => json!({"kind": kind, "credential": credential}),
            Self::FactorChanged { kind, change, .. } => json!({"kind": kind, "change": change}),
            Self::FactorRemoved { kind, reason, .. } => {
                json!({"kind": kind, "change": "removed_by_operator", "reason": reason})
            }
            Self::FactorUsed { method, .. } | Self::CodeSent { method, .. } => {
                json!({"method": method})
            }
            Self::FactorRefused { method, reason, .. } => {
                json!({"method": method, "reason": reason})
            }
            Self::NewDevice { device, what, .. } => json!({"device": device, "what": what}),
            Self::DeviceChanged { device, change, .. } => {
                json!({"device": device, "change": change})
            }
            Self::UserChanged { change, .. }
            | Self::ProfileChanged { change, .. }
            | Self::DeletionChanged { change, .. }
            | Self::ClientChanged { change, .. }
            | Self::OrganizationChanged { change, .. }
            | Self::KeyChanged { change, .. } => json!({"change": change}),
            Self::MailRequested { purpose, .. } => json!({"purpose": purpose}),
            Self::CodeRefused {
                purpose, reason, ..
            } => json!({"purpose": purpose, "reason": reason}),
            Self::PasswordChanged { how, .. } | Self::ConsentWithdrawn { how, .. } => {
                json!({"how": how})
            }
            Self::PasswordChangeRefused { reason, .. } => json!({"reason": reason}),
            Self::ConsentGranted { scopes, .. } => json!({"scopes": scopes}),
            Self::Authorized {
                session, scopes, ..
            } => json!({"session": session, "scopes": scopes}),
            Self::AuthorizationRefused { reason, .. } | Self::ClientRefused { reason, .. } => {
                json!({"reason": one_line(reason, 256)})
            }
            Self::TokenIssued { user, family, .. } => json!({"user": user, "family": family}),
            Self::TokenRefreshed {
                user,
                family,
                generation,
                ..
            } => json!({"user": user, "family": family, "generation": generation}),
            Self::TokenRefused { user, reason, .. } => {
                json!({"user": user, "reason": one_line(reason, 256)})
            }
            Self::ReuseDetected {
                user, family, what, ..
            } => json!({"user": user, "family": family, "what": what}),
            Self::TokenRevoked { what, .. } | Self::SignInReported { what, .. } => {
                json!({"what": what})
            }
            Self::MembershipChanged {
                organization,
                roles,
                change,
                ..
            } => json!({"organization": organization, "roles": roles, "change": change}),
            Self::UserRegistered { .. }
            | Self::EmailVerified { .. }
            | Self::AdminLinkCreated { .. }
            | Self::DataExported { .. }
            | Self::Throttled { .. } => json!({}),
        }
    }
}

/// The chain a client's events stand in.
pub fn chain_of(client: &Client) -> Option<Id<Organization>> {
    client.organization_id
}
