//! The one storage type others know: opening, committing, reading.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use identity_domain::job::Lane;
use identity_domain::ports::Entropy;
use identity_domain::secret::ValueHash;
use identity_domain::{Fault, Timestamp};
use sea_orm::DatabaseConnection;
use tokio::sync::{Mutex, MutexGuard, Notify};

use crate::envelope::{Envelope, MasterKey};
use crate::postgres::Postgres;
use crate::row::Row;
use crate::sqlite::{self, Readers, Writer};
use crate::value::Value;
use crate::work::{Lost, Step, Work};
use crate::{keys, orm};

/// What opening a store needs besides the URL.
pub struct Options {
    /// Wraps the data keys. Must be the one the database was made with.
    pub master_key: MasterKey,
    /// The master key before, while it is being exchanged: what it wrapped is wrapped anew at the start. All nodes
    /// are restarted with it: one that runs on under the old key cannot take up new data keys.
    pub previous_master_key: Option<MasterKey>,
    /// Nonces and keys are drawn from here.
    pub entropy: Arc<dyn Entropy>,
    /// The present instant, written beside keys made at the first start.
    pub now: Timestamp,
    /// Most connections to PostgreSQL; two to four times the database's cores.
    pub connections: u32,
    /// Bring the schema up to date first. Without it a schema that is behind is an error.
    pub migrate: bool,
}

impl Options {
    /// Options with the usual limits; the schema is brought up to date.
    pub fn new(master_key: MasterKey, entropy: Arc<dyn Entropy>, now: Timestamp) -> Self {
        Self {
            master_key,
            previous_master_key: None,
            entropy,
            now,
            connections: 8,
            migrate: true,
        }
    }
}

/// The database, whichever it is. Cloning is cheap.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    engine: Engine,
    orm: DatabaseConnection,
    envelope: Envelope,
    /// One for each lane of jobs.
    signals: [Notify; 2],
    /// Names this process as the owner of leases.
    name: String,
    /// Whose turn it is to spend a budget; keys share turns by their first byte.
    budget_turns: [Mutex<()>; 64],
    read: AtomicU64,
    written: AtomicU64,
}

/// How much this process asked of the database since its start, the worker's claims apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Statements that read.
    pub read: u64,
    /// Statements that wrote.
    pub written: u64,
}

