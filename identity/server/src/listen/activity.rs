//! What one connection is doing, and until when it may keep doing it.
//!
//! HTTP/1 has a header timeout in the library, HTTP/2 and the protocol sniffing before either have none, and nothing in
//! the library bounds a client that never reads. So one watchdog judges the connection by what it achieved.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http::Version;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::framing::HeadScan;
use super::limits::Limits;

#[derive(Debug)]
struct State {
    /// Requests whose answers have not been produced in full.
    active: usize,
    /// The last request that began or ended; at first the moment of accept.
    changed: Instant,
    /// When the head that is being received began. HTTP/1 only: HTTP/2 has frames that are not requests.
    head_since: Option<Instant>,
    multiplexed: bool,
}

/// Shared by the watchdog, the socket wrapper and the requests of one connection.
#[derive(Debug)]
pub(super) struct Activity(Mutex<State>);

impl Activity {
    pub(super) fn new() -> Arc<Self> {
        let now = Instant::now();
        Arc::new(Self(Mutex::new(State {
            active: 0,
            changed: now,
            head_since: Some(now),
            multiplexed: false,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request head is complete. The guard lives as long as the answer is being produced.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> Running {
        let mut state = self.state();
        state.active += 1;
        state.changed = Instant::now();
        state.head_since = None;
        state.multiplexed = version == Version::HTTP_2;
        Running(Arc::clone(self))
    }

    /// Bytes came: those of a request head, unless a request is being answered.
    fn received(&self) {
        let mut state = self.state();
        if state.active == 0 && !state.multiplexed && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    /// Whether it is between two requests, so that a goodbye makes sense. Half a head or a stuck answer gets none.
    pub(super) fn is_idle(&self) -> bool {
        self.is_idle_for(Duration::ZERO)
    }

    /// The same, for at least so long.
    pub(super) fn is_idle_for(&self, time: Duration) -> bool {
        let state = self.state();
        state.active == 0 && state.head_since.is_none() && state.changed.elapsed() >= time
    }

    /// When to ask for the deadline again.
    pub(super) fn look_again(&self, limits: &Limits) -> Instant {
        self.deadline(limits)
            .min(Instant::now() + limits.header_timeout)
    }

    /// The moment at which the connection has outstayed its welcome, unless something happens before.
    pub(super) fn deadline(&self, limits: &Limits) -> Instant {
        let state = self.state();
        if state.active > 0 {
            return state.changed + limits.request_timeout + limits.write_timeout;
        }
        match state.head_since {
            Some(since) => since + limits.header_timeout,
            None => state.changed + limits.keep_alive,
        }
    }
}

/// One request in work; dropped with its answer's body.
#[derive(Debug)]
pub(super) struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.active = state.active.saturating_sub(1);
        state.changed = Instant::now();
    }
}

/// An answer's body that keeps its request counted until the last frame is handed over.
pub(super) struct Tracked {
    body: axum::body::Body,
    _running: Option<Running>,
}

impl Tracked {
    pub(super) fn new(body: axum::body::Body, running: Option<Running>) -> Self {
        Self {
            body,
            _running: running,
        }
    }
}

impl Body for Tracked {
    type Data = bytes::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A socket that tells the watchdog when bytes arrive, and looks at how requests are framed.
pub(super) struct Watched<I> {
    inner: I,
    activity: Arc<Activity>,
    requests: HeadScan,
}

impl<I> Watched<I> {
    pub(super) fn new(inner: I, activity: Arc<Activity>) -> Self {
        Self {
            inner,
            activity,
            requests: HeadScan::new(),
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Watched<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(context, buffer);
        if let Some(arrived) = buffer
            .filled_mut()
            .get_mut(before..)
            .filter(|bytes| !bytes.is_empty())
        {
            self.activity.received();
            self.requests.inspect(arrived);
        }
        polled
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Watched<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
