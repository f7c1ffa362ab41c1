//! Budgets of tries, counted in the database so that all nodes and restarts share them.

use identity_domain::lockout::{Budget, BudgetRule};
use identity_domain::secret::ValueHash;
use identity_domain::time::Duration;
use identity_domain::{Fault, Timestamp};

use crate::row::Row;
use crate::store::Store;
use crate::value::args;
use crate::work::{Lost, Work};

/// How often a try is counted against a budget that others change at the same moment, before it is sent away.
const ATTEMPTS: usize = 16;

impl Store {
    /// A budget as it stands; `None` when nothing was counted.
    pub async fn budget(&self, key_hash: ValueHash) -> Result<Option<Budget>, Fault> {
        self.first(
            "SELECT count, last_at FROM budgets WHERE key_hash = ?",
            &args![key_hash],
            read_budget,
        )
        .await
    }

    /// Counts a try unless the budget is blocked; answers until when it is. Judging and counting are one: the count is raised only
    /// from the value that was judged, so of many parallel tries no more pass than the budget allows.
    pub async fn spend_budget(
        &self,
        key_hash: ValueHash,
        rule: BudgetRule,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Fault> {
        // On this node one at a time per key: what is judged is rarely changed by another before it is counted.
        let _turn = self.budget_turn(key_hash).await;
        for _ in 0..ATTEMPTS {
            let budget = self.budget(key_hash).await?;
            if let Some(until) = budget.and_then(|budget| budget.blocked_until(&rule, now)) {
                return Ok(Some(until));
            }
            let counted = Work::unaudited("a count of tries is no event")
                .count_try(key_hash, budget, &rule, now)
                .without_sync();
            match self.commit(counted).await {
                Ok(()) => return Ok(None),
                // Somebody else was counted: judge again.
                Err(Lost::Guard(_)) => {}
                Err(lost) => return Err(lost.into()),
            }
        }
        // So many at once is an attack or an accident; both may come back.
        Ok(Some(now + Duration::seconds(1)))
    }

    /// Counts a try whatever the budget says, and answers what it is then.
    pub async fn count_budget(
        &self,
        key_hash: ValueHash,
        rule: BudgetRule,
        now: Timestamp,
    ) -> Result<Budget, Fault> {
        // What `Budget::counted` says, in one statement: strangers count at the same moment.
        let sql = "INSERT INTO budgets (key_hash, count, last_at) VALUES (?1, ?4, ?2) ON CONFLICT (key_hash) DO UPDATE SET \
                   count = CASE WHEN budgets.last_at <= ?3 THEN ?4 \
                   WHEN budgets.last_at >= ?2 THEN CASE WHEN budgets.count < ?5 THEN budgets.count ELSE ?5 END + ?4 \
                   WHEN budgets.count <= ?2 - budgets.last_at THEN ?4 \
                   WHEN budgets.count - (?2 - budgets.last_at) > ?5 THEN ?5 + ?4 \
                   ELSE budgets.count - (?2 - budgets.last_at) + ?4 END, \
                   last_at = CASE WHEN budgets.last_at > ?2 THEN budgets.last_at ELSE ?2 END RETURNING count, last_at";
        let each = rule.each().0;
        let most = rule.most().0 - each;
        let counted = self
            .fetch(
                sql,
                args![key_hash, now, now - rule.window, each, most],
                read_budget,
            )
            .await
            .map_err(Fault::from)?;
        counted
            .into_iter()
            .next()
            .ok_or_else(|| Fault::new("a budget was not counted"))
    }

    /// Forgets all tries, after a success.
    pub async fn clear_budget(&self, key_hash: ValueHash) -> Result<(), Fault> {
        self.commit(Work::unaudited("a count of tries is no event").clear_budget(key_hash))
            .await
            .map_err(Fault::from)
    }
}

impl Work {
    /// Forgets all tries of a budget.
    pub fn clear_budget(self, key_hash: ValueHash) -> Self {
        self.step("DELETE FROM budgets WHERE key_hash = ?", args![key_hash])
    }

    /// Guard `budget`: it stands as it was judged.
    fn count_try(
        self,
        key_hash: ValueHash,
        judged: Option<Budget>,
        rule: &BudgetRule,
        now: Timestamp,
    ) -> Self {
        let counted = judged.unwrap_or_default().counted(rule, now);
        let Some(judged) = judged else {
            let sql = "INSERT INTO budgets (key_hash, count, last_at) VALUES (?, ?, ?) ON CONFLICT (key_hash) DO NOTHING";
            return self.guarded(
                "budget",
                sql,
                args![key_hash, counted.level.0, counted.last_at],
            );
        };
        self.guarded(
            "budget",
            "UPDATE budgets SET count = ?, last_at = ? WHERE key_hash = ? AND count = ? AND last_at = ?",
            args![counted.level.0, counted.last_at, key_hash, judged.level.0, judged.last_at],
        )
    }
}

/// The column counts in the time that it takes to forget.
fn read_budget(row: &Row<'_>) -> Result<Budget, Fault> {
    Ok(Budget {
        level: Duration(row.int(0)?),
        last_at: row.at(1)?,
    })
}
