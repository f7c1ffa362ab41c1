//! A browser without scripts: cookies, forms and redirects as Chromium treats them.
//!
//! Every page from the provider's own origin is checked for the security headers of SES-03 as it arrives, and every
//! redirect after a form post against the page's `form-action`, because Chromium blocks it otherwise.

use std::sync::Mutex;

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::cookies::{Cookie, Jar};
use crate::network::Network;
use crate::page::{Form, Page, Source};
use crate::security_headers;

const MOST_REDIRECTS: usize = 12;

/// One browser with its own cookies.
#[derive(Debug)]
pub struct Browser {
    client: reqwest::Client,
    origin: Url,
    jar: Mutex<Jar>,
    headers: HeaderMap,
    strict: bool,
}

impl Browser {
    /// A fresh browser that will visit `origin` by default.
    pub fn new(network: &Network, origin: &Url) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(
            "user-agent",
            HeaderValue::from_static("Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36"),
        );
        headers.insert("accept-language", HeaderValue::from_static("en"));
        Self {
            client: network.client(),
            origin: origin.clone(),
            jar: Mutex::default(),
            headers,
            strict: true,
        }
    }

    /// Sends this header with every request (a proxy's, another language, another agent).
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(
            name.parse::<HeaderName>().expect("a header name"),
            value.parse().expect("a header value"),
        );
        self
    }

    /// Switches the automatic header checks off, for a test that looks at a known bad answer.
    pub fn unchecked(mut self) -> Self {
        self.strict = false;
        self
    }

    /// An address of the provider.
    pub fn address(&self, path: &str) -> Url {
        self.origin.join(path).expect("an address")
    }

    /// All cookies held.
    pub fn cookies(&self) -> Vec<Cookie> {
        self.jar.lock().expect("a jar").all().to_vec()
    }

    /// The cookie whose name ends in `suffix` (`session`, with or without the `__Host-` prefix).
    pub fn cookie(&self, suffix: &str) -> Option<Cookie> {
        self.cookies()
            .into_iter()
            .find(|cookie| cookie.name.ends_with(suffix))
    }

    /// Puts a cookie in, as somebody who stole it would.
    pub fn plant(&self, cookie: Cookie) {
        self.jar.lock().expect("a jar").store(cookie);
    }

    /// Deletes the cookies whose name ends in `suffix`; `""` deletes all.
    pub fn forget(&self, suffix: &str) {
        self.jar.lock().expect("a jar").forget(suffix);
    }

    /// One GET, nothing followed.
    pub async fn get(&self, path: &str) -> Page {
        self.request(Method::GET, &self.address(path), None, &[])
            .await
    }

    /// One request with a body of form fields and headers of the test's choosing; no `Origin` unless given.
    pub async fn request_raw(
        &self,
        method: Method,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Page {
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        let body = (method != Method::GET).then_some(fields);
        self.request(method, &self.address(path), body.as_deref(), headers)
            .await
    }

    /// Opens an address as typed or bookmarked, and follows redirects while they stay with the provider.
    pub async fn open(&self, address: &str) -> Page {
        let page = self
            .request(
                Method::GET,
                &self.address(address),
                None,
                &[("sec-fetch-site", "none")],
            )
            .await;
        self.follow(page, None).await
    }

    /// Sends a form once, nothing followed.
    pub async fn submit(&self, form: &Form) -> Page {
        let same_origin = form.source.url.origin() == form.action.origin();
        // Fetch standard: under no-referrer a form post carries `Origin: null`, also to its own site.
        let origin = if form.source.referrer_policy.ends_with("no-referrer") {
            "null".to_owned()
        } else {
            form.source.url.origin().ascii_serialization()
        };
        let site = if same_origin {
            "same-origin"
        } else {
            "cross-site"
        };
        let browser_headers = [
            ("origin", origin.as_str()),
            ("sec-fetch-site", site),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        self.check_form_action(&form.source, &form.action);
        let data = form.data();
        if form.method == "get" {
            let mut address = form.action.clone();
            address.query_pairs_mut().clear().extend_pairs(data);
            return self
                .request(Method::GET, &address, None, &browser_headers[1..])
                .await;
        }
        self.request(Method::POST, &form.action, Some(&data), &browser_headers)
            .await
    }

    /// Sends a form and follows redirects while they stay with the provider.
    pub async fn send(&self, form: &Form) -> Page {
        let page = self.submit(form).await;
        self.follow(page, Some(&form.source)).await
    }

    /// Follows redirects while they stay with the provider; the last answer, or the redirect that leaves.
    pub(crate) async fn follow(&self, mut page: Page, source: Option<&Source>) -> Page {
        for _ in 0..MOST_REDIRECTS {
            let Some(target) = page
                .location()
                .filter(|_| (300..400).contains(&page.status))
            else {
                return page;
            };
            if let Some(source) = source {
                self.check_form_action(source, &target);
            }
            if target.origin() != self.origin.origin() {
                return page;
            }
            page = self.request(Method::GET, &target, None, &[]).await;
        }
        panic!(
            "more than {MOST_REDIRECTS} redirects, last {}",
            page.summary()
        );
    }

    fn check_form_action(&self, source: &Source, target: &Url) {
        let allowed = !self.strict || source.policy.allows_form_target(&source.url, target);
        assert!(
            allowed,
            "form-action of {} makes a browser block the way to {target}",
            source.url
        );
    }

    async fn request(
        &self,
        method: Method,
        url: &Url,
        body: Option<&[(String, String)]>,
        headers: &[(&str, &str)],
    ) -> Page {
        let mut request = self
            .client
            .request(method, url.clone())
            .headers(self.headers.clone());
        if let Some(cookies) = self.jar.lock().expect("a jar").header(url) {
            request = request.header("cookie", cookies);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(fields) = body {
            request = request.form(fields);
        }
        let response = request
            .send()
            .await
            .unwrap_or_else(|error| panic!("{url}: {error:?}"));
        self.take_in(url, response).await
    }

    async fn take_in(&self, url: &Url, response: reqwest::Response) -> Page {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = String::from_utf8_lossy(&response.bytes().await.expect("a body")).into_owned();
        for value in headers.get_all("set-cookie") {
            let cookie = Cookie::parse(value.to_str().expect("a readable cookie"), url);
            self.jar.lock().expect("a jar").store(cookie);
        }
        if self.strict && url.origin() == self.origin.origin() {
            let complaints = security_headers::complaints(url, &headers);
            assert!(complaints.is_empty(), "{status} {url}: {complaints:?}");
            for mark in crate::answer::LEAKS {
                assert!(!body.contains(mark), "{url} shows {mark:?}");
            }
        }
        Page {
            url: url.clone(),
            status,
            headers,
            body,
        }
    }
}
