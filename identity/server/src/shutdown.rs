//! One signal that everything which runs listens to: stop taking work, finish what is in hand.

use tokio::sync::watch;

/// The hand on the switch. Dropping it stops everything, so that a lost owner never leaves a server running.
#[derive(Debug)]
pub struct ShutdownTrigger(watch::Sender<bool>);

/// What a task holds to learn that it should stop.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

/// A connected pair.
pub fn channel() -> (ShutdownTrigger, Shutdown) {
    let (sender, receiver) = watch::channel(false);
    (ShutdownTrigger(sender), Shutdown(receiver))
}

impl ShutdownTrigger {
    /// Asks everything to stop. Calling it again changes nothing.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Another receiver of the same signal.
    pub fn subscribe(&self) -> Shutdown {
        Shutdown(self.0.subscribe())
    }
}

impl Shutdown {
    /// Resolves once stopping was asked for; at once if it already was.
    pub async fn requested(&self) {
        let mut receiver = self.0.clone();
        // An error means that the trigger is gone, which is a request to stop as well.
        let _ = receiver.wait_for(|stop| *stop).await;
    }

    /// Whether stopping was asked for: `/readyz` answers "not ready" from then on.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}
