//! A database of its own for every test: a folder for SQLite, a `CREATE DATABASE` on the PostgreSQL of `TEST_DATABASE_URL`.

use std::path::Path;

use serde_json::{Map, Value};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use tempfile::TempDir;
use url::Url;

/// The variable that names the PostgreSQL to test on; unset or empty means SQLite.
pub const VARIABLE: &str = "TEST_DATABASE_URL";

const FILE: &str = "identity.db";

/// An empty database that disappears with this value.
#[derive(Debug)]
pub struct Database {
    url: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Sqlite(TempDir),
    Postgres { server: Url, name: String },
}

impl Database {
    /// A fresh database of the kind that this run is about.
    pub async fn fresh() -> Self {
        match std::env::var(VARIABLE).ok().filter(|url| !url.is_empty()) {
            Some(server) => Self::postgres(&server).await,
            None => Self::sqlite(),
        }
    }

    /// A fresh SQLite file.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join(FILE).display());
        Self {
            url,
            kind: Kind::Sqlite(folder),
        }
    }

    async fn postgres(server: &str) -> Self {
        let server = Url::parse(server).expect("TEST_DATABASE_URL is an address");
        let name = format!(
            "test_{}",
            crate::relying_party::random()
                .replace('-', "_")
                .to_ascii_lowercase()
        );
        run(&server, format!("CREATE DATABASE \"{name}\""))
            .await
            .expect("CREATE DATABASE");
        let mut url = server.clone();
        url.set_path(&name);
        Self {
            url: url.into(),
            kind: Kind::Postgres { server, name },
        }
    }

    /// What `[database] url` would be.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.kind, Kind::Postgres { .. })
    }

    /// All rows of a table as JSON objects, in no order.
    pub async fn rows(&self, table: &str) -> Vec<Value> {
        match &self.kind {
            Kind::Sqlite(folder) => sqlite_rows(&folder.path().join(FILE), table),
            Kind::Postgres { .. } => {
                let mut connection = PgConnection::connect(&self.url)
                    .await
                    .expect("the database");
                let query =
                    AssertSqlSafe(format!("SELECT row_to_json(r)::text FROM \"{table}\" r"));
                let rows: Vec<String> = sqlx::query_scalar(query)
                    .fetch_all(&mut connection)
                    .await
                    .expect("rows");
                rows.iter()
                    .map(|row| serde_json::from_str(row).expect("JSON"))
                    .collect()
            }
        }
    }

    /// Changes the database behind the provider's back, as somebody with its password would; the number of rows.
    pub async fn tamper(&self, sql: &str) -> u64 {
        match &self.kind {
            Kind::Sqlite(folder) => {
                let connection =
                    rusqlite::Connection::open(folder.path().join(FILE)).expect("the database");
                connection
                    .busy_timeout(std::time::Duration::from_secs(5))
                    .expect("a timeout");
                u64::try_from(connection.execute(sql, []).expect("a statement")).expect("fits")
            }
            Kind::Postgres { .. } => {
                let mut connection = PgConnection::connect(&self.url)
                    .await
                    .expect("the database");
                connection
                    .execute(AssertSqlSafe(sql.to_owned()))
                    .await
                    .expect("a statement")
                    .rows_affected()
            }
        }
    }

    /// Takes SQLite's write lock, as a backup gone wild would, until the value is dropped. PostgreSQL has no such lock.
    pub fn hold(&self) -> Option<rusqlite::Connection> {
        let Kind::Sqlite(folder) = &self.kind else {
            return None;
        };
        let connection = rusqlite::Connection::open(folder.path().join(FILE)).expect("a database");
        connection
            .busy_timeout(std::time::Duration::from_secs(5))
            .expect("a timeout");
        connection.execute_batch("BEGIN IMMEDIATE").expect("a lock");
        Some(connection)
    }

    /// What SQLite finds when it looks at every page; `ok` if all is well. PostgreSQL looks after itself.
    pub fn integrity(&self) -> String {
        let Kind::Sqlite(folder) = &self.kind else {
            return "ok".to_owned();
        };
        let connection = rusqlite::Connection::open(folder.path().join(FILE)).expect("a database");
        connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .expect("a verdict")
    }

    /// Everything stored, as bytes: the file and its log, or all rows of all tables as text. For looking for secrets.
    pub async fn dump(&self) -> Vec<u8> {
        match &self.kind {
            Kind::Sqlite(folder) => {
                let files = std::fs::read_dir(folder.path()).expect("the folder");
                files
                    .flat_map(|file| {
                        std::fs::read(file.expect("a file").path()).unwrap_or_default()
                    })
                    .collect()
            }
            Kind::Postgres { .. } => postgres_rows(&self.url).await.into_bytes(),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Kind::Postgres { server, name } = &self.kind else {
            return;
        };
        let (server, statement) = (
            server.clone(),
            format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"),
        );
        // Dropping is not async; a thread of its own may wait.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            _ = runtime.block_on(run(&server, statement));
        });
        _ = dropping.join();
    }
}

async fn run(server: &Url, statement: String) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(server.as_str()).await?;
    connection.execute(AssertSqlSafe(statement)).await?;
    connection.close().await
}

fn sqlite_rows(file: &Path, table: &str) -> Vec<Value> {
    let connection = rusqlite::Connection::open(file).expect("the database");
    let mut statement = connection
        .prepare(&format!("SELECT * FROM \"{table}\""))
        .expect("a table");
    let names: Vec<String> = statement
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let read = |row: &rusqlite::Row<'_>| {
        let mut object = Map::new();
        for (index, name) in names.iter().enumerate() {
            object.insert(name.clone(), plain(row.get_ref(index)?));
        }
        Ok(Value::Object(object))
    };
    statement
        .query_map([], read)
        .expect("rows")
        .map(|row| row.expect("a row"))
        .collect()
}

/// What PostgreSQL would show: bytes in hexadecimal.
fn plain(value: rusqlite::types::ValueRef<'_>) -> Value {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => bytes
            .iter()
            .fold("\\x".to_owned(), |text, byte| text + &format!("{byte:02x}"))
            .into(),
    }
}

async fn postgres_rows(url: &str) -> String {
    let mut connection = PgConnection::connect(url).await.expect("the database");
    let query =
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
    let tables: Vec<String> = sqlx::query_scalar(query)
        .fetch_all(&mut connection)
        .await
        .expect("tables");
    let mut all = String::new();
    for table in tables {
        let query = AssertSqlSafe(format!("SELECT row_to_json(r)::text FROM \"{table}\" r"));
        let rows: Vec<String> = sqlx::query_scalar(query)
            .fetch_all(&mut connection)
            .await
            .expect("rows");
        all.push_str(&rows.join("\n"));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_databases_are_two_and_disappear() {
        let (one, two) = (Database::fresh().await, Database::fresh().await);
        assert_ne!(one.url(), two.url());
        if let (Kind::Postgres { server, name }, true) = (&one.kind, one.is_postgres()) {
            let (server, name) = (server.clone(), name.clone());
            drop(one);
            assert!(
                run(&server, format!("DROP DATABASE \"{name}\""))
                    .await
                    .is_err(),
                "it was dropped already"
            );
        }
    }
}
