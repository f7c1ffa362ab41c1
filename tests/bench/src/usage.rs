//! What a process used, from /proc.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use crate::failure::{During as _, Outcome};

/// CPU time of a process's threads, in nanoseconds. The files of the threads are exact for threads that sleep, unlike the
/// clock ticks of `stat`; a thread that ended between two looks is lost.
#[derive(Clone, Debug, Default)]
pub struct Cpu(HashMap<String, Thread>);

#[derive(Clone, Copy, Debug)]
struct Thread {
    nanos: u64,
    /// It hashes passwords and does nothing else.
    hashes: bool,
}

impl Cpu {
    /// Looks at a process.
    pub fn of(pid: u32) -> Outcome<Self> {
        let tasks = fs::read_dir(format!("/proc/{pid}/task")).during("the process is gone")?;
        let mut threads = HashMap::new();
        for task in tasks.flatten() {
            let Ok(text) = fs::read_to_string(task.path().join("schedstat")) else {
                continue;
            };
            let name = fs::read_to_string(task.path().join("comm")).unwrap_or_default();
            if let Some(nanos) = text.split(' ').next().and_then(|first| first.parse().ok()) {
                let hashes = name.starts_with("hash-");
                let thread = Thread { nanos, hashes };
                threads.insert(task.file_name().to_string_lossy().into_owned(), thread);
            }
        }
        Ok(Self(threads))
    }

    /// What was used from `earlier` to this look.
    pub fn since(&self, earlier: &Self) -> Duration {
        self.used(earlier, |_| true)
    }

    /// The part of it that hashed passwords.
    pub fn hashing_since(&self, earlier: &Self) -> Duration {
        self.used(earlier, |thread| thread.hashes)
    }

    fn used(&self, earlier: &Self, counts: impl Fn(&Thread) -> bool) -> Duration {
        let used = |(id, now): (&String, &Thread)| match earlier.0.get(id) {
            Some(before) if before.nanos <= now.nanos => now.nanos - before.nanos,
            _ => now.nanos,
        };
        let counted = self.0.iter().filter(|(_, thread)| counts(thread));
        Duration::from_nanos(counted.map(used).sum())
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

/// The most that was ever resident of a process, in KiB.
pub fn peak(pid: u32) -> Outcome<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).during("reading its memory")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse().ok());
    kib.during("its peak is not told")
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
