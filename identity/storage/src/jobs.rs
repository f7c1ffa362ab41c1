//! Work for later, enqueued in the unit of its cause, done at least once. A claimed job belongs to its claimer until the
//! lease ends; then anybody may claim it again.

use identity_domain::job::{Job, JobKind, Lane};
use identity_domain::{Duration, Fault, Id, Timestamp};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::envelope::Place;
use crate::row::to_json;
use crate::store::Store;
use crate::value::{Value, args};
use crate::work::Work;

/// Longest reason kept.
const LONGEST_REASON: usize = 500;

/// Takes jobs whose kind is (`=`) or is not (`<>`) for the services' lane.
macro_rules! claim {
    ($of:literal, $locked:literal) => {
        concat!(
            "UPDATE jobs SET lease_owner = ?1, lease_until = ?2, attempts = attempts + CASE WHEN lease_until IS NULL THEN 0 ELSE 1 END \
             WHERE id IN (SELECT id FROM jobs WHERE state = 'waiting' AND run_at <= ?3 AND (lease_until IS NULL OR lease_until <= ?3) \
             AND kind ",
            $of,
            " 'backchannel_logout' ORDER BY run_at LIMIT ?4",
            $locked,
            ") RETURNING id, payload_sealed, run_at, attempts, created_at"
        )
    };
}

impl Store {
    /// Rung by whoever enqueued a job on this node, so that the worker of the lane need not wait for its next look.
    pub fn job_signal(&self, lane: Lane) -> &Notify {
        self.signal(lane)
    }

    /// Claims jobs of a lane that are due, the oldest first, at most `most`. Each is counted as tried once more when its lease runs out.
    pub async fn claim_jobs(
        &self,
        now: Timestamp,
        lease: Duration,
        most: usize,
        lane: Lane,
    ) -> Result<Vec<Job>, Fault> {
        // SQLite has one writer and needs no row locks; a second worker on PostgreSQL passes by rows that are being claimed.
        let sql = match (lane, self.is_shared()) {
            (Lane::People, false) => claim!("<>", ""),
            (Lane::People, true) => claim!("<>", " FOR UPDATE SKIP LOCKED"),
            (Lane::Services, false) => claim!("=", ""),
            (Lane::Services, true) => claim!("=", " FOR UPDATE SKIP LOCKED"),
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let args = args![self.name(), now + lease, now, most];
        let claimed = self
            .fetch_behind(sql, args, |row| {
                Ok((
                    row.uuid(0)?,
                    row.blob(1)?,
                    row.at(2)?,
                    row.int(3)?,
                    row.at(4)?,
                ))
            })
            .await
            .map_err(Fault::from)?;
        let mut jobs = Vec::with_capacity(claimed.len());
        for (id, sealed, run_at, attempts, created_at) in claimed {
            match self.job_kind(id, &sealed).await {
                Ok(kind) => jobs.push(Job {
                    id: Id::from_uuid(id),
                    kind,
                    run_at,
                    attempts,
                    created_at,
                }),
                // One job that cannot be read must not stop the others.
                Err(fault) if !fault.busy => {
                    self.bury_job(Id::from_uuid(id), &fault.context).await?;
                }
                Err(_) => {}
            }
        }
        jobs.sort_by_key(|job| (job.run_at, job.id));
        Ok(jobs)
    }

    async fn job_kind(&self, id: Uuid, sealed: &[u8]) -> Result<JobKind, Fault> {
        let plain = self.open_sealed(&payload_place(id), sealed).await?;
        serde_json::from_slice(&plain)
            .map_err(|_| Fault::new("the payload cannot be read by this version"))
    }

    /// The job is done and forgotten. Nothing happens when somebody else claimed it meanwhile.
    pub async fn finish_job(&self, id: Id<Job>) -> Result<(), Fault> {
        let work = Work::unaudited("the job's effect has its own event").step(
            "DELETE FROM jobs WHERE id = ? AND lease_owner = ?",
            args![id, self.name()],
        );
        self.engine().commit(work).await.map_err(Fault::from)
    }

    /// The job failed and is tried again later.
    pub async fn retry_job(
        &self,
        id: Id<Job>,
        run_at: Timestamp,
        reason: &str,
    ) -> Result<(), Fault> {
        let work = Work::unaudited("a failed try is logged").step(
            "UPDATE jobs SET run_at = ?, attempts = attempts + 1, last_error = ?, lease_owner = NULL, lease_until = NULL \
             WHERE id = ? AND lease_owner = ?",
            args![run_at, capped(reason), id, self.name()],
        );
        self.commit(work).await.map_err(Fault::from)
    }

    /// The job is given up; it stays readable for a while.
    pub async fn bury_job(&self, id: Id<Job>, reason: &str) -> Result<(), Fault> {
        let work = Work::unaudited("a dead job is logged").step(
            "UPDATE jobs SET state = 'dead', attempts = attempts + 1, last_error = ?, lease_owner = NULL, lease_until = NULL \
             WHERE id = ? AND lease_owner = ?",
            args![capped(reason), id, self.name()],
        );
        self.commit(work).await.map_err(Fault::from)
    }

    /// How many jobs wait, and how many were given up.
    pub async fn job_counts(&self) -> Result<(i64, i64), Fault> {
        let of = |state: &'static str| async move {
            let count = self
                .first(
                    "SELECT COUNT(*) FROM jobs WHERE state = ?",
                    &args![state],
                    |row| row.int(0),
                )
                .await?;
            Ok::<_, Fault>(count.unwrap_or_default())
        };
        Ok((of("waiting").await?, of("dead").await?))
    }
}

impl Work {
    /// Stores a job; its payload is sealed.
    #[expect(clippy::needless_pass_by_value, reason = "a job is stored once")]
    pub fn enqueue(self, job: Job) -> Self {
        let payload = Value::seal(to_json(&job.kind).as_bytes(), payload_place(job.id.uuid()));
        self.step(
            "INSERT INTO jobs (id, kind, payload_sealed, run_at, attempts, state, created_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?)",
            args![job.id, job.kind.as_str(), payload, job.run_at, job.attempts, job.created_at],
        )
    }

    /// Stores a job unless one with the same id waits already: for jobs whose id follows from what they are about.
    #[expect(clippy::needless_pass_by_value, reason = "a job is stored once")]
    pub fn enqueue_once(self, job: Job) -> Self {
        let payload = Value::seal(to_json(&job.kind).as_bytes(), payload_place(job.id.uuid()));
        self.step(
            "INSERT INTO jobs (id, kind, payload_sealed, run_at, attempts, state, created_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?) \
             ON CONFLICT (id) DO NOTHING",
            args![job.id, job.kind.as_str(), payload, job.run_at, job.attempts, job.created_at],
        )
    }
}

fn capped(reason: &str) -> String {
    identity_domain::audit::one_line(reason, LONGEST_REASON)
}

pub(crate) fn payload_place(id: Uuid) -> Place {
    Place::new("jobs", "payload_sealed", id.as_bytes(), b"")
}
