//! Everything that is worth a record.

use crate::Id;
use crate::organization::Organization;
use crate::user::User;

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
    /// Records of the log were removed because of their age.
    AuditPruned {
        organization: Option<Id<Organization>>,
        through: i64,
        records: i64,
    },
    /// A budget was exhausted: the alert of PWD-04.
    Throttled {
        budget: &'static str,
        subject: String,
    },
}
