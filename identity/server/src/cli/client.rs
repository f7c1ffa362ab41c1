//! `identity client create|list|rotate-secret|disable|enable|delete`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use identity_domain::client::Client;
use identity_domain::secret::SecretString;
use identity_flows::admin::clients::{self, Listed, NewClient, Rotation};
use serde::Serialize;
use serde_json::{Map, Value};

use super::database::{DatabaseOptions, here};
use super::table::{cell, table};
use super::{Failed, Outcome, Output};

/// What to do with clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Register a client. A secret is made and shown once.
    Create(Box<CreateOptions>),
    /// List clients.
    List(DatabaseOptions),
    /// Give a client a new secret, shown once. The one before is accepted until the next rotation.
    RotateSecret(RotateOptions),
    /// Refuse a client everywhere and end its grants.
    Disable(OneOptions),
    /// Serve a disabled client again.
    Enable(OneOptions),
    /// Remove a client with its grants and what people allowed it.
    Delete(OneOptions),
}

/// Which client.
#[derive(Debug, Args)]
pub struct OneOptions {
    /// Its id.
    #[arg(value_name = "CLIENT_ID")]
    client_id: String,
    #[command(flatten)]
    database: DatabaseOptions,
}

/// Which client, and how.
#[derive(Debug, Args)]
pub struct RotateOptions {
    /// Its id.
    #[arg(value_name = "CLIENT_ID")]
    client_id: String,
    /// Refuse the old secrets at once: they may be known to somebody.
    #[arg(long)]
    now: bool,
    #[command(flatten)]
    database: DatabaseOptions,
}

/// The new client.
#[derive(Debug, Args)]
pub struct CreateOptions {
    /// Its id; made up when absent.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Name for people.
    #[arg(long)]
    name: Option<String>,
    /// Where people come back to; may be given several times.
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// Where people go after sign-out; may be given several times.
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// Where to tell the application that a session ended.
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<String>,
    /// Grant type; may be given several times. By default `authorization_code` and `refresh_token`.
    #[arg(long, value_name = "TYPE")]
    grant_type: Vec<String>,
    /// What it may ask for, in one text.
    #[arg(long)]
    scope: Option<String>,
    /// Audience of its access tokens; may be given several times.
    #[arg(long, value_name = "URI")]
    audience: Vec<String>,
    /// How it proves itself at the token endpoint.
    #[arg(long, value_name = "METHOD", conflicts_with = "public")]
    auth_method: Option<String>,
    /// It cannot keep a secret: a browser app or a native one.
    #[arg(long)]
    public: bool,
    /// It is our own: do not ask people for consent.
    #[arg(long)]
    no_consent: bool,
    /// The organization it belongs to.
    #[arg(long, value_name = "SLUG")]
    organization: Option<String>,
    /// File with the registration as JSON, by its RFC 7591 names; the options above are added to it.
    #[arg(long, value_name = "FILE")]
    metadata_file: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseOptions,
}

#[derive(Serialize)]
struct Shown<'a> {
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    status: &'static str,
    managed_by: Option<&'a str>,
}

pub(super) async fn run(command: &ClientCommand, output: &Output) -> Outcome {
    match command {
        ClientCommand::Create(options) => create(options, output).await,
        ClientCommand::List(database) => {
            let env = database.environment().await?;
            output.say(&clients::list(&env).await?, |all| words(all))
        }
        ClientCommand::RotateSecret(options) => {
            let env = options.database.environment().await?;
            let rotation = if options.now {
                Rotation::DropOld
            } else {
                Rotation::KeepOld
            };
            let (client, secret) =
                clients::rotate_secret(&env, &options.client_id, rotation, &here()).await?;
            say(&client, Some(&secret), "has a new secret", output)
        }
        ClientCommand::Disable(options) => {
            let env = options.database.environment().await?;
            say(
                &clients::disable(&env, &options.client_id, &here()).await?,
                None,
                "is disabled",
                output,
            )
        }
        ClientCommand::Enable(options) => {
            let env = options.database.environment().await?;
            say(
                &clients::enable(&env, &options.client_id, &here()).await?,
                None,
                "is served again",
                output,
            )
        }
        ClientCommand::Delete(options) => {
            let env = options.database.environment().await?;
            say(
                &clients::delete(&env, &options.client_id, &here()).await?,
                None,
                "was deleted",
                output,
            )
        }
    }
}

async fn create(options: &CreateOptions, output: &Output) -> Outcome {
    let new = NewClient {
        client_id: options.client_id.clone(),
        organization: options.organization.clone(),
        metadata: metadata(options)?,
    };
    let env = options.database.environment().await?;
    let (client, secret) = clients::create(&env, new, &here()).await?;
    say(&client, secret.as_ref(), "was created", output)
}

fn metadata(options: &CreateOptions) -> Result<Map<String, Value>, Failed> {
    let mut metadata = match &options.metadata_file {
        Some(path) => {
            let wrong = |error: String| Failed::new(format!("{}: {error}", path.display()));
            let text = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
            serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?
        }
        None => Map::new(),
    };
    let mut set = |key: &str, value: Value| drop(metadata.insert(key.to_owned(), value));
    for (key, list) in [
        ("redirect_uris", &options.redirect_uri),
        (
            "post_logout_redirect_uris",
            &options.post_logout_redirect_uri,
        ),
        ("grant_types", &options.grant_type),
        ("audience", &options.audience),
    ] {
        if !list.is_empty() {
            set(key, list.clone().into());
        }
    }
    for (key, text) in [
        ("client_name", &options.name),
        ("backchannel_logout_uri", &options.backchannel_logout_uri),
        ("scope", &options.scope),
        ("token_endpoint_auth_method", &options.auth_method),
    ] {
        if let Some(text) = text {
            set(key, text.as_str().into());
        }
    }
    if options.public {
        set("token_endpoint_auth_method", "none".into());
    }
    if options.no_consent {
        set("require_consent", false.into());
    }
    if !metadata.contains_key("grant_types") {
        let both = ["authorization_code", "refresh_token"];
        metadata.insert("grant_types".to_owned(), both.as_slice().into());
    }
    Ok(metadata)
}

fn say(client: &Client, secret: Option<&SecretString>, what: &str, output: &Output) -> Outcome {
    let shown = Shown {
        client_id: &client.client_id,
        client_secret: secret.map(|secret| secret.expose().as_str()),
        status: client.status.as_str(),
        managed_by: client.managed_by.as_deref(),
    };
    output.say(&shown, |shown| {
        let mut lines = vec![format!("The client {} {what}.", shown.client_id)];
        if let Some(secret) = shown.client_secret {
            lines.push(format!("client_secret: {secret}"));
            lines.push("It is shown this once.".to_owned());
        }
        if let Some(file) = shown.managed_by {
            lines.push(format!(
                "The client is managed by {file}: the next apply may take this back."
            ));
        }
        lines.join("\n")
    })
}

fn words(all: &[Listed]) -> String {
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|client| {
            vec![
                client.client_id.clone(),
                cell(client.metadata.client_name.as_deref()),
                client.status.to_owned(),
                client
                    .metadata
                    .token_endpoint_auth_method
                    .as_str()
                    .to_owned(),
                client.secrets.to_string(),
                cell(client.organization.as_deref()),
                cell(client.managed_by.as_deref()),
            ]
        })
        .collect();
    table(
        &[
            "client_id",
            "name",
            "status",
            "authentication",
            "secrets",
            "organization",
            "managed by",
        ],
        &rows,
    )
}
