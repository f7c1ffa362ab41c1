//! A core for the server and one for the load, so that neither's figures depend on the other.

use std::fs;

use rustix::thread::{CpuSet, sched_setaffinity};

use crate::failure::{During as _, Outcome};

/// Who runs where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cores {
    /// The measured process.
    pub server: usize,
    /// This process.
    pub load: usize,
}

impl Cores {
    /// The first and the last core that this process may use.
    pub fn of_this_machine() -> Outcome<Self> {
        let status = fs::read_to_string("/proc/self/status").during("reading the allowed cores")?;
        let list = status
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))
            .during("the allowed cores are not told")?;
        let mut numbers = list
            .trim()
            .split([',', '-'])
            .filter_map(|number| number.parse().ok());
        let server = numbers.next().during("no core is allowed")?;
        Ok(Self {
            server,
            load: numbers.next_back().unwrap_or(server),
        })
    }

    /// Whether both have a core of their own.
    pub fn are_apart(self) -> bool {
        self.server != self.load
    }

    /// Moves this thread, and every thread it makes from now on, to the load's core.
    pub fn take_load_core(self) -> Outcome<()> {
        let mut set = CpuSet::new();
        set.set(self.load);
        sched_setaffinity(None, &set).during("taking a core of its own")
    }
}
