//! The mails that the provider sent, as its sink shows them.

use serde::Deserialize;
use url::Url;

use crate::answer::Answer;
use crate::network::Network;

/// One mail of the sink (`/dev/mail.json`).
#[derive(Clone, Debug, Deserialize)]
pub struct Mail {
    /// Receiver.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// Addresses found in it.
    pub links: Vec<String>,
    /// Codes found in it.
    pub codes: Vec<String>,
}

impl Mail {
    /// The first link that contains `part`.
    pub fn link(&self, part: &str) -> &str {
        self.links
            .iter()
            .find(|link| link.contains(part))
            .unwrap_or_else(|| panic!("no link {part:?} in {self:?}"))
    }

    /// The code a person would type.
    pub fn code(&self) -> &str {
        self.codes
            .first()
            .unwrap_or_else(|| panic!("no code in {self:?}"))
    }
}

/// The mail sink of one provider.
#[derive(Clone, Debug)]
pub struct Mailbox {
    client: reqwest::Client,
    address: Url,
}

impl Mailbox {
    /// The sink behind a provider's public address.
    pub fn new(network: &Network, origin: &Url) -> Self {
        Self {
            client: network.client(),
            address: origin.join("/dev/mail.json").expect("an address"),
        }
    }

    /// The text messages of the same provider, in the same form.
    pub fn of_messages(network: &Network, origin: &Url) -> Self {
        Self {
            address: origin.join("/dev/sms.json").expect("an address"),
            ..Self::new(network, origin)
        }
    }

    /// All mails, newest first.
    pub async fn all(&self) -> Vec<Mail> {
        let answer = Answer::read(
            self.client
                .get(self.address.clone())
                .send()
                .await
                .expect("the mail sink"),
        )
        .await;
        serde_json::from_value(answer.expect_ok()).expect("a list of mails")
    }

    /// The mails to one address, newest first.
    pub async fn to(&self, address: &str) -> Vec<Mail> {
        self.all()
            .await
            .into_iter()
            .filter(|mail| mail.to == address)
            .collect()
    }

    /// The newest mail to an address; fails when there is none.
    pub async fn newest(&self, address: &str) -> Mail {
        self.to(address)
            .await
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no mail to {address}"))
    }
}
