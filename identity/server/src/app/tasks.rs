//! What runs beside the requests.

use std::sync::Arc;
use std::time::Duration as IoDuration;

use identity_domain::Fault;
use identity_domain::job::Lane;
use identity_domain::time::Duration;
use identity_flows::{Env, audit_log, jobs, keyring};
use identity_oauth::jose::Algorithm;

use crate::management::Metrics;
use crate::shutdown::Shutdown;
use crate::worker::Worker;

/// How often the worker looks whether something is due.
const TICK: IoDuration = IoDuration::from_millis(200);
/// How long the outbox sleeps when nobody wakes it: for retries and for jobs of other nodes.
const OUTBOX: IoDuration = IoDuration::from_secs(2);

/// Whoever holds it works a lane of the outbox off; so nobody finds it empty while a claimed job is still under way.
type Turn = Arc<tokio::sync::Mutex<()>>;

/// One for each lane.
#[derive(Clone, Default)]
pub struct Turns {
    people: Turn,
    services: Turn,
}

impl Turns {
    fn of(&self, lane: Lane) -> &Turn {
        match lane {
            Lane::People => &self.people,
            Lane::Services => &self.services,
        }
    }
}

/// Takes in what other nodes changed: clients, people, keys, revocations.
pub async fn changes(env: &Env) -> Result<(), Fault> {
    if env.directory.refresh(&env.store, env.now()).await? {
        env.keys.reload(&env.store).await?;
        env.seen.clear();
    }
    // A client that wants an algorithm nobody wanted before gets its key now, not at the next turn of the schedule.
    if Algorithm::ALL
        .into_iter()
        .any(|algorithm| env.directory.uses_algorithm(algorithm) && !env.keys.can_sign(algorithm))
    {
        keyring::rotate(env, false, false).await?;
    }
    env.status.refresh(env).await
}

/// Does everything that is due, once; for tests, which move the clock by hand.
pub async fn run_all(env: &Arc<Env>, outbox: &Turns) -> Result<(), Fault> {
    keyring::rotate(env, false, false).await?;
    changes(env).await?;
    // What is done for a service may be followed by something for people, hardly the other way.
    for lane in [Lane::Services, Lane::People] {
        let turn = outbox.of(lane).lock().await;
        while jobs::run_due(env, lane).await? > 0 {}
        drop(turn);
    }
    audit_log::seal(env).await?;
    audit_log::checkpoint(env).await?;
    audit_log::prune(env).await?;
    jobs::sweep::sweep(env).await.map(drop)
}

/// Registers the periodic work.
pub fn worker(env: &Arc<Env>, metrics: &Metrics) -> Worker {
    let mut worker = Worker::new(Arc::clone(&env.clock));
    let with = |env: &Arc<Env>| Arc::clone(env);
    let shared = with(env);
    worker.register("changes", Duration::seconds(1), move || {
        changes_of(with(&shared))
    });
    let shared = Arc::clone(env);
    worker.register("audit", Duration::milliseconds(500), move || {
        let env = Arc::clone(&shared);
        async move { audit_log::seal(&env).await }
    });
    let shared = Arc::clone(env);
    worker.register("audit_checkpoint", Duration::minutes(1), move || {
        let env = Arc::clone(&shared);
        async move { audit_log::checkpoint(&env).await.map(drop) }
    });
    let shared = Arc::clone(env);
    worker.register("audit_retention", Duration::minutes(10), move || {
        let env = Arc::clone(&shared);
        async move { audit_log::prune(&env).await.map(drop) }
    });
    let shared = Arc::clone(env);
    worker.register("keys", Duration::minutes(1), move || {
        let env = Arc::clone(&shared);
        async move { keyring::rotate(&env, false, false).await.map(drop) }
    });
    let shared = Arc::clone(env);
    worker.register("sweep", Duration::minutes(1), move || {
        let env = Arc::clone(&shared);
        async move { jobs::sweep::sweep(&env).await.map(drop) }
    });
    let (metrics, shared) = (metrics.clone(), Arc::clone(env));
    worker.register("metrics", Duration::seconds(5), move || {
        metrics::counter!("identity_refusals_unrecorded_total")
            .absolute(shared.refusals.unrecorded());
        metrics.upkeep();
        std::future::ready(Ok(()))
    });
    worker
}

async fn changes_of(env: Arc<Env>) -> Result<(), Fault> {
    changes(&env).await
}

/// Starts worker and outbox; both end with `shutdown`.
pub fn spawn(
    env: &Arc<Env>,
    metrics: &Metrics,
    turns: &Turns,
    shutdown: &Shutdown,
) -> Vec<tokio::task::JoinHandle<()>> {
    let worker = worker(env, metrics);
    let mut tasks = vec![
        tokio::spawn(worker.run(TICK, shutdown.clone())),
        tokio::spawn(warm_up(Arc::clone(env))),
    ];
    tasks.extend(Lane::ALL.map(|lane| {
        let turn = Arc::clone(turns.of(lane));
        tokio::spawn(outbox(Arc::clone(env), lane, turn, shutdown.clone()))
    }));
    tasks
}

/// The crypto library takes tens of milliseconds for its first entropy. Neither the start nor the first sign-in should wait for it.
async fn warm_up(env: Arc<Env>) {
    tokio::time::sleep(TICK).await;
    let drawn = tokio::task::spawn_blocking(move || env.entropy.fill(&mut [0; 32]));
    // If it did not work, whoever needs it will find out.
    let _ = drawn.await;
}

/// Mails and logout notices go out as soon as their unit is committed.
async fn outbox(env: Arc<Env>, lane: Lane, turn: Turn, shutdown: Shutdown) {
    while !shutdown.is_requested() {
        let held = turn.lock().await;
        let done = jobs::run_due(&env, lane).await;
        drop(held);
        match done {
            Ok(0) => {}
            Ok(_) => continue,
            Err(fault) => tracing::error!(%fault, "the outbox could not be worked off"),
        }
        tokio::select! {
            () = env.store.job_signal(lane).notified() => {}
            () = tokio::time::sleep(OUTBOX) => {}
            () = shutdown.requested() => {}
        }
    }
}
