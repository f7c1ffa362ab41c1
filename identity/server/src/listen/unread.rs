//! Bodies of requests, and whether anybody read them to the end.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Version, header};
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::activity::Patience;

/// A body on its way in.
pub(super) struct Watched {
    body: Incoming,
    unread: Arc<AtomicBool>,
    patience: Patience,
}

impl Drop for Watched {
    fn drop(&mut self) {
        // Nobody wants the rest.
        self.patience.ends();
    }
}

/// Whether the rest of a body is still on its way when the answer is ready.
pub(super) struct Unread(Option<Arc<AtomicBool>>);

impl Unread {
    /// Of a request without a body.
    pub(super) const NOTHING: Self = Self(None);

    /// Watches the body of a request.
    pub(super) fn watching(
        request: Request<Incoming>,
        patience: Patience,
    ) -> (Request<Watched>, Self) {
        let unread = Arc::new(AtomicBool::new(true));
        // From HTTP/2 on a stream ends alone, and the connection goes on.
        let matters = request.version() <= Version::HTTP_11;
        let of_answer = Self(matters.then(|| Arc::clone(&unread)));
        let watched = request.map(|body| Watched {
            body,
            unread,
            patience,
        });
        (watched, of_answer)
    }

    /// The connection ends behind an answer that did not wait for the body (RFC 9112 §9.6): the client is told, and does not send its next
    /// request into it.
    pub(super) fn announce(&self, headers: &mut HeaderMap) {
        let unread = self.0.as_ref();
        if unread.is_some_and(|unread| unread.load(Ordering::Relaxed)) {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if polled.is_pending() {
            self.patience.begins();
        }
        let frame = ready!(polled);
        if frame.is_none() || self.body.is_end_stream() {
            self.unread.store(false, Ordering::Relaxed);
            self.patience.ends();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
