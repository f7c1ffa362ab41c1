//! `identity user create|list|suspend|activate|require-password-change|factors|remove-factor`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use identity_domain::Id;
use identity_domain::credential::Credential;
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_flows::admin::users::{self, Listed, ListedFactor, NewUser};
use serde::Serialize;
use time::OffsetDateTime;

use super::database::{DatabaseOptions, here};
use super::secret::SecretOptions;
use super::table::{cell, table};
use super::{Outcome, Output};

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account.
    Create(Box<CreateOptions>),
    /// List accounts.
    List(ListOptions),
    /// Shut somebody out and end everything they are signed in to.
    Suspend(OneOptions),
    /// Let a suspended person in again.
    Activate(OneOptions),
    /// Demand a new password at the next sign-in, and end everything they are signed in to.
    RequirePasswordChange(OneOptions),
    /// List somebody's second factors.
    Factors(OneOptions),
    /// Remove second factors of somebody who lost them, and end everything they are signed in to. They are told by mail.
    RemoveFactor(RemoveFactorOptions),
}

/// Which factor, and why.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).multiple(false))]
pub struct RemoveFactorOptions {
    /// Address of the account.
    #[arg(value_name = "EMAIL")]
    email: String,
    /// The id that `identity user factors` shows.
    #[arg(long, value_name = "ID", group = "which")]
    factor: Option<Id<Credential>>,
    /// All of them, backup codes included.
    #[arg(long, group = "which")]
    all: bool,
    /// Why, and how you know who asks. It is written down.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    database: DatabaseOptions,
}

/// Whom.
#[derive(Debug, Args)]
pub struct OneOptions {
    /// Address of the account.
    #[arg(value_name = "EMAIL")]
    email: String,
    #[command(flatten)]
    database: DatabaseOptions,
}

/// Which accounts.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// Members of this organization only.
    #[arg(long, value_name = "SLUG")]
    organization: Option<String>,
    #[command(flatten)]
    database: DatabaseOptions,
}

/// The new account.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("password").multiple(false))]
pub struct CreateOptions {
    /// Address of the account.
    #[arg(value_name = "EMAIL")]
    email: String,
    /// Full name.
    #[arg(long)]
    name: Option<String>,
    /// Organization to belong to.
    #[arg(long, value_name = "SLUG")]
    organization: Option<String>,
    /// Role in that organization; may be given several times.
    #[arg(long, value_name = "ROLE", requires = "organization")]
    role: Vec<String>,
    /// The address was not proven: the first sign-in asks for a mailed code.
    #[arg(long)]
    unverified: bool,
    /// Read a password from standard input.
    #[arg(long, group = "password")]
    password_stdin: bool,
    /// Read a password from a file.
    #[arg(long, value_name = "FILE", group = "password")]
    password_file: Option<PathBuf>,
    /// Demand another password at the first sign-in.
    #[arg(long, requires = "password")]
    require_password_change: bool,
    #[command(flatten)]
    database: DatabaseOptions,
}

pub(super) async fn run(command: &UserCommand, output: &Output) -> Outcome {
    match command {
        UserCommand::Create(options) => create(options, output).await,
        UserCommand::List(options) => {
            let env = options.database.environment().await?;
            output.say(
                &users::list(&env, options.organization.as_deref()).await?,
                |all| words(all),
            )
        }
        UserCommand::Suspend(options) => {
            let env = options.database.environment().await?;
            say(
                &users::suspend(&env, &options.email, &here()).await?,
                "is suspended",
                output,
            )
        }
        UserCommand::Activate(options) => {
            let env = options.database.environment().await?;
            say(
                &users::activate(&env, &options.email, &here()).await?,
                "may sign in again",
                output,
            )
        }
        UserCommand::RequirePasswordChange(options) => {
            let env = options.database.environment().await?;
            let user = users::require_change(&env, &options.email, &here()).await?;
            say(&user, "must choose a new password", output)
        }
        UserCommand::Factors(options) => {
            let env = options.database.environment().await?;
            let factors = users::list_factors(&env, &options.email).await?;
            output.say(&factors, |all| factor_rows(all))
        }
        UserCommand::RemoveFactor(options) => {
            let env = options.database.environment().await?;
            let (email, reason) = (&options.email, &options.reason);
            let (user, count) =
                users::remove_factors(&env, email, options.factor, reason, &here()).await?;
            let what = match count {
                1 => "has one second factor less and is signed out everywhere".to_owned(),
                count => format!("has {count} second factors less and is signed out everywhere"),
            };
            say(&user, &what, output)
        }
    }
}

async fn create(options: &CreateOptions, output: &Output) -> Outcome {
    let secret = SecretOptions {
        standard_input: options.password_stdin,
        file: options.password_file.as_deref(),
        variable: Some("IDENTITY_USER_PASSWORD"),
    };
    let new = NewUser {
        email: options.email.clone(),
        name: options.name.clone(),
        email_verified: !options.unverified,
        password: secret.read()?,
        require_change: options.require_password_change,
        membership: options
            .organization
            .clone()
            .map(|slug| (slug, options.role.clone())),
    };
    let env = options.database.environment().await?;
    say(
        &users::create(&env, new, &here()).await?,
        "was created",
        output,
    )
}

#[derive(Serialize)]
struct Shown<'a> {
    id: String,
    email: &'a str,
    email_verified: bool,
    name: Option<&'a str>,
    status: &'static str,
    managed_by: Option<&'a str>,
}

fn say(user: &User, what: &str, output: &Output) -> Outcome {
    let shown = Shown {
        id: user.id.to_string(),
        email: user.email.as_str(),
        email_verified: user.email_verified_at.is_some(),
        name: user.profile.name.as_deref(),
        status: user.status.as_str(),
        managed_by: user.managed_by.as_deref(),
    };
    output.say(&shown, |shown| {
        let warning = shown.managed_by.map_or_else(String::new, |file| {
            format!("\nThe account is managed by {file}: the next apply may take this back.")
        });
        format!("{} {what}.{warning}", shown.email)
    })
}

fn factor_rows(all: &[ListedFactor]) -> String {
    let day = |at: Timestamp| {
        OffsetDateTime::from_unix_timestamp(at.seconds())
            .map_or_else(|_| String::new(), |at| at.date().to_string())
    };
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|factor| {
            vec![
                factor.id.to_string(),
                factor.method.to_owned(),
                cell(Some(factor.name.as_str()).filter(|name| !name.is_empty())),
                day(factor.created_at),
                cell(factor.last_used_at.map(day).as_deref()),
            ]
        })
        .collect();
    table(&["id", "method", "name", "added", "last used"], &rows)
}

fn words(all: &[Listed]) -> String {
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|user| {
            let places = user
                .memberships
                .iter()
                .map(|place| format!("{}: {}", place.organization, place.roles.join(", ")));
            vec![
                user.email.clone(),
                cell(user.name.as_deref()),
                user.status.to_owned(),
                places.collect::<Vec<_>>().join("; "),
                cell(user.managed_by.as_deref()),
            ]
        })
        .collect();
    table(
        &["email", "name", "status", "memberships", "managed by"],
        &rows,
    )
}
