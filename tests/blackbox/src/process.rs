//! The real binary in a process of its own, and everything it says.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity_harness::app::MASTER_KEY;
use identity_harness::database::Database;
use identity_harness::network::Network;
use identity_harness::seed::Seed;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use url::Url;

/// Somebody else may take the port between the choice and the start; it is tried again so often.
const MOST_STARTS: usize = 20;

/// The binary of this build, beside the folder of the test binaries. `make test` builds it first.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("IDENTITY_BINARY") {
        return path.into();
    }
    let tests = std::env::current_exe().expect("this binary");
    let path = tests
        .ancestors()
        .nth(2)
        .expect("the build folder")
        .join("identity");
    assert!(
        path.exists(),
        "{} is missing: cargo build --workspace --bin identity",
        path.display()
    );
    path
}

/// A production configuration in a folder of its own.
pub struct Installation {
    folder: TempDir,
    text: String,
}

/// A running `identity serve`; killed when dropped.
pub struct Served {
    child: Child,
    said: Arc<Said>,
    /// Where people reach it.
    pub origin: Url,
    /// Where probes and metrics are.
    pub management: Url,
}

/// What a process wrote, both streams line by line as they came.
#[derive(Default)]
struct Said {
    lines: Mutex<Vec<String>>,
    more: Notify,
}

impl Installation {
    /// On `database`, with more sections of the configuration as they would be written.
    pub fn new(database: &Database, more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = format!(
            "[database]\nurl = \"{}\"\n[secrets]\nmaster_key_file = \"master.key\"\n{more}\n",
            database.url()
        );
        let installation = Self { folder, text };
        installation.write("master.key", &STANDARD.encode(MASTER_KEY));
        installation
    }

    /// A file of it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of it.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.file(name), text).expect("a file");
        self.file(name)
    }

    /// Writes the configuration for this port.
    pub fn configure(&self, port: u16) -> PathBuf {
        let text = format!(
            "public_url = \"http://localhost:{port}\"\n[http]\nlisten = \"127.0.0.1:{port}\"\ndrain = \"1s\"\n\
             [management]\nlisten = \"127.0.0.1:0\"\n{}",
            self.text
        );
        self.write("identity.toml", &text)
    }

    /// Runs a command to its end, with `--config` where it takes one.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().await.expect("the binary")
    }

    /// Starts a command that is killed when dropped.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().expect("the binary")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let config = self.file("identity.toml");
        if !config.exists() {
            self.configure(8080);
        }
        let mut command = bare(self.folder.path());
        command.args(arguments).arg("--config").arg(config);
        command
    }

    /// `identity apply`
    pub async fn apply(&self, seed: &Seed) {
        let file = self.write("seed.json", &seed.text());
        let done = self.run(&["apply", file.to_str().expect("a path")]).await;
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }

    /// `identity serve`, once it is ready.
    pub async fn serve(&self) -> Served {
        for _ in 0..MOST_STARTS {
            let port = free_port();
            let config = self.configure(port);
            let mut child = bare(self.folder.path())
                .arg("serve")
                .arg("--config")
                .arg(config)
                .spawn()
                .expect("the binary starts");
            let said = Arc::<Said>::default();
            let readers = (
                said.listen(child.stdout.take().expect("a pipe")),
                said.listen(child.stderr.take().expect("a pipe")),
            );
            if let Some(ready) = said.ready(&mut child).await {
                let management = ready["management"].as_str().expect("an address");
                return Served {
                    child,
                    said,
                    origin: Url::parse(&format!("http://localhost:{port}")).expect("an address"),
                    management: Url::parse(management).expect("an address"),
                };
            }
            readers.0.await.expect("its last words");
            readers.1.await.expect("its last words");
            let all = said.text();
            assert!(all.contains("in use"), "no start: {all}");
        }
        panic!("no free port");
    }
}

impl Served {
    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// The text of `/metrics`.
    pub async fn metrics(&self) -> String {
        let address = self.management.join("/metrics").expect("an address");
        let answer = Network::default().client().get(address).send();
        let answer = answer.await.expect("an answer");
        answer.text().await.expect("text")
    }

    /// Kills it and returns everything it ever said.
    pub async fn end(mut self) -> String {
        self.child.kill().await.expect("killed");
        self.said.text()
    }
}

impl Said {
    fn text(&self) -> String {
        self.lines.lock().expect("the lines").join("\n")
    }

    fn listen(self: &Arc<Self>, stream: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<()> {
        let said = Arc::clone(self);
        tokio::spawn(async move {
            let mut lines = BufReader::new(stream).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                said.lines.lock().expect("the lines").push(line);
                said.more.notify_waiters();
            }
        })
    }

    /// The line that says that it is ready; `None` if it ended instead.
    async fn ready(&self, child: &mut Child) -> Option<Value> {
        loop {
            let more = self.more.notified();
            let found = self
                .lines
                .lock()
                .expect("the lines")
                .iter()
                .find_map(|line| {
                    let line: Value = serde_json::from_str(line).ok()?;
                    (line["message"] == "ready").then_some(line)
                });
            if found.is_some() {
                return found;
            }
            tokio::select! {
                () = more => {}
                _ = child.wait() => return None,
            }
        }
    }
}

/// The binary with nothing of our environment that could configure it.
fn bare(folder: &Path) -> Command {
    // The shell only sets aside the signal that ends a process at its file limit, and becomes the binary.
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(binary());
    let ours = std::env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name.to_string_lossy().starts_with("IDENTITY_")) {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
