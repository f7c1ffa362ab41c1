//! People.

mod create;
mod factors;
mod list;
mod password;
mod status;

pub use create::{NewUser, create};
pub use factors::{ListedFactor, list_factors, remove_factors};
pub use list::{Listed, Membership, list};
pub use password::require_change;
pub use status::{activate, suspend};

use identity_domain::failure::Fault;
use identity_domain::session::EndReason;
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_storage::Work;

use crate::env::Env;
use crate::jobs;

/// Adds to a unit: everything a person is signed in to ends, tokens and applications' sessions included.
pub async fn sign_out(env: &Env, work: Work, user: &User, now: Timestamp) -> Result<Work, Fault> {
    let reason = EndReason::EndedByOperator;
    let clients = env.store.clients_of_sessions(user.id, None).await?;
    let notices = jobs::backchannel_logout::jobs_for_all(env, &clients, user, now);
    let tokens_live_until = now + env.settings.token.access;
    let work = work
        .end_sessions_of(user.id, None, reason, now)
        .revoke_families_of_user(user.id, None, reason.as_str(), now, tokens_live_until)
        .pass_over_devices_of(user.id, None, now);
    Ok(notices.into_iter().fold(work, Work::enqueue))
}
