//! Connections for finders and units. They are kept beside the library's pool, because the pool asks the database whether a connection
//! still lives whenever it takes one back: one more round trip for each statement, which cost a third of the statement itself.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::{Connection as _, Error, PgConnection, Postgres};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Longest wait for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// Connections idle for longer are asked whether they still live before they are used.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);
/// Connections idle for longer are given back to the pool, which closes what is too many.
const KEPT_IDLE: Duration = Duration::from_mins(1);

pub(super) struct Leases {
    pool: PgPool,
    permits: Semaphore,
    /// Those in nobody's hands, the longest idle first.
    idle: Mutex<Vec<Idle>>,
    most_idle: usize,
}

struct Idle {
    connection: PoolConnection<Postgres>,
    since: Instant,
}

impl Leases {
    /// Of a pool with so many connections; one is left to lists and administration.
    pub fn new(pool: PgPool, connections: u32) -> Self {
        let own = usize::try_from(connections.saturating_sub(1)).unwrap_or_default();
        Self {
            pool,
            permits: Semaphore::new(own.max(1)),
            idle: Mutex::default(),
            most_idle: own,
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection of one's own.
    pub async fn take(&self) -> Result<Lease<'_>, Error> {
        let permit = tokio::time::timeout(PATIENCE, self.permits.acquire())
            .await
            .map_err(|_| Error::PoolTimedOut)?
            .map_err(|_| Error::PoolClosed)?;
        let connection = match self.sound().await {
            Some(connection) => connection,
            None => self.pool.acquire().await?,
        };
        Ok(Lease {
            leases: self,
            connection: Some(connection),
            _permit: permit,
        })
    }

    /// The last used of the idle ones, if it lives.
    async fn sound(&self) -> Option<PoolConnection<Postgres>> {
        loop {
            let (last, unused) = self.pop();
            drop(unused);
            let mut last = last?;
            if last.since.elapsed() < TRUSTED_IDLE || last.connection.ping().await.is_ok() {
                return Some(last.connection);
            }
        }
    }

    /// The last used one, and one that nobody needed for long.
    fn pop(&self) -> (Option<Idle>, Option<Idle>) {
        let mut idle = self.idle();
        let last = idle.pop();
        let unused = idle
            .first()
            .is_some_and(|first| first.since.elapsed() > KEPT_IDLE)
            .then(|| idle.remove(0));
        (last, unused)
    }
}

/// A connection in use. Dropped in the middle of an exchange it goes back to the pool, which sorts it out.
pub(super) struct Lease<'a> {
    leases: &'a Leases,
    connection: Option<PoolConnection<Postgres>>,
    _permit: SemaphorePermit<'a>,
}

impl Lease<'_> {
    /// The connection.
    pub fn connection(&mut self) -> Result<&mut PgConnection, Error> {
        self.connection.as_deref_mut().ok_or(Error::PoolClosed)
    }

    /// The exchange is over and went well: the next one may use it as it is.
    pub fn give_back(mut self) {
        let mut idle = self.leases.idle();
        if idle.len() < self.leases.most_idle
            && let Some(connection) = self.connection.take()
        {
            let since = Instant::now();
            idle.push(Idle { connection, since });
        }
    }
}
