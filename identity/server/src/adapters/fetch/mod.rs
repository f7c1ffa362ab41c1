//! The one client for URLs that somebody else chose (security constraint 9).
//!
//! The name is resolved by us, every address is judged, and the connection goes to the judged address: a name that
//! answers differently a moment later (DNS rebinding) gains nothing. Redirects are answers, not instructions.

pub mod address;
mod resolve;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use identity_domain::ports::{
    BoxFuture, Fetch, FetchBody, FetchRequest, FetchResponse, OutsideError,
};
use reqwest::header;
use tokio::sync::Semaphore;
use url::{Host, Url};

use address::{Allowed, is_global};
use resolve::{GuardedResolver, Reach, RefusedAddress};

/// Requests on their way at once; more wait for their turn within their own time.
const CONCURRENT: usize = 64;

/// The outbound client. Cheap to share.
#[derive(Debug)]
pub struct GuardedFetch {
    /// For https: public addresses and those the operator opened.
    secure: Client,
    /// For http: only those the operator opened.
    plain: Client,
    allowed: Allowed,
    permits: Semaphore,
    timeout: Duration,
}

impl GuardedFetch {
    /// A client that may reach public addresses by https, and `allowed` networks by either scheme.
    pub fn new(allowed: Allowed, timeout: Duration) -> Self {
        Self {
            secure: Client::of(Reach::PublicOr(allowed.clone()), timeout),
            plain: Client::of(Reach::Only(allowed.clone()), timeout),
            allowed,
            permits: Semaphore::new(CONCURRENT),
            timeout,
        }
    }

    async fn perform(
        &self,
        client: &reqwest::Client,
        request: FetchRequest,
    ) -> Result<FetchResponse, OutsideError> {
        let _permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| OutsideError::Temporary("stopping".to_owned()))?;
        let url = request.url.clone();
        let builder = match &request.body {
            FetchBody::Nothing => client.get(url),
            FetchBody::Form(form) => client.post(url).form(form),
            FetchBody::Json(json) => client
                .post(url)
                .header(header::CONTENT_TYPE, "application/json")
                .body(json.expose().clone()),
        };
        let builder = request
            .headers
            .iter()
            .fold(builder, |builder, (name, value)| {
                builder.header(*name, value.expose())
            });
        let response = builder.send().await.map_err(|error| failure(&error))?;
        read(response, request.max_bytes).await
    }

    /// Judges what can be judged without asking anybody; names are judged by the resolver.
    fn admit(&self, url: &Url) -> Result<&reqwest::Client, OutsideError> {
        let refused = |why: &str| Err(OutsideError::Permanent(why.to_owned()));
        if !url.username().is_empty() || url.password().is_some() {
            return refused("the URL holds a user name or password");
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return refused("the URL has no host"),
        };
        let opened = address.is_none_or(|address| self.allowed.names(address));
        match url.scheme() {
            "https" if opened || address.is_some_and(is_global) => self.secure.ready(),
            "http" if opened => self.plain.ready(),
            "https" => refused("the address is not public; `fetch.allow` may open its network"),
            "http" => refused("the URL is not https"),
            _ => refused("the scheme is not https"),
        }
    }
}

impl Fetch for GuardedFetch {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Result<FetchResponse, OutsideError>> {
        Box::pin(async move {
            // The first request makes the client, which is nobody's time but ours.
            let client = self.admit(&request.url)?;
            // One clock over all of the rest: waiting for a turn, connecting, and a body that arrives byte by byte.
            match tokio::time::timeout(self.timeout, self.perform(client, request)).await {
                Ok(done) => done,
                Err(_) => Err(OutsideError::Temporary("no answer in time".to_owned())),
            }
        })
    }
}

/// A client that is made when it is first needed: it reads all certificates that this machine trusts, which neither a start nor an
/// instance that never fetches should pay for.
#[derive(Debug)]
struct Client {
    reach: Reach,
    timeout: Duration,
    made: OnceLock<reqwest::Client>,
}

