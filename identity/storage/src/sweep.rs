//! Taking away what is over. Nothing depends on it: everything that expired is dead before it is swept.

use identity_domain::{Duration, Fault, Timestamp};

use crate::store::Store;
use crate::value::args;

/// Ended sessions and families are kept so long, for the owner's list and for reuse detection.
const KEPT_AFTER_END: Duration = Duration::days(30);
/// Dead jobs are kept so long, for the operator.
const KEPT_DEAD: Duration = Duration::days(30);
/// Budgets are forgotten after the longest window.
const LONGEST_WINDOW: Duration = Duration::days(2);
/// Notes of changes; a node that is away for longer loads everything anyway.
const KEPT_NOTES: Duration = Duration::days(1);

/// One kind of rows and how far past the given instant they must lie.
struct Sweep {
    sql: &'static str,
    kept: Duration,
}

const LOGINS: &str = "DELETE FROM logins WHERE id IN (SELECT id FROM logins WHERE expires_at < ? LIMIT ?) RETURNING 1";

const SWEEPS: [Sweep; 10] = [
    Sweep {
        sql: LOGINS,
        kept: identity_domain::login::KEPT_FOR,
    },
    Sweep {
        // Used ones too: after its expiry a value is refused for its age.
        sql: "DELETE FROM single_use WHERE (kind, tenant, value_hash) IN \
              (SELECT kind, tenant, value_hash FROM single_use WHERE expires_at < ? LIMIT ?) RETURNING 1",
        kept: Duration::days(1),
    },
    Sweep {
        sql: "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ? LIMIT ?) RETURNING 1",
        kept: KEPT_AFTER_END,
    },
    Sweep {
        sql: "DELETE FROM refresh_families WHERE id IN (SELECT id FROM refresh_families WHERE expires_at < ? LIMIT ?) RETURNING 1",
        kept: KEPT_AFTER_END,
    },
    Sweep {
        sql: "DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE last_seen_at < ? LIMIT ?) RETURNING 1",
        kept: identity_domain::device::FORGOTTEN_AFTER,
    },
    Sweep {
        sql: "DELETE FROM revoked_statuses WHERE status_index IN \
              (SELECT status_index FROM revoked_statuses WHERE until_at < ? LIMIT ?) RETURNING 1",
        kept: Duration::hours(1),
    },
    Sweep {
        sql: "DELETE FROM revoked_tokens WHERE jti_hash IN (SELECT jti_hash FROM revoked_tokens WHERE expires_at < ? LIMIT ?) RETURNING 1",
        kept: Duration::hours(1),
    },
    Sweep {
        sql: "DELETE FROM budgets WHERE key_hash IN (SELECT key_hash FROM budgets WHERE last_at < ? LIMIT ?) RETURNING 1",
        kept: LONGEST_WINDOW,
    },
    Sweep {
        sql: "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = 'dead' AND run_at < ? LIMIT ?) RETURNING 1",
        kept: KEPT_DEAD,
    },
    Sweep {
        sql: "DELETE FROM changes WHERE (topic, subject) IN (SELECT topic, subject FROM changes WHERE at < ? LIMIT ?) RETURNING 1",
        kept: KEPT_NOTES,
    },
];

impl Store {
    /// Deletes what is over by now, at most `portion` rows of each kind; how many were deleted. Logins that ended before `logins_before` go
    /// sooner than others.
    pub async fn sweep(
        &self,
        now: Timestamp,
        logins_before: Option<Timestamp>,
        portion: usize,
    ) -> Result<u64, Fault> {
        let portion = i64::try_from(portion).unwrap_or(i64::MAX);
        let mut swept = self
            .swept(LOGINS, logins_before.unwrap_or(Timestamp(0)), portion)
            .await?;
        for sweep in &SWEEPS {
            swept += self.swept(sweep.sql, now - sweep.kept, portion).await?;
        }
        Ok(swept)
    }

    async fn swept(
        &self,
        sql: &'static str,
        before: Timestamp,
        portion: i64,
    ) -> Result<u64, Fault> {
        let rows = self
            .fetch(sql, args![before, portion], |row| row.int(0))
            .await
            .map_err(Fault::from)?;
        Ok(rows.len() as u64)
    }

    /// The end of the newest login beyond the `most` newest that are over by now; `None` while there are no more than that.
    pub async fn logins_beyond(
        &self,
        most: usize,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Fault> {
        let sql = "SELECT expires_at FROM logins WHERE expires_at < ? ORDER BY expires_at DESC LIMIT 1 OFFSET ?";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.first(sql, &args![now, most], |row| row.at(0)).await
    }
}
