//! `identity keys list|rotate|revoke`.

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use identity_domain::signing_key::{KeyRecord, KeyState};
use identity_domain::time::Timestamp;
use identity_flows::{Env, keyring};
use serde::Serialize;

use super::database::DatabaseOptions;
use super::table::{cell, table};
use super::{Failed, Outcome, Output};

/// Servers look for changes once a second; then they have had time for two looks.
const TAKEN_UP: Duration = Duration::from_secs(2);

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List signing keys in every state.
    List(DatabaseOptions),
    /// Begin a rotation: the successor is published now and signs once verifiers had time to learn it.
    Rotate(RotateOptions),
    /// Withdraw a signing key at once, because it may be known to somebody. Its successor signs at once.
    Revoke(RevokeOptions),
}

/// What to rotate, and how fast.
#[derive(Debug, Args)]
pub struct RotateOptions {
    /// Which keys.
    #[arg(long, value_enum, default_value_t = KeyKind::Signing)]
    kind: KeyKind,
    /// Let the successor sign at once; verifiers that cached the keys must fetch them again.
    #[arg(long)]
    now: bool,
    #[command(flatten)]
    database: DatabaseOptions,
}

/// Kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KeyKind {
    /// Keys that sign tokens.
    Signing,
    /// Keys that encrypt secrets in the database: everything is encrypted anew.
    Encryption,
}

/// Which key.
#[derive(Debug, Args)]
pub struct RevokeOptions {
    /// Its id, as in the JWKS.
    #[arg(value_name = "KID")]
    kid: String,
    #[command(flatten)]
    database: DatabaseOptions,
}

#[derive(Serialize)]
struct Listed {
    kid: String,
    algorithm: &'static str,
    state: &'static str,
    created_at: String,
    active_at: Option<String>,
    retiring_at: Option<String>,
    retired_at: Option<String>,
}

#[derive(Serialize)]
struct Encrypted {
    resealed: u64,
}

pub(super) async fn run(command: &KeysCommand, output: &Output) -> Outcome {
    match command {
        KeysCommand::List(database) => say(&*database.environment().await?, output).await,
        KeysCommand::Rotate(options) if options.kind == KeyKind::Encryption => {
            if options.now {
                return Err(Failed::new(
                    "--now is for signing keys: encryption keys are always replaced at once",
                ));
            }
            let env = options.database.environment().await?;
            let taken_up = tokio::time::sleep(TAKEN_UP);
            let resealed = keyring::rotate_encryption(&env, taken_up).await?;
            output.say(&Encrypted { resealed }, |done| {
                format!("{} values were encrypted anew.", done.resealed)
            })
        }
        KeysCommand::Rotate(options) => {
            let env = options.database.environment().await?;
            rotate(&env, options.now).await?;
            say(&env, output).await
        }
        KeysCommand::Revoke(options) => {
            let env = options.database.environment().await?;
            if !keyring::revoke(&env, &options.kid).await? {
                return Err(Failed::new(format!(
                    "there is no published key {}",
                    options.kid
                )));
            }
            say(&env, output).await
        }
    }
}

/// A rotation at once has two steps: every algorithm gets a successor, then all successors sign.
async fn rotate(env: &Env, now: bool) -> Result<(), Failed> {
    let keys = env.store.all_keys().await?;
    let has = |key: &KeyRecord, state| {
        keys.iter()
            .any(|other| other.algorithm == key.algorithm && other.state == state)
    };
    let active = || keys.iter().filter(|key| key.state == KeyState::Active);
    if !now || active().any(|key| !has(key, KeyState::Pending)) {
        keyring::rotate(env, true, false).await?;
    }
    if now {
        keyring::rotate(env, true, true).await?;
    }
    Ok(())
}

async fn say(env: &Env, output: &Output) -> Outcome {
    let time = |at: Option<Timestamp>| at.map(Timestamp::rfc3339);
    let listed = |key: KeyRecord| Listed {
        algorithm: key.algorithm.as_str(),
        state: key.state.as_str(),
        created_at: key.created_at.rfc3339(),
        active_at: time(key.active_at),
        retiring_at: time(key.retiring_at),
        retired_at: time(key.retired_at),
        kid: key.kid,
    };
    let all: Vec<Listed> = env
        .store
        .all_keys()
        .await?
        .into_iter()
        .map(listed)
        .collect();
    output.say(&all, |all| words(all))
}

fn words(all: &[Listed]) -> String {
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|key| {
            vec![
                key.kid.clone(),
                key.algorithm.to_owned(),
                key.state.to_owned(),
                key.created_at.clone(),
                cell(key.active_at.as_deref()),
            ]
        })
        .collect();
    table(
        &["kid", "algorithm", "state", "created", "signs since"],
        &rows,
    )
}
