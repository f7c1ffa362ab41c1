//! What is done after the answer. A job is enqueued in the unit of its cause, claimed under a lease, done at least once.

pub mod backchannel_logout;
pub mod mail;
pub mod notices;
pub mod sms;
pub mod sweep;

use std::sync::Arc;

use identity_domain::Fault;
use identity_domain::job::{Job, JobKind, Lane, MAX_ATTEMPTS, retry_delay};
use identity_domain::ports::{Addressee, OutsideError};
use identity_domain::time::{Duration, Timestamp};
use tokio::task::JoinSet;

use crate::env::Env;

/// How long a claimed job belongs to its claimer.
const LEASE: Duration = Duration::minutes(2);
/// Jobs claimed at once.
const BATCH: usize = 16;
/// Services that are told something at the same time.
const SERVICES_AT_ONCE: usize = 64;

/// A job due at once.
pub fn now(env: &Env, kind: JobKind, now: Timestamp) -> Job {
    Job {
        id: env.id(now),
        kind,
        run_at: now,
        attempts: 0,
        created_at: now,
    }
}

/// Tells the workers that there is something to do.
pub fn wake(env: &Env) {
    for lane in Lane::ALL {
        env.store.job_signal(lane).notify_one();
    }
}

/// Claims what is due in a lane and does it. Returns how many jobs were looked at.
pub async fn run_due(env: &Arc<Env>, lane: Lane) -> Result<usize, Fault> {
    let most = match lane {
        Lane::People => BATCH,
        Lane::Services => SERVICES_AT_ONCE,
    };
    let jobs = env.store.claim_jobs(env.now(), LEASE, most, lane).await?;
    let count = jobs.len();
    match lane {
        // In the order in which they were asked for.
        Lane::People => {
            for job in jobs {
                perform(env, job).await?;
            }
        }
        // All at once: each may take as long as a request to a dead service does, and the lease holds for them together.
        Lane::Services => at_once(env, jobs).await?,
    }
    Ok(count)
}

async fn at_once(env: &Arc<Env>, jobs: Vec<Job>) -> Result<(), Fault> {
    let mut running = JoinSet::new();
    for job in jobs {
        let env = Arc::clone(env);
        running.spawn(async move { perform(&env, job).await });
    }
    let mut result = Ok(());
    while let Some(done) = running.join_next().await {
        // A job that could not be written down is claimed again when its lease is over; the others go on.
        result = result.and(done.map_err(Fault::new).flatten());
    }
    result
}

async fn perform(env: &Env, job: Job) -> Result<(), Fault> {
    let outcome = done(env, &job.kind).await;
    let now = env.now();
    match outcome {
        Ok(()) => env.store.finish_job(job.id).await?,
        Err(OutsideError::Temporary(reason)) if job.attempts + 1 < MAX_ATTEMPTS => {
            tracing::warn!(job = %job.id, kind = job.kind.as_str(), attempts = job.attempts + 1, reason, "job will be tried again");
            env.store
                .retry_job(job.id, now + retry_delay(job.attempts + 1), &reason)
                .await?;
        }
        Err(error) => {
            tracing::error!(job = %job.id, kind = job.kind.as_str(), %error, "job given up");
            env.store.bury_job(job.id, &error.to_string()).await?;
        }
    }
    Ok(())
}

/// Does one.
async fn done(env: &Env, kind: &JobKind) -> Result<(), OutsideError> {
    let done = match kind {
        JobKind::Mail {
            to,
            name,
            zone,
            locale,
            notification,
        } => {
            let to = Addressee {
                address: to,
                name: name.as_deref(),
                zone: zone.as_deref(),
                locale,
            };
            return mail::send(env, &to, notification).await;
        }
        JobKind::Sms { to, locale, notice } => return sms::send(env, to, locale, notice).await,
        JobKind::BackchannelLogout {
            client_id,
            sub,
            sid,
        } => return backchannel_logout::deliver(env, client_id, sub, sid).await,
        JobKind::PurgeUser { user_id, delete_at } => {
            crate::account::deletion::purge(env, *user_id, *delete_at).await
        }
        JobKind::RemoveFactors {
            user_id,
            removed_at,
        } => crate::factors::recovery::carry_out(env, *user_id, *removed_at).await,
        JobKind::TellSignIn { sign_in } => notices::tell_sign_in(env, sign_in).await,
        JobKind::FailureDigest {
            user_id,
            unrecorded,
        } => notices::failure_digest(env, *user_id, *unrecorded).await,
        JobKind::TellAdministrators { user_id, at } => {
            notices::tell_administrators(env, *user_id, *at).await
        }
    };
    // The database is away, or somebody was faster: another time.
    done.map_err(|fault| OutsideError::Temporary(fault.to_string()))
}
