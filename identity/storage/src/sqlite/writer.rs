//! The one thread that writes. Units come over a bounded channel and are committed in groups: whatever waits when a group is
//! open joins it, up to [`GROUP`], and nobody is waited for. One that breaks harms no other: most groups hold none, so a group
//! begins without savepoints, and is done again with one for each unit as soon as a unit breaks. A group that opens with a unit that
//! may be lost with the power takes only such units and does not wait for the disk; any other takes both kinds and does.

use std::path::Path;
use std::sync::mpsc as std_mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use identity_domain::Fault;
use rusqlite::Connection;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::{bind, connect, lost};
use crate::value::{Kind, Value};
use crate::work::{Lost, Step};

/// Units that may wait; one more is told to come back later.
pub(crate) const QUEUE: usize = 1024;
/// Most units in one commit.
const GROUP: usize = 64;
/// Longest time an interactive transaction may keep the others waiting.
const LONGEST_TURN: Duration = Duration::from_secs(30);

type Rows = Vec<Vec<Value>>;
type Reply = oneshot::Sender<Result<Rows, Lost>>;

struct Unit {
    steps: Vec<Step>,
    /// A last statement whose rows are the answer.
    fetch: Option<Step>,
    /// Whether it has to be on the disk before it is answered.
    synced: bool,
    reply: Reply,
}

enum Request {
    Unit(Unit),
    /// Somebody else writes through another connection; we keep still until they are done.
    Yield {
        granted: oneshot::Sender<()>,
        done: std_mpsc::Receiver<()>,
    },
}

/// The sole right to write, held by an interactive transaction; the writer goes on when it is dropped.
pub(crate) struct Turn {
    _dropped: std_mpsc::Sender<()>,
}

pub(crate) struct Writer {
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let connection =
            connect(path, 64 * 1024, true).map_err(|e| Fault::new(format_args!("SQLite: {e}")))?;
        let (requests, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || run(&connection, queue))
            .map_err(|e| Fault::new(format_args!("the writer thread does not start: {e}")))?;
        Ok(Self {
            requests: Some(requests),
            thread: Some(thread),
        })
    }

    /// Durable when it returns; against a loss of power only if `synced`.
    pub async fn commit(&self, steps: Vec<Step>, synced: bool) -> Result<(), Lost> {
        self.record(steps, None, synced).await.map(drop)
    }

    /// One statement that writes and answers rows. Durable when it returns.
    pub async fn fetch(&self, step: Step) -> Result<Rows, Lost> {
        self.record(Vec::new(), Some(step), true).await
    }

    async fn record(
        &self,
        steps: Vec<Step>,
        fetch: Option<Step>,
        synced: bool,
    ) -> Result<Rows, Lost> {
        let (reply, answer) = oneshot::channel();
        self.send(Request::Unit(Unit {
            steps,
            fetch,
            synced,
            reply,
        }))?;
        answer.await.map_err(|_| gone())?
    }

    /// Waits until the units before are committed, then keeps the writer still.
    pub async fn turn(&self) -> Result<Turn, Lost> {
        let (granted, grant) = oneshot::channel();
        let (hold, done) = std_mpsc::channel();
        self.send(Request::Yield { granted, done })?;
        grant.await.map_err(|_| gone())?;
        Ok(Turn { _dropped: hold })
    }

    fn send(&self, request: Request) -> Result<(), Lost> {
        let Some(requests) = &self.requests else {
            return Err(gone());
        };
        requests.try_send(request).map_err(|error| match error {
            TrySendError::Full(_) => Lost::Busy,
            TrySendError::Closed(_) => gone(),
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            // What was accepted is committed before the process goes on.
            drop(thread.join());
        }
    }
}

fn gone() -> Lost {
    Lost::Fault(Fault::busy("the writer thread is gone"))
}

fn run(connection: &Connection, mut queue: mpsc::Receiver<Request>) {
    let mut next = queue.blocking_recv();
    let mut level = Level { synced: true };
    while let Some(request) = next {
        next = match request {
            Request::Unit(unit) => group(connection, unit, &mut queue, &mut level),
            Request::Yield { granted, done } => {
                if granted.send(()).is_ok()
                    && done.recv_timeout(LONGEST_TURN) == Err(std_mpsc::RecvTimeoutError::Timeout)
                {
                    tracing::error!(
                        "an interactive transaction took too long; writing goes on beside it"
                    );
                }
                None
            }
        }
        .or_else(|| queue.blocking_recv());
    }
}

/// What the connection waits for at the end of a transaction. It can't be changed within one.
struct Level {
    synced: bool,
}

impl Level {
    fn set(&mut self, connection: &Connection, synced: bool) -> rusqlite::Result<()> {
        if self.synced != synced {
            let level = if synced { "FULL" } else { "NORMAL" };
            connection.pragma_update(None, "synchronous", level)?;
            self.synced = synced;
        }
        Ok(())
    }
}

/// The units of one group, with what became of them.
#[derive(Default)]
struct Group {
    units: Vec<(Unit, Result<Rows, Lost>)>,
    /// A unit broke: each has a savepoint now.
    careful: bool,
}

