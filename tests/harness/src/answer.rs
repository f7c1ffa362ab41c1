//! An answer of the API side: status, headers, JSON.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// What an endpoint answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// Reads a response to its end.
    pub async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = String::from_utf8_lossy(&response.bytes().await.expect("a body")).into_owned();
        Self {
            status,
            headers,
            text,
        }
    }

    /// The body as JSON; `Null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A string member of the JSON body.
    pub fn get(&self, member: &str) -> Option<String> {
        self.json()
            .get(member)
            .and_then(Value::as_str)
            .map(str::to_owned)
    }

    /// The `error` member (RFC 6749 §5.2), or `""`.
    pub fn error(&self) -> String {
        self.get("error").unwrap_or_default()
    }

    /// A header, or `""`.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Fails unless the answer is a 2xx; returns the JSON.
    pub fn expect_ok(&self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "expected success, got {} {}",
            self.status,
            self.text
        );
        self.json()
    }

    /// Fails unless the answer has this status and this `error`.
    pub fn expect_error(&self, status: u16, error: &str) {
        assert_eq!(
            (self.status, self.error().as_str()),
            (status, error),
            "body: {}",
            self.text
        );
        self.expect_no_leak();
    }

    /// No answer shows a stack trace, SQL or a Rust type.
    pub fn expect_no_leak(&self) {
        for mark in LEAKS {
            assert!(
                !self.text.contains(mark),
                "the answer leaks {mark:?}: {}",
                self.text
            );
        }
    }
}

/// Fragments that betray the inside.
pub const LEAKS: [&str; 9] = [
    "panicked at",
    "stack backtrace",
    "SELECT ",
    "INSERT INTO",
    "UPDATE ",
    "sqlx::",
    "rusqlite",
    "src/flows",
    ".rs:",
];
