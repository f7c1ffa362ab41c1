//! The database a command works on: that of the configuration, or that of a data folder of `identity dev`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use identity_domain::Fault;
use identity_domain::audit::RequestContext;
use identity_domain::failure::Failure;
use identity_domain::notification::Notification;
use identity_domain::ports::{
    Addressee, BoxFuture, Fetch, FetchRequest, FetchResponse, Mail, MailRenderer, MailTransport,
    OutsideError,
};
use identity_domain::secret::SecretString;
use identity_domain::settings::Settings;
use identity_domain::text_message::TextNotice;
use identity_flows::Env;
use identity_flows::admin::AdminRefusal;

use super::{ConfigOptions, Failed};
use crate::adapters::clock::SystemClock;
use crate::adapters::entropy::SystemEntropy;
use crate::app::{EnvironmentOptions, environment, from_configuration};
use crate::config::{ConfigError, Loaded, PublicUrl, load};

/// Which database. These commands need no running server; one that runs sees what they change.
#[derive(Clone, Debug, Args)]
pub struct DatabaseOptions {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigOptions,
    /// Data folder of `identity dev`, in place of a configuration.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Public URL of that `identity dev`, for links.
    #[arg(
        long,
        value_name = "URL",
        requires = "data",
        default_value = "http://localhost:8080"
    )]
    pub public_url: PublicUrl,
}

impl DatabaseOptions {
    /// Opens the database with everything the flows need.
    pub(super) async fn environment(&self) -> Result<Arc<Env>, Failed> {
        if let Some(folder) = &self.data {
            return Ok(environment(self.of_folder(folder)?).await?);
        }
        let loaded = self.config.load()?;
        // Shown with file and line, which a fault could not carry.
        let stored = loaded.stored().map_err(|error| self.hinted(&error))?;
        Ok(from_configuration(&loaded, stored, Arc::new(NothingOutside)).await?)
    }

    /// The same for a command whose answer is an address.
    pub(super) async fn environment_with_address(&self) -> Result<Arc<Env>, Failed> {
        if self.data.is_none() && self.config.load()?.config.public_url.is_none() {
            return Err(Failed::new(
                "`public_url` is not set: it is what links begin with",
            ));
        }
        self.environment().await
    }

    /// The database's URL, for commands that need nothing else.
    pub(super) fn url(&self) -> Result<SecretString, Failed> {
        match &self.data {
            Some(folder) => Ok(url_of(folder)),
            None => self.config.load()?.database_url()?.ok_or_else(|| {
                Failed::new("`database.url` is not set: name the configuration with --config, or a data folder with --data")
            }),
        }
    }

    /// The data folder, where one is named, as a configuration would describe it.
    pub(super) fn folder_as_configuration(&self) -> Result<Option<Loaded>, Failed> {
        let Some(folder) = &self.data else {
            return Ok(None);
        };
        is_there(folder)?;
        let named = |name: &str, value: String| (format!("IDENTITY_{name}"), value);
        let key = folder.join(MASTER_KEY).display().to_string();
        let settings = [
            named("DATABASE__URL", url_of(folder).expose().clone()),
            named("SECRETS__MASTER_KEY_FILE", key),
            named("PUBLIC_URL", self.public_url.as_str().to_owned()),
        ];
        Ok(Some(load(None, settings)?))
    }

    /// Without any configuration the list of what is missing is of little help.
    fn hinted(&self, error: &ConfigError) -> Failed {
        let hint = match self.config.config {
            None => {
                "\nName the configuration with --config, or a data folder of `identity dev` with --data."
            }
            Some(_) => "",
        };
        Failed::new(format!("{error}{hint}")).with_details(&error.problems)
    }

    fn of_folder(&self, folder: &Path) -> Result<EnvironmentOptions, Failed> {
        is_there(folder)?;
        let key = folder.join(MASTER_KEY);
        let master_key = std::fs::read_to_string(&key)
            .map_err(|error| Failed::new(format!("{}: {error}", key.display())))?;
        let mut settings = Settings::new(self.public_url.as_str());
        settings.dev = true;
        Ok(EnvironmentOptions {
            database_url: url_of(folder),
            master_key: master_key.into(),
            settings,
            connections: 2,
            hashing: (1, 64),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            mail: Arc::new(NothingOutside),
            mail_renderer: Arc::new(NothingOutside),
            sms: None,
            fetch: Arc::new(NothingOutside),
            breached: None,
            geo: None,
        })
    }
}

impl From<Failure<AdminRefusal>> for Failed {
    fn from(failure: Failure<AdminRefusal>) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::new(refusal),
            Failure::Fault(fault) => fault.into(),
        }
    }
}

const DATABASE: &str = "identity.db";
const MASTER_KEY: &str = "master.key";

/// Nothing is made where a folder's name was mistyped.
fn is_there(folder: &Path) -> Result<(), Failed> {
    let database = folder.join(DATABASE);
    if database.exists() {
        return Ok(());
    }
    Err(Failed::new(format!(
        "{} is not there; `identity dev` makes it",
        database.display()
    )))
}

fn url_of(folder: &Path) -> SecretString {
    format!("sqlite:{}", folder.join(DATABASE).display()).into()
}

/// Where a change made at the command line came from.
pub(super) fn here() -> RequestContext {
    RequestContext::new("", "identity command line", "")
}

/// A command sends nothing itself: what is to be sent is left to the server.
struct NothingOutside;

const NOTHING: &str = "the command line sends nothing";

impl MailTransport for NothingOutside {
    fn send<'a>(&'a self, _: &'a Mail) -> BoxFuture<'a, Result<(), OutsideError>> {
        Box::pin(async { Err(OutsideError::Temporary(NOTHING.to_owned())) })
    }
}

impl MailRenderer for NothingOutside {
    fn render(&self, _: &Addressee<'_>, _: &Notification) -> Result<Mail, Fault> {
        Err(Fault::new(NOTHING))
    }

    fn text_message(&self, _: &TextNotice, _: &str) -> Result<String, Fault> {
        Err(Fault::new(NOTHING))
    }
}

impl Fetch for NothingOutside {
    fn fetch(&self, _: FetchRequest) -> BoxFuture<'_, Result<FetchResponse, OutsideError>> {
        Box::pin(async { Err(OutsideError::Temporary(NOTHING.to_owned())) })
    }
}
