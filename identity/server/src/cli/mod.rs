//! The command line. One file per command; a command prints through [`Output`] and ends with an exit status of 0
//! (fine) or 1 (refused or failed); 2 (wrong usage) is the parser's.

mod admin;
mod audit;
mod client;
mod completions;
mod config;
mod database;
pub mod declarative;
pub mod dev;
mod doctor;
mod hash_password;
mod healthcheck;
mod keys;
mod migrate;
mod org;
mod output;
mod reconcile;
mod secret;
pub mod serve;
mod sessions;
mod table;
mod themes;
mod user;

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
    /// Bring the database's schema up to date.
    Migrate(migrate::MigrateOptions),
    /// Make what is stored as declarative files describe it.
    Apply(reconcile::ApplyOptions),
    /// Show what `apply` would change.
    Diff(reconcile::ApplyOptions),
    /// Write what is stored as a declarative file. It holds the hashes of passwords: treat it like a backup.
    Export(reconcile::ExportOptions),
    /// Ways in for administrators.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// People.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Organizations.
    #[command(subcommand)]
    Org(org::OrgCommand),
    /// Clients: the applications that trust us.
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Sessions of people.
    #[command(subcommand)]
    Sessions(sessions::SessionsCommand),
    /// Keys that sign tokens and encrypt secrets.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// The audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Check the configuration and its surroundings; each finding has a fix.
    Doctor(doctor::DoctorOptions),
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
        Command::Dev(options) => Box::pin(crate::dev::run(&options, &output)).await,
        Command::Serve(options) => serve::run(&options).await,
        Command::Migrate(options) => migrate::run(&options, &output).await,
        Command::Apply(options) => reconcile::apply(&options, &output).await,
        Command::Diff(options) => reconcile::diff(&options, &output).await,
        Command::Export(options) => reconcile::export(&options, &output).await,
        Command::Admin(command) => admin::run(&command, &output).await,
        Command::User(command) => user::run(&command, &output).await,
        Command::Org(command) => org::run(&command, &output).await,
        Command::Client(command) => client::run(&command, &output).await,
        Command::Sessions(command) => sessions::run(&command, &output).await,
        Command::Keys(command) => keys::run(&command, &output).await,
        Command::Audit(command) => audit::run(&command, &output).await,
        Command::Doctor(options) => doctor::run(&options, &output).await,
        Command::Config(command) => config::run(&command, &output),
        Command::Healthcheck(options) => healthcheck::run(&options, &output).await,
        Command::Themes(command) => themes::run(&command, &output),
        Command::HashPassword(options) => hash_password::run(&options, &output),
        Command::Completions(options) => completions::run(&options, &output),
    };
    output.finish(outcome)
}

#[cfg(test)]
mod tests;
