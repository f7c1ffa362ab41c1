//! HTTP/2 frames that no library would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{LONG, SOON, Server, start};
use identity_server::listen::Limits;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 0x1;
const RST_STREAM: u8 = 0x3;
const SETTINGS: u8 = 0x4;
const PING: u8 = 0x6;
const GOAWAY: u8 = 0x7;
const CONTINUATION: u8 = 0x9;
const END_STREAM: u8 = 0x1;
const END_HEADERS: u8 = 0x4;

/// A frame (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// `GET /wait`, in HPACK without tables: method, scheme and path indexed or literal, authority literal (RFC 7541 §6).
fn get(path: &str) -> Vec<u8> {
    let mut block = vec![0x82, 0x86];
    for (name, value) in [(0x04, path), (0x01, "x")] {
        block.extend([name, u8::try_from(value.len()).unwrap()]);
        block.extend(value.as_bytes());
    }
    block
}

async fn open(server: &Server) -> TcpStream {
    let mut stream = server.connect().await;
    stream.write_all(PREFACE).await.unwrap();
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
    stream
}

/// Reads frames until the server closes; their kinds, and the error of a GOAWAY.
async fn answers(mut stream: impl AsyncReadExt + Unpin) -> (Vec<u8>, Option<u32>) {
    let mut bytes = Vec::new();
    let ended = tokio::time::timeout(LONG, stream.read_to_end(&mut bytes)).await;
    // A reset instead of a close is an end as well.
    let _ = ended.expect("the server closes");
    let (mut kinds, mut error, mut rest) = (Vec::new(), None, bytes.as_slice());
    while rest.len() >= 9 {
        let length = usize::from(rest[0]) << 16 | usize::from(rest[1]) << 8 | usize::from(rest[2]);
        kinds.push(rest[3]);
        if rest[3] == GOAWAY && rest.len() >= 17 {
            error = Some(u32::from_be_bytes([rest[13], rest[14], rest[15], rest[16]]));
        }
        rest = rest.get(9 + length..).unwrap_or_default();
    }
    (kinds, error)
}

async fn expect_served(server: &Server) {
    let answer = server
        .say(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await;
    assert!(answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn dos_02_a_rapid_reset_ends_the_connection_and_others_are_served() {
    let server = start(Limits::default()).await;
    let (read, mut write) = open(&server).await.into_split();
    let sending = tokio::spawn(async move {
        let block = get("/wait");
        for number in 0..50_000_u32 {
            let stream = 2 * number + 1;
            let mut pair = frame(HEADERS, END_STREAM | END_HEADERS, stream, &block);
            pair.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
            if write.write_all(&pair).await.is_err() {
                return number;
            }
        }
        50_000
    });
    expect_served(&server).await;
    let (_, error) = answers(read).await;
    let sent = sending.await.unwrap();
    assert!(sent < 50_000, "all {sent} resets were taken");
    // ENHANCE_YOUR_CALM, unless the reset of the socket overtook it.
    assert!(error.is_none_or(|error| error == 0xb), "{error:?}");
    expect_served(&server).await;
}

#[tokio::test]
async fn dos_02_a_header_block_without_end_ends_the_connection() {
    let server = start(Limits::default()).await;
    let (read, mut write) = open(&server).await.into_split();
    let sending = tokio::spawn(async move {
        let mut sent = 0_usize;
        let mut next = frame(HEADERS, END_STREAM, 1, &get("/"));
        let mut field = vec![0x00, 1, b'a', 0x7f, 0x81, 0x7d];
        field.extend([b'b'; 16_000]);
        while sent < 64 * 1024 * 1024 && write.write_all(&next).await.is_ok() {
            sent += next.len();
            next = frame(CONTINUATION, 0, 1, &field);
        }
        sent
    });
    let (kinds, _) = answers(read).await;
    assert!(!kinds.contains(&HEADERS), "such a request was answered");
    let sent = sending.await.unwrap();
    assert!(sent < 16 * 1024 * 1024, "{sent} bytes were taken");
    expect_served(&server).await;
}

#[tokio::test]
async fn dos_02_streams_above_the_limit_are_refused_and_idle_ones_end() {
    let limits = Limits {
        request_timeout: SOON,
        write_timeout: SOON,
        header_timeout: SOON,
        keep_alive: SOON,
        ..Limits::default()
    };
    let server = start(limits).await;
    let (read, mut write) = open(&server).await.into_split();
    // Requests whose bodies never come, three times as many as may be open.
    for number in 0..300_u32 {
        let open = frame(HEADERS, END_HEADERS, 2 * number + 1, &get("/wait"));
        if write.write_all(&open).await.is_err() {
            break;
        }
    }
    let started = tokio::time::Instant::now();
    let (kinds, _) = answers(read).await;
    assert!(started.elapsed() < Duration::from_secs(10), "still open");
    let refused: Vec<_> = kinds.iter().filter(|kind| **kind == RST_STREAM).collect();
    let refused = refused.len();
    assert!(
        refused >= 200 || kinds.contains(&GOAWAY),
        "{refused} refused"
    );
    expect_served(&server).await;
}

#[tokio::test]
async fn dos_02_streams_whose_bodies_do_not_come_make_room_for_those_that_ask() {
    let limits = Limits {
        max_connections: 8,
        scarce_patience: Duration::ZERO,
        ..Limits::default()
    };
    let server = start(limits).await;
    let mut hoarded = Vec::new();
    for _ in 0..8 {
        let mut stream = open(&server).await;
        // POST, by its index (RFC 7541 appendix A).
        let mut block = get("/echo");
        block[0] = 0x83;
        let head = frame(HEADERS, END_HEADERS, 1, &block);
        stream.write_all(&head).await.unwrap();
        hoarded.push(stream);
    }
    let answered = async {
        let ask = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        while !server.say(ask).await.contains("hello") {}
    };
    tokio::time::timeout(LONG, answered).await.unwrap();
    let (kinds, _) = answers(hoarded.remove(0)).await;
    assert!(!kinds.contains(&HEADERS), "such a request was answered");
}

#[tokio::test]
async fn dos_02_a_flood_of_pings_and_settings_does_not_pile_up() {
    let server = start(Limits::default()).await;
    let (mut read, mut write) = open(&server).await.into_split();
    // Nothing is read: what the server would answer has nowhere to go.
    let sending = tokio::spawn(async move {
        let mut sent = 0_usize;
        let (ping, settings) = (frame(PING, 0, 0, &[0; 8]), frame(SETTINGS, 0, 0, &[]));
        let flood = [ping, settings].concat().repeat(1_000);
        while sent < 64 * 1024 * 1024 {
            let written = tokio::time::timeout(Duration::from_secs(1), write.write_all(&flood));
            match written.await {
                Ok(Ok(())) => sent += flood.len(),
                // Full: the server reads no more than it can answer. Or it has closed.
                Ok(Err(_)) | Err(_) => return sent,
            }
        }
        sent
    });
    expect_served(&server).await;
    let sent = sending.await.unwrap();
    assert!(
        sent < 64 * 1024 * 1024,
        "{sent} bytes were taken unanswered"
    );
    expect_served(&server).await;
    let _ = read.read_u8().await;
}
