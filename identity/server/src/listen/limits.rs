//! How much a client may ask of the edge before it is turned away.

use std::time::Duration;

use ipnet::IpNet;

/// Bounds of one listener. Every list and every wait has one (security constraint 21).
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections served at once; more are refused at once instead of queued. When only an eighth is left, idle ones are closed.
    pub max_connections: usize,
    /// From accept (or from the first byte of a later request) to a complete request head.
    pub header_timeout: Duration,
    /// How long a connection may be idle between two requests.
    pub keep_alive: Duration,
    /// How long it may be idle while connections are scarce: whoever asks for something goes before whoever does not.
    pub scarce_keep_alive: Duration,
    /// How long a request may wait for its client while connections are scarce: for the rest of its head or body, or to take the answer.
    pub scarce_patience: Duration,
    /// TLS handshake, from accept to finished.
    pub handshake_timeout: Duration,
    /// The handler's whole time, body included. Enforced by the middleware; here it bounds the connection's watchdog.
    pub request_timeout: Duration,
    /// How long an answer may take to leave once the handler is done.
    pub write_timeout: Duration,
    /// How long running requests may take after a stop was asked for.
    pub drain: Duration,
    /// Most connections of one peer (IPv6: /64) once less than an eighth of all places is free, and never more than are still free. From
    /// then on whoever holds most gives one back for each that is given to a peer with less. `None` where only proxies
    /// connect.
    pub peer_share: Option<usize>,
    /// Networks of proxies, behind which many people are: no share is held against them.
    pub proxies: Vec<IpNet>,
    /// Size of an HTTP/1 request head and of an HTTP/2 header list, bytes.
    pub max_header_bytes: usize,
    /// Header lines in one request.
    pub max_headers: usize,
    /// HTTP/2 streams open at once on one connection.
    pub max_streams: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 8192,
            header_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            scarce_keep_alive: Duration::from_secs(1),
            scarce_patience: Duration::from_secs(5),
            handshake_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            drain: Duration::from_secs(25),
            peer_share: None,
            proxies: Vec::new(),
            max_header_bytes: 32 * 1024,
            max_headers: 64,
            max_streams: 100,
        }
    }
}
