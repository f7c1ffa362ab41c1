//! `identity migrate [status]`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::database::DatabaseOptions;
use super::{Outcome, Output};

/// Bring the schema up to date, or look at it.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct MigrateOptions {
    /// Look only.
    #[command(subcommand)]
    command: Option<MigrateCommand>,
    #[command(flatten)]
    database: DatabaseOptions,
}

#[derive(Debug, Subcommand)]
enum MigrateCommand {
    /// Show what was applied and what is pending.
    Status(DatabaseOptions),
}

#[derive(Serialize)]
struct Migrated {
    applied: Vec<String>,
}

#[derive(Serialize)]
struct Status {
    name: String,
    applied: bool,
}

pub(super) async fn run(options: &MigrateOptions, output: &Output) -> Outcome {
    if let Some(MigrateCommand::Status(database)) = &options.command {
        return status(database, output).await;
    }
    let url = options.database.url()?;
    let applied = identity_storage::migrate(url.expose()).await?;
    output.say(&Migrated { applied }, |migrated| {
        match migrated.applied.as_slice() {
            [] => "The schema is up to date.".to_owned(),
            applied => format!("Applied: {}", applied.join(", ")),
        }
    })
}

async fn status(database: &DatabaseOptions, output: &Output) -> Outcome {
    let found = identity_storage::migration_status(database.url()?.expose()).await?;
    let all: Vec<Status> = found
        .into_iter()
        .map(|migration| Status {
            name: migration.name,
            applied: migration.applied,
        })
        .collect();
    output.say(&all, |all| {
        let line = |status: &Status| {
            let word = if status.applied { "applied" } else { "pending" };
            format!("{word}  {}", status.name)
        };
        all.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}
