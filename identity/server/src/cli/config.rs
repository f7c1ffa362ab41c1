//! `identity config schema|print|check`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{ConfigOptions, Failed, Outcome, Output};
use crate::config::{keys, reference};

/// Questions about the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the JSON schema of the file.
    Schema(SchemaOptions),
    /// Print the configuration in force, without secrets.
    Print(ConfigOptions),
    /// Find what `serve` would refuse.
    Check(ConfigOptions),
}

/// How to print the schema.
#[derive(Debug, Args)]
pub struct SchemaOptions {
    /// Print the reference page instead.
    #[arg(long)]
    pub markdown: bool,
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    warnings: Vec<String>,
}

pub(super) fn run(command: &ConfigCommand, output: &Output) -> Outcome {
    match command {
        ConfigCommand::Schema(options) if options.markdown => output.text(&reference()),
        ConfigCommand::Schema(_) => output.say(&keys::schema(), |schema| format!("{schema:#}")),
        ConfigCommand::Print(options) => {
            let config = options.load()?.config;
            let text = toml::to_string_pretty(&config).map_err(Failed::new)?;
            output.say(&config, |_| text)
        }
        ConfigCommand::Check(options) => check(options, output),
    }
}

fn check(options: &ConfigOptions, output: &Output) -> Outcome {
    let loaded = options.load()?;
    loaded.production()?;
    let checked = Checked {
        ok: true,
        warnings: loaded.config.warnings(),
    };
    output.say(&checked, |checked| {
        let warnings = checked
            .warnings
            .iter()
            .map(|warning| format!("warning: {warning}\n"));
        warnings
            .chain(["The configuration is fine.\n".to_owned()])
            .collect()
    })
}
