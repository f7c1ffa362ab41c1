//! Point reads, directly on the async thread: a look-up by key takes a few microseconds, less than handing it to another
//! thread would. Connections are never held across an await: a read is one synchronous call.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use identity_domain::Fault;
use rusqlite::Connection;

use super::{bind, connect};
use crate::row::Row;
use crate::value::Value;

pub(crate) struct Readers {
    connections: Vec<Mutex<Connection>>,
    next: AtomicUsize,
}

impl Readers {
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let connections = (0..cores * 2)
            .map(|_| connect(path, 8 * 1024, false).map(Mutex::new))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| Fault::new(format_args!("SQLite: {e}")))?;
        Ok(Self {
            connections,
            next: AtomicUsize::new(0),
        })
    }

    /// Any free connection; if none is free, spins shortly, then waits for one.
    fn acquire(&self) -> Result<MutexGuard<'_, Connection>, Fault> {
        let start = self.next.fetch_add(1, Ordering::Relaxed);
        let count = self.connections.len();
        for round in 0..count.saturating_mul(8) {
            let Some(connection) = self.connections.get((start.wrapping_add(round)) % count) else {
                break;
            };
            match connection.try_lock() {
                Ok(guard) => return Ok(guard),
                // A connection holds no state between reads, so a panic elsewhere does not spoil it.
                Err(TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => std::hint::spin_loop(),
            }
        }
        let connection = self
            .connections
            .get(start % count.max(1))
            .ok_or_else(|| Fault::new("there are no readers"))?;
        Ok(connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs a query and maps its rows.
    pub fn query<T>(
        &self,
        sql: &str,
        args: &[Value],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let fault = |e: rusqlite::Error| read_fault(&e);
        let connection = self.acquire()?;
        #[cfg(test)]
        demand_search(&connection, sql, args);
        let mut statement = connection.prepare_cached(sql).map_err(fault)?;
        bind(&mut statement, args).map_err(fault)?;
        let mut rows = statement.raw_query();
        let mut out = Vec::new();
        while let Some(row) = rows.next().map_err(fault)? {
            out.push(map(&Row::Sqlite(row))?);
        }
        Ok(out)
    }
}

fn read_fault(error: &rusqlite::Error) -> Fault {
    match super::lost(error) {
        crate::work::Lost::Busy => Fault::busy(format_args!("SQLite: {error}")),
        lost => Fault::from(lost),
    }
}

/// Every finder that a test runs is proven to search: a table is walked through only where the statement says so.
#[cfg(test)]
fn demand_search(connection: &Connection, sql: &str, args: &[Value]) {
    if sql.contains("/* whole table */") {
        return;
    }
    let mut statement = connection
        .prepare_cached(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("a statement");
    bind(&mut statement, args).expect("arguments");
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().expect("a plan") {
        let detail: String = row.get(3).expect("a detail");
        assert!(
            !detail.starts_with("SCAN") || detail == "SCAN CONSTANT ROW",
            "{detail}: {sql}"
        );
    }
}
