//! A keep-alive HTTP/1.1 connection that costs the load's core as little as possible: one request at a time, requests made as
//! bytes beforehand where they do not change. It understands what the measured servers send and refuses everything else.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::failure::{During as _, Failure, Outcome};

const LARGEST: usize = 1 << 20;

/// One connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, valid until the next request.
pub struct Answer<'a> {
    /// Status.
    pub status: u16,
    head: &'a str,
    /// Body.
    pub body: &'a [u8],
}

/// Where a server is, and what it is called.
#[derive(Clone, Debug)]
pub struct Target {
    /// Address.
    pub address: SocketAddr,
    /// `Host`.
    pub host: String,
}

impl Target {
    /// Of a server on this machine.
    pub fn of(url: &url::Url) -> Outcome<Self> {
        let port = url
            .port_or_known_default()
            .during("an address without a port")?;
        let host = format!(
            "{}:{port}",
            url.host_str().during("an address without a host")?
        );
        Ok(Self {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            host,
        })
    }

    /// Bytes of a GET; `headers` are whole lines.
    pub fn get(&self, path: &str, headers: &str) -> Vec<u8> {
        format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nuser-agent: identity-bench\r\n{headers}\r\n",
            self.host
        )
        .into_bytes()
    }

    /// Bytes of a form; `headers` are whole lines.
    pub fn post(&self, path: &str, headers: &str, form: &str) -> Vec<u8> {
        let (host, length) = (&self.host, form.len());
        format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nuser-agent: identity-bench\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {length}\r\n{headers}\r\n{form}"
        )
        .into_bytes()
    }
}

impl Connection {
    /// Connects.
    pub async fn open(target: &Target) -> Outcome<Self> {
        let stream = TcpStream::connect(target.address)
            .await
            .during("connecting")?;
        stream.set_nodelay(true).during("connecting")?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(32 * 1024),
        })
    }

    /// Sends a request and reads its whole answer.
    pub async fn send(&mut self, request: &[u8]) -> Outcome<Answer<'_>> {
        self.stream.write_all(request).await.during("sending")?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end;
            }
            self.read().await?;
        };
        let shape = Shape::of(text(self.buffer.get(..head).unwrap_or_default())?)?;
        let total = head + 4 + shape.length;
        while self.buffer.len() < total {
            self.read().await?;
        }
        let head = text(self.buffer.get(..head).unwrap_or_default())?;
        Ok(Answer {
            status: shape.status,
            head,
            body: self
                .buffer
                .get(total - shape.length..total)
                .unwrap_or_default(),
        })
    }

    async fn read(&mut self) -> Outcome<()> {
        match self
            .stream
            .read_buf(&mut self.buffer)
            .await
            .during("receiving")?
        {
            0 => Err(Failure::new("the server closed the connection")),
            _ if self.buffer.len() > LARGEST => Err(Failure::new("an answer beyond a megabyte")),
            _ => Ok(()),
        }
    }
}

struct Shape {
    status: u16,
    length: usize,
}

impl Shape {
    fn of(head: &str) -> Outcome<Self> {
        let status: u16 = head
            .get(9..12)
            .and_then(|digits| digits.parse().ok())
            .during("no status line")?;
        let length = header(head, "content-length")
            .next()
            .and_then(|value| value.parse().ok());
        match length {
            Some(length) if length < LARGEST => Ok(Self { status, length }),
            None if status == 304 || status == 204 => Ok(Self { status, length: 0 }),
            _ => Err(Failure::new(format!(
                "an answer ({status}) without a usable content-length"
            ))),
        }
    }
}

fn header<'a>(head: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    head.split("\r\n").skip(1).filter_map(move |line| {
        let (key, value) = line.split_at_checked(name.len())?;
        key.eq_ignore_ascii_case(name).then_some(())?;
        value.strip_prefix(':').map(str::trim)
    })
}

fn text(bytes: &[u8]) -> Outcome<&str> {
    std::str::from_utf8(bytes).during("a head that is no text")
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

impl Answer<'_> {
    /// Values of a header.
    pub fn header(&self, name: &'static str) -> impl Iterator<Item = &str> {
        header(self.head, name)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.body).into_owned()
    }

    /// Insists on a status; otherwise the body says what went wrong.
    pub fn expect(self, status: u16, what: &str) -> Outcome<Self> {
        if self.status == status {
            return Ok(self);
        }
        let shown: String = self.text().chars().take(160).collect();
        Err(Failure::new(format!(
            "{what} answered {}: {shown}",
            self.status
        )))
    }

    /// Where a redirect leads.
    pub fn location(&self, what: &str) -> Outcome<String> {
        self.header("location")
            .next()
            .map(str::to_owned)
            .during(&format!("{what}: no Location"))
    }
}
