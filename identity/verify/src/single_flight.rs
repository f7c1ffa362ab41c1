//! One fetch at a time: who comes while it is under way waits for it instead of starting another.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

#[derive(Debug, Clone, Default)]
pub(crate) struct SingleFlight(Arc<Mutex<Option<watch::Receiver<()>>>>);

impl SingleFlight {
    /// Starts `work` unless one is under way. The work is a task of its own, so it ends well even when
    /// the request that caused it is dropped. The answer resolves when the work under way has ended.
    pub(crate) fn start<F>(&self, work: F) -> impl Future<Output = ()> + Send + use<F>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut landed = if let Some(under_way) = slot.as_ref() {
            under_way.clone()
        } else {
            let (sender, receiver) = watch::channel(());
            *slot = Some(receiver.clone());
            let flight = Flight {
                slot: Arc::clone(&self.0),
                _sender: sender,
            };
            tokio::spawn(async move {
                let _flight = flight;
                work.await;
            });
            receiver
        };
        drop(slot);
        // The sender never sends: it is dropped when the work ends, even by a panic.
        async move { while landed.changed().await.is_ok() {} }
    }

    /// Waits for the work under way, if there is any.
    pub(crate) fn join(&self) -> impl Future<Output = ()> + Send + use<> {
        let under_way = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        async move {
            if let Some(mut landed) = under_way {
                while landed.changed().await.is_ok() {}
            }
        }
    }
}

struct Flight {
    slot: Arc<Mutex<Option<watch::Receiver<()>>>>,
    _sender: watch::Sender<()>,
}

impl Drop for Flight {
    fn drop(&mut self) {
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
