//! The listener over real sockets: limits, odd requests, graceful stop, certificates.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "listener/http2.rs"]
mod http2;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use identity_server::listen::{Limits, Listener, Stopped};
use identity_server::shutdown::{self, ShutdownTrigger};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

const SOON: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_secs(20);

struct Server {
    address: SocketAddr,
    trigger: ShutdownTrigger,
    running: JoinHandle<Stopped>,
    /// Lets `/wait` answer.
    go: Arc<Notify>,
    /// `/wait` was reached.
    reached: Arc<Notify>,
}

async fn start(limits: Limits) -> Server {
    let (go, reached) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (go_inner, reached_inner) = (Arc::clone(&go), Arc::clone(&reached));
    let wait = move || async move {
        reached_inner.notify_one();
        go_inner.notified().await;
        "waited"
    };
    let router = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/echo", post(|body: String| async { body }))
        .route("/wait", get(wait));
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), limits, None)
        .await
        .unwrap();
    let address = listener.local_address().unwrap();
    let (trigger, shutdown) = shutdown::channel();
    let running = tokio::spawn(listener.serve(router, shutdown));
    Server {
        address,
        trigger,
        running,
        go,
        reached,
    }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Connects as another machine.
    async fn connect_from(&self, host: u8) -> TcpStream {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket
            .bind(SocketAddr::from(([127, 0, 0, host], 0)))
            .unwrap();
        socket.connect(self.address).await.unwrap()
    }

    /// Sends bytes and returns everything until the server closes.
    async fn say(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        to_end(&mut stream).await
    }
}

async fn to_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset instead of a close is an end as well.
    let _ = tokio::time::timeout(LONG, stream.read_to_end(&mut answer))
        .await
        .expect("the server closes");
    String::from_utf8_lossy(&answer).into_owned()
}

fn short() -> Limits {
    Limits {
        header_timeout: SOON,
        keep_alive: SOON,
        handshake_timeout: SOON,
        ..Limits::default()
    }
}

