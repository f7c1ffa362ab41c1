//! Our cookies: names, attributes, reading and writing. Values are opaque tokens, never ids.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};
use identity_domain::secret::SecretString;
use identity_flows::browser::{Browser, Cookies, MAX_DEVICES, MAX_SESSIONS, Persistence};

use crate::config::PublicUrl;

/// Longest cookie value that is looked at.
const MAX_VALUE: usize = 512;
/// How long the browser binding lives, seconds.
const BINDING_LIFE: i64 = 400 * 24 * 3600;

/// Cookie names for one public URL. Over https they carry the `__Host-` prefix; on loopback http browsers would drop such cookies,
/// so prefix and `Secure` are left out there.
#[derive(Clone, Debug)]
pub struct CookieJar {
    prefix: &'static str,
    secure: bool,
}

impl CookieJar {
    /// For a public URL.
    pub fn new(public_url: &PublicUrl) -> Self {
        let secure = public_url.is_https() || !public_url.is_loopback();
        Self {
            prefix: if secure { "__Host-" } else { "" },
            secure,
        }
    }

    /// What a request brought along. Malformed values are as good as absent.
    pub fn read(&self, headers: &HeaderMap) -> Browser {
        let sessions = self.value(headers, "identity_session").unwrap_or_default();
        let browser = self.value(headers, "identity_browser").unwrap_or_default();
        let (binding, devices) = browser.split_once('.').unwrap_or((&browser, ""));
        Browser {
            binding: is_token(binding).then(|| SecretString::from(binding)),
            devices: devices
                .split('.')
                .filter(|value| is_token(value))
                .take(MAX_DEVICES)
                .map(SecretString::from)
                .collect(),
            sessions: sessions
                .split('.')
                .filter(|value| is_token(value))
                .take(MAX_SESSIONS)
                .map(SecretString::from)
                .collect(),
            // Only whoever knows which languages there are can say which fits.
            language: None,
            chose_language: false,
        }
    }

    /// A preference cookie's value, such as `locale` or `theme`.
    pub fn preference(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        self.value(headers, &format!("identity_{name}"))
            .filter(|value| {
                value.len() <= 16
                    && value
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            })
    }

    fn value(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        let wanted = format!("{}{name}", self.prefix);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, value)| *key == wanted && value.len() <= MAX_VALUE)
            .map(|(_, value)| value.to_owned())
    }

    /// `Set-Cookie` values for what a flow ordered.
    pub fn write(&self, cookies: &Cookies) -> Vec<HeaderValue> {
        let mut set = Vec::new();
        if let Some(binding) = &cookies.binding {
            let value = std::iter::once(binding)
                .chain(&cookies.devices)
                .map(|secret| secret.expose().as_str())
                .collect::<Vec<_>>()
                .join(".");
            set.extend(self.set("identity_browser", &value, Some(BINDING_LIFE), true));
        }
        match &cookies.sessions {
            Some((sessions, _)) if sessions.is_empty() => {
                set.extend(self.set("identity_session", "", Some(0), true));
            }
            Some((sessions, persistence)) => {
                let value = sessions
                    .iter()
                    .map(|token| token.expose().as_str())
                    .collect::<Vec<_>>()
                    .join(".");
                let life = match persistence {
                    Persistence::Window => None,
                    Persistence::Seconds(seconds) => Some(*seconds),
                };
                set.extend(self.set("identity_session", &value, life, true));
            }
            None => {}
        }
        set
    }

    /// `Set-Cookie` for a preference; scripts may read it, it is no secret.
    pub fn write_preference(&self, name: &str, value: &str) -> Option<HeaderValue> {
        self.set(
            &format!("identity_{name}"),
            value,
            Some(BINDING_LIFE),
            false,
        )
    }

    fn set(
        &self,
        name: &str,
        value: &str,
        life: Option<i64>,
        http_only: bool,
    ) -> Option<HeaderValue> {
        let life = life
            .map(|seconds| format!("; Max-Age={seconds}"))
            .unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        let http_only = if http_only { "; HttpOnly" } else { "" };
        HeaderValue::from_str(&format!(
            "{}{name}={value}; Path=/{life}{secure}{http_only}; SameSite=Lax",
            self.prefix
        ))
        .ok()
    }
}

/// 256 bits in base64url.
fn is_token(value: &str) -> bool {
    value.len() == 43
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
