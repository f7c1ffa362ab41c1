//! The provider as a process of its own, which can be killed.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity_harness::app::MASTER_KEY;
use identity_harness::database::Database;
use identity_harness::seed::Seed;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use url::Url;

use crate::process::binary;

/// Somebody else may take the port between two lives of the process; it is tried again so often.
const MOST_STARTS: usize = 100;

/// Where one provider lives: its data outlasts every process.
pub struct Home {
    folder: TempDir,
    database_url: String,
    address: SocketAddr,
}

/// A running process; killed when dropped.
pub struct Process {
    child: Mutex<Child>,
    /// Where people reach it.
    pub origin: Url,
}

impl Home {
    /// Prepares an empty home on `database`.
    pub fn new(database: &Database, seed: &Seed) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: String| {
            std::fs::write(folder.path().join(name), text).expect("a file");
        };
        write("seed.json", seed.text());
        // The same key as that of the harness, which looks at the database at the end.
        write("master.key", STANDARD.encode(MASTER_KEY));
        Self {
            folder,
            database_url: database.url().to_owned(),
            address: "127.0.0.1:0".parse().expect("an address"),
        }
    }

    /// Starts the binary and waits until it says that it is ready. From the second time on it listens where it did before.
    pub async fn start(&mut self) -> Process {
        let mut complaint = String::new();
        for _ in 0..MOST_STARTS {
            let mut child = self.command().spawn().expect("the binary starts");
            let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
            let mut said = String::new();
            while let Ok(Some(line)) = lines.next_line().await {
                said.push_str(&line);
                let ready: Value = serde_json::from_str(&said).unwrap_or_default();
                if let Some(origin) = ready["public_url"].as_str() {
                    let origin = Url::parse(origin).expect("an address");
                    self.address
                        .set_port(origin.port().expect("a port of its own"));
                    return Process {
                        child: Mutex::new(child),
                        origin,
                    };
                }
            }
            child.wait().await.expect("an end");
            let errors = std::fs::read_to_string(self.folder.path().join("stderr"));
            complaint = said + &errors.expect("what it complained about");
            assert!(complaint.contains("in use"), "no start: {complaint}");
        }
        panic!("no start: {complaint}");
    }

    fn command(&self) -> Command {
        let file = |name: &str| self.folder.path().join(name);
        let errors = std::fs::File::create(file("stderr")).expect("a file");
        let mut command = Command::new(binary());
        command
            .args([
                "--json",
                "dev",
                "--no-demo-services",
                "--management",
                "127.0.0.1:0",
            ])
            .arg("--seed")
            .arg(file("seed.json"))
            .arg("--data")
            .arg(self.folder.path())
            .args([
                "--database",
                &self.database_url,
                "--listen",
                &self.address.to_string(),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .kill_on_drop(true);
        command
    }
}

impl Process {
    /// SIGKILL, now. What is already on its way to us still arrives.
    pub fn kill(&self) {
        let mut child = self.child.lock().expect("the child");
        child.start_kill().expect("killed");
    }

    /// Waits until nothing of a killed process is left.
    pub async fn gone(self) {
        let mut child = self.child.into_inner().expect("the child");
        child.wait().await.expect("an end");
    }
}
