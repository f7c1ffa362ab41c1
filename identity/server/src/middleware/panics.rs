//! A panic in a handler becomes an answer; the connection and the process live on.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// Marks that a future panicked. What the panic said was logged by the hook, see [`crate::telemetry`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Panicked;

/// Runs `future` to its end or to its panic. The future is not polled again after a panic, so what it left half done
/// is never seen.
pub(crate) async fn caught<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    })
    .await
}

/// The same for what needs no waiting.
pub(super) fn caught_at_once<T>(act: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(act)).map_err(|_| Panicked)
}
