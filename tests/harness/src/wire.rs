//! Bytes on a socket, for requests that no decent client would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

const PATIENCE: Duration = Duration::from_secs(40);

/// A connection to a provider without TLS.
pub async fn connect(origin: &Url) -> TcpStream {
    let port = origin.port_or_known_default().expect("a port");
    TcpStream::connect(("127.0.0.1", port))
        .await
        .expect("a connection")
}

/// Sends bytes and returns all that came back until the other side closed.
pub async fn exchange(origin: &Url, bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect(origin).await;
    // The provider may answer and close before it has read everything.
    _ = stream.write_all(bytes).await;
    read_to_end(&mut stream).await
}

/// Reads until the other side closes; fails if it never does.
pub async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    let reading = async {
        let mut chunk = vec![0; 16 * 1024];
        loop {
            match stream.read(&mut chunk).await {
                Ok(read) if read > 0 => answer.extend_from_slice(&chunk[..read]),
                _ => break,
            }
        }
    };
    tokio::time::timeout(PATIENCE, reading)
        .await
        .expect("the provider keeps the connection");
    answer
}

/// The status of an HTTP/1.1 answer; 0 when the connection was just closed.
pub fn status(answer: &[u8]) -> u16 {
    let line = String::from_utf8_lossy(&answer[..answer.len().min(64)]).into_owned();
    line.split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0)
}