pub(crate) enum Engine {
    Sqlite { readers: Readers, writer: Writer },
    Postgres(Postgres),
}

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…`. Fails with a clear message when the database cannot be reached, its schema
    /// is behind, or the master key is not the one it was made with.
    pub async fn open(url: &str, options: Options) -> Result<Self, Fault> {
        let engine = Engine::open(url, options.connections).await?;
        let orm = orm::connect(url, &engine).await?;
        if !orm::is_current(&engine).await {
            orm::prepare_schema(&orm, options.migrate).await?;
        }
        let keys = keys::load(&engine, &options).await?;
        let envelope = Envelope::new(keys, options.master_key.cipher()?, options.entropy);
        let name = envelope.random_id().to_string();
        Ok(Self(Arc::new(Inner {
            engine,
            orm,
            envelope,
            signals: [Notify::new(), Notify::new()],
            name,
            budget_turns: std::array::from_fn(|_| Mutex::new(())),
            read: AtomicU64::new(0),
            written: AtomicU64::new(0),
        })))
    }

    /// Records a unit of work: all of it or nothing. It is durable when this returns: a loss of power
    /// takes it back only if the unit is [`Work::without_sync`].
    pub async fn commit(&self, mut work: Work) -> Result<(), Lost> {
        if work.is_empty() {
            return Ok(());
        }
        if work.seals {
            self.seal(&mut work.steps).await?;
        }
        self.wrote(work.len());
        self.0.engine.commit(work).await
    }

    /// What was asked of the database so far. Two requests that must not be told apart ask for as much (PWD-01).
    pub fn tally(&self) -> Tally {
        Tally {
            read: self.0.read.load(Ordering::Relaxed),
            written: self.0.written.load(Ordering::Relaxed),
        }
    }

    fn wrote(&self, statements: usize) {
        let statements = u64::try_from(statements).unwrap_or(u64::MAX);
        self.0.written.fetch_add(statements, Ordering::Relaxed);
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.first("SELECT 1", &[], |row| row.int(0))
            .await
            .map(drop)
    }

    /// Whether it is PostgreSQL, which several nodes may share.
    pub fn is_shared(&self) -> bool {
        matches!(self.0.engine, Engine::Postgres(_))
    }

    /// The ORM's connection, for lists and administration inside this crate.
    pub(crate) fn orm(&self) -> &DatabaseConnection {
        &self.0.orm
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn signal(&self, lane: Lane) -> &Notify {
        let [people, services] = &self.0.signals;
        match lane {
            Lane::People => people,
            Lane::Services => services,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) async fn budget_turn(&self, key: ValueHash) -> Option<MutexGuard<'_, ()>> {
        let [first, ..] = key.0;
        let turn = self
            .0
            .budget_turns
            .get(usize::from(first) % self.0.budget_turns.len())?;
        Some(turn.lock().await)
    }

    pub(crate) fn envelope(&self) -> &Envelope {
        &self.0.envelope
    }

    /// All rows of a query.
    pub(crate) async fn all<T>(
        &self,
        sql: &'static str,
        args: &[Value],
        map: impl FnMut(&Row<'_>) -> Result<T, Fault> + Send,
    ) -> Result<Vec<T>, Fault> {
        if self.envelope().is_stale() {
            self.reload_keys().await?;
        }
        self.0.read.fetch_add(1, Ordering::Relaxed);
        self.0.engine.query(sql, args, map).await
    }

    /// The only row of a query, if there is one.
    pub(crate) async fn first<T: Send>(
        &self,
        sql: &'static str,
        args: &[Value],
        map: impl FnMut(&Row<'_>) -> Result<T, Fault> + Send,
    ) -> Result<Option<T>, Fault> {
        Ok(self.all(sql, args, map).await?.into_iter().next())
    }

    /// One statement that writes and answers rows, durable when it returns.
    pub(crate) async fn fetch<T>(
        &self,
        sql: &'static str,
        args: impl Into<Vec<Value>>,
        map: impl FnMut(&Row<'_>) -> Result<T, Fault> + Send,
    ) -> Result<Vec<T>, Lost> {
        self.wrote(1);
        self.fetch_behind(sql, args, map).await
    }

    /// The same for the worker, whose turns say nothing about a request and are not counted.
    pub(crate) async fn fetch_behind<T>(
        &self,
        sql: &'static str,
        args: impl Into<Vec<Value>>,
        map: impl FnMut(&Row<'_>) -> Result<T, Fault> + Send,
    ) -> Result<Vec<T>, Lost> {
        self.0
            .engine
            .fetch(
                Step {
                    sql: sql.into(),
                    args: args.into(),
                    guard: None,
                },
                map,
            )
            .await
    }
}

impl Engine {
    async fn open(url: &str, connections: u32) -> Result<Self, Fault> {
        if orm::is_postgres(url) {
            return Postgres::open(url, connections).await.map(Self::Postgres);
        }
        let path = orm::sqlite_path(url)?;
        sqlite::create(&path)?;
        Ok(Self::Sqlite {
            writer: Writer::open(&path)?,
            readers: Readers::open(&path)?,
        })
    }

    pub async fn commit(&self, work: Work) -> Result<(), Lost> {
        match self {
            Self::Sqlite { writer, .. } => writer.commit(work.steps, work.synced).await,
            Self::Postgres(postgres) => postgres.commit(&work).await,
        }
    }

    pub async fn query<T>(
        &self,
        sql: &'static str,
        args: &[Value],
        map: impl FnMut(&Row<'_>) -> Result<T, Fault> + Send,
    ) -> Result<Vec<T>, Fault> {
        match self {
            Self::Sqlite { readers, .. } => readers.query(sql, args, map),
            Self::Postgres(postgres) => postgres.query(sql, args, map).await,
        }
    }

    async fn fetch<T>(
        &self,
        step: Step,
        mut map: impl FnMut(&Row<'_>) -> Result<T, Fault> + Send,
    ) -> Result<Vec<T>, Lost> {
        match self {
            Self::Sqlite { writer, .. } => {
                let rows = writer.fetch(step).await?;
                Ok(rows
                    .iter()
                    .map(|row| map(&Row::Owned(row)))
                    .collect::<Result<_, _>>()?)
            }
            Self::Postgres(postgres) => postgres.fetch(step, map).await,
        }
    }
}
