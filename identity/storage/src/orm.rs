//! The ORM's connection: migrations, lists, search and administration. On PostgreSQL it shares the pool; on SQLite it has a
//! small one of its own, which writes only while the writer keeps still.

use std::path::PathBuf;
use std::time::Duration;

use identity_domain::Fault;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, SqlxPostgresConnector};

use crate::postgres::Postgres;
use crate::sqlite;
use crate::store::Engine;

/// Connects, for an engine that is open. On SQLite nothing is opened before it is used: lists and administration are rare.
pub(crate) async fn connect(url: &str, engine: &Engine) -> Result<DatabaseConnection, Fault> {
    match engine {
        Engine::Postgres(postgres) => Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(
            postgres.pool.clone(),
        )),
        Engine::Sqlite { .. } => connect_sqlite(sqlite_path(url)?).await,
    }
}

/// The file of a database that is not PostgreSQL.
pub(crate) fn sqlite_path(url: &str) -> Result<PathBuf, Fault> {
    sqlite::path_of(url).ok_or_else(|| {
        Fault::new("a database URL is `sqlite:PATH` (a file, not `:memory:`) or `postgres://…`")
    })
}

/// Whether a URL names PostgreSQL.
pub(crate) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

async fn connect_sqlite(path: PathBuf) -> Result<DatabaseConnection, Fault> {
    let mut options = ConnectOptions::new("sqlite:");
    options
        .max_connections(2)
        .connect_lazy(true)
        .acquire_timeout(Duration::from_secs(5))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .filename(&path)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
        });
    Database::connect(options)
        .await
        .map_err(|e| Fault::busy(format_args!("the database cannot be opened: {e}")))
}

/// A connection for the schema alone.
async fn connect_alone(url: &str) -> Result<DatabaseConnection, Fault> {
    if is_postgres(url) {
        let postgres = Postgres::open(url, 1).await?;
        return Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(
            postgres.pool,
        ));
    }
    let path = sqlite_path(url)?;
    sqlite::create(&path)?;
    connect_sqlite(path).await
}

/// Whether the schema is exactly the one this binary brings, asked by one plain query: at most starts it is.
pub(crate) async fn is_current(engine: &Engine) -> bool {
    let sql = "SELECT /* whole table */ version FROM seaql_migrations";
    let applied = engine.query(sql, &[], |row| row.text(0)).await;
    applied.is_ok_and(|mut applied| {
        let mut own = identity_migrations::names();
        applied.sort_unstable();
        own.sort_unstable();
        applied == own
    })
}

/// Brings the schema up to date, or checks that it is.
pub(crate) async fn prepare_schema(orm: &DatabaseConnection, migrate: bool) -> Result<(), Fault> {
    if migrate {
        let applied = identity_migrations::migrate(orm).await.map_err(|e| {
            Fault::new(format_args!("the schema cannot be brought up to date: {e}"))
        })?;
        if !applied.is_empty() {
            tracing::info!(?applied, "the schema was brought up to date");
        }
        return Ok(());
    }
    let status = identity_migrations::status(orm)
        .await
        .map_err(|e| fault(&e))?;
    match status.iter().find(|change| !change.applied) {
        None => Ok(()),
        Some(change) => Err(Fault::new(format_args!(
            "the schema lacks `{}`: run `identity migrate`",
            change.name
        ))),
    }
}

/// What an error of the ORM is to a caller.
pub(crate) fn fault(error: &DbErr) -> Fault {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => {
            Fault::busy(format_args!("database: {error}"))
        }
        _ => Fault::new(format_args!("database: {error}")),
    }
}

/// Brings the schema of a database up to date without opening a store; the names of what was applied.
pub async fn migrate(url: &str) -> Result<Vec<String>, Fault> {
    let orm = connect_alone(url).await?;
    identity_migrations::migrate(&orm)
        .await
        .map_err(|e| Fault::new(format_args!("the schema cannot be brought up to date: {e}")))
}

/// What was applied to a database and what is pending.
pub async fn migration_status(
    url: &str,
) -> Result<Vec<identity_migrations::MigrationStatus>, Fault> {
    let orm = connect_alone(url).await?;
    identity_migrations::status(&orm)
        .await
        .map_err(|e| fault(&e))
}
