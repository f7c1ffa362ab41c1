//! A mail server that takes everything and delivers nothing: what a provider in production hands to the next host.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

/// A running mail server.
pub struct MailServer {
    address: SocketAddr,
    inner: Arc<Inner>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Inner {
    mails: Mutex<Vec<Letter>>,
    arrived: Notify,
}

/// One mail as it came.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Envelope receiver.
    pub to: String,
    /// Head and body, with the line breaks of quoted-printable undone.
    pub text: String,
}

impl MailServer {
    /// Listens on a free port of this machine.
    pub async fn start() -> Self {
        Self::on("127.0.0.1:0".parse().expect("an address")).await
    }

    /// Listens where an earlier one did.
    pub async fn on(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.expect("the port");
        let address = listener.local_addr().expect("an address");
        let inner = Arc::<Inner>::default();
        let shared = Arc::clone(&inner);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self {
            address,
            inner,
            task,
        }
    }

    /// Takes no more connections.
    pub async fn stop(&mut self) {
        self.task.abort();
        _ = (&mut self.task).await;
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The first mail to an address whose text contains `part`, once it is there.
    pub async fn wait_for(&self, to: &str, part: &str) -> Letter {
        loop {
            let arrived = self.inner.arrived.notified();
            let mails = self.inner.mails.lock().await;
            let found = mails
                .iter()
                .find(|mail| mail.to == to && mail.text.contains(part));
            if let Some(found) = found {
                return found.clone();
            }
            drop(mails);
            arrived.await;
        }
    }
}

impl Letter {
    /// The first address in it that contains `part`.
    pub fn link(&self, part: &str) -> &str {
        self.text
            .split(['"', '<', '>', ' ', '\r', '\n'])
            .find(|word| word.starts_with("http") && word.contains(part))
            .unwrap_or_else(|| panic!("no link {part:?} in {}", self.text))
    }

    /// The code a person would type: two groups of five letters.
    pub fn code(&self) -> &str {
        let is_code = |word: &&str| {
            word.len() == 11
                && word
                    .bytes()
                    .enumerate()
                    .all(|(at, b)| (at == 5 && b == b'-') || (at != 5 && b.is_ascii_uppercase()))
        };
        self.text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .find(is_code)
            .unwrap_or_else(|| panic!("no code in {}", self.text))
    }

    /// The six digits of a second step, alone in their line.
    pub fn digits(&self) -> &str {
        self.text
            .lines()
            .map(str::trim)
            .find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()))
            .unwrap_or_else(|| panic!("no digits in {}", self.text))
    }
}

/// RFC 5321 as far as a client that makes no mistakes needs it.
async fn converse(stream: TcpStream, inner: Arc<Inner>) -> Option<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    writing.write_all(b"220 sink\r\n").await.ok()?;
    let mut to = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        let command = line.to_ascii_uppercase();
        let answer: &[u8] = if command.starts_with("EHLO") {
            b"250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN\r\n"
        } else if command.starts_with("AUTH") {
            b"235 welcome\r\n"
        } else if command.starts_with("RCPT TO:") {
            to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            b"250 ok\r\n"
        } else if command == "DATA" {
            writing.write_all(b"354 go on\r\n").await.ok()?;
            let mut text = String::new();
            while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                text = text + &line + "\r\n";
            }
            let text = text.replace("=\r\n", "").replace("=3D", "=");
            let to = to.clone();
            inner.mails.lock().await.push(Letter { to, text });
            inner.arrived.notify_waiters();
            b"250 taken\r\n"
        } else if command == "QUIT" {
            writing.write_all(b"221 bye\r\n").await.ok()?;
            return None;
        } else {
            b"250 ok\r\n"
        };
        writing.write_all(answer).await.ok()?;
    }
    Some(())
}
