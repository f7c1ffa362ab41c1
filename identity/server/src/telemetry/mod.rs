//! The log: JSON or for people, its level changeable while running, and panics without what they say.
//!
//! [`line`] words an event together with the request it belongs to, [`output`] hands lines to standard output without making a
//! request wait for whoever reads them.

mod line;
mod output;
mod request;

use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;
use std::sync::OnceLock;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, reload};

use crate::config::{Log, LogFormat};
use line::{Lines, Style};
use output::Output;
pub(crate) use request::{InRequest, Route};

/// Where the lines of this process go.
static OUTPUT: OnceLock<Output> = OnceLock::new();

/// Changes the level while running.
#[derive(Clone, Debug)]
pub struct LogControl(reload::Handle<EnvFilter, Registry>);

/// Why logging cannot start or change.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Not a level.
    #[error("`log.level` is no level: {0}")]
    Level(String),
    /// Somebody else logs already.
    #[error("the log was started before")]
    Started,
    /// The thread that writes.
    #[error("the log cannot be written: {0}")]
    Thread(#[from] std::io::Error),
}

/// Starts the log of the process, on standard output.
pub fn start(log: &Log) -> Result<LogControl, LogError> {
    let (filter, handle) = reload::Layer::new(filter(&log.level)?);
    let output = Output::start(std::io::stdout())?;
    tracing_subscriber::registry()
        .with(filter)
        .with(Lines::new(output.clone(), style(log.format)))
        .try_init()
        .map_err(|_| LogError::Started)?;
    let _ = OUTPUT.set(output);
    std::panic::set_hook(Box::new(report_panic));
    Ok(LogControl(handle))
}

/// Waits until everything logged so far is written; before the process ends.
pub fn flush() {
    if let Some(output) = OUTPUT.get() {
        output.flush();
    }
}

impl LogControl {
    /// Uses another level from now on.
    pub fn set(&self, level: &str) -> Result<(), LogError> {
        self.0.reload(filter(level)?).map_err(|_| LogError::Started)
    }
}

fn style(format: LogFormat) -> Style {
    let terminal = std::io::stdout().is_terminal();
    let json = match format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !terminal,
    };
    if json {
        Style::Json
    } else if terminal && std::env::var_os("NO_COLOR").is_none() {
        Style::Coloured
    } else {
        Style::Plain
    }
}

fn filter(level: &str) -> Result<EnvFilter, LogError> {
    EnvFilter::builder()
        .parse(level)
        .map_err(|error| LogError::Level(error.to_string()))
}

/// A panic's text may be put together from the value that caused it, so only the fixed ones are written (LOG-01).
fn report_panic(panic: &PanicHookInfo<'_>) {
    let message = panic
        .payload()
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("(made of values, not logged)");
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    tracing::error!(target: "identity::panic", message, place, "panicked");
    // Nobody knows what ends next.
    flush();
}
