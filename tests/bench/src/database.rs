//! A fresh database for each start that needs one.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use url::Url;

use crate::failure::{During as _, Failure, Outcome};
use crate::options::{Databases, Options};

/// Which database a figure belongs to.
#[derive(Clone, Debug)]
pub enum Kind {
    /// SQLite in the data folder.
    Sqlite,
    /// PostgreSQL; the URL is of any database of the server.
    Postgres(Url),
}

/// A database of its own.
pub enum Fresh {
    /// The server makes its own in its folder.
    Sqlite,
    /// Made here, dropped by [`Fresh::drop_it`].
    Postgres {
        /// Of the server.
        base: Url,
        /// Its name.
        name: String,
    },
}

impl Kind {
    /// All that were asked for and can be had.
    pub fn all(options: &Options) -> Outcome<Vec<Self>> {
        let postgres = match std::env::var("TEST_DATABASE_URL") {
            Ok(url) if !url.is_empty() => {
                Some(Self::Postgres(url.parse().during("TEST_DATABASE_URL")?))
            }
            _ => None,
        };
        match (options.database, postgres) {
            (Databases::Sqlite, _) => Ok(vec![Self::Sqlite]),
            (Databases::All, postgres) => {
                Ok(std::iter::once(Self::Sqlite).chain(postgres).collect())
            }
            (Databases::Postgres, Some(postgres)) => Ok(vec![postgres]),
            (Databases::Postgres, None) => Err(Failure::new("TEST_DATABASE_URL is not set")),
        }
    }

    /// Its name in the report.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// An empty one.
    pub async fn fresh(&self) -> Outcome<Fresh> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let Self::Postgres(base) = self else {
            return Ok(Fresh::Sqlite);
        };
        let name = format!(
            "identity_bench_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        execute(base, format!("CREATE DATABASE {name}")).await?;
        Ok(Fresh::Postgres {
            base: base.clone(),
            name,
        })
    }
}

impl Fresh {
    /// Its URL, where the server does not make its own.
    pub fn url(&self) -> Option<String> {
        let Self::Postgres { base, name } = self else {
            return None;
        };
        let mut url = base.clone();
        url.set_path(name);
        Some(url.into())
    }

    /// Its URL for the storage by itself.
    pub fn url_in(&self, folder: &Path) -> String {
        self.url()
            .unwrap_or_else(|| format!("sqlite:{}", folder.join("bench.db").display()))
    }

    /// Arguments for `identity dev` with this data folder.
    pub fn arguments(&self, data: &Path) -> Vec<String> {
        let mut arguments = vec!["--data".to_owned(), data.display().to_string()];
        arguments.extend(
            self.url()
                .into_iter()
                .flat_map(|url| ["--database".to_owned(), url]),
        );
        arguments
    }

    /// Drops it, whoever still looks at it.
    pub async fn drop_it(self) -> Outcome<()> {
        match self {
            Self::Sqlite => Ok(()),
            Self::Postgres { base, name } => {
                execute(&base, format!("DROP DATABASE {name} WITH (FORCE)")).await
            }
        }
    }
}

async fn execute(base: &Url, sql: String) -> Outcome<()> {
    let mut connection = PgConnection::connect(base.as_str())
        .await
        .during("connecting to PostgreSQL")?;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .map(drop)
        .during("PostgreSQL")
}
