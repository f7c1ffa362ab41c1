//! Applying the changes under a lock, so that several nodes may start at once.

use sea_orm_migration::MigratorTrait;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use crate::Migrator;

/// The number of the advisory lock all nodes agree on; any constant does.
const LOCK: i64 = 0x6964_656e_7469_7479;

/// One change and whether it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its name, which is its file's.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

/// Brings the schema up to date. All pending changes are one transaction under a lock: a second node waits, then finds
/// nothing to do, and a node that dies leaves nothing half done. Returns the names of what was applied.
pub async fn migrate(database: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    // SQLite: IMMEDIATE takes the write lock at once, so a second process waits here and not in the middle.
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = database.begin_with_options(options).await?;
    if database.get_database_backend() == DbBackend::Postgres {
        transaction
            .execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})"))
            .await?;
    }
    let pending = Migrator::get_pending_migrations(&transaction).await?;
    let names = pending
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect();
    Migrator::up(&transaction, None).await?;
    transaction.commit().await?;
    Ok(names)
}

/// What was applied and what is pending, without changing anything.
pub async fn status(database: &DatabaseConnection) -> Result<Vec<MigrationStatus>, DbErr> {
    let mut all = Vec::new();
    for migration in Migrator::get_applied_migrations(database).await? {
        all.push(MigrationStatus {
            name: migration.name().to_owned(),
            applied: true,
        });
    }
    for migration in Migrator::get_pending_migrations(database).await? {
        all.push(MigrationStatus {
            name: migration.name().to_owned(),
            applied: false,
        });
    }
    Ok(all)
}