#[tokio::test]
async fn dos_02_a_head_that_does_not_arrive_ends_the_connection() {
    let server = start(short()).await;
    for bytes in [
        &b""[..],
        b"G",
        b"GET / HTTP/1.1\r\nHost: x",
        b"PRI * HTTP/2.0\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = server.say(bytes).await;
        assert!(!answer.contains("hello"), "{bytes:?}: {answer}");
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_a_busy_one_is_not() {
    let server = start(short()).await;
    let mut stream = server.connect().await;
    for _ in 0..2 {
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let mut answer = [0; 256];
        let read = stream.read(&mut answer).await.unwrap();
        assert!(String::from_utf8_lossy(&answer[..read]).starts_with("HTTP/1.1 200"));
    }
    assert_eq!(to_end(&mut stream).await, "");
}

#[tokio::test]
async fn the_second_head_of_a_connection_has_its_own_clock() {
    let server = start(Limits {
        keep_alive: LONG,
        ..short()
    })
    .await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = [0; 256];
    assert!(stream.read(&mut answer).await.unwrap() > 0);
    stream.write_all(b"GET / HT").await.unwrap();
    to_end(&mut stream).await;
}

#[tokio::test]
async fn dos_02_half_a_head_behind_a_request_has_the_clock_of_a_head() {
    let server = start(Limits {
        keep_alive: Duration::from_hours(1),
        ..short()
    })
    .await;
    let whole = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let posted = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    for before in [whole.to_owned(), whole.repeat(3), posted.to_owned()] {
        for half in [
            "G",
            "GET /x HTTP/1.1\r\nHos",
            "GET / HTTP/1.1\r\nHost: x\r\n",
        ] {
            let answer = server.say(format!("{before}{half}").as_bytes()).await;
            assert!(answer.ends_with("hello"), "{before:?} {half:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn dos_02_what_waits_for_its_client_makes_room_for_those_that_ask() {
    let scarce = || Limits {
        max_connections: 8,
        scarce_patience: Duration::ZERO,
        scarce_keep_alive: Duration::ZERO,
        header_timeout: Duration::from_hours(1),
        ..Limits::default()
    };
    for unfinished in [
        &b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab"[..],
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT",
    ] {
        let server = start(scarce()).await;
        let mut busy = server.connect().await;
        busy.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        server.reached.notified().await;
        let mut hoarded = Vec::new();
        for _ in 0..7 {
            let mut stream = server.connect().await;
            stream.write_all(unfinished).await.unwrap();
            hoarded.push(stream);
        }
        let answered = async {
            let ask = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            while !server.say(ask).await.contains("hello") {}
        };
        tokio::time::timeout(LONG, answered).await.unwrap();
        // What waits for us is not given up.
        server.go.notify_one();
        assert!(to_end(&mut busy).await.contains("waited"));
    }
}

#[tokio::test]
async fn dos_02_idle_connections_make_room_for_those_that_ask() {
    let server = start(Limits {
        max_connections: 8,
        scarce_keep_alive: Duration::ZERO,
        ..Limits::default()
    })
    .await;
    let ask = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut hoarded = Vec::new();
    for _ in 0..7 {
        let mut stream = server.connect().await;
        stream.write_all(ask).await.unwrap();
        let mut answer = [0; 256];
        assert!(stream.read(&mut answer).await.unwrap() > 0);
        hoarded.push(stream);
    }
    // The seventh left an eighth, so the others had to go.
    for mut stream in hoarded.drain(..6) {
        assert_eq!(to_end(&mut stream).await, "");
    }
    let mut busy = server.connect().await;
    busy.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    server.reached.notified().await;
    for _ in 0..20 {
        let answer = server.say(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert!(answer.await.contains("hello"));
    }
    server.go.notify_one();
    assert!(to_end(&mut busy).await.contains("waited"));
}

#[tokio::test]
async fn dos_02_one_peer_does_not_hold_every_place() {
    let server = start(Limits {
        max_connections: 16,
        peer_share: Some(4),
        ..Limits::default()
    })
    .await;
    // Busy for as long as a body may take: nothing of it can be closed to make room.
    let mut held = Vec::new();
    for _ in 0..20 {
        let mut stream = server.connect().await;
        let unfinished = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";
        let _ = stream.write_all(unfinished).await;
        held.push(stream);
    }
    let mut other = server.connect_from(2).await;
    let ask = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    other.write_all(ask).await.unwrap();
    assert!(to_end(&mut other).await.contains("hello"));
}

#[tokio::test]
async fn dos_02_many_peers_that_stay_busy_together_leave_room_for_a_newcomer() {
    let server = start(Limits {
        max_connections: 64,
        peer_share: Some(8),
        ..Limits::default()
    })
    .await;
    let mut held = Vec::new();
    for peer in 1..13 {
        for _ in 0..64 {
            let mut stream = server.connect_from(peer).await;
            let unfinished = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";
            let _ = stream.write_all(unfinished).await;
            held.push(stream);
        }
    }
    // At most the time of a goodbye, then everybody with little is let in.
    tokio::time::sleep(Duration::from_secs(2)).await;
    for newcomer in 100..140 {
        let mut stream = server.connect_from(newcomer).await;
        let ask = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        stream.write_all(ask).await.unwrap();
        assert!(to_end(&mut stream).await.contains("hello"), "{newcomer}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_wait_for_the_body_says_that_it_is_the_last() {
    let server = start(Limits::default()).await;
    for (path, rest, is_last) in [("/echo", "body", false), ("/nowhere", "", true)] {
        let mut stream = server.connect().await;
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n{rest}");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 512];
        let count = stream.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer[..count]).to_lowercase();
        assert_eq!(answer.contains("connection: close"), is_last, "{answer}");
    }
}

#[tokio::test]
async fn over_the_cap_a_connection_is_refused_at_once_and_later_served() {
    let server = start(Limits {
        max_connections: 1,
        ..Limits::default()
    })
    .await;
    let mut first = server.connect().await;
    first
        .write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    server.reached.notified().await;
    let refused = server.say(b"").await;
    assert!(
        refused.is_empty() || refused.starts_with("HTTP/1.1 503"),
        "{refused}"
    );
    server.go.notify_one();
    assert!(to_end(&mut first).await.contains("waited"));
    let later = async {
        while !server
            .say(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .await
            .contains("hello")
        {}
    };
    tokio::time::timeout(LONG, later).await.unwrap();
}

#[tokio::test]
async fn s112_requests_that_two_readers_could_cut_differently_are_refused() {
    let server = start(Limits::default()).await;
    for head in [
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET /\r\n\r\n",
    ] {
        let answer = server.say(head.as_bytes()).await;
        assert!(
            answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 505"),
            "{head:?}: {answer:?}"
        );
    }
    // The same behind a request that is fine, in the same segment: the first is answered, the second never reaches a handler.
    for before in [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    ] {
        let second = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n";
        let answers = server.say(format!("{before}{second}").as_bytes()).await;
        assert!(
            answers.starts_with("HTTP/1.1 200")
                && answers.matches("HTTP/1.1 400").count() == 1
                && !answers.contains("xyz"),
            "{before:?}: {answers:?}"
        );
    }
    let plain = server
        .say(b"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc")
        .await;
    assert!(plain.ends_with("\r\n\r\nabc"), "{plain}");
    let chunked = b"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    assert!(server.say(chunked).await.ends_with("\r\n\r\nabc"));
    assert!(
        server
            .say(b"GET / HTTP/1.0\r\n\r\n")
            .await
            .starts_with("HTTP/1.0 200")
    );
}

#[tokio::test]
async fn dos_03_a_head_that_is_too_large_is_answered_431() {
    let server = start(Limits::default()).await;
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\nA: {}", "a".repeat(40_000));
    assert!(
        server
            .say(long.as_bytes())
            .await
            .starts_with("HTTP/1.1 431")
    );
    let many = format!(
        "GET / HTTP/1.1\r\nHost: x\r\n{}\r\n",
        "A: b\r\n".repeat(100)
    );
    assert!(
        server
            .say(many.as_bytes())
            .await
            .starts_with("HTTP/1.1 431")
    );
}

#[tokio::test]
async fn a_stop_finishes_what_is_in_hand_and_takes_nothing_new() {
    let server = start(Limits::default()).await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    server.reached.notified().await;
    let mut idle = server.connect().await;
    server.trigger.stop();
    assert_eq!(to_end(&mut idle).await, "");
    let refused = async { while TcpStream::connect(server.address).await.is_ok() {} };
    tokio::time::timeout(LONG, refused).await.unwrap();
    server.go.notify_one();
    assert!(to_end(&mut busy).await.contains("waited"));
    assert_eq!(server.running.await.unwrap(), Stopped::Drained);
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let server = start(Limits {
        drain: SOON,
        ..Limits::default()
    })
    .await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    server.reached.notified().await;
    server.trigger.stop();
    assert_eq!(server.running.await.unwrap(), Stopped::Cut(1));
}

#[tokio::test]
async fn http_2_is_spoken_without_tls_as_well() {
    identity_server::listen::tls::install_crypto_provider();
    let server = start(Limits::default()).await;
    let client = reqwest::Client::builder()
        .http2_prior_knowledge()
        .no_proxy()
        .build()
        .unwrap();
    let response = client
        .get(format!("http://{}/", server.address))
        .send()
        .await
        .unwrap();
    assert_eq!(response.version(), http::Version::HTTP_2);
    assert_eq!(response.text().await.unwrap(), "hello");
}

#[tokio::test]
async fn dos_02_a_client_that_never_reads_is_cut() {
    let router = Router::new().route("/", get(|| async { vec![b'x'; 64 * 1024 * 1024] }));
    let limits = Limits {
        request_timeout: SOON,
        write_timeout: SOON,
        ..short()
    };
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), limits, None)
        .await
        .unwrap();
    let address = listener.local_address().unwrap();
    let (trigger, shutdown) = shutdown::channel();
    let running = tokio::spawn(listener.serve(router, shutdown));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    // One byte proves that the answer has begun; nothing is read after it until the server has given up.
    assert_eq!(stream.read_u8().await.unwrap(), b'H');
    trigger.stop();
    assert_eq!(
        tokio::time::timeout(LONG, running).await.unwrap().unwrap(),
        Stopped::Drained
    );
    assert!(to_end(&mut stream).await.len() < 64 * 1024 * 1024);
}
