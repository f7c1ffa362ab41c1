//! Mail by SMTP.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use identity_domain::ports::{BoxFuture, Clock, Mail, MailTransport, OutsideError};
use identity_domain::secret::SecretString;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use url::{Host, Url};

/// One command of a conversation with the mail server.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Hands mail to a mail server.
pub struct SmtpMail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    clock: Arc<dyn Clock>,
}

impl SmtpMail {
    /// From `[mail]`: `smtps://` is TLS from the start, `smtp://` is STARTTLS, required. Without TLS only to this
    /// machine, or when `?tls=none` says so and nothing secret is sent to log in.
    pub fn new(url: &SecretString, from: &str, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let from = from
            .parse()
            .map_err(|_| format!("`mail.from` is no sender: {from}"))?;
        Ok(Self {
            transport: transport(url)?,
            from,
            clock,
        })
    }

    /// Opens a connection and closes it again: what `doctor` asks.
    pub async fn check(&self) -> Result<(), OutsideError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(OutsideError::Temporary(
                "the mail server does not answer".to_owned(),
            )),
            Err(error) => Err(failure(&error)),
        }
    }

    fn message(&self, mail: &Mail) -> Result<Message, OutsideError> {
        let wrong = |what: &str| OutsideError::Permanent(what.to_owned());
        // Only a bare address: a display name from outside could carry a second receiver.
        let to: Address = mail
            .to
            .parse()
            .map_err(|_| wrong("the receiver is no mail address"))?;
        if mail.subject.contains(['\r', '\n']) {
            return Err(wrong("the subject has a line break"));
        }
        let millis = u64::try_from(self.clock.now().millis()).unwrap_or_default();
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone())
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(None)
            // RFC 3834 §5: nobody's out-of-office answers this.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(
                mail.text.clone(),
                mail.html.clone(),
            ))
            .map_err(|_| wrong("the mail cannot be put together"))
    }
}

impl MailTransport for SmtpMail {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), OutsideError>> {
        Box::pin(async move {
            let message = self.message(mail)?;
            self.transport
                .send(message)
                .await
                .map(|_| ())
                .map_err(|error| failure(&error))
        })
    }
}

fn failure(error: &lettre::transport::smtp::Error) -> OutsideError {
    let text = match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
        None if error.is_tls() => "the TLS connection to the mail server failed".to_owned(),
        None => "the mail server cannot be reached".to_owned(),
    };
    if error.is_permanent() {
        OutsideError::Permanent(text)
    } else {
        OutsideError::Temporary(text)
    }
}

fn transport(url: &SecretString) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let url = Url::parse(url.expose()).map_err(|error| format!("`mail.url` is no URL: {error}"))?;
    let host = url.host_str().ok_or("`mail.url` has no host")?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let unencrypted = url
        .query_pairs()
        .any(|(name, value)| name == "tls" && value == "none");
    let local = is_loopback(&url);
    if unencrypted && !local && !url.username().is_empty() {
        return Err("`mail.url` would send a password without TLS".to_owned());
    }
    let relay = |built: Result<_, lettre::transport::smtp::Error>| {
        built.map_err(|error| format!("`mail.url`: {error}"))
    };
    let mut builder = match url.scheme() {
        "smtps" => relay(AsyncSmtpTransport::<Tokio1Executor>::relay(bare))?,
        "smtp" if unencrypted || local => {
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(bare)
        }
        "smtp" => relay(AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(bare))?,
        other => {
            return Err(format!(
                "`mail.url` has the scheme `{other}`; use smtps or smtp"
            ));
        }
    };
    if let Some(port) = url.port() {
        builder = builder.port(port);
    }
    if let (name, Some(password)) = (url.username(), url.password()) {
        builder = builder.credentials(Credentials::new(decoded(name)?, decoded(password)?));
    }
    Ok(builder
        .timeout(Some(TIMEOUT))
        .pool_config(PoolConfig::new().max_size(4))
        .build())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // Schemes the URL standard does not know keep addresses as names.
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name
                    .parse::<IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

fn decoded(text: &str) -> Result<String, String> {
    // A form value decodes percent signs the same way; `+` is protected because in a user name it is a plus.
    let pair = format!("x={}", text.replace('+', "%2B"));
    let value = url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned());
    value.ok_or_else(|| "`mail.url` has a user name or password that cannot be decoded".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "tests"
    )]
    use super::*;
    use crate::adapters::clock::SystemClock;

    fn smtp(url: &str) -> Result<SmtpMail, String> {
        crate::listen::tls::install_crypto_provider();
        SmtpMail::new(
            &url.into(),
            "Example <no-reply@example.com>",
            Arc::new(SystemClock),
        )
    }

    fn mail(to: &str, subject: &str) -> Mail {
        Mail {
            to: to.into(),
            subject: subject.into(),
            text: "Hello".into(),
            html: "<p>Hello</p>".into(),
        }
    }

    #[tokio::test]
    async fn a_password_never_leaves_without_tls() {
        for url in [
            "smtps://u:p@mail.example",
            "smtp://u:p@mail.example:587",
            "smtp://localhost:1025",
            "smtp://relay:25?tls=none",
            "smtp://u:p@127.0.0.1:1025?tls=none",
        ] {
            assert!(smtp(url).is_ok(), "{url}");
        }
        for url in [
            "smtp://u:p@mail.example?tls=none",
            "https://mail.example",
            "mail.example",
        ] {
            assert!(smtp(url).is_err(), "{url}");
        }
    }

    #[tokio::test]
    async fn a_mail_has_one_receiver_and_one_subject() {
        let smtp = smtp("smtps://mail.example").unwrap();
        let text = String::from_utf8(
            smtp.message(&mail("ana@acme.test", "Überraschung"))
                .unwrap()
                .formatted(),
        )
        .unwrap();
        assert!(
            text.contains("To: ana@acme.test\r\n")
                && text.contains("Auto-Submitted: auto-generated")
        );
        for to in [
            "ana@acme.test, eve@evil.test",
            "Ana <ana@acme.test>",
            "ana@acme.test\r\nBcc: eve@evil.test",
            "",
        ] {
            assert!(smtp.message(&mail(to, "x")).is_err(), "{to}");
        }
        assert!(
            smtp.message(&mail("ana@acme.test", "x\r\nBcc: eve@evil.test"))
                .is_err()
        );
    }
}
