//! What the process asks of the operating system before it does anything else.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::shutdown::{Shutdown, ShutdownTrigger, channel};

/// More descriptors than this are of no use: the cap on connections comes first.
const DESCRIPTORS: u64 = 1_048_576;

/// No memory dumps, since memory holds keys (LOG-05), and as many descriptors as the system lets us have: one per
/// connection. Both are wishes; a system that refuses them still gets a working server.
pub fn prepare() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    // A collector that the system pipes dumps to is not bound by that limit: it gets a dump of no memory.
    let _ = std::fs::write("/proc/self/coredump_filter", "0");
    let files = getrlimit(Resource::Nofile);
    let most = files.maximum.unwrap_or(DESCRIPTORS).min(DESCRIPTORS);
    if files.current.is_none_or(|current| current < most) {
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(most),
                maximum: files.maximum,
            },
        );
    }
}

/// What the operator tells the process while it runs.
pub struct Signals {
    /// SIGTERM and SIGINT.
    pub shutdown: Shutdown,
    /// Counts SIGHUPs: reload certificates, theme and log level.
    pub hangup: watch::Receiver<u64>,
    /// Stops by hand, for errors after the start.
    pub trigger: std::sync::Arc<ShutdownTrigger>,
}

/// Listens for signals from now on.
pub fn signals() -> std::io::Result<Signals> {
    let (trigger, shutdown) = channel();
    let trigger = std::sync::Arc::new(trigger);
    let (counter, hangup) = watch::channel(0_u64);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    let stop = std::sync::Arc::clone(&trigger);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => break,
                _ = interrupt.recv() => break,
                received = hung_up.recv() => match received {
                    Some(()) => counter.send_modify(|count| *count += 1),
                    None => break,
                },
            }
        }
        tracing::info!("asked to stop");
        stop.stop();
        // Keeps the reload channel open while connections drain.
        std::future::pending::<()>().await;
        drop(counter);
    });
    Ok(Signals {
        shutdown,
        hangup,
        trigger,
    })
}