impl Client {
    const fn of(reach: Reach, timeout: Duration) -> Self {
        let made = OnceLock::new();
        Self {
            reach,
            timeout,
            made,
        }
    }

    fn ready(&self) -> Result<&reqwest::Client, OutsideError> {
        if let Some(made) = self.made.get() {
            return Ok(made);
        }
        let client = client(self.reach.clone(), self.timeout)
            .map_err(|error| OutsideError::Permanent(format!("no outbound client: {error}")))?;
        // Somebody else may have been faster; then theirs serves.
        Ok(self.made.get_or_init(|| client))
    }
}

fn client(reach: Reach, timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent(concat!("identity/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        // A proxy of the environment would resolve the name itself, past our judgement.
        .no_proxy()
        .referer(false)
        .connect_timeout(timeout.min(Duration::from_secs(5)))
        .timeout(timeout)
        .pool_max_idle_per_host(2)
        .pool_idle_timeout(Duration::from_secs(30))
        .dns_resolver(Arc::new(GuardedResolver::new(reach)))
        .build()
}

async fn read(mut response: reqwest::Response, most: usize) -> Result<FetchResponse, OutsideError> {
    let too_large = || OutsideError::Permanent(format!("the answer is larger than {most} bytes"));
    if response
        .content_length()
        .is_some_and(|length| length > most as u64)
    {
        return Err(too_large());
    }
    let text = |name| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let content_type = text(header::CONTENT_TYPE);
    let max_age = text(header::CACHE_CONTROL).as_deref().and_then(max_age);
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if body.len() + chunk.len() > most {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(FetchResponse {
        status,
        content_type,
        max_age,
        body,
    })
}

/// RFC 9111 §5.2.2.1; `no-store` and `no-cache` count as zero.
fn max_age(value: &str) -> Option<u64> {
    let directives = || {
        value
            .split(',')
            .map(|part| part.trim().to_ascii_lowercase())
    };
    if directives().any(|directive| directive == "no-store" || directive == "no-cache") {
        return Some(0);
    }
    directives().find_map(|directive| {
        directive
            .strip_prefix("max-age=")?
            .trim_matches('"')
            .parse()
            .ok()
    })
}

/// The reason without the other side's words: an answer must not find its way into our log or error page.
fn failure(error: &reqwest::Error) -> OutsideError {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(refused) = inner.downcast_ref::<RefusedAddress>() {
            return OutsideError::Permanent(refused.to_string());
        }
        source = inner.source();
    }
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "cannot connect, or the certificate is not good"
    } else if error.is_body() || error.is_decode() {
        "the answer broke off"
    } else {
        "the request failed"
    };
    OutsideError::Temporary(what.to_owned())
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

    #[test]
    fn ages_are_read_from_cache_control() {
        assert_eq!(max_age("public, max-age=300"), Some(300));
        assert_eq!(max_age("Max-Age=\"5\""), Some(5));
        assert_eq!(max_age("max-age=300, no-store"), Some(0));
        assert_eq!(max_age("private"), None);
    }

    #[test]
    fn ssr_04_urls_are_refused_before_anybody_is_asked() {
        crate::listen::tls::install_crypto_provider();
        let fetch = GuardedFetch::new(Allowed::default(), Duration::from_secs(1));
        for url in [
            "https://user@example.com/",
            "https://user:pass@example.com/",
            "file:///etc/passwd",
            "gopher://example.com/",
            "unix:/run/x",
            "http://8.8.8.8/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fe80::1]/",
            "https://0.0.0.0/",
            "https://169.254.169.254/latest/meta-data",
            "https://[64:ff9b::7f00:1]/",
            "data:text/plain,x",
        ] {
            assert!(
                matches!(
                    fetch.admit(&url.parse().unwrap()),
                    Err(OutsideError::Permanent(_))
                ),
                "{url}"
            );
        }
        assert!(
            fetch
                .admit(&"https://example.com/".parse().unwrap())
                .is_ok()
        );
    }
}
