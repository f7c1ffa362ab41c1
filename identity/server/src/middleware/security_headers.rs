//! The headers every answer carries (SES-03). A handler may set its own value of any of them; none can be forgotten.

use axum::response::Response;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// Where forms of this page may lead besides ourselves: a response extension set by the handler. Browsers apply
/// `form-action` to the redirect that follows the POST, so the page must name the already verified redirect origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormAction(Vec<String>);

impl FormAction {
    /// Allows the origin of an already verified `redirect_uri`.
    pub fn to(redirect_uri: &Url) -> Self {
        Self::default().and(redirect_uri)
    }

    /// Allows one more origin.
    #[must_use]
    pub fn and(mut self, redirect_uri: &Url) -> Self {
        if let Some(source) = source_expression(redirect_uri) {
            self.0.push(source);
        }
        self
    }
}

/// CSP Level 3 §2.3.1. An application's own scheme has no origin and is named by the scheme; so is an IPv6 literal,
/// which the grammar of host sources cannot express.
fn source_expression(url: &Url) -> Option<String> {
    let source = match (url.scheme(), url.host()) {
        ("http" | "https", Some(url::Host::Ipv6(_))) => format!("{}:", url.scheme()),
        ("http" | "https", Some(_)) => url.origin().ascii_serialization(),
        (scheme, _) => format!("{scheme}:"),
    };
    // A host may hold `;` or `,` by the URL standard; here it would end the directive and begin one of its own.
    let safe = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'/' | b'.' | b'-' | b'+' | b'_')
    };
    source.bytes().all(safe).then_some(source)
}

const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                    connect-src 'self'; manifest-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
                    form-action 'self'";
const DATA: &str = "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'none'";

const HTML: &[u8] = b"text/html";

/// Two years, the value browsers ask for (ASVS 3.4.1 wants at least one, with subdomains).
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

const ALWAYS: [(HeaderName, HeaderValue); 7] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    // Not `no-referrer`: under it browsers send `Origin: null` with our own forms (Fetch, "append a request Origin
    // header"), and the origin check could not tell them from a sandboxed frame. Other sites still learn nothing.
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), \
             publickey-credentials-get=(self), publickey-credentials-create=(self)",
        ),
    ),
    // Pages and token answers hold secrets; what may be kept (keys, static files) says so itself.
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Room for these and for what a handler adds, so that no answer has to make more.
const ROOM: usize = 24;

/// What answers carry unless a handler says otherwise: for data, and for pages. Made once; an answer begins as a copy.
pub(super) struct Defaults {
    data: HeaderMap,
    page: HeaderMap,
}

impl Defaults {
    pub(super) fn new(https: bool) -> Self {
        let with = |policy| {
            let mut all = HeaderMap::with_capacity(ROOM);
            all.extend(ALWAYS);
            all.insert(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(policy),
            );
            if https {
                all.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
            }
            all
        };
        Self {
            data: with(DATA),
            page: with(PAGE),
        }
    }

    /// Adds what the handler left out.
    pub(super) fn complete(&self, response: &mut Response) {
        let mut all = if is_page(response) {
            self.page.clone()
        } else {
            self.data.clone()
        };
        if let Some(policy) = wider_policy(response) {
            all.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        let own = std::mem::take(response.headers_mut());
        all.extend(own);
        *response.headers_mut() = all;
    }
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let start = kind.and_then(|kind| kind.as_bytes().get(..HTML.len()));
    start.is_some_and(|start| start.eq_ignore_ascii_case(HTML))
}

/// That of a page whose forms lead elsewhere.
fn wider_policy(response: &Response) -> Option<HeaderValue> {
    let action = response.extensions().get::<FormAction>()?;
    if action.0.is_empty() || !is_page(response) {
        return None;
    }
    HeaderValue::try_from(format!("{PAGE} {}", action.0.join(" "))).ok()
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
    use axum::response::{Html, IntoResponse as _};

    fn policy(redirect_uri: &str) -> String {
        let mut response = Html("").into_response();
        response
            .extensions_mut()
            .insert(FormAction::to(&redirect_uri.parse().unwrap()));
        Defaults::new(false).complete(&mut response);
        response.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn a_form_may_lead_to_exactly_the_verified_origin() {
        assert!(
            policy("https://app.example:8443/cb?x=1")
                .ends_with("form-action 'self' https://app.example:8443")
        );
        assert!(policy("com.example.app:/cb").ends_with("form-action 'self' com.example.app:"));
        assert!(policy("http://[::1]:9/cb").ends_with("form-action 'self' http:"));
    }

    #[test]
    fn a_host_cannot_write_a_directive() {
        assert!(policy("https://a;script-src.example/cb").ends_with("form-action 'self'"));
    }

    #[test]
    fn a_handler_keeps_its_own_cache_rule_and_https_brings_hsts() {
        let mut response = ([(header::CACHE_CONTROL, "max-age=60")], "x").into_response();
        Defaults::new(true).complete(&mut response);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "max-age=60");
        assert!(
            response
                .headers()
                .contains_key(header::STRICT_TRANSPORT_SECURITY)
        );
        assert_eq!(response.headers()[header::CONTENT_SECURITY_POLICY], DATA);
    }
}
