//! Everything a flow may reach outside of values and the store. Adapters live in the server, fakes in the test harness.

use std::future::Future;
use std::pin::Pin;

use crate::Fault;
use crate::secret::SecretString;
use crate::time::Timestamp;

/// A boxed future, so that ports stay object-safe without a runtime.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The only source of the current time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The only source of randomness; a CSPRNG in production.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// One mail, already rendered.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Mail {
    /// The receiver's address.
    pub to: String,
    /// One line, without CR or LF.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Why an outside call did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    /// Worth another try later.
    #[error("try again later: {0}")]
    Temporary(String),
    /// Will not work however often it is tried.
    #[error("refused for good: {0}")]
    Permanent(String),
}

/// Hands a mail to a mail server (or to the sink of `identity dev`).
pub trait MailTransport: Send + Sync {
    /// Sends one mail.
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), OutsideError>>;
}

/// A text message on its way out.
#[derive(Clone, Debug)]
pub struct TextMessage {
    /// E.164 number.
    pub to: String,
    /// The text, at most 160 GSM characters by convention.
    pub text: String,
}

/// Hands a text message to a gateway.
pub trait SmsTransport: Send + Sync {
    /// Sends one message.
    fn send<'a>(&'a self, message: &'a TextMessage) -> BoxFuture<'a, Result<(), OutsideError>>;
}

/// Where an address is, as far as a file of the operator's knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// Only where the file is accurate enough to say so.
    pub city: Option<String>,
}

/// Looks addresses up. Absent, the product works and says "unknown place".
pub trait Geo: Send + Sync {
    /// The place of an address, if known.
    fn place(&self, address: std::net::IpAddr) -> Option<Place>;
}

/// A request to a URL somebody else chose.
#[derive(Clone, Debug)]
pub struct FetchRequest {
    /// Where to; checked by the adapter against the address rules.
    pub url: url::Url,
    /// What is sent.
    pub body: FetchBody,
    /// Header lines beside those of the body; never printed.
    pub headers: Vec<(&'static str, SecretString)>,
    /// Largest answer accepted, in bytes.
    pub max_bytes: usize,
}

/// The body of a request.
#[derive(Clone)]
pub enum FetchBody {
    /// None: a `GET`.
    Nothing,
    /// A form, by `POST`.
    Form(Vec<(String, String)>),
    /// A JSON document, by `POST`, byte for byte: it may be signed.
    Json(SecretString),
}

impl std::fmt::Debug for FetchBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Form(_) => "Form",
            Self::Json(_) => "Json",
        })
    }
}

impl FetchRequest {
    /// A `GET`.
    pub const fn get(url: url::Url, max_bytes: usize) -> Self {
        Self {
            url,
            body: FetchBody::Nothing,
            headers: Vec::new(),
            max_bytes,
        }
    }

    /// A `POST` of a form.
    pub const fn form(url: url::Url, form: Vec<(String, String)>, max_bytes: usize) -> Self {
        Self {
            url,
            body: FetchBody::Form(form),
            headers: Vec::new(),
            max_bytes,
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct FetchResponse {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, if any.
    pub content_type: Option<String>,
    /// `Cache-Control: max-age`, seconds, if any.
    pub max_age: Option<u64>,
    /// The body, at most `max_bytes`.
    pub body: Vec<u8>,
}

/// The only way to a URL that somebody else chose: time and size caps, no redirects, private ranges refused.
pub trait Fetch: Send + Sync {
    /// Performs the request.
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Result<FetchResponse, OutsideError>>;
}

/// Asks whether a password is known from a breach, by range, never by the whole hash.
pub trait BreachedPasswords: Send + Sync {
    /// `Ok(true)` when the password is known to attackers. An error means "unknown" and stops nobody.
    fn is_breached<'a>(
        &'a self,
        password: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool, OutsideError>>;
}

/// To whom a mail goes.
#[derive(Clone, Copy, Debug)]
pub struct Addressee<'a> {
    /// At which address.
    pub address: &'a str,
    /// What they are called, where it is known and may stand in a mail to this address.
    pub name: Option<&'a str>,
    /// Their time zone, an IANA name, where it is known and may stand in a mail to this address.
    pub zone: Option<&'a str>,
    /// In which language, BCP 47.
    pub locale: &'a str,
}

/// Renders a notification in a locale; the pages crate does it, flows only name it.
pub trait MailRenderer: Send + Sync {
    /// The mail to somebody about `notification`, in their language, with product name and links.
    fn render(
        &self,
        to: &Addressee<'_>,
        notification: &crate::notification::Notification,
    ) -> Result<Mail, Fault>;

    /// The words of a text message in the given locale, short enough to travel as one.
    fn text_message(
        &self,
        notice: &crate::text_message::TextNotice,
        locale: &str,
    ) -> Result<String, Fault>;
}
