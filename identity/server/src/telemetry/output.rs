//! Lines on their way to standard output. Whoever logs only appends to memory; a thread writes what has gathered in one call.
//! Nobody waits for a slow reader: beyond a bound lines are lost, and counted, rather than sign-ins held up.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long lines gather before they are written together. Warnings and errors are written at once.
const GATHER: Duration = Duration::from_millis(10);
/// Most bytes that may wait.
const MOST: usize = 4 * 1024 * 1024;
/// What is kept of the memory after a burst.
const KEPT: usize = 256 * 1024;
/// How long the end of the process waits for a reader that does not read.
const PATIENCE: Duration = Duration::from_secs(2);

/// Takes lines; cheap to clone.
#[derive(Clone)]
pub(super) struct Output(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    wake: Condvar,
    written: Condvar,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Lines that found no room.
    lost: u64,
    /// Do not gather more.
    urgent: bool,
    /// What was taken out is not written yet.
    writing: bool,
}

impl Output {
    /// Starts the thread that writes to `sink`.
    pub fn start(sink: impl Write + Send + 'static) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("log".to_owned())
            .stack_size(128 * 1024)
            .spawn(move || own.write_on(sink))?;
        Ok(Self(shared))
    }

    /// Appends a whole line.
    pub fn take(&self, line: &[u8], urgent: bool) {
        let mut waiting = self.0.waiting();
        if waiting.lines.len() + line.len() > MOST {
            waiting.lost += 1;
            return;
        }
        let was_idle = waiting.lines.is_empty();
        waiting.lines.extend_from_slice(line);
        let wake = was_idle || (urgent && !waiting.urgent);
        waiting.urgent |= urgent;
        drop(waiting);
        if wake {
            self.0.wake.notify_one();
        }
    }

    /// Returns when everything taken before is written, or the reader has not read for a while.
    pub fn flush(&self) {
        let mut waiting = self.0.waiting();
        waiting.urgent = true;
        self.0.wake.notify_one();
        let unwritten = |waiting: &mut Waiting| waiting.writing || !waiting.lines.is_empty();
        drop(
            self.0
                .written
                .wait_timeout_while(waiting, PATIENCE, unwritten),
        );
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes for as long as the process lives.
    fn write_on(&self, mut sink: impl Write) {
        let mut batch = Vec::new();
        loop {
            let lost = self.next(&mut batch);
            // There is nobody to tell that the log cannot be written.
            let _ = sink.write_all(&batch).and_then(|()| sink.flush());
            batch.clear();
            batch.shrink_to(KEPT);
            let mut waiting = self.waiting();
            waiting.writing = false;
            drop(waiting);
            self.written.notify_all();
            if lost > 0 {
                tracing::warn!(lost, "the log is not read fast enough, lines were lost");
            }
        }
    }

    /// Waits for lines, and a moment for more; how many were lost meanwhile.
    fn next(&self, batch: &mut Vec<u8>) -> u64 {
        let waiting = self.waiting();
        let waiting = self
            .wake
            .wait_while(waiting, |waiting| waiting.lines.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        let (mut waiting, _) = self
            .wake
            .wait_timeout_while(waiting, GATHER, |waiting| !waiting.urgent)
            .unwrap_or_else(PoisonError::into_inner);
        waiting.urgent = false;
        waiting.writing = true;
        std::mem::swap(&mut waiting.lines, batch);
        std::mem::take(&mut waiting.lost)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::sync::mpsc;

    use super::*;

    /// Hands over what is written; blocks until somebody takes it.
    struct Slow(mpsc::SyncSender<Vec<u8>>);
    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.send(bytes.to_vec()).unwrap();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_keep_their_order_and_are_there_after_a_flush() {
        let (sender, written) = mpsc::sync_channel(1_000);
        let output = Output::start(Slow(sender)).unwrap();
        for number in 0..100 {
            output.take(format!("{number}\n").as_bytes(), number % 7 == 0);
        }
        output.flush();
        let text: Vec<u8> = written.try_iter().flatten().collect();
        let text = String::from_utf8(text).unwrap();
        let numbers: Vec<usize> = text.lines().map(|line| line.parse().unwrap()).collect();
        assert_eq!(numbers, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn nobody_waits_for_a_reader_that_does_not_read() {
        let (sender, written) = mpsc::sync_channel(0);
        let output = Output::start(Slow(sender)).unwrap();
        let line = vec![b'x'; 64 * 1024];
        for _ in 0..500 {
            output.take(&line, false);
        }
        assert!(output.0.waiting().lines.len() <= MOST);
        assert!(output.0.waiting().lost > 0);
        assert!(!written.recv().unwrap().is_empty());
    }
}
