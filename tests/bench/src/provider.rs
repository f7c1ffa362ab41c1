//! The measured provider: `identity dev` for the times of a start, `identity serve` for everything else, because production
//! writes its access log and development does not.

use std::ffi::OsStr;
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::connection::Target;
use crate::cores::Cores;
use crate::failure::{During as _, Failure, Outcome};
use crate::options::Options;
use crate::process::Managed;

const PATIENCE: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_micros(200);
/// Protects nothing but the benchmark's own data.
const MASTER_KEY: &str = "6bd1f0a94c7e25838e0f5d1a7cb24960f3a85e17d2c94b06185fa37de0924c6b";

/// How to start the provider.
#[derive(Clone, Debug)]
pub struct Start {
    /// The release binary.
    pub binary: PathBuf,
    /// Who runs where.
    pub cores: Cores,
    /// Where its log goes.
    pub log: Option<PathBuf>,
}

/// A running provider.
pub struct Provider {
    process: Managed,
    /// From exec to ready.
    pub took: Duration,
}

impl Provider {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }
}

impl Start {
    /// With the binary that was asked for, else the one beside this program.
    pub fn of(options: &Options, cores: Cores) -> Outcome<Self> {
        let binary = match &options.binary {
            Some(binary) => binary.clone(),
            None => std::env::current_exe()
                .during("finding this program")?
                .with_file_name("identity"),
        };
        let binary =
            fs::canonicalize(&binary).during(&format!("{} is not there", binary.display()))?;
        Ok(Self {
            binary,
            cores,
            log: options.server_log.clone(),
        })
    }

    /// Starts `identity dev` with further arguments.
    pub fn development<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Outcome<Provider> {
        let files = tempfile::tempdir().during("a temporary folder")?;
        let ready_file = files.path().join("ready.json");
        let output = self.output()?;
        let began = Instant::now();
        let process = Managed::start(self.cores, &self.binary, |command| {
            let any = "127.0.0.1:0";
            command.args([
                "dev",
                "--no-demo-services",
                "--listen",
                any,
                "--management",
                any,
            ]);
            command.arg("--ready-file").arg(&ready_file).args(arguments);
            command.current_dir(files.path()).stdout(output);
        })?;
        let is_json = |text: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&text).is_ok();
        wait(process, began, || fs::read(&ready_file).is_ok_and(is_json))
    }

    /// Applies a declarative file to a fresh database and starts `identity serve` on it, with the log of production. `http`: further
    /// lines of that section of the configuration.
    pub fn production(
        &self,
        database: &str,
        folder: &Path,
        seed: &str,
        http: &str,
    ) -> Outcome<(Provider, Target)> {
        let (listen, management) = (free_address()?, free_address()?);
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text)
                .during("writing the configuration")
                .map(|()| path)
        };
        let (seed, key) = (write("seed.json", seed)?, write("master.key", MASTER_KEY)?);
        let config = format!(
            "public_url = \"http://localhost:{}\"\n[database]\nurl = \"{database}\"\n[secrets]\nmaster_key_file = \"{}\"\n\
             [mail]\nurl = \"smtp://127.0.0.1:9\"\n[http]\nlisten = \"{listen}\"\n{http}[management]\nlisten = \"{management}\"\n",
            listen.port(),
            key.display()
        );
        let config = write("identity.toml", &config)?;
        let mut apply = Command::new(&self.binary);
        apply
            .arg("apply")
            .arg("--config")
            .arg(&config)
            .arg(&seed)
            .current_dir(folder);
        let applied = apply.output().during("identity apply")?;
        if !applied.status.success() {
            let said = String::from_utf8_lossy(&applied.stderr).into_owned();
            return Err(Failure::new(format!("identity apply: {said}")));
        }
        let output = self.output()?;
        let began = Instant::now();
        let process = Managed::start(self.cores, &self.binary, |command| {
            command
                .arg("serve")
                .arg("--config")
                .arg(&config)
                .current_dir(folder)
                .stdout(output);
        })?;
        let target = Target {
            address: listen,
            host: format!("localhost:{}", listen.port()),
        };
        let provider = wait(process, began, || TcpStream::connect(listen).is_ok())?;
        Ok((provider, target))
    }

    fn output(&self) -> Outcome<Stdio> {
        let Some(path) = &self.log else {
            return Ok(Stdio::null());
        };
        let file = fs::OpenOptions::new().create(true).append(true).open(path);
        file.during("opening the server's log").map(Stdio::from)
    }
}

fn wait(mut process: Managed, began: Instant, is_ready: impl Fn() -> bool) -> Outcome<Provider> {
    while !is_ready() {
        if process.ended() {
            return Err(Failure::new(
                "the provider ended before it was ready; see --server-log",
            ));
        }
        if began.elapsed() > PATIENCE {
            return Err(Failure::new("the provider was not ready in time"));
        }
        thread::sleep(LOOK);
    }
    Ok(Provider {
        process,
        took: began.elapsed(),
    })
}

/// An address nobody listens on now; the provider has to know its own before it starts.
fn free_address() -> Outcome<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).during("a free port")?;
    listener.local_addr().during("a free port")
}
