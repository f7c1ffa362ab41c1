//! `identity org create|list`.

use clap::{Args, Subcommand};
use identity_flows::admin::organizations::{self, Listed};
use serde::Serialize;

use super::database::{DatabaseOptions, here};
use super::table::{cell, table};
use super::{Outcome, Output};

/// What to do with organizations.
#[derive(Debug, Subcommand)]
pub enum OrgCommand {
    /// Make an organization.
    Create(CreateOptions),
    /// List organizations.
    List(DatabaseOptions),
}

/// The new organization.
#[derive(Debug, Args)]
pub struct CreateOptions {
    /// Short name in addresses and tokens.
    #[arg(value_name = "SLUG")]
    slug: String,
    /// Name for people.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    database: DatabaseOptions,
}

#[derive(Serialize)]
struct Created {
    id: String,
    slug: String,
    name: String,
}

pub(super) async fn run(command: &OrgCommand, output: &Output) -> Outcome {
    match command {
        OrgCommand::Create(options) => {
            let env = options.database.environment().await?;
            let made = organizations::create(&env, &options.slug, options.name.as_deref(), &here())
                .await?;
            let created = Created {
                id: made.id.to_string(),
                slug: made.slug.as_str().to_owned(),
                name: made.name,
            };
            output.say(&created, |created| {
                format!("The organization {} was created.", created.slug)
            })
        }
        OrgCommand::List(database) => {
            let env = database.environment().await?;
            output.say(&organizations::list(&env).await?, |all| words(all))
        }
    }
}

fn words(all: &[Listed]) -> String {
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|organization| {
            vec![
                organization.slug.clone(),
                organization.name.clone(),
                organization.status.to_owned(),
                organization.members.to_string(),
                organization.domains.join(", "),
                cell(organization.managed_by.as_deref()),
            ]
        })
        .collect();
    table(
        &["slug", "name", "status", "members", "domains", "managed by"],
        &rows,
    )
}
