//! Processes that are measured: started on their core, stopped by their id, whatever happens.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::cores::Cores;
use crate::failure::{During as _, Outcome};

const GOODBYE: Duration = Duration::from_secs(5);

/// A process of ours; stopped when dropped.
pub struct Managed(Child);

impl Managed {
    /// Starts `program` on the server's core.
    pub fn start(
        cores: Cores,
        program: &Path,
        configure: impl FnOnce(&mut Command),
    ) -> Outcome<Self> {
        let mut command = Command::new("taskset");
        command
            .arg("-c")
            .arg(cores.server.to_string())
            .arg(program)
            .stdin(Stdio::null());
        configure(&mut command);
        command.spawn().map(Self).during("starting taskset")
    }

    /// Its id: taskset becomes the program.
    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    /// The child, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Whether it ended by itself.
    pub fn ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }

    fn stop(&mut self) {
        if self.ended() {
            return;
        }
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let asked = Instant::now();
        while !self.ended() && asked.elapsed() < GOODBYE {
            thread::sleep(Duration::from_millis(5));
        }
        if !self.ended() {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

impl Drop for Managed {
    fn drop(&mut self) {
        self.stop();
    }
}
