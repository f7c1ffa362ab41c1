//! Asks a range service whether a password is known from a breach. Five digits of a hash leave the house, never more.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use identity_domain::ports::{BoxFuture, BreachedPasswords, Fetch, FetchRequest, OutsideError};
use identity_domain::secret::SecretString;
use url::Url;

/// A range has some eight hundred lines of about forty bytes.
const MAX_BYTES: usize = 512 * 1024;

/// The range API of Have I Been Pwned, or a mirror of it.
pub struct BreachedRange {
    fetch: Arc<dyn Fetch>,
    base: Url,
}

impl BreachedRange {
    /// A client of the service below `base`.
    pub fn new(fetch: Arc<dyn Fetch>, mut base: Url) -> Self {
        // Without it the last part of the path would be replaced instead of continued, and nothing would ever be found.
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Self { fetch, base }
    }

    async fn ask(&self, password: &SecretString) -> Result<bool, OutsideError> {
        let hash = hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, password.expose().as_bytes()).as_ref());
        let (prefix, rest) = hash.split_at_checked(5).unwrap_or_default();
        let url = self
            .base
            .join(prefix)
            .map_err(|error| OutsideError::Permanent(error.to_string()))?;
        let response = self.fetch.fetch(FetchRequest::get(url, MAX_BYTES)).await?;
        if response.status != 200 {
            return Err(OutsideError::Temporary(format!(
                "the range service answered {}",
                response.status
            )));
        }
        Ok(String::from_utf8_lossy(&response.body)
            .lines()
            .any(|line| listed(line, rest)))
    }
}

impl BreachedPasswords for BreachedRange {
    fn is_breached<'a>(
        &'a self,
        password: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool, OutsideError>> {
        Box::pin(self.ask(password))
    }
}

/// A line is the rest of a hash and a count; a count of zero is padding.
fn listed(line: &str, rest: &str) -> bool {
    line.trim()
        .split_once(':')
        .is_some_and(|(hash, count)| hash.eq_ignore_ascii_case(rest) && count.trim() != "0")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
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
    use std::sync::Mutex;

    use identity_domain::ports::FetchResponse;

    use super::*;

    #[derive(Default)]
    struct Range(Mutex<Vec<Url>>);

    impl Fetch for Range {
        fn fetch(
            &self,
            request: FetchRequest,
        ) -> BoxFuture<'_, Result<FetchResponse, OutsideError>> {
            self.0.lock().unwrap().push(request.url);
            // SHA-1("password") is 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8.
            let body = b"0018A45C4D1DEF81644B54AB7F969B88D65:10\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:3861493\r\n".to_vec();
            Box::pin(async {
                Ok(FetchResponse {
                    status: 200,
                    content_type: None,
                    max_age: None,
                    body,
                })
            })
        }
    }

    #[tokio::test]
    async fn five_digits_are_asked_and_the_rest_is_compared_here() {
        let service = Arc::new(Range::default());
        let range = BreachedRange::new(
            Arc::clone(&service) as _,
            "https://range.test/range".parse().unwrap(),
        );
        assert!(range.is_breached(&"password".into()).await.unwrap());
        assert!(
            !range
                .is_breached(&"sufficiently unknown".into())
                .await
                .unwrap()
        );
        assert_eq!(
            service.0.lock().unwrap()[0].as_str(),
            "https://range.test/range/5BAA6"
        );
        assert!(!listed(
            "1E4C9B93F3F0682250B6CF8331B7EE68FD8:0",
            "1E4C9B93F3F0682250B6CF8331B7EE68FD8"
        ));
    }
}
