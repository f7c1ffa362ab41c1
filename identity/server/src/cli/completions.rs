//! `identity completions SHELL`.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Failed, Outcome, Output};

/// For which shell.
#[derive(Debug, Args)]
pub struct CompletionsOptions {
    /// The shell.
    #[arg(value_enum)]
    pub shell: Shell,
}

pub(super) fn run(options: &CompletionsOptions, output: &Output) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "identity", &mut script);
    output.text(&String::from_utf8(script).map_err(Failed::new)?)
}
