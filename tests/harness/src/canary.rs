//! A listener that records who called: to prove that nothing was fetched, or to play an app that receives calls.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

const LARGEST_CALL: usize = 1 << 20;

/// One connection that arrived.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The request line, empty if the caller said nothing.
    pub request: String,
    /// Header lines as received.
    pub headers: Vec<String>,
    /// The body.
    pub body: String,
}

/// A listener on loopback; it stops when it is dropped.
#[derive(Debug)]
pub struct Canary {
    address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
    arrived: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Canary {
    /// Answers every call with 200 and nothing.
    pub async fn start() -> Self {
        Self::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await
    }

    /// Answers every call with JSON.
    pub async fn serving_json(value: &serde_json::Value) -> Self {
        let body = value.to_string();
        Self::answering(&format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        ))
        .await
    }

    /// Answers every call with a redirect.
    pub async fn redirecting(status: u16, target: &str) -> Self {
        Self::answering(&format!("HTTP/1.1 {status} Moved\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")).await
    }

    /// Answers every call with these bytes.
    pub async fn answering(response: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        Self::on(listener, response.to_owned())
    }

    /// Listens on a socket of the test's choosing (another loopback address, IPv6).
    pub fn on(listener: TcpListener, response: String) -> Self {
        let address = listener.local_addr().expect("an address");
        let (calls, arrived) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
        let (seen, bell) = (Arc::clone(&calls), Arc::clone(&arrived));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, bell, response) =
                    (Arc::clone(&seen), Arc::clone(&bell), response.clone());
                tokio::spawn(async move {
                    let call = hear(stream, &response).await;
                    seen.lock().expect("calls").push(call);
                    bell.notify_one();
                });
            }
        });
        Self {
            address,
            calls,
            arrived,
            task,
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// An address below it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Who called so far.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("calls").clone()
    }

    /// Waits until somebody has called, at most ten seconds.
    pub async fn expect_call(&self) -> Call {
        self.wait_for(|call| Some(call.clone())).await
    }

    /// Waits for the first call in which something is found.
    pub async fn wait_for<T>(&self, find: impl Fn(&Call) -> Option<T>) -> T {
        let waiting = async {
            loop {
                if let Some(found) = self.calls().iter().find_map(&find) {
                    return found;
                }
                self.arrived.notified().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting)
            .await
            .expect("nobody called")
    }

    /// Fails if anybody called.
    pub fn expect_silence(&self) {
        assert!(
            self.calls().is_empty(),
            "the canary was called: {:?}",
            self.calls()
        );
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn hear(mut stream: TcpStream, response: &str) -> Call {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    while !complete(&bytes) && bytes.len() < LARGEST_CALL {
        match stream.read(&mut chunk).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&chunk[..read]),
            _ => break,
        }
    }
    _ = stream.write_all(response.as_bytes()).await;
    _ = stream.shutdown().await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.lines().map(str::to_owned);
    Call {
        request: lines.next().unwrap_or_default(),
        headers: lines.collect(),
        body: body.to_owned(),
    }
}

fn complete(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    body.len() >= length.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Network;

    #[tokio::test]
    async fn a_call_is_recorded_with_its_body_and_answered() {
        let canary = Canary::serving_json(&serde_json::json!({"fine": true})).await;
        canary.expect_silence();
        let answer = Network::default()
            .client()
            .post(canary.url("/hook"))
            .body("logout_token=x")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.text().await.unwrap(), r#"{"fine":true}"#);
        let call = canary.expect_call().await;
        assert_eq!(
            (call.request.as_str(), call.body.as_str()),
            ("POST /hook HTTP/1.1", "logout_token=x")
        );
    }
}
