//! The few interactive transactions: read, decide, write, read again. Only for administration, where a unit cannot be known
//! beforehand; on SQLite the writer keeps still meanwhile, so nobody waits for a lock.

use identity_domain::email::EmailKey;
use identity_domain::user::User;
use identity_domain::{Fault, Id};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr,
    EntityTrait as _, QueryFilter as _, RuntimeErr, SqlErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait as _,
};

use sqlx::error::DatabaseError;

use crate::entity::users;
use crate::lists::{Page, PageRequest, UserFilter, list_users, user};
use crate::orm::fault;
use crate::placeholder::renumber;
use crate::store::{Engine, Store};
use crate::value::{Kind, Value};
use crate::work::{Lost, Step, Work, table_name};

/// An open interactive transaction. What is read in it sees what was recorded in it.
pub struct Administration {
    store: Store,
    transaction: DatabaseTransaction,
}

impl Store {
    /// Runs `f` in one interactive transaction: everything it recorded is durable when this returns, or nothing is, if it
    /// returns an error.
    pub async fn admin<T>(
        &self,
        f: impl AsyncFnOnce(&Administration) -> Result<T, Lost>,
    ) -> Result<T, Lost> {
        let _turn = match self.engine() {
            Engine::Sqlite { writer, .. } => Some(writer.turn().await?),
            Engine::Postgres(_) => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self
            .orm()
            .begin_with_options(options)
            .await
            .map_err(|e| lost(&e))?;
        let administration = Administration {
            store: self.clone(),
            transaction,
        };
        let outcome = f(&administration).await;
        match outcome {
            Ok(value) => {
                administration
                    .transaction
                    .commit()
                    .await
                    .map_err(|e| lost(&e))?;
                Ok(value)
            }
            Err(reason) => {
                administration
                    .transaction
                    .rollback()
                    .await
                    .map_err(|e| lost(&e))?;
                Err(reason)
            }
        }
    }
}

impl Administration {
    /// Records a unit within the transaction, step by step. After a loss the transaction must be given up. Secrets of a person are
    /// sealed in the unit that makes the person, or after it was committed.
    pub async fn record(&self, mut work: Work) -> Result<(), Lost> {
        if work.seals {
            self.store.seal(&mut work.steps).await?;
        }
        for step in work.steps {
            let guard = step.guard;
            let statement = self.statement(step)?;
            let done = self
                .transaction
                .execute_raw(statement)
                .await
                .map_err(|e| lost(&e))?;
            if let Some(guard) = guard
                && done.rows_affected() != 1
            {
                return Err(Lost::Guard(guard));
            }
        }
        Ok(())
    }

    /// The person with this id.
    pub async fn user(&self, id: Id<User>) -> Result<Option<User>, Fault> {
        let row = users::Entity::find_by_id(id.uuid())
            .one(&self.transaction)
            .await
            .map_err(|e| fault(&e))?;
        row.map(user).transpose()
    }

    /// The person with this address.
    pub async fn user_by_email(&self, key: &EmailKey) -> Result<Option<User>, Fault> {
        let query = users::Entity::find().filter(users::Column::EmailKey.eq(key.as_str()));
        let row = query.one(&self.transaction).await.map_err(|e| fault(&e))?;
        row.map(user).transpose()
    }

    /// People in the order in which they came.
    pub async fn list_users(
        &self,
        filter: &UserFilter,
        request: &PageRequest,
    ) -> Result<Page<User>, Fault> {
        list_users(&self.transaction, filter, request).await
    }

    fn statement(&self, step: Step) -> Result<Statement, Fault> {
        let backend = self.transaction.get_database_backend();
        let sql = if backend == DbBackend::Postgres {
            let mut sql = String::with_capacity(step.sql.len() + 16);
            renumber(&mut sql, &step.sql, 1);
            sql
        } else {
            step.sql.into_owned()
        };
        let values = step
            .args
            .into_iter()
            .map(bound)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Statement::from_sql_and_values(backend, sql, values))
    }
}

/// An argument as the ORM takes it.
fn bound(value: Value) -> Result<sea_orm::Value, Fault> {
    Ok(match value {
        Value::Null(Kind::Bool) => None::<bool>.into(),
        Value::Null(Kind::Int) => None::<i64>.into(),
        Value::Null(Kind::Text) => None::<String>.into(),
        Value::Null(Kind::Blob) => None::<Vec<u8>>.into(),
        Value::Null(Kind::Uuid) => None::<uuid::Uuid>.into(),
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Text(value) => value.into(),
        Value::Blob(value) => value.into(),
        Value::Uuid(value) => value.into(),
        Value::Seal(_) => return Err(Fault::new("a secret was not sealed")),
    })
}

/// What an error of the ORM means for a unit.
fn lost(error: &DbErr) -> Lost {
    let driver = match error {
        DbErr::Exec(RuntimeErr::SqlxError(driver))
        | DbErr::Query(RuntimeErr::SqlxError(driver)) => Some(&**driver),
        _ => None,
    };
    let database = driver.and_then(sqlx::Error::as_database_error);
    let code = database.and_then(DatabaseError::code);
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(message)) => {
            // PostgreSQL tells the table, SQLite the column: "UNIQUE constraint failed: users.email_key".
            let told = database.and_then(|database| database.table());
            let table = told.or_else(|| {
                message
                    .split(": ")
                    .last()
                    .and_then(|column| column.split('.').next())
            });
            Lost::Conflict(table.map_or("row", table_name))
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Lost::Guard("reference"),
        _ => match code.as_deref() {
            // Serialisation failure, deadlock; SQLite's lock held by another process. Nothing was done.
            Some("40001" | "40P01" | "5" | "517") => Lost::Busy,
            _ => Lost::Fault(fault(error)),
        },
    }
}
