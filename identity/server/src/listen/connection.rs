//! One connection from the first byte to the last.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response};
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

use super::activity::{Activity, Running, Tracked, Watched};
use super::limits::Limits;
use super::peers::Place;
use super::unread::Unread;
use crate::middleware::{Answering, Site};
use crate::shutdown::Shutdown;

/// Time for a goodbye (GOAWAY, `close_notify`) before the socket is cut.
const GOODBYE: Duration = Duration::from_secs(1);

/// The other end of the socket: a request extension, the only address that nobody can invent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub SocketAddr);

/// How the request reached this process: a request extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Plain TCP: loopback, or a proxy in front.
    Plain,
    /// TLS ended here.
    Tls,
}

/// What all connections of one listener share.
pub(super) struct Connections {
    limits: Limits,
    tls: Option<TlsAcceptor>,
    builder: Builder<TokioExecutor>,
    site: Site,
    shutdown: Shutdown,
    /// Others want in.
    scarce: Notify,
}

impl Connections {
    pub(super) fn new(
        limits: Limits,
        tls: Option<TlsAcceptor>,
        site: Site,
        shutdown: Shutdown,
    ) -> Self {
        let builder = http(&limits);
        Self {
            limits,
            tls,
            builder,
            site,
            shutdown,
            scarce: Notify::new(),
        }
    }

    /// Closes those that are idle or wait for their clients.
    pub(super) fn make_room(&self) {
        self.scarce.notify_waiters();
    }

    pub(super) async fn drive(&self, stream: TcpStream, peer: SocketAddr, place: &Place) {
        // Answers are small and complete: waiting for more to send would only add delay.
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = &self.tls else {
            return self.speak(stream, peer, Transport::Plain, place).await;
        };
        let handshake = tokio::select! {
            biased;
            handshake = tokio::time::timeout(self.limits.handshake_timeout, acceptor.accept(stream)) => handshake,
            () = place.wanted_back() => return,
        };
        match handshake {
            Ok(Ok(stream)) => self.speak(stream, peer, Transport::Tls, place).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
            Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
        }
    }

    /// Returns when connections are scarce and this one has to make room.
    async fn others_go_before(&self, activity: &Activity, place: &Place) {
        loop {
            tokio::select! {
                () = place.wanted_back() => return,
                () = self.scarce.notified() => if activity.is_worth_less(&self.limits) {
                    return;
                }
            }
        }
    }

    async fn speak<I>(&self, stream: I, peer: SocketAddr, transport: Transport, place: &Place)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let activity = Activity::new();
        let service = Requests {
            site: self.site.clone(),
            peer,
            transport,
            activity: Arc::clone(&activity),
        };
        let io = TokioIo::new(Watched::new(stream, Arc::clone(&activity)));
        let mut connection = pin!(self.builder.serve_connection(io, service));
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%peer, error = &*error, "connection ended early");
                    }
                    return;
                }
                () = self.shutdown.requested() => {
                    connection.as_mut().graceful_shutdown();
                    break;
                }
                () = self.others_go_before(&activity, place) => {
                    connection.as_mut().graceful_shutdown();
                    let _ = tokio::time::timeout(GOODBYE, connection).await;
                    return;
                }
                // Looked at often enough for a head that begins meanwhile: its time is shorter than the one waited for.
                () = tokio::time::sleep_until(activity.look_again(&self.limits)) => {
                    if activity.deadline(&self.limits) <= tokio::time::Instant::now() {
                        tracing::debug!(%peer, "connection outstayed its limits");
                        if activity.is_idle() {
                            connection.as_mut().graceful_shutdown();
                            let _ = tokio::time::timeout(GOODBYE, connection).await;
                        }
                        return;
                    }
                }
            }
        }
        // The listener's drain time bounds this; the watchdog still cuts a client that never reads.
        let limit = self.limits.request_timeout + self.limits.write_timeout;
        let _ = tokio::time::timeout(limit, connection).await;
    }
}

fn http(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // The watchdog has this clock too, and the library's would be set anew for every request.
        .header_read_timeout(None)
        .max_headers(limits.max_headers)
        // The smallest buffer the library accepts is 8 KiB; a larger head is answered 431.
        .max_buf_size(limits.max_header_bytes.max(8192))
        .half_close(false);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.max_streams)
        .max_header_list_size(u32::try_from(limits.max_header_bytes).unwrap_or(32 * 1024))
        // Rapid reset (CVE-2023-44487) and its mirror, resets provoked from our side.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(100)
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(256 * 1024)
        .max_send_buf_size(256 * 1024)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    builder
}

/// The requests of one connection.
struct Requests {
    site: Site,
    peer: SocketAddr,
    transport: Transport,
    activity: Arc<Activity>,
}

impl hyper::service::Service<Request<Incoming>> for Requests {
    type Response = Response<Tracked>;
    type Error = Infallible;
    type Future = InHand;

    fn call(&self, request: Request<Incoming>) -> InHand {
        let running = self.activity.begin(request.version());
        // Most requests have no body, and need no memory for one.
        let (mut request, unread) = if request.body().is_end_stream() {
            (request.map(|_| Body::empty()), Unread::NOTHING)
        } else {
            let (request, unread) = Unread::watching(request, running.patience());
            (request.map(Body::new), unread)
        };
        request.extensions_mut().insert(PeerAddress(self.peer));
        request.extensions_mut().insert(self.transport);
        InHand {
            answering: self.site.answer(request),
            running: Some(running),
            unread,
        }
    }
}

/// A request whose answer is being made.
struct InHand {
    answering: Answering,
    running: Option<Running>,
    unread: Unread,
}

impl Future for InHand {
    type Output = Result<Response<Tracked>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answered = Pin::new(&mut self.answering).poll(context);
        answered.map_ok(|mut response| {
            self.unread.announce(response.headers_mut());
            let running = self.running.take();
            response.map(|body| Tracked::new(body, running))
        })
    }
}
