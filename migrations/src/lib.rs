//! The schema: one file per change, the same file for SQLite and PostgreSQL.
//!
//! Changes expand first and contract later, so that the previous binary keeps working on the new schema. A file that was
//! released is never edited again. Start reading at [`schema`] (the few words all files are written in) and [`run`].

pub mod run;
pub mod schema;

mod m0001_people;
mod m0002_clients;
mod m0003_sign_in;
mod m0004_tokens;
mod m0005_keys;
mod m0006_operation;
mod m0007_audit;
mod m0008_audit_places;
mod m0009_factors;
mod m0010_activity;
mod m0011_language;
mod m0012_where_set_up;
mod m0013_audit_anchors;
mod m0014_sessions_renewed;
mod m0015_branding;
mod m0016_devices_passed_over;

pub use run::{MigrationStatus, migrate, status};
use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait, async_trait};

/// The names of all changes, as a database notes those it has.
pub fn names() -> Vec<String> {
    let all = Migrator::migrations();
    all.iter().map(|change| change.name().to_owned()).collect()
}

/// All changes in the order in which they are applied.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_clients::Migration),
            Box::new(m0003_sign_in::Migration),
            Box::new(m0004_tokens::Migration),
            Box::new(m0005_keys::Migration),
            Box::new(m0006_operation::Migration),
            Box::new(m0007_audit::Migration),
            Box::new(m0008_audit_places::Migration),
            Box::new(m0009_factors::Migration),
            Box::new(m0010_activity::Migration),
            Box::new(m0011_language::Migration),
            Box::new(m0012_where_set_up::Migration),
            Box::new(m0013_audit_anchors::Migration),
            Box::new(m0014_sessions_renewed::Migration),
            Box::new(m0015_branding::Migration),
            Box::new(m0016_devices_passed_over::Migration),
        ]
    }
}
