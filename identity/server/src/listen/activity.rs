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
    /// What arrived last ended within a head.
    is_within_head: bool,
    multiplexed: bool,
    /// Requests so far.
    begun: u64,
    /// Requests of which the next step is the client's, and since when.
    waiting: Vec<(u64, Instant)>,
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
            is_within_head: false,
            multiplexed: false,
            begun: 0,
            waiting: Vec::new(),
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
        state.begun += 1;
        Running {
            activity: Arc::clone(self),
            number: state.begun,
        }
    }

    /// Bytes came: those of a request head, unless a request is being answered.
    fn received(&self, is_within_head: bool) {
        let mut state = self.state();
        state.is_within_head = is_within_head;
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

    /// Whether others go before it while connections are scarce: it is idle, or what it began has waited for its client for a while. How
    /// much came meanwhile says nothing: a byte now and then costs nobody anything.
    pub(super) fn is_worth_less(&self, limits: &Limits) -> bool {
        if self.is_idle_for(limits.scarce_keep_alive) {
            return true;
        }
        let state = self.state();
        let waiting = state.waiting.iter().map(|(_, since)| *since);
        let head = state.head_since.filter(|_| state.active == 0);
        (waiting.chain(head)).any(|since| since.elapsed() >= limits.scarce_patience)
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
pub(super) struct Running {
    activity: Arc<Activity>,
    number: u64,
}

impl Running {
    /// The clock of what its client has to do.
    pub(super) fn patience(&self) -> Patience {
        Patience {
            activity: Arc::clone(&self.activity),
            number: self.number,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let now = Instant::now();
        let mut state = self.activity.state();
        state.active = state.active.saturating_sub(1);
        state.changed = now;
        state.waiting.retain(|(number, _)| *number != self.number);
        // Half a head that came behind this request, and was not looked at until now.
        if state.active == 0 && !state.multiplexed && state.is_within_head {
            state.head_since = Some(now);
        }
    }
}

/// How long one request has waited for its client: for its body, or to take the answer.
#[derive(Debug)]
pub(super) struct Patience {
    activity: Arc<Activity>,
    number: u64,
}

impl Patience {
    /// The next step is the client's. Said again, it does not begin again.
    pub(super) fn begins(&self) {
        let mut state = self.activity.state();
        if !state
            .waiting
            .iter()
            .any(|(number, _)| *number == self.number)
        {
            state.waiting.push((self.number, Instant::now()));
        }
    }

    /// The next step is ours.
    pub(super) fn ends(&self) {
        let mut state = self.activity.state();
        state.waiting.retain(|(number, _)| *number != self.number);
    }
}

/// An answer's body that keeps its request counted until the last frame is handed over.
pub(super) struct Tracked {
    body: axum::body::Body,
    _running: Option<Running>,
}

impl Tracked {
    /// An answer that was made: what is left is for the client to take.
    pub(super) fn new(body: axum::body::Body, running: Option<Running>) -> Self {
        if let Some(running) = &running
            && !body.is_end_stream()
        {
            running.patience().begins();
        }
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
            self.requests.inspect(arrived);
            self.activity.received(self.requests.is_within_head());
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
