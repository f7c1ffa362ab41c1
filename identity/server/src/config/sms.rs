//! `[sms]`: the gateway that text messages leave by.

use std::path::PathBuf;
use std::sync::Arc;

use identity_domain::ports::{Clock, Fetch, SmsTransport};
use identity_domain::secret::SecretString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::load::Loaded;
use super::problem::Problem;
use super::secret::SecretText;
use super::values::one_of;
use crate::adapters::sms::{TwilioSms, WebhookSms};

/// Where Twilio itself is.
const TWILIO: &str = "https://api.twilio.com";

/// `[sms]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sms {
    /// What the gateway speaks: `twilio` (its API, which others offer as well) or `webhook` (a JSON document signed with HMAC-SHA256).
    /// Off unless set: no text message is ever sent then. `identity dev` catches messages instead.
    pub provider: Option<SmsProvider>,
    /// Address of the gateway. `https://api.twilio.com` by default; a webhook needs one. `http` and addresses that are not public only
    /// where `fetch.allow` opens them.
    #[schemars(with = "Option<String>")]
    pub url: Option<Url>,
    /// The account at the gateway (Twilio's account SID).
    pub account: Option<String>,
    /// The gateway's token; signs the documents of a webhook, with at least 32 characters then.
    pub token: Option<SecretText>,
    /// File that holds the token, in place of `token`.
    #[schemars(extend("format" = "path"))]
    pub token_file: Option<PathBuf>,
    /// The sender: a number, a name, or a messaging service (`MG…`).
    pub from: Option<String>,
    /// Calling codes of the countries that are written to, such as `49`. None means all; premium numbers are never written to.
    pub countries: Vec<String>,
    /// Beginnings of further numbers that are never written to, such as `+49155`.
    pub blocked: Vec<String>,
}

/// Kinds of gateways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SmsProvider {
    /// Twilio's API.
    Twilio,
    /// A signed JSON document.
    Webhook,
}

/// A gateway with all it needs.
#[derive(Clone, Debug)]
pub enum SmsGateway {
    /// Twilio's API.
    Twilio {
        /// Where.
        base: Url,
        /// As whom.
        account: String,
        /// With what.
        token: SecretString,
        /// From whom.
        from: String,
    },
    /// A signed JSON document.
    Webhook {
        /// Where.
        url: Url,
        /// With what.
        token: SecretString,
    },
}

/// Shortest token that signs.
const MIN_TOKEN: usize = 32;

impl Sms {
    /// The gateway, if one is configured.
    ///
    /// # Errors
    /// The key that is missing or wrong, and why.
    pub fn gateway(&self) -> Result<Option<SmsGateway>, (String, String)> {
        let Some(provider) = self.provider else {
            return Ok(None);
        };
        let missing = |key: &str| {
            (
                format!("sms.{key}"),
                "is required by `sms.provider`".to_owned(),
            )
        };
        let token = one_of(
            "sms.token",
            self.token.as_ref().map(SecretText::secret),
            self.token_file.as_deref(),
        )?
        .ok_or_else(|| missing("token_file"))?;
        let text = |value: &Option<String>, key| value.clone().ok_or_else(|| missing(key));
        Ok(Some(match provider {
            SmsProvider::Twilio => SmsGateway::Twilio {
                base: match &self.url {
                    Some(url) => url.clone(),
                    None => Url::parse(TWILIO).map_err(|_| missing("url"))?,
                },
                account: text(&self.account, "account")?,
                from: text(&self.from, "from")?,
                token,
            },
            SmsProvider::Webhook if token.expose().len() < MIN_TOKEN => {
                let message = format!("is shorter than {MIN_TOKEN} characters");
                return Err(("sms.token".to_owned(), message));
            }
            SmsProvider::Webhook => SmsGateway::Webhook {
                url: self.url.clone().ok_or_else(|| missing("url"))?,
                token,
            },
        }))
    }
}

impl SmsGateway {
    /// The port to it.
    ///
    /// # Errors
    /// When its address can hold no path.
    pub fn transport(
        self,
        fetch: &Arc<dyn Fetch>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<dyn SmsTransport>, String> {
        let (fetch, clock) = (Arc::clone(fetch), Arc::clone(clock));
        Ok(match self {
            Self::Twilio {
                base,
                account,
                token,
                from,
            } => Arc::new(
                TwilioSms::new(fetch, &base, (&account, &token), from)
                    .ok_or("`sms.url` is no address of a gateway")?,
            ),
            Self::Webhook { url, token } => Arc::new(WebhookSms::new(fetch, clock, url, &token)),
        })
    }

    /// Where it is.
    pub fn host(&self) -> &str {
        let (Self::Twilio { base: url, .. } | Self::Webhook { url, .. }) = self;
        url.host_str().unwrap_or_default()
    }
}

impl Loaded {
    /// The SMS gateway, if one is configured.
    pub fn sms_gateway(&self) -> Result<Option<SmsGateway>, Problem> {
        self.config
            .sms
            .gateway()
            .map_err(|(key, message)| Problem::new(&key, self.place(&key), message))
    }
}
