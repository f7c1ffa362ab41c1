//! The only way out: a GET of discovery, keys or a status list.

use std::future::Future;
use std::pin::Pin;

/// A future with a result, boxed so that [`Fetch`] can be a trait object.
pub type FetchFuture<'a> =
    Pin<Box<dyn Future<Output = Result<FetchResponse, FetchError>> + Send + 'a>>;

/// What to get.
#[derive(Debug, Clone)]
pub struct FetchRequest {
    /// Absolute address.
    pub url: String,
    /// Wanted media type.
    pub accept: &'static str,
    /// Entity tag of what is already here.
    pub if_none_match: Option<String>,
    /// Bodies beyond this many bytes are an error.
    pub max_bytes: usize,
}

/// What came back.
#[derive(Debug, Clone, Default)]
pub struct FetchResponse {
    /// HTTP status; anything but 200 and 304 counts as a failure.
    pub status: u16,
    /// Entity tag, if any.
    pub etag: Option<String>,
    /// `Cache-Control`, if any.
    pub cache_control: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why nothing usable came back; the text is for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("fetch failed: {0}")]
pub struct FetchError(pub String);

/// An HTTP client. Implementations must not follow redirects, must give up after a while and must
/// stop reading at `max_bytes`.
pub trait Fetch: Send + Sync + 'static {
    /// Performs one GET.
    fn get(&self, request: FetchRequest) -> FetchFuture<'_>;
}

#[cfg(feature = "reqwest")]
pub use with_reqwest::HttpFetch;

#[cfg(feature = "reqwest")]
mod with_reqwest {
    use std::time::Duration;

    use http::header::{ACCEPT, CACHE_CONTROL, ETAG, HeaderName, IF_NONE_MATCH};

    use super::{Fetch, FetchError, FetchFuture, FetchRequest, FetchResponse};

    const CONNECT_WITHIN: Duration = Duration::from_secs(2);
    const ANSWER_WITHIN: Duration = Duration::from_secs(5);

    /// The default client: no redirects, no cookies, two seconds to connect, five to answer.
    #[derive(Debug, Clone)]
    pub struct HttpFetch(reqwest::Client);

    impl HttpFetch {
        /// A client with the system's trust roots.
        pub fn new() -> Result<Self, FetchError> {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT_WITHIN)
                .timeout(ANSWER_WITHIN)
                .user_agent(concat!("identity-verify/", env!("CARGO_PKG_VERSION")))
                .build()
                .map(Self)
                .map_err(|error| failed(&error))
        }

        /// Your own client. It must not follow redirects and should have timeouts.
        pub fn with_client(client: reqwest::Client) -> Self {
            Self(client)
        }

        async fn perform(&self, request: FetchRequest) -> Result<FetchResponse, FetchError> {
            let mut builder = self.0.get(&request.url).header(ACCEPT, request.accept);
            if let Some(etag) = &request.if_none_match {
                builder = builder.header(IF_NONE_MATCH, etag);
            }
            let mut response = builder.send().await.map_err(|error| failed(&error))?;
            let header = |name: HeaderName| {
                response
                    .headers()
                    .get(name)
                    .and_then(|value| value.to_str().ok())
                    .map(str::to_owned)
            };
            let (etag, cache_control) = (header(ETAG), header(CACHE_CONTROL));
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
                if body.len().saturating_add(chunk.len()) > request.max_bytes {
                    return Err(FetchError("answer too large".to_owned()));
                }
                body.extend_from_slice(&chunk);
            }
            Ok(FetchResponse {
                status: response.status().as_u16(),
                etag,
                cache_control,
                body,
            })
        }
    }

    impl Fetch for HttpFetch {
        fn get(&self, request: FetchRequest) -> FetchFuture<'_> {
            Box::pin(self.perform(request))
        }
    }

    fn failed(error: &reqwest::Error) -> FetchError {
        FetchError(error.to_string())
    }
}
