//! Background work: closures that run every so often, by the injected clock, until the process stops.
//!
//! Each has its own task, so that a slow mail server does not hold up the audit log. What a job does, and that it may
//! run twice, is its own business; see the flows.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration as IoDuration;

use identity_domain::ports::{BoxFuture, Clock};
use identity_domain::{Duration, Fault, Timestamp};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::shutdown::Shutdown;

type Work = Box<dyn Fn() -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// One periodic closure.
struct Task {
    name: &'static str,
    every: Duration,
    last: Mutex<Option<Timestamp>>,
    work: Work,
}

/// All periodic closures of the process.
pub struct Worker {
    clock: Arc<dyn Clock>,
    tasks: Vec<Arc<Task>>,
    wake: Arc<Notify>,
}

/// Lets a flow say that there is work, so that nobody waits for the next look at the clock.
#[derive(Clone)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Makes every task look at once whether it has to run; those with a period of zero do.
    pub fn now(&self) {
        self.0.notify_waiters();
    }
}

impl Worker {
    /// An empty one.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            tasks: Vec::new(),
            wake: Arc::default(),
        }
    }

    /// Adds a closure that runs at once and then every `every` after its last start. The name is a metrics label.
    pub fn register<F, R>(&mut self, name: &'static str, every: Duration, work: F)
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        let work: Work = Box::new(move || Box::pin(work()));
        self.tasks.push(Arc::new(Task {
            name,
            every,
            last: Mutex::new(None),
            work,
        }));
    }

    /// A handle to wake it.
    pub fn wake(&self) -> Wake {
        Wake(Arc::clone(&self.wake))
    }

    /// Runs what is due now, one after the other, and says how many ran: what a test calls in place of waiting.
    pub async fn run_due(&self) -> usize {
        let mut ran = 0;
        for task in &self.tasks {
            if task.is_due(self.clock.now()) {
                task.run(self.clock.now()).await;
                ran += 1;
            }
        }
        ran
    }

    /// Looks every `tick` of real time what is due by the injected clock. Ends after `shutdown`, once what runs is done.
    pub async fn run(self, tick: IoDuration, shutdown: Shutdown) {
        let mut running = JoinSet::new();
        for task in self.tasks {
            let (clock, wake, shutdown) = (
                Arc::clone(&self.clock),
                Arc::clone(&self.wake),
                shutdown.clone(),
            );
            running.spawn(async move {
                while !shutdown.is_requested() {
                    let now = clock.now();
                    if task.is_due(now) {
                        task.run(now).await;
                    }
                    tokio::select! {
                        () = shutdown.requested() => {}
                        () = wake.notified() => {}
                        () = tokio::time::sleep(tick) => {}
                    }
                }
            });
        }
        while running.join_next().await.is_some() {}
    }
}

impl Task {
    /// A clock that was set back must not silence a job until it has caught up.
    fn is_due(&self, now: Timestamp) -> bool {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_none_or(|last| now < last || now >= last + self.every)
    }

    async fn run(&self, now: Timestamp) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        let result = match crate::middleware::caught((self.work)()).await {
            Ok(Ok(())) => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "seconds fit a float for millions of years"
                )]
                metrics::gauge!("identity_job_last_success_timestamp_seconds", "job" => self.name)
                    .set(now.seconds() as f64);
                "ok"
            }
            Ok(Err(fault)) => {
                tracing::error!(job = self.name, %fault, "background job failed");
                "failed"
            }
            Err(_) => {
                tracing::error!(job = self.name, "background job panicked");
                "panicked"
            }
        };
        metrics::counter!("identity_job_runs_total", "job" => self.name, "result" => result)
            .increment(1);
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "tests"
    )]
    use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

    use super::*;
    use crate::shutdown;

    #[derive(Default)]
    struct HandClock(AtomicI64);
    impl Clock for HandClock {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::SeqCst))
        }
    }

    fn counting(worker: &mut Worker, name: &'static str, every: Duration) -> Arc<AtomicUsize> {
        let count = Arc::new(AtomicUsize::new(0));
        let inner = Arc::clone(&count);
        worker.register(name, every, move || {
            let inner = Arc::clone(&inner);
            async move {
                inner.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        });
        count
    }

    #[tokio::test]
    async fn a_job_runs_at_once_and_then_when_the_injected_clock_says_so() {
        let clock = Arc::new(HandClock::default());
        let mut worker = Worker::new(Arc::clone(&clock) as _);
        let hourly = counting(&mut worker, "hourly", Duration::hours(1));
        assert_eq!((worker.run_due().await, worker.run_due().await), (1, 0));
        clock.0.store(3_600_000, Ordering::SeqCst);
        assert_eq!(worker.run_due().await, 1);
        clock.0.store(0, Ordering::SeqCst);
        assert_eq!(
            worker.run_due().await,
            1,
            "a clock set back does not silence a job"
        );
        assert_eq!(hourly.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_job_that_panics_or_fails_leaves_the_others_alone() {
        let mut worker = Worker::new(Arc::new(HandClock::default()));
        worker.register("panics", Duration::hours(1), || async {
            panic!("on purpose")
        });
        worker.register("fails", Duration::hours(1), || async {
            Err(Fault::new("on purpose"))
        });
        let other = counting(&mut worker, "other", Duration::hours(1));
        assert_eq!(worker.run_due().await, 3);
        assert_eq!(other.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_wake_runs_what_has_no_period_and_a_stop_ends_it() {
        let mut worker = Worker::new(Arc::new(HandClock::default()));
        let ran = Arc::new(Notify::new());
        let inner = Arc::clone(&ran);
        worker.register("mail", Duration::default(), move || {
            inner.notify_one();
            async { Ok(()) }
        });
        let (wake, (trigger, shutdown)) = (worker.wake(), shutdown::channel());
        let running = tokio::spawn(worker.run(IoDuration::from_hours(1), shutdown));
        ran.notified().await;
        // The task may not be waiting yet when the first wake comes: knock until it hears.
        loop {
            wake.now();
            tokio::select! {
                biased;
                () = ran.notified() => break,
                () = tokio::task::yield_now() => {}
            }
        }
        trigger.stop();
        running.await.unwrap();
    }
}
