//! The log: JSON or for people, its level changeable while running, and panics without what they say.

use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, reload};

use crate::config::{Log, LogFormat};

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
}

/// Starts the log of the process, on standard output.
pub fn start(log: &Log) -> Result<LogControl, LogError> {
    let (filter, handle) = reload::Layer::new(filter(&log.level)?);
    let lines: Box<dyn Layer<_> + Send + Sync> = if is_json(log.format) {
        // The span holds request id, method and route: with the event they make one flat object.
        fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed()
    } else {
        fmt::layer()
            .with_ansi(std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none())
            .boxed()
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init()
        .map_err(|_| LogError::Started)?;
    std::panic::set_hook(Box::new(report_panic));
    Ok(LogControl(handle))
}

impl LogControl {
    /// Uses another level from now on.
    pub fn set(&self, level: &str) -> Result<(), LogError> {
        self.0.reload(filter(level)?).map_err(|_| LogError::Started)
    }
}

fn is_json(format: LogFormat) -> bool {
    match format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !std::io::stdout().is_terminal(),
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
}
