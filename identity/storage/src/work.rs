//! A unit of work is a value: guarded statements collected by typed verbs, made durable together or not at all.
//!
//! The verbs stand beside the finders of their noun (`users.rs`, `sessions.rs`, …); here are only the makers and the
//! crate-private steps they push.

use std::borrow::Cow;
use std::fmt;

use identity_domain::Fault;

use crate::value::Value;

/// Why a unit of work was not recorded. Whatever the reason: nothing of it happened.
#[derive(Debug)]
pub enum Lost {
    /// A guard matched no row: somebody was faster, or the value was never there. Names the guard.
    Guard(&'static str),
    /// A row of that table with the same unique key exists.
    Conflict(&'static str),
    /// Overload, or the database is away: come back later.
    Busy,
    /// Ours.
    Fault(Fault),
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guard(name) => write!(f, "guard `{name}` was lost"),
            Self::Conflict(table) => write!(f, "a row of `{table}` with the same key exists"),
            Self::Busy => f.write_str("the database is busy"),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}
impl std::error::Error for Lost {}

impl From<Fault> for Lost {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Lost> for Fault {
    /// For units that cannot lose by design: a lost guard is then a fault of ours.
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Busy => Self::busy("the database is busy"),
            Lost::Fault(fault) => fault,
            Lost::Guard(_) | Lost::Conflict(_) => Self::new(lost),
        }
    }
}

/// One statement of a unit. Placeholders are `?`, written once for both databases.
pub(crate) struct Step {
    pub sql: Cow<'static, str>,
    pub args: Vec<Value>,
    /// When named, the statement must touch exactly one row, else the whole unit is lost under this name.
    pub guard: Option<&'static str>,
}

/// A unit of work. Made with an audit event, or with a reason why there is none; there is no third maker.
#[must_use = "a unit of work does nothing until it is committed"]
pub struct Work {
    pub(crate) steps: Vec<Step>,
    pub(crate) ordered: bool,
    pub(crate) seals: bool,
    pub(crate) synced: bool,
}

impl Work {
    /// A unit that leaves no trace in the audit log, with the reason why that is right; `grep unaudited` finds them all.
    pub fn unaudited(reason: &'static str) -> Self {
        debug_assert!(!reason.is_empty(), "a reason is needed");
        Self::empty()
    }

    pub(crate) fn empty() -> Self {
        Self {
            steps: Vec::with_capacity(4),
            ordered: false,
            seals: false,
            synced: true,
        }
    }

    /// The steps depend on each other's effect in a way that cannot be seen in them (`order.rs` finds what can): they run one after the
    /// other in a transaction. SQLite always does so; PostgreSQL otherwise runs all steps of a unit in one statement.
    pub fn ordered(mut self) -> Self {
        self.ordered = true;
        self
    }

    /// A loss of power may take this unit back; the end of the process may not. For what is simply done again: a login that only began, a
    /// count of tries. SQLite then does not wait for the disk, PostgreSQL does as ever.
    pub fn without_sync(mut self) -> Self {
        self.synced = false;
        self
    }

    /// How many steps were collected.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing was collected.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Pushes a step that may touch any number of rows.
    pub(crate) fn step(self, sql: &'static str, args: impl Into<Vec<Value>>) -> Self {
        self.push(Cow::Borrowed(sql), args.into(), None)
    }

    /// Pushes a step that must touch exactly one row.
    pub(crate) fn guarded(
        self,
        guard: &'static str,
        sql: &'static str,
        args: impl Into<Vec<Value>>,
    ) -> Self {
        self.push(Cow::Borrowed(sql), args.into(), Some(guard))
    }

    pub(crate) fn push(
        mut self,
        sql: Cow<'static, str>,
        args: Vec<Value>,
        guard: Option<&'static str>,
    ) -> Self {
        self.seals |= args.iter().any(|arg| matches!(arg, Value::Seal(_)));
        self.steps.push(Step { sql, args, guard });
        self
    }
}

impl fmt::Debug for Work {
    // Arguments may be personal: only the statements are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.steps.iter().map(|step| &step.sql))
            .finish()
    }
}

/// The tables whose names [`Lost::Conflict`] gives.
const TABLES: [&str; 29] = [
    "organizations",
    "roles",
    "users",
    "credentials",
    "memberships",
    "clients",
    "consents",
    "logins",
    "sessions",
    "session_clients",
    "refresh_families",
    "single_use",
    "budgets",
    "signing_keys",
    "server_keys",
    "data_keys",
    "revoked_statuses",
    "revoked_tokens",
    "jobs",
    "settings",
    "changes",
    "counters",
    "audit",
    "audit_chains",
    "audit_checkpoints",
    "audit_anchors",
    "connections",
    "service_providers",
    "devices",
];

/// The static name of a table named in a database's message.
pub(crate) fn table_name(name: &str) -> &'static str {
    TABLES
        .into_iter()
        .find(|table| *table == name)
        .unwrap_or("row")
}
