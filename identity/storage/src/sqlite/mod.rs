//! SQLite: one thread writes, many connections read.

mod readers;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use identity_domain::Fault;
use rusqlite::types::{Null, ToSql, ToSqlOutput};
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, ffi};

use crate::value::Value;
use crate::work::{Lost, table_name};

pub(crate) use readers::Readers;
#[cfg(test)]
pub(crate) use writer::QUEUE;
pub(crate) use writer::Writer;

/// How often the log is asked for, 10 ms apart.
const MOST_TRIES: usize = 500;

/// The file a URL names: `sqlite:PATH` or `sqlite://PATH`, any `?…` ignored.
pub(crate) fn path_of(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let path = rest.split_once('?').map_or(rest, |(path, _)| path);
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

/// Creates the file readable by its owner alone, before SQLite would create it readable by all.
pub(crate) fn create(path: &Path) -> Result<(), Fault> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|e| {
        Fault::new(format_args!(
            "the database {} cannot be opened: {e}",
            path.display()
        ))
    })
}

/// Switches to the write-ahead log. Where another process does so in this moment, on an empty file, SQLite says at once that it is locked,
/// whatever the patience: asked again it is done.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    for _ in 0..MOST_TRIES {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
    connection.pragma_update(None, "journal_mode", "WAL")
}

/// A connection with what all share: WAL, foreign keys, a patient lock, temporary tables in memory.
fn connect(path: &Path, cache_kib: u32, writes: bool) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(Duration::from_secs(5))?;
    write_ahead(&connection)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "cache_size", -i64::from(cache_kib))?;
    if writes {
        // An acknowledged unit survives a power loss.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 1000)?;
        // What is deleted is overwritten: an erased person is not left in free pages.
        connection.pragma_update(None, "secure_delete", true)?;
    } else {
        connection.pragma_update(None, "query_only", true)?;
    }
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Null(_) => Null.to_sql(),
            Self::Bool(value) => Ok(ToSqlOutput::from(*value)),
            Self::Int(value) => value.to_sql(),
            Self::Text(value) => value.to_sql(),
            Self::Blob(value) => value.to_sql(),
            Self::Uuid(value) => Ok(ToSqlOutput::from(value.as_bytes().as_slice())),
            Self::Seal(_) => Err(Error::ToSqlConversionFailure(
                "a secret was not sealed".into(),
            )),
        }
    }
}

/// Binds the arguments of a statement in order.
fn bind(statement: &mut rusqlite::Statement<'_>, args: &[Value]) -> rusqlite::Result<()> {
    for (at, value) in args.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, value)?;
    }
    Ok(())
}

/// What an error of SQLite means for a unit.
fn lost(error: &Error) -> Lost {
    let Error::SqliteFailure(failure, message) = error else {
        return Lost::Fault(Fault::new(format_args!("SQLite: {error}")));
    };
    match (failure.extended_code, failure.code) {
        (ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY, _) => {
            // "UNIQUE constraint failed: users.email_key"
            let table = message
                .as_deref()
                .and_then(|text| text.split(": ").nth(1))
                .and_then(|text| text.split('.').next());
            Lost::Conflict(table.map_or("row", table_name))
        }
        // What a new row refers to is gone.
        (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, _) => Lost::Guard("reference"),
        (_, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Lost::Busy,
        // Worth another try once there is room or the disk is back.
        (
            _,
            ErrorCode::DiskFull
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure,
        )
        // None of the triggers is ours: whoever put it there lets nothing in for now.
        | (ffi::SQLITE_CONSTRAINT_TRIGGER, _) => Lost::Fault(Fault::busy(format_args!("SQLite: {error}"))),
        _ => Lost::Fault(Fault::new(format_args!("SQLite: {error}"))),
    }
}
