//! The yardstick server: a plain axum server that answers bytes, and runs the raw loops on the same core as the measured server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;

use crate::connection::{Connection, Target};
use crate::cores::Cores;
use crate::failure::{During as _, Failure, Outcome};
use crate::process::Managed;
use crate::raw;

static BYTES: Bytes = Bytes::from_static(&[b'x'; 64 * 1024]);

/// Serves until it is stopped.
#[tokio::main]
pub async fn serve() -> Outcome<()> {
    let app = Router::new()
        .route("/bytes/{length}", get(answer))
        .route("/raw/{kind}/{millis}", get(measured));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .during("a free port")?;
    let address = listener.local_addr().during("a free port")?;
    writeln!(std::io::stdout(), "http://{address}").during("telling the address")?;
    axum::serve(listener, app).await.during("serving")
}

async fn answer(Path(length): Path<usize>) -> Response {
    let headers = [
        (CACHE_CONTROL, "public, max-age=600"),
        (CONTENT_TYPE, "application/json"),
        (ETAG, "\"0123456789abcdef01234567\""),
    ];
    (headers, BYTES.slice(..length.min(BYTES.len()))).into_response()
}

async fn measured(Path((kind, millis)): Path<(String, u64)>) -> Response {
    match raw::measure(&kind, Duration::from_millis(millis)) {
        Ok(micros) => micros.to_string().into_response(),
        Err(failure) => (StatusCode::BAD_REQUEST, failure.to_string()).into_response(),
    }
}

/// The running yardstick.
pub struct Yardstick {
    process: Managed,
    /// Where it is.
    pub target: Target,
}

impl Yardstick {
    /// Starts it on the server's core.
    pub fn start(cores: Cores) -> Outcome<Self> {
        let own = std::env::current_exe().during("finding this program")?;
        let mut process = Managed::start(cores, &own, |command| {
            command.arg("yardstick").stdout(Stdio::piped());
        })?;
        let output = process
            .child()
            .stdout
            .take()
            .during("the yardstick has no output")?;
        let mut line = String::new();
        BufReader::new(output)
            .read_line(&mut line)
            .during("reading the yardstick's address")?;
        let target = Target::of(&line.trim().parse().during("the yardstick's address")?)?;
        Ok(Self { process, target })
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// CPU microseconds of one raw operation.
    pub async fn raw(&self, kind: &str, length: Duration) -> Outcome<f64> {
        let path = format!("/raw/{}/{}", kind.replace(' ', "%20"), length.as_millis());
        let mut connection = Connection::open(&self.target).await?;
        let answer = connection
            .send(&self.target.get(&path, ""))
            .await?
            .expect(200, "the yardstick")?;
        answer
            .text()
            .parse()
            .map_err(|_| Failure::new("the yardstick's figure"))
    }
}
