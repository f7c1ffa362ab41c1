//! The command line. One file per command; a command prints through [`Output`] and ends with an exit status of 0
//! (fine) or 1 (refused or failed); 2 (wrong usage) is the parser's.

mod completions;
mod config;
pub mod declarative;
pub mod dev;
mod hash_password;
mod healthcheck;
mod output;
pub mod serve;
mod themes;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{ConfigError, Loaded, load};
pub use output::{Failed, Outcome, Output};

/// An `OpenID` Connect identity provider.
#[derive(Debug, Parser)]
#[command(
    name = "identity",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Cli {
    /// Print JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a working provider with no configuration, on this machine only.
    Dev(Box<dev::DevOptions>),
    /// Run in production.
    Serve(serve::ServeOptions),
    /// Look at the configuration: its schema, its values, its mistakes.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Ask a running server whether it is ready; for container health checks.
    Healthcheck(healthcheck::HealthcheckOptions),
    /// Look at themes: check one, see its pages, start an own one.
    #[command(subcommand)]
    Themes(themes::ThemesCommand),
    /// Hash a password from standard input, for declarative files.
    HashPassword(hash_password::HashPasswordOptions),
    /// Print a completion script for a shell.
    Completions(completions::CompletionsOptions),
}

/// Where the configuration is.
#[derive(Clone, Debug, Default, Args)]
pub struct ConfigOptions {
    /// The configuration file. Without one the environment alone counts.
    #[arg(
        long,
        value_name = "FILE",
        env = "IDENTITY_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,
}

impl ConfigOptions {
    /// Reads the file and the environment.
    pub fn load(&self) -> Result<Loaded, ConfigError> {
        // Variables that are no text belong to nobody we know.
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        load(self.config.as_deref(), environment)
    }
}

/// Runs one command to its end.
pub async fn run(cli: Cli) -> ExitCode {
    let output = Output::new(cli.json);
    let outcome = match cli.command {
        Command::Dev(options) => crate::dev::run(&options, &output).await,
        Command::Serve(options) => serve::run(&options).await,
        Command::Config(command) => config::run(&command, &output),
        Command::Healthcheck(options) => healthcheck::run(&options, &output).await,
        Command::Themes(command) => themes::run(&command, &output),
        Command::HashPassword(options) => hash_password::run(&options, &output),
        Command::Completions(options) => completions::run(&options, &output),
    };
    output.finish(outcome)
}
