//! Cookies of a service. The names differ by service, because browsers do not keep ports apart.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

use crate::config::Kind;

/// Which cookie.
#[derive(Clone, Copy)]
pub(crate) enum Cookie {
    /// The session.
    Session,
    /// Binds a sign-in under way to the browser that started it.
    Browser,
}

pub(crate) struct Cookies {
    kind: Kind,
    secure: bool,
}

impl Cookies {
    pub(crate) fn new(kind: Kind, public_url: &str) -> Self {
        Self {
            kind,
            secure: public_url.starts_with("https://"),
        }
    }

    fn name(&self, cookie: Cookie) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        let suffix = match cookie {
            Cookie::Session => "session",
            Cookie::Browser => "browser",
        };
        format!("{prefix}demo_{}_{suffix}", self.kind.name())
    }

    /// The value sent with a request.
    pub(crate) fn read<'a>(&self, headers: &'a HeaderMap, cookie: Cookie) -> Option<&'a str> {
        let name = self.name(cookie);
        let pairs = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        pairs.flat_map(|value| value.split(';')).find_map(|pair| {
            let (found, value) = pair.trim().split_once('=')?;
            (found == name).then_some(value)
        })
    }

    /// A `Set-Cookie` that lasts as long as the browser.
    pub(crate) fn set(&self, cookie: Cookie, value: &str) -> Option<HeaderValue> {
        self.header(cookie, value, "")
    }

    /// A `Set-Cookie` that takes it away.
    pub(crate) fn clear(&self, cookie: Cookie) -> Option<HeaderValue> {
        self.header(cookie, "", "; Max-Age=0")
    }

    fn header(&self, cookie: Cookie, value: &str, life: &str) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        // Lax, not Strict: the browser comes back from the provider by a cross-site navigation.
        let text = format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{life}",
            self.name(cookie)
        );
        HeaderValue::from_str(&text).ok()
    }
}
