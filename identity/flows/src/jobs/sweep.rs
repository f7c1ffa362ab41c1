//! What is over is taken away, in small portions. Nothing depends on it: everything that expired is dead before it is swept.

use identity_domain::Fault;

use crate::env::Env;

/// Rows per portion and table.
const PORTION: usize = 500;

/// Deletes expired rows of every bounded table.
pub async fn sweep(env: &Env) -> Result<u64, Fault> {
    env.store.sweep(env.now(), PORTION).await
}
