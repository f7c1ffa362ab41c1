//! What is over is taken away, in small portions. Nothing depends on it: everything that expired is dead before it is swept.

use identity_domain::Fault;

use crate::env::Env;

/// Rows per portion and table.
const PORTION: usize = 500;
/// Portions of one run: more than a flood can leave behind until the next.
const PORTIONS: usize = 400;
/// Of the logins that nobody ended so many are kept for as long as their page may still lead on. A flood leaves no more (DOS-05).
const MOST_ENDED_LOGINS: usize = 500_000;

/// Deletes expired rows of every bounded table.
pub async fn sweep(env: &Env) -> Result<u64, Fault> {
    let now = env.now();
    let beyond = env.store.logins_beyond(MOST_ENDED_LOGINS, now).await?;
    // Those of one instant go together.
    let before = beyond.map(|end| end + identity_domain::Duration::milliseconds(1));
    let mut swept = 0;
    for _ in 0..PORTIONS {
        let portion_swept = env.store.sweep(now, before, PORTION).await?;
        swept += portion_swept;
        if portion_swept < PORTION as u64 {
            break;
        }
    }
    Ok(swept)
}