impl Group {
    /// Runs one more unit. `Err` when the whole group is taken back.
    fn run(&mut self, connection: &Connection, unit: Unit) -> Result<(), ()> {
        let outcome = if self.careful {
            savepoint(connection, &unit)
        } else {
            steps(connection, &unit)
        };
        let breaks = outcome.is_err() && !self.careful;
        self.units.push((unit, outcome));
        // Some errors (a full disk, no memory) take the whole transaction back by themselves.
        if connection.is_autocommit() {
            return Err(());
        }
        if breaks {
            self.careful = true;
            return self.again(connection);
        }
        Ok(())
    }

    /// Takes back what was done, and does it again so that the unit that broke leaves nothing behind.
    fn again(&mut self, connection: &Connection) -> Result<(), ()> {
        execute(connection, "ROLLBACK").map_err(drop)?;
        execute(connection, "BEGIN IMMEDIATE").map_err(drop)?;
        for (unit, outcome) in &mut self.units {
            *outcome = savepoint(connection, unit);
            if connection.is_autocommit() {
                return Err(());
            }
        }
        Ok(())
    }

    /// Makes it durable and tells everybody.
    fn commit(self, connection: &Connection) {
        match execute(connection, "COMMIT") {
            Ok(()) => {
                for (unit, outcome) in self.units {
                    answer(unit.reply, outcome);
                }
            }
            Err(error) => self.fail(connection, &error.to_string()),
        }
    }

    /// Nothing of the group is durable: units that had succeeded are told so, the others keep their own reason.
    fn fail(self, connection: &Connection, why: &str) {
        if !connection.is_autocommit() {
            drop(execute(connection, "ROLLBACK"));
        }
        for (unit, outcome) in self.units {
            let outcome =
                outcome.and_then(|_| Err(Lost::Fault(Fault::busy(format_args!("SQLite: {why}")))));
            answer(unit.reply, outcome);
        }
    }
}

/// One group, from BEGIN to COMMIT and the answers. Returns a request that was received but belongs to no group.
fn group(
    connection: &Connection,
    first: Unit,
    queue: &mut mpsc::Receiver<Request>,
    level: &mut Level,
) -> Option<Request> {
    let began = level
        .set(connection, first.synced)
        .and_then(|()| execute(connection, "BEGIN IMMEDIATE"));
    if let Err(error) = began {
        answer(first.reply, Err(lost(&error)));
        return None;
    }
    let mut group = Group::default();
    let mut unit = first;
    let left = loop {
        if group.run(connection, unit).is_err() {
            group.fail(connection, "the group was taken back");
            return None;
        }
        if group.units.len() >= GROUP {
            break None;
        }
        match queue.try_recv() {
            Ok(Request::Unit(more)) if level.synced || !more.synced => unit = more,
            Ok(other) => break Some(other),
            Err(_) => break None,
        }
    };
    group.commit(connection);
    left
}

fn answer(reply: Reply, outcome: Result<Rows, Lost>) {
    // Nobody waits any more when the request was dropped; the unit stands nevertheless.
    drop(reply.send(outcome));
}

/// One unit within the open group: all of its steps or none.
fn savepoint(connection: &Connection, unit: &Unit) -> Result<Rows, Lost> {
    execute(connection, "SAVEPOINT unit").map_err(|e| lost(&e))?;
    let outcome = steps(connection, unit);
    if connection.is_autocommit() {
        return outcome;
    }
    if outcome.is_err() {
        execute(connection, "ROLLBACK TO unit").map_err(|e| lost(&e))?;
    }
    execute(connection, "RELEASE unit").map_err(|e| lost(&e))?;
    outcome
}

fn steps(connection: &Connection, unit: &Unit) -> Result<Rows, Lost> {
    for step in &unit.steps {
        let mut statement = connection.prepare_cached(&step.sql).map_err(|e| lost(&e))?;
        bind(&mut statement, &step.args).map_err(|e| lost(&e))?;
        let touched = statement.raw_execute().map_err(|e| lost(&e))?;
        if let Some(guard) = step.guard
            && touched != 1
        {
            return Err(Lost::Guard(guard));
        }
    }
    unit.fetch.as_ref().map_or_else(
        || Ok(Vec::new()),
        |step| fetch(connection, step).map_err(|e| lost(&e)),
    )
}

fn fetch(connection: &Connection, step: &Step) -> rusqlite::Result<Rows> {
    use rusqlite::types::ValueRef;
    let mut statement = connection.prepare_cached(&step.sql)?;
    let columns = statement.column_count();
    bind(&mut statement, &step.args)?;
    let mut rows = statement.raw_query();
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(match row.get_ref(column)? {
                ValueRef::Null => Value::Null(Kind::Int),
                ValueRef::Integer(n) => Value::Int(n),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
                ValueRef::Real(_) => return Err(rusqlite::Error::InvalidQuery),
            });
        }
        out.push(values);
    }
    Ok(out)
}

fn execute(connection: &Connection, sql: &'static str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute().map(drop)
}
