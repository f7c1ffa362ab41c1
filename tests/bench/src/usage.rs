//! What a process used, from /proc.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use crate::failure::{During as _, Outcome};

/// CPU time of a process's threads, in nanoseconds. The files of the threads are exact for threads that sleep, unlike the
/// clock ticks of `stat`; a thread that ended between two looks is lost.
#[derive(Clone, Debug, Default)]
pub struct Cpu(HashMap<String, u64>);

impl Cpu {
    /// Looks at a process.
    pub fn of(pid: u32) -> Outcome<Self> {
        let tasks = fs::read_dir(format!("/proc/{pid}/task")).during("the process is gone")?;
        let mut threads = HashMap::new();
        for task in tasks.flatten() {
            let Ok(text) = fs::read_to_string(task.path().join("schedstat")) else {
                continue;
            };
            if let Some(nanos) = text.split(' ').next().and_then(|first| first.parse().ok()) {
                threads.insert(task.file_name().to_string_lossy().into_owned(), nanos);
            }
        }
        Ok(Self(threads))
    }

    /// What was used from `earlier` to this look.
    pub fn since(&self, earlier: &Self) -> Duration {
        let used = |thread: &String, now: u64| match earlier.0.get(thread) {
            Some(before) if *before <= now => now - before,
            _ => now,
        };
        Duration::from_nanos(self.0.iter().map(|(thread, now)| used(thread, *now)).sum())
    }
}

/// Memory of a process, in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// Resident.
    pub rss: u64,
    /// Resident, shared pages divided among their users.
    pub pss: u64,
    /// Resident and its own: neither file nor shared.
    pub anonymous: u64,
}

impl Memory {
    /// Looks at a process.
    pub fn of(pid: u32) -> Outcome<Self> {
        let text =
            fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).during("reading its memory")?;
        let field = |name: &str| {
            text.lines()
                .find_map(|line| {
                    line.strip_prefix(name)?
                        .trim()
                        .strip_suffix("kB")?
                        .trim()
                        .parse()
                        .ok()
                })
                .unwrap_or_default()
        };
        Ok(Self {
            rss: field("Rss:"),
            pss: field("Pss:"),
            anonymous: field("Anonymous:"),
        })
    }
}

/// CPU time of this thread, exact.
pub fn own_thread() -> Duration {
    clock(rustix::time::ClockId::ThreadCPUTime)
}

/// CPU time of this process, exact.
pub fn own_process() -> Duration {
    clock(rustix::time::ClockId::ProcessCPUTime)
}

fn clock(id: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(id);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}
