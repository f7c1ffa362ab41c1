//! One id per request, ours: a client's `X-Request-Id` could be chosen to confuse a log search.

use std::fmt;

use http::{HeaderName, HeaderValue};
use identity_domain::Id;
use identity_domain::Timestamp;
use identity_domain::ports::Entropy;

/// The header every answer carries.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names one request in the log, in audit events and on fault pages: a UUID version 7. A request extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(Id<Self>);

impl RequestId {
    pub(crate) fn new(now: Timestamp, entropy: &dyn Entropy) -> Self {
        Self(Id::new(now, entropy))
    }

    /// As a header's value.
    pub(super) fn header(self) -> Option<HeaderValue> {
        let mut text = uuid::Uuid::encode_buffer();
        HeaderValue::from_str(self.encoded(&mut text)).ok()
    }

    /// As text, without memory of its own.
    pub(crate) fn encoded(self, buffer: &mut [u8]) -> &str {
        self.uuid().hyphenated().encode_lower(buffer)
    }

    /// As a UUID, for audit events.
    pub const fn uuid(self) -> uuid::Uuid {
        self.0.uuid()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
