//! The server loop: accept, TLS, HTTP/1.1 and HTTP/2, limits, graceful stop.
//!
//! The serving helper of the web framework has neither a header timeout nor a cap on connections, so the loop is ours.
//! Start at [`Listener::serve`]; [`connection`] drives one connection, [`activity`] decides when it has to go.

mod activity;
mod connection;
mod framing;
mod limits;
mod peers;
pub mod tls;
mod unread;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

use crate::middleware::Site;
use crate::shutdown::Shutdown;
use connection::Connections;
pub use connection::{PeerAddress, Transport};
pub use limits::Limits;
use peers::{Left, Peers, Place};

/// A bound socket that is not served yet.
pub struct Listener {
    tcp: TcpListener,
    limits: Limits,
    tls: Option<TlsAcceptor>,
}

/// How a listener ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Every request in hand was answered.
    Drained,
    /// This many connections had to be cut when the drain time was over.
    Cut(usize),
}

impl Listener {
    /// Binds `address`; port 0 picks a free one.
    pub async fn bind(
        address: SocketAddr,
        limits: Limits,
        tls: Option<Arc<rustls::ServerConfig>>,
    ) -> io::Result<Self> {
        let tcp = TcpListener::bind(address).await?;
        Ok(Self {
            tcp,
            limits,
            tls: tls.map(TlsAcceptor::from),
        })
    }

    /// The address that was bound, with its real port.
    pub fn local_address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// Serves until `shutdown`, then answers what is in hand for at most the drain time.
    pub async fn serve(self, site: impl Into<Site>, shutdown: Shutdown) -> Stopped {
        let permits = Arc::new(Semaphore::new(self.limits.max_connections));
        let drain = self.limits.drain;
        let reserve = self.limits.max_connections / 8;
        let scarce_keep_alive = self.limits.scarce_keep_alive;
        let encrypted = self.tls.is_some();
        let peers = Peers::new(self.limits.peer_share, self.limits.proxies.clone());
        let shared = Arc::new(Connections::new(
            self.limits,
            self.tls,
            site.into(),
            shutdown.clone(),
        ));
        let mut running = JoinSet::new();
        let mut thinned: Option<Instant> = None;
        let mut take = |(stream, peer): (TcpStream, SocketAddr), running: &mut JoinSet<()>| {
            let permit = Arc::clone(&permits).try_acquire_owned();
            let lately = thinned.is_some_and(|last| last.elapsed() < scarce_keep_alive);
            let left = permits.available_permits();
            let is_scarce = left <= reserve;
            if !lately && is_scarce {
                thinned = Some(Instant::now());
                shared.make_room();
            }
            let left = if is_scarce {
                Left::Few(left + 1)
            } else {
                Left::Many
            };
            let place = peers.admit(peer.ip(), left);
            match permit.ok().zip(place) {
                Some(held) => admit(running, &shared, (stream, peer), held),
                None => refuse(&stream, encrypted),
            }
        };
        loop {
            tokio::select! {
                biased;
                () = shutdown.requested() => break,
                Some(ended) = running.join_next(), if !running.is_empty() => report(ended),
                accepted = self.tcp.accept() => match accepted {
                    Ok(accepted) => take(accepted, &mut running),
                    Err(error) => pause_after(&error).await,
                },
            }
        }
        // Whoever the kernel has already shaken hands with still gets an answer instead of a reset.
        while let Some(accepted) = waiting(&self.tcp).await {
            take(accepted, &mut running);
        }
        drop(self.tcp);
        finish(running, drain).await
    }
}

/// The next connection that is there already.
async fn waiting(tcp: &TcpListener) -> Option<(TcpStream, SocketAddr)> {
    tokio::select! {
        biased;
        accepted = tcp.accept() => accepted.ok(),
        () = std::future::ready(()) => None,
    }
}

fn admit(
    running: &mut JoinSet<()>,
    shared: &Arc<Connections>,
    (stream, peer): (TcpStream, SocketAddr),
    held: (OwnedSemaphorePermit, Place),
) {
    let shared = Arc::clone(shared);
    running.spawn(async move {
        metrics::gauge!("identity_http_connections").increment(1.0);
        shared.drive(stream, peer, &held.1).await;
        metrics::gauge!("identity_http_connections").decrement(1.0);
        drop(held);
    });
}

/// Over the cap: say so in one packet where that is possible, and close. Nothing waits, nothing is queued.
fn refuse(stream: &TcpStream, encrypted: bool) {
    metrics::counter!("identity_http_connections_refused_total").increment(1);
    if !encrypted {
        let _ = stream.try_write(
            b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        );
    }
}

/// Out of descriptors or memory the kernel answers at once, again and again: a short rest keeps the loop from spinning.
async fn pause_after(error: &io::Error) {
    match error.kind() {
        io::ErrorKind::ConnectionAborted
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::Interrupted => {}
        _ => {
            tracing::warn!(%error, "cannot accept connections");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn finish(mut running: JoinSet<()>, drain: Duration) -> Stopped {
    let all = async {
        while let Some(ended) = running.join_next().await {
            report(ended);
        }
    };
    if tokio::time::timeout(drain, all).await.is_ok() {
        return Stopped::Drained;
    }
    let left = running.len();
    tracing::warn!(
        connections = left,
        "drain time is over, cutting what is left"
    );
    running.shutdown().await;
    Stopped::Cut(left)
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!("a connection task panicked");
    }
}
