//! Our cookies: names, attributes, reading and writing. Values are opaque tokens, never ids.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};
use identity_domain::secret::SecretString;
use identity_flows::browser::{
    Browser, Cookies, MAX_DEVICES, MAX_SESSIONS, Persistence, Sightings,
};

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
            sightings: Sightings::default(),
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

    /// Whether a `Set-Cookie` value is one of the sessions.
    pub fn is_of_sessions(&self, set: &HeaderValue) -> bool {
        set.to_str().is_ok_and(|text| {
            text.strip_prefix(self.prefix)
                .is_some_and(|rest| rest.starts_with("identity_session="))
        })
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
            set.extend(self.set("identity_browser", &value, Some(BINDING_LIFE)));
        }
        match &cookies.sessions {
            Some((sessions, _)) if sessions.is_empty() => {
                set.extend(self.set("identity_session", "", Some(0)));
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
                set.extend(self.set("identity_session", &value, life));
            }
            None => {}
        }
        set
    }

    /// `Set-Cookie` for a preference.
    pub fn write_preference(&self, name: &str, value: &str) -> Option<HeaderValue> {
        self.set(&format!("identity_{name}"), value, Some(BINDING_LIFE))
    }

    /// No script of ours reads a cookie, so none may.
    fn set(&self, name: &str, value: &str, life: Option<i64>) -> Option<HeaderValue> {
        let life = life
            .map(|seconds| format!("; Max-Age={seconds}"))
            .unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        HeaderValue::from_str(&format!(
            "{}{name}={value}; Path=/{life}{secure}; HttpOnly; SameSite=Lax",
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

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        reason = "tests"
    )]
    use proptest::prelude::*;

    use super::*;

    const HOME: &str = "https://id.example.com";

    fn jar(url: &str) -> CookieJar {
        CookieJar::new(&url.parse().expect("a public URL"))
    }

    fn sent(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(cookie) {
            headers.append(COOKIE, value);
        }
        headers
    }

    #[test]
    fn ses_03_every_cookie_is_for_this_host_and_for_no_script() {
        let (home, loopback) = (jar(HOME), jar("http://localhost:8080"));
        let cookies = |jar: &CookieJar| {
            let token = || SecretString::from("a".repeat(43).as_str());
            let ordered = Cookies {
                binding: Some(token()),
                devices: vec![token()],
                sessions: Some((vec![token()], Persistence::Window)),
            };
            let mut set = jar.write(&ordered);
            set.extend(jar.write_preference("theme", "dark"));
            set
        };
        for (jar, prefix) in [(&home, "__Host-identity_"), (&loopback, "identity_")] {
            let all = cookies(jar);
            assert_eq!(all.len(), 3);
            for cookie in all {
                let text = cookie.to_str().unwrap();
                assert!(text.starts_with(prefix), "{text}");
                let wanted = ["; Path=/", "; HttpOnly", "; SameSite=Lax"];
                assert!(wanted.iter().all(|part| text.contains(part)), "{text}");
                assert_eq!(text.contains("; Secure"), prefix.starts_with("__Host-"));
                assert!(!text.contains("Domain"), "{text}");
            }
        }
    }

    proptest! {
        /// Whatever a request brings along: tokens in their one form, and not too many of them.
        #[test]
        fn a_cookie_header_is_tokens_or_nothing(name in "(__Host-)?identity_(session|browser)", value in "[ -~]{0,300}") {
            let read = jar(HOME).read(&sent(&format!("a=b; {name}={value}; c=d")));
            prop_assert!(read.sessions.len() <= MAX_SESSIONS && read.devices.len() <= MAX_DEVICES);
            let all = read.sessions.iter().chain(&read.devices).chain(&read.binding);
            for token in all {
                prop_assert!(is_token(token.expose()) && value.contains(token.expose().as_str()));
                prop_assert!(name.starts_with("__Host-"));
            }
        }

        /// What is set comes back.
        #[test]
        fn what_is_set_is_read_again(tokens in prop::collection::vec("[A-Za-z0-9_-]{43}", 1..=3)) {
            let secrets = || tokens.iter().map(|token| SecretString::from(token.as_str())).collect::<Vec<_>>();
            let ordered = Cookies { sessions: Some((secrets(), Persistence::Seconds(60))), ..Cookies::default() };
            let set = jar(HOME).write(&ordered);
            let pair = set[0].to_str().unwrap().split(';').next().unwrap().to_owned();
            let read = jar(HOME).read(&sent(&pair));
            let read: Vec<&String> = read.sessions.iter().map(SecretString::expose).collect();
            prop_assert_eq!(read, tokens.iter().collect::<Vec<_>>());
        }
    }
}
