//! The text messages of `identity dev`: they go nowhere and can be read at `/dev/sms.json`, in the form of the mails.

use identity_domain::ports::{
    BoxFuture, Mail, MailTransport as _, OutsideError, SmsTransport, TextMessage,
};

use super::mail_sink::MailSink;

/// Keeps the newest messages in memory.
pub struct SmsSink(pub MailSink);

impl SmsTransport for SmsSink {
    fn send<'a>(&'a self, message: &'a TextMessage) -> BoxFuture<'a, Result<(), OutsideError>> {
        let caught = Mail {
            to: message.to.clone(),
            subject: String::new(),
            text: message.text.clone(),
            html: String::new(),
        };
        Box::pin(async move { self.0.send(&caught).await })
    }
}
