//! One row of an answer, read the same way whichever database gave it.

use identity_domain::secret::ValueHash;
use identity_domain::{Fault, Id, Timestamp};
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::value::Value;

/// A row; columns are counted from zero in the order of the statement.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a PgRow),
    /// Handed over by the writer thread.
    Owned(&'a [Value]),
}

impl Row<'_> {
    pub fn int(&self, column: usize) -> Result<i64, Fault> {
        self.int_or_null(column)?.ok_or_else(|| absent(column))
    }

    pub fn int_or_null(&self, column: usize) -> Result<Option<i64>, Fault> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(|e| unreadable(column, &e)),
            // A literal in a statement is an int4 to PostgreSQL.
            Self::Postgres(row) => row
                .try_get::<Option<i64>, _>(column)
                .or_else(|_| {
                    row.try_get::<Option<i32>, _>(column)
                        .map(|n| n.map(i64::from))
                })
                .map_err(|e| unreadable(column, &e)),
            Self::Owned(row) => match row.get(column) {
                Some(Value::Int(n)) => Ok(Some(*n)),
                Some(Value::Null(_)) => Ok(None),
                _ => Err(unreadable(column, &"not a number")),
            },
        }
    }

    pub fn at(&self, column: usize) -> Result<Timestamp, Fault> {
        self.int(column).map(Timestamp)
    }

    pub fn at_or_null(&self, column: usize) -> Result<Option<Timestamp>, Fault> {
        Ok(self.int_or_null(column)?.map(Timestamp))
    }

    pub fn boolean(&self, column: usize) -> Result<bool, Fault> {
        match self {
            Self::Postgres(row) => row.try_get(column).map_err(|e| unreadable(column, &e)),
            Self::Sqlite(_) | Self::Owned(_) => self.int(column).map(|n| n != 0),
        }
    }

    pub fn text(&self, column: usize) -> Result<String, Fault> {
        self.text_or_null(column)?.ok_or_else(|| absent(column))
    }

    pub fn text_or_null(&self, column: usize) -> Result<Option<String>, Fault> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(|e| unreadable(column, &e)),
            Self::Postgres(row) => row.try_get(column).map_err(|e| unreadable(column, &e)),
            Self::Owned(row) => match row.get(column) {
                Some(Value::Text(text)) => Ok(Some(text.clone())),
                Some(Value::Null(_)) => Ok(None),
                _ => Err(unreadable(column, &"not a text")),
            },
        }
    }

    pub fn blob(&self, column: usize) -> Result<Vec<u8>, Fault> {
        self.blob_or_null(column)?.ok_or_else(|| absent(column))
    }

    pub fn blob_or_null(&self, column: usize) -> Result<Option<Vec<u8>>, Fault> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(|e| unreadable(column, &e)),
            Self::Postgres(row) => row.try_get(column).map_err(|e| unreadable(column, &e)),
            Self::Owned(row) => match row.get(column) {
                Some(Value::Blob(bytes)) => Ok(Some(bytes.clone())),
                Some(Value::Null(_)) => Ok(None),
                _ => Err(unreadable(column, &"not bytes")),
            },
        }
    }

    pub fn uuid(&self, column: usize) -> Result<Uuid, Fault> {
        self.uuid_or_null(column)?.ok_or_else(|| absent(column))
    }

    pub fn uuid_or_null(&self, column: usize) -> Result<Option<Uuid>, Fault> {
        if let Self::Postgres(row) = self {
            return row.try_get(column).map_err(|e| unreadable(column, &e));
        }
        let Some(bytes) = self.blob_or_null(column)? else {
            return Ok(None);
        };
        Uuid::from_slice(&bytes)
            .map(Some)
            .map_err(|e| unreadable(column, &e))
    }

    pub fn id<T>(&self, column: usize) -> Result<Id<T>, Fault> {
        self.uuid(column).map(Id::from_uuid)
    }

    pub fn id_or_null<T>(&self, column: usize) -> Result<Option<Id<T>>, Fault> {
        Ok(self.uuid_or_null(column)?.map(Id::from_uuid))
    }

    pub fn hash(&self, column: usize) -> Result<ValueHash, Fault> {
        self.hash_or_null(column)?.ok_or_else(|| absent(column))
    }

    pub fn hash_or_null(&self, column: usize) -> Result<Option<ValueHash>, Fault> {
        let Some(bytes) = self.blob_or_null(column)? else {
            return Ok(None);
        };
        let bytes: [u8; 32] = bytes
            .try_into()
            .map_err(|_| unreadable(column, &"not a hash of 32 bytes"))?;
        Ok(Some(ValueHash(bytes)))
    }

    pub fn json<T: DeserializeOwned>(&self, column: usize) -> Result<T, Fault> {
        serde_json::from_str(&self.text(column)?).map_err(|e| unreadable(column, &e))
    }

    pub fn json_or_null<T: DeserializeOwned>(&self, column: usize) -> Result<Option<T>, Fault> {
        let text = self.text_or_null(column)?;
        text.map(|text| serde_json::from_str(&text).map_err(|e| unreadable(column, &e)))
            .transpose()
    }
}

fn absent(column: usize) -> Fault {
    Fault::new(format_args!("column {column} is empty"))
}

fn unreadable(column: usize, why: &dyn std::fmt::Display) -> Fault {
    Fault::new(format_args!("column {column} cannot be read: {why}"))
}

/// A value as the JSON text a column holds.
pub(crate) fn to_json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    // Our own types always serialise; an empty object would be refused on reading.
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}
