//! Guessing and flooding are slowed by budgets that live in the database: shared by nodes, surviving restarts.

use identity_domain::failure::{Failure, Fault};
use identity_domain::lockout::BudgetKey;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::ValueHash;
use identity_domain::time::Timestamp;

use crate::env::Env;

/// The row's key: kind and subject, hashed, so that the table names nobody.
pub fn key_hash(key: &BudgetKey) -> ValueHash {
    ValueHash::of(key.text().as_bytes())
}

/// Counts a try before its work is done, in one conditional statement: of many parallel tries only as many pass as the budget allows.
pub async fn spend(
    env: &Env,
    key: &BudgetKey,
    now: Timestamp,
) -> Result<(), Failure<LoginRefusal>> {
    let rule = key.rule();
    if let Some(until) = env.store.spend_budget(key_hash(key), rule, now).await? {
        return Err(Failure::Refused(LoginRefusal::Throttled { until }));
    }
    Ok(())
}

/// Forgets the tries of a budget after a success.
pub async fn refund(env: &Env, key: &BudgetKey) -> Result<(), Fault> {
    env.store.clear_budget(key_hash(key)).await
}
