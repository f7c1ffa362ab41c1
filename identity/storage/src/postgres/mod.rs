//! PostgreSQL: a pool; reads are one prepared round trip, a unit of work is one statement.

mod lease;
mod unit;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use identity_domain::Fault;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::{Arguments as _, AssertSqlSafe, ConnectOptions as _, Error};

use crate::placeholder::renumber;
use crate::row::Row;
use crate::value::{Kind, Value};
use crate::work::{Lost, Step, table_name};
use lease::{Leases, PATIENCE};

/// Most statement texts kept in memory; what is written by hand stays far below.
const MOST_TEXTS: usize = 512;

pub(crate) struct Postgres {
    /// For the ORM.
    pub pool: PgPool,
    leases: Leases,
    /// Statements renumbered once.
    texts: RwLock<HashMap<&'static str, Arc<str>>>,
    /// Units composed once per shape.
    shapes: RwLock<HashMap<unit::Shape, unit::Composed>>,
}

impl Postgres {
    pub async fn open(url: &str, connections: u32) -> Result<Self, Fault> {
        let options: PgConnectOptions = url
            .parse()
            .map_err(|e| Fault::new(format_args!("the database URL cannot be read: {e}")))?;
        let options = options
            .application_name("identity")
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(|e| Fault::busy(format_args!("the database cannot be reached: {e}")))?;
        Ok(Self {
            leases: Leases::new(pool.clone(), connections),
            pool,
            texts: RwLock::default(),
            shapes: RwLock::default(),
        })
    }

    /// Runs a query and maps its rows.
    pub async fn query<T>(
        &self,
        sql: &'static str,
        args: &[Value],
        map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let text = self.text(sql);
        let rows = self.rows(text, bind(args)?).await;
        map_rows(&rows.map_err(|e| Fault::from(lost(&e)))?, map)
    }

    /// Runs one statement that writes and answers rows.
    pub async fn fetch<T>(
        &self,
        step: Step,
        map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Lost> {
        let mut text = String::with_capacity(step.sql.len() + 16);
        renumber(&mut text, &step.sql, 1);
        let text: Arc<str> = text.into();
        let run = async || {
            self.rows(Arc::clone(&text), bind(&step.args)?)
                .await
                .map_err(|e| retry(&e))
        };
        let rows = match run().await {
            Err(Attempt::Again(_)) => run().await,
            done => done,
        };
        Ok(map_rows(&rows.map_err(Attempt::into_lost)?, map)?)
    }

    async fn rows(&self, text: Arc<str>, args: PgArguments) -> Result<Vec<PgRow>, Error> {
        let mut lease = self.leases.take().await?;
        let rows = sqlx::query_with(AssertSqlSafe(text), args)
            .fetch_all(lease.connection()?)
            .await?;
        lease.give_back();
        Ok(rows)
    }

    fn text(&self, sql: &'static str) -> Arc<str> {
        if let Some(text) = self
            .texts
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(sql)
        {
            return Arc::clone(text);
        }
        let mut text = String::with_capacity(sql.len() + 16);
        renumber(&mut text, sql, 1);
        let text: Arc<str> = text.into();
        let mut texts = self.texts.write().unwrap_or_else(PoisonError::into_inner);
        if texts.len() < MOST_TEXTS {
            texts.insert(sql, Arc::clone(&text));
        }
        text
    }
}

fn map_rows<T>(
    rows: &[PgRow],
    mut map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    rows.iter().map(|row| map(&Row::Postgres(row))).collect()
}

/// The arguments in PostgreSQL's form.
fn bind(args: &[Value]) -> Result<PgArguments, Fault> {
    let mut out = PgArguments::default();
    bind_into(&mut out, args)?;
    Ok(out)
}

fn bind_into(out: &mut PgArguments, args: &[Value]) -> Result<(), Fault> {
    for value in args {
        match value {
            Value::Null(Kind::Bool) => out.add(None::<bool>),
            Value::Null(Kind::Int) => out.add(None::<i64>),
            Value::Null(Kind::Text) => out.add(None::<&str>),
            Value::Null(Kind::Blob) => out.add(None::<&[u8]>),
            Value::Null(Kind::Uuid) => out.add(None::<uuid::Uuid>),
            Value::Bool(value) => out.add(*value),
            Value::Int(value) => out.add(*value),
            Value::Text(value) => out.add(value.as_str()),
            Value::Blob(value) => out.add(value.as_slice()),
            Value::Uuid(value) => out.add(*value),
            Value::Seal(_) => return Err(Fault::new("a secret was not sealed")),
        }
        .map_err(|e| Fault::new(format_args!("an argument cannot be sent: {e}")))?;
    }
    Ok(())
}

/// How an attempt failed: for good, or so that the same statement may succeed at once.
enum Attempt {
    Again(Lost),
    Over(Lost),
}

impl Attempt {
    fn into_lost(self) -> Lost {
        match self {
            Self::Again(lost) | Self::Over(lost) => lost,
        }
    }
}

impl From<Fault> for Attempt {
    fn from(fault: Fault) -> Self {
        Self::Over(Lost::Fault(fault))
    }
}

/// Serialisation failures and deadlocks are the losers' luck: nothing was done, and once more usually works.
fn retry(error: &Error) -> Attempt {
    let code = error
        .as_database_error()
        .and_then(|e| e.code().map(std::borrow::Cow::into_owned));
    match code.as_deref() {
        Some("40001" | "40P01") => Attempt::Again(Lost::Busy),
        _ => Attempt::Over(lost(error)),
    }
}

/// What an error of PostgreSQL means for a unit.
fn lost(error: &Error) -> Lost {
    let Some(database) = error.as_database_error() else {
        return match error {
            Error::PoolTimedOut
            | Error::PoolClosed
            | Error::Io(_)
            | Error::Tls(_)
            | Error::WorkerCrashed => Lost::Fault(Fault::busy(format_args!("PostgreSQL: {error}"))),
            _ => Lost::Fault(Fault::new(format_args!("PostgreSQL: {error}"))),
        };
    };
    let code = database.code().unwrap_or_default();
    match code.as_ref() {
        "23505" => Lost::Conflict(database.table().map_or("row", table_name)),
        // What a new row refers to is gone.
        "23503" => Lost::Guard("reference"),
        "40001" | "40P01" => Lost::Busy,
        // Connection trouble, insufficient resources, a shutdown, a server that fell back to read-only, a right that was taken away,
        // somebody's trigger that lets nothing in: all pass.
        code if code.starts_with("08")
            || code.starts_with("53")
            || code.starts_with("57P")
            || ["25006", "42501", "P0001"].contains(&code) =>
        {
            Lost::Fault(Fault::busy(format_args!("PostgreSQL: {database}")))
        }
        _ => Lost::Fault(Fault::new(format_args!("PostgreSQL: {database}"))),
    }
}
