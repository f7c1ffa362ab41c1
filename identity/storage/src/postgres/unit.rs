//! A unit of work as one statement: `WITH s0 AS (UPDATE … RETURNING 1), s1 AS (INSERT … RETURNING 1) SELECT …`, where the
//! SELECT raises a named error for the first guard that did not touch exactly one row, so that the statement takes itself back.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError};

use sqlx::postgres::PgArguments;
use sqlx::{AssertSqlSafe, Connection as _, Error};

use super::{Attempt, MOST_TEXTS, Postgres, bind, bind_into, lost, retry};
use crate::placeholder::renumber;
use crate::work::{Lost, Step, Work};

/// SQLSTATE of the function `identity_lost`, made by a migration.
const GUARD_LOST: &str = "ID001";

/// What two units have in common when one statement serves both.
pub(super) type Shape = Vec<(Cow<'static, str>, Option<&'static str>)>;

/// The statement of a shape.
#[derive(Clone)]
pub(super) enum Composed {
    One(Arc<str>),
    /// One statement would not do the same: a transaction is needed.
    InOrder,
}

impl Postgres {
    /// Durable when it returns.
    pub async fn commit(&self, work: &Work) -> Result<(), Lost> {
        let composed = if work.ordered || work.needs_order_for_its_values() {
            Composed::InOrder
        } else {
            self.composed(work)
        };
        let run = async || match &composed {
            Composed::One(text) => self.run_one(work, Arc::clone(text)).await,
            Composed::InOrder => self.run_in_order(work).await,
        };
        match run().await {
            Err(Attempt::Again(_)) => run().await,
            done => done,
        }
        .map_err(Attempt::into_lost)
    }

    async fn run_one(&self, work: &Work, text: Arc<str>) -> Result<(), Attempt> {
        let mut args = PgArguments::default();
        for step in &work.steps {
            bind_into(&mut args, &step.args)?;
        }
        let mut lease = self.leases.take().await.map_err(|e| retry(&e))?;
        let connection = lease.connection().map_err(|e| retry(&e))?;
        match sqlx::query_with(AssertSqlSafe(text), args)
            .execute(connection)
            .await
        {
            Ok(_) => {
                lease.give_back();
                Ok(())
            }
            Err(error) => Err(guard_of(work, &error)
                .map_or_else(|| retry(&error), |guard| Attempt::Over(Lost::Guard(guard)))),
        }
    }

    async fn run_in_order(&self, work: &Work) -> Result<(), Attempt> {
        let mut lease = self.leases.take().await.map_err(|e| retry(&e))?;
        let connection = lease.connection().map_err(|e| retry(&e))?;
        let mut transaction = connection.begin().await.map_err(|e| retry(&e))?;
        for step in &work.steps {
            let mut text = String::with_capacity(step.sql.len() + 16);
            renumber(&mut text, &step.sql, 1);
            let done = sqlx::query_with(AssertSqlSafe(text), bind(&step.args)?)
                .execute(&mut *transaction)
                .await
                .map_err(|e| retry(&e))?;
            if let Some(guard) = step.guard
                && done.rows_affected() != 1
            {
                transaction
                    .rollback()
                    .await
                    .map_err(|e| Attempt::Over(lost(&e)))?;
                return Err(Attempt::Over(Lost::Guard(guard)));
            }
        }
        transaction.commit().await.map_err(|e| retry(&e))?;
        lease.give_back();
        Ok(())
    }

    fn composed(&self, work: &Work) -> Composed {
        let shape: Shape = work
            .steps
            .iter()
            .map(|step| (step.sql.clone(), step.guard))
            .collect();
        if let Some(composed) = self
            .shapes
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&shape)
        {
            return composed.clone();
        }
        let composed = if work.needs_order() {
            Composed::InOrder
        } else {
            Composed::One(compose(&work.steps).into())
        };
        let mut shapes = self.shapes.write().unwrap_or_else(PoisonError::into_inner);
        // Texts made at run time would fill the cache with strangers.
        if shapes.len() < MOST_TEXTS && shape.iter().all(|(sql, _)| matches!(sql, Cow::Borrowed(_)))
        {
            shapes.insert(shape, composed.clone());
        }
        composed
    }
}

fn compose(steps: &[Step]) -> String {
    let mut text =
        String::with_capacity(64 + steps.iter().map(|step| step.sql.len() + 40).sum::<usize>());
    let mut next = 1;
    for (at, step) in steps.iter().enumerate() {
        text.push_str(if at == 0 { "WITH " } else { ", " });
        // Writing to a string cannot fail.
        let _ = write!(text, "s{at} AS (");
        next = renumber(&mut text, &step.sql, next);
        text.push_str(" RETURNING 1)");
    }
    if steps.iter().all(|step| step.guard.is_none()) {
        text.push_str(" SELECT 0");
        return text;
    }
    text.push_str(" SELECT CASE");
    for (at, step) in steps.iter().enumerate() {
        if let Some(guard) = step.guard {
            let _ = write!(
                text,
                " WHEN (SELECT count(*) FROM s{at}) <> 1 THEN identity_lost('{guard}')"
            );
        }
    }
    text.push_str(" ELSE 0 END");
    text
}

/// The guard that raised the error, if one did.
fn guard_of(work: &Work, error: &Error) -> Option<&'static str> {
    let database = error
        .as_database_error()
        .filter(|e| e.code().as_deref() == Some(GUARD_LOST))?;
    work.steps
        .iter()
        .filter_map(|step| step.guard)
        .find(|guard| *guard == database.message())
}
