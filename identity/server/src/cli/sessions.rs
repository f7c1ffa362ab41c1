//! `identity sessions revoke`.

use clap::{ArgGroup, Args, Subcommand};
use identity_domain::time::Timestamp;
use identity_flows::admin::sessions::{self, Whose};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::database::{DatabaseOptions, here};
use super::{Outcome, Output};

/// What to do with sessions.
#[derive(Debug, Subcommand)]
pub enum SessionsCommand {
    /// End sessions with every grant and token under them.
    Revoke(RevokeOptions),
}

/// Whose, and which.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whose").multiple(false))]
#[command(group = ArgGroup::new("which").args(["all", "user", "org", "before"]).required(true).multiple(true))]
pub struct RevokeOptions {
    /// Everybody's.
    #[arg(long, group = "whose")]
    all: bool,
    /// One person's.
    #[arg(long, value_name = "EMAIL", group = "whose")]
    user: Option<String>,
    /// Those of an organization's members.
    #[arg(long, value_name = "SLUG", group = "whose")]
    org: Option<String>,
    /// Only those begun before this instant, such as `2026-01-31T12:00:00Z`; of everybody unless somebody is named.
    #[arg(long, value_name = "TIME", value_parser = instant)]
    before: Option<Timestamp>,
    #[command(flatten)]
    database: DatabaseOptions,
}

#[derive(Serialize)]
struct Revoked {
    ended: usize,
}

pub(super) async fn run(command: &SessionsCommand, output: &Output) -> Outcome {
    let SessionsCommand::Revoke(options) = command;
    let whose = match (&options.user, &options.org) {
        (Some(address), _) => Whose::User(address.clone()),
        (None, Some(slug)) => Whose::Organization(slug.clone()),
        (None, None) => Whose::All,
    };
    let env = options.database.environment().await?;
    let ended = sessions::revoke(&env, &whose, options.before, &here()).await?;
    output.say(&Revoked { ended }, |revoked| match revoked.ended {
        1 => "1 session ended.".to_owned(),
        ended => format!("{ended} sessions ended."),
    })
}

fn instant(text: &str) -> Result<Timestamp, String> {
    let at = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| "write it like 2026-01-31T12:00:00Z".to_owned())?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000)
        .map(Timestamp)
        .map_err(|_| "is out of range".to_owned())
}
