//! The only place that knows SQL. Rows go in, domain nouns come out; what is recorded is a value, a [`Work`], handed to
//! [`Store::commit`]. SQLite and PostgreSQL look the same from outside.
//!
//! Must never know flows, pages or HTTP. Start reading at [`Store`] and [`Work`]; then any noun's file (`users`,
//! `sessions`, …) shows its finders on `Store` and its verbs on `Work`, each statement written once for both databases.
//!
//! Durability: everything committed by [`Store::commit`] survives `kill -9`, and a loss of power too (SQLite WAL with
//! `synchronous=FULL`, PostgreSQL with `synchronous_commit=on`). The one exception is a unit marked [`Work::without_sync`]: a login
//! that only began, a try that was counted. On SQLite it survives `kill -9`, and a loss of power once anything else was committed.

mod admin;
mod entity;
mod envelope;
mod keys;
mod lists;
mod order;
mod orm;
mod placeholder;
mod postgres;
mod rotation;
mod row;
mod seal;
mod sqlite;
mod store;
mod value;
mod work;

mod administration;
mod administrators;
mod audit;
mod budgets;
mod changes;
mod clients;
mod consents;
mod credentials;
mod devices;
mod jobs;
mod logins;
mod organizations;
mod refresh_families;
mod server_keys;
mod sessions;
mod settings;
mod signing_keys;
mod single_use;
mod status_list;
mod sweep;
mod users;
mod webauthn_ids;

#[cfg(test)]
mod tests;

pub use admin::Administration;
pub use audit::{
    AuditFilter, AuditRow, AuditScope, ChainReport, Checkpoint, FailedSignIns, Finding, Prunable,
    Signed,
};
pub use changes::Change;
pub use credentials::PasswordOwner;
pub use envelope::MasterKey;
pub use identity_migrations::MigrationStatus;
pub use lists::{LARGEST_PAGE, Page, PageRequest, UserFilter};
pub use orm::{migrate, migration_status};
pub use refresh_families::{FamilyInUse, SessionState};
pub use rotation::Rotated;
pub use sessions::SessionFound;
pub use status_list::RevokedStatus;
pub use store::{Options, Store, Tally};
pub use users::{Account, Person};
pub use work::{Lost, Work};
