//! The composition root: what the binary is made of.

mod edge_answers;
mod environment;
mod start;
mod starts;
mod state;
mod tasks;

pub use environment::{EnvironmentOptions, environment, from_configuration, master_key};
pub use start::{App, Options, Running};
pub use starts::Starts;
pub use state::{AppState, DevSink};
