//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

/// Measures the identity provider.
#[derive(Debug, Parser)]
#[command(name = "identity-bench")]
pub struct Options {
    /// Fewer and shorter rounds: at most a minute in all.
    #[arg(long, global = true)]
    pub quick: bool,
    /// Only cases whose name contains this; may be given more than once.
    #[arg(long, value_name = "NAME")]
    pub case: Vec<String>,
    /// Also write the figures as JSON.
    #[arg(long, value_name = "FILE", global = true)]
    pub json: Option<PathBuf>,
    /// The server to measure; by default `identity` beside this program.
    #[arg(long, value_name = "FILE", global = true)]
    pub binary: Option<PathBuf>,
    /// On which databases; PostgreSQL needs `TEST_DATABASE_URL`.
    #[arg(long, value_enum, default_value_t, global = true)]
    pub database: Databases,
    /// Where the server's log goes; by default it is written and thrown away.
    #[arg(long, value_name = "FILE", global = true)]
    pub server_log: Option<PathBuf>,
    /// Another program than the measurement itself.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Other programs in this binary.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Command {
    /// The gates of the storage design: the unit of a refresh, and a point read, beside sea-orm.
    Storage,
    /// What must hold under attack: sign-ins by the thousand at once, and sign-ins that nobody ends. Reports memory, answers, and how long
    /// everybody else waits.
    Flood {
        /// People who sign in at the same time.
        #[arg(long, default_value_t = 2_000)]
        logins: usize,
        /// For how long, in seconds.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Sign-ins that are begun and never ended; none leaves this part out.
        #[arg(long, default_value_t = 1_000_000)]
        starts: usize,
    },
    /// The yardstick server; started by the benchmark itself.
    #[command(hide = true)]
    Yardstick,
}

/// Which databases to measure on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Databases {
    /// Both, or SQLite alone where no PostgreSQL is offered.
    #[default]
    All,
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Rounds; each case once in each.
    pub rounds: usize,
    /// Length of one case in one round.
    pub window: Duration,
    /// The same for cases of tens of milliseconds per operation.
    pub slow_window: Duration,
    /// Length of one raw loop.
    pub raw: Duration,
    /// How often the server is started for its times.
    pub starts: usize,
    /// Longest wait for background work of a case to end.
    pub settle: Duration,
    /// Flows each of the parallel browsers goes through.
    pub flows: usize,
}

impl Options {
    /// By `--quick`.
    pub fn pace(&self) -> Pace {
        let millis = Duration::from_millis;
        if self.quick {
            Pace {
                rounds: 2,
                window: millis(300),
                slow_window: millis(700),
                raw: millis(100),
                starts: 2,
                settle: millis(1_200),
                flows: 2,
            }
        } else {
            Pace {
                rounds: 5,
                window: millis(1_200),
                slow_window: millis(2_000),
                raw: millis(250),
                starts: 7,
                settle: millis(4_000),
                flows: 4,
            }
        }
    }

    /// Whether a case was asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.case.is_empty() || self.case.iter().any(|part| name.contains(part.as_str()))
    }
}
