//! The mailbox of `identity dev`: mail goes nowhere and can be read at `/dev/mail`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use identity_domain::Timestamp;
use identity_domain::ports::{BoxFuture, Clock, Mail, MailTransport, OutsideError};
use serde::Serialize;

/// How many are kept.
const KEPT: usize = 200;

/// A mail that was caught, in the form of `/dev/mail.json`.
#[derive(Clone, Debug, Serialize)]
pub struct CaughtMail {
    /// The receiver.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// Links of the text, in their order.
    pub links: Vec<String>,
    /// Codes of the text, in their order.
    pub codes: Vec<String>,
    /// When it was sent, RFC 3339.
    pub at: String,
    /// The same as a number.
    #[serde(skip)]
    pub sent_at: Timestamp,
}

/// Keeps the newest mails in memory.
pub struct MailSink {
    kept: Mutex<VecDeque<CaughtMail>>,
    clock: Arc<dyn Clock>,
}

impl MailSink {
    /// An empty one.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            kept: Mutex::default(),
            clock,
        }
    }

    /// What was caught, newest first.
    pub fn newest_first(&self) -> Vec<CaughtMail> {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}

impl MailTransport for MailSink {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), OutsideError>> {
        let sent_at = self.clock.now();
        let caught = CaughtMail {
            to: mail.to.clone(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            links: links(&mail.text),
            codes: codes(&mail.text),
            at: sent_at.rfc3339(),
            sent_at,
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front(caught);
        kept.truncate(KEPT);
        Box::pin(std::future::ready(Ok(())))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|word| {
        word.trim_matches(['<', '>', '(', ')', '"', '\'', ',', '.', ';', ':', '!', '?'])
    })
}

fn links(text: &str) -> Vec<String> {
    words(text)
        .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
        .map(str::to_owned)
        .collect()
}

/// Six to eight digits, or groups of capitals and digits like `BCDFG-HJKLM`.
fn codes(text: &str) -> Vec<String> {
    let digits = |word: &str| {
        (6..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let group = |part: &str| {
        (4..=6).contains(&part.len())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let grouped = |word: &str| word.contains('-') && word.split('-').all(group);
    words(text)
        .filter(|word| digits(word) || grouped(word))
        .map(str::to_owned)
        .collect()
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

    #[tokio::test]
    async fn the_newest_two_hundred_are_kept_with_their_links_and_codes() {
        let sink = MailSink::new(Arc::new(SystemClock));
        for number in 0..205 {
            let text =
                "Open <https://id.example.com/recover/a.b>, or type BCDFG-HJKLM (or 482913)."
                    .to_owned();
            let mail = Mail {
                to: "ana@acme.test".into(),
                subject: number.to_string(),
                text,
                html: String::new(),
            };
            sink.send(&mail).await.unwrap();
        }
        let kept = sink.newest_first();
        assert_eq!(
            (
                kept.len(),
                kept[0].subject.as_str(),
                kept[199].subject.as_str()
            ),
            (200, "204", "5")
        );
        assert_eq!(kept[0].links, ["https://id.example.com/recover/a.b"]);
        assert_eq!(kept[0].codes, ["BCDFG-HJKLM", "482913"]);
    }
}
