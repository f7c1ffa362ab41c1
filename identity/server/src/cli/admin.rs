//! `identity admin link|recover`: the way in for an administrator, without mail and without a password.

use clap::{Args, Subcommand};
use identity_flows::admin::link::{self, Link};
use serde::Serialize;

use super::database::{DatabaseOptions, here};
use super::{Outcome, Output};

/// Ways in for administrators.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Print a one-time sign-in link for an administrator. It lives for 15 minutes; a newer one kills it.
    Link(LinkOptions),
    /// Let an administrator in who is locked out or suspended: print a one-time link and demand a new password.
    Recover(RecoverOptions),
}

/// For whom.
#[derive(Debug, Args)]
pub struct LinkOptions {
    /// Address of an administrator; needed when there are several.
    #[arg(value_name = "EMAIL")]
    email: Option<String>,
    #[command(flatten)]
    database: DatabaseOptions,
}

/// For whom, and as administrator of what.
#[derive(Debug, Args)]
pub struct RecoverOptions {
    /// Address of the account.
    #[arg(value_name = "EMAIL")]
    email: String,
    /// Make the account an administrator of this organization first.
    #[arg(long, value_name = "SLUG")]
    organization: Option<String>,
    #[command(flatten)]
    database: DatabaseOptions,
}

#[derive(Serialize)]
struct Shown<'a> {
    url: &'a str,
    email: &'a str,
    expires_at: String,
}

pub(super) async fn run(command: &AdminCommand, output: &Output) -> Outcome {
    match command {
        AdminCommand::Link(options) => {
            let env = options.database.environment_with_address().await?;
            say(
                &link::create(&env, options.email.as_deref(), &here()).await?,
                output,
            )
        }
        AdminCommand::Recover(options) => {
            let env = options.database.environment_with_address().await?;
            let organization = options.organization.as_deref();
            say(
                &link::recover(&env, &options.email, organization, &here()).await?,
                output,
            )
        }
    }
}

fn say(link: &Link, output: &Output) -> Outcome {
    let shown = Shown {
        url: link.url.expose(),
        email: link.user.email.as_str(),
        expires_at: link.expires_at.rfc3339(),
    };
    output.say(&shown, |shown| {
        format!(
            "{}\nSigns {} in, once, until {}.",
            shown.url, shown.email, shown.expires_at
        )
    })
}
