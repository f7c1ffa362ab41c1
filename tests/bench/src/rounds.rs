//! The measurement: cases take turns in rounds, so that whatever the machine does meanwhile hits all of them; medians count.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::cases::{Case, Worker};
use crate::failure::{During as _, Failure, Outcome};
use crate::options::Pace;
use crate::raw;
use crate::usage::{self, Cpu};
use crate::yardstick::Yardstick;

/// How often the provider seals its audit log, with something to spare.
const SEALING: Duration = Duration::from_millis(1_100);
const LOOK: Duration = Duration::from_millis(100);
/// Less than this in one look is the idle provider.
const IDLE: Duration = Duration::from_millis(2);

/// What one case gave, over all rounds.
#[derive(Debug, Default)]
pub struct Figures {
    /// Operations per second, per round.
    pub rate: Vec<f64>,
    /// Median latency, microseconds, per round.
    pub p50: Vec<f64>,
    /// 99th percentile, microseconds, per round.
    pub p99: Vec<f64>,
    /// The server's CPU microseconds per operation, with the work that follows, per round.
    pub cpu: Vec<f64>,
    /// The part of it that hashed passwords.
    pub hashing: Vec<f64>,
    /// The same while the load lasted.
    pub cpu_loaded: Vec<f64>,
    /// This process's CPU microseconds per operation.
    pub load_cpu: Vec<f64>,
    /// Operations counted.
    pub operations: usize,
    /// Operations that failed.
    pub errors: usize,
    /// What the first of them said.
    pub first_error: Option<String>,
}

impl Figures {
    /// CPU microseconds per operation besides the hash of a password: what the provider adds to it, whatever a hash costs today.
    pub fn besides_hash(&self) -> Option<f64> {
        let rest = self.cpu.iter().zip(&self.hashing);
        median(&rest.map(|(all, hash)| all - hash).collect::<Vec<_>>())
    }
}

/// All figures of one provider.
#[derive(Debug, Default)]
pub struct Measured {
    /// By case, in order.
    pub cases: Vec<(Case, Figures)>,
    /// Raw loops: CPU microseconds per operation and round, by kind.
    pub raw: BTreeMap<&'static str, Vec<f64>>,
}

struct Window {
    latencies: Vec<u64>,
    errors: usize,
    first_error: Option<String>,
    elapsed: Duration,
}

/// The median; nothing of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

fn quantile(values: &[f64], at: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * at).round() as usize).copied()
}

/// Goes through all rounds; one more in front warms up and does not count.
pub async fn run(
    cases: &[Case],
    workers: &mut Vec<Worker>,
    yardstick: &Yardstick,
    server: u32,
    pace: &Pace,
) -> Outcome<Measured> {
    let mut measured = Measured {
        cases: cases
            .iter()
            .map(|case| (*case, Figures::default()))
            .collect(),
        raw: BTreeMap::new(),
    };
    for round in 0..=pace.rounds {
        let warm_up = round == 0;
        for (case, figures) in &mut measured.cases {
            let length = match (warm_up, case.is_slow()) {
                (true, _) => pace.window / 4,
                (false, true) => pace.slow_window,
                (false, false) => pace.window,
            };
            let pid = if case.is_plain() {
                yardstick.pid()
            } else {
                server
            };
            let mut discarded = Figures::default();
            let into = if warm_up { &mut discarded } else { figures };
            take(
                Turn {
                    case: *case,
                    pid,
                    length,
                    patience: pace.settle,
                },
                workers,
                into,
            )
            .await?;
        }
        for kind in raw::KINDS.into_iter().filter(|_| !warm_up) {
            measured
                .raw
                .entry(kind)
                .or_default()
                .push(yardstick.raw(kind, pace.raw).await?);
        }
    }
    Ok(measured)
}

struct Turn {
    case: Case,
    pid: u32,
    length: Duration,
    patience: Duration,
}

async fn take(turn: Turn, workers: &mut Vec<Worker>, figures: &mut Figures) -> Outcome<()> {
    let (before, own) = (Cpu::of(turn.pid)?, usage::own_process());
    let window = window(turn.case, workers, turn.length).await?;
    let (loaded, load) = (
        Cpu::of(turn.pid)?.since(&before),
        usage::own_process().saturating_sub(own),
    );
    if turn.case.writes() {
        settle(turn.pid, turn.patience).await?;
    }
    let after = Cpu::of(turn.pid)?;
    let (cpu, hashing) = (after.since(&before), after.hashing_since(&before));
    figures.errors += window.errors;
    figures.first_error = figures.first_error.take().or(window.first_error);
    let count = window.latencies.len();
    if count == 0 {
        return Ok(());
    }
    figures.operations += count;
    let each = |time: Duration| time.as_secs_f64() * 1e6 / count as f64;
    let latencies: Vec<f64> = window
        .latencies
        .iter()
        .map(|nanos| *nanos as f64 / 1e3)
        .collect();
    figures
        .rate
        .push(count as f64 / window.elapsed.as_secs_f64());
    figures.p50.extend(quantile(&latencies, 0.5));
    figures.p99.extend(quantile(&latencies, 0.99));
    figures.cpu.push(each(cpu));
    figures.hashing.push(each(hashing));
    figures.cpu_loaded.push(each(loaded));
    figures.load_cpu.push(each(load));
    Ok(())
}

/// All connections at once, each as fast as its answers come, for a time.
async fn window(case: Case, workers: &mut Vec<Worker>, length: Duration) -> Outcome<Window> {
    let (began, mut tasks) = (Instant::now(), JoinSet::new());
    for mut worker in workers.drain(..) {
        tasks.spawn(async move {
            let (mut latencies, mut errors) = (Vec::with_capacity(4096), Vec::new());
            while began.elapsed() < length {
                let sent = Instant::now();
                match worker.step(case).await {
                    Ok(()) => {
                        latencies
                            .push(u64::try_from(sent.elapsed().as_nanos()).unwrap_or(u64::MAX));
                    }
                    Err(failure) => {
                        errors.push(failure);
                        if errors.len() > 20 {
                            break;
                        }
                    }
                }
            }
            (worker, latencies, errors)
        });
    }
    let mut window = Window {
        latencies: Vec::new(),
        errors: 0,
        first_error: None,
        elapsed: Duration::ZERO,
    };
    while let Some(done) = tasks.join_next().await {
        let (worker, latencies, errors): (Worker, Vec<u64>, Vec<Failure>) =
            done.during("a connection's task")?;
        workers.push(worker);
        window.latencies.extend(latencies);
        window.errors += errors.len();
        window.first_error = window
            .first_error
            .or_else(|| errors.first().map(ToString::to_string));
    }
    window.elapsed = began.elapsed();
    Ok(window)
}

/// Waits until the provider has done what its requests left behind.
pub async fn settle(pid: u32, patience: Duration) -> Outcome<()> {
    let began = Instant::now();
    loop {
        let before = Cpu::of(pid)?;
        tokio::time::sleep(LOOK).await;
        let used = Cpu::of(pid)?.since(&before);
        if (began.elapsed() >= SEALING && used < IDLE) || began.elapsed() >= patience {
            return Ok(());
        }
    }
}
