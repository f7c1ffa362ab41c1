//! What a client may register as redirect URI (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1).

use url::{Host, Url};

use crate::client_metadata::ApplicationType;

/// The longest redirect URI, in bytes.
pub const MAX_LENGTH: usize = 2048;

/// Schemes a browser acts on itself: never a way to reach an app.
const DENIED_SCHEMES: &[&str] = &[
    "about",
    "blob",
    "chrome",
    "chrome-extension",
    "content",
    "data",
    "file",
    "filesystem",
    "ftp",
    "ftps",
    "intent",
    "jar",
    "javascript",
    "mailto",
    "mhtml",
    "moz-extension",
    "resource",
    "res",
    "sms",
    "ssh",
    "tel",
    "vbscript",
    "view-source",
    "wss",
    "ws",
    "wyciwyg",
];

/// Why a redirect URI cannot be registered. The texts are for the person who registers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    #[error("is empty")]
    Empty,
    #[error("is longer than 2048 bytes")]
    TooLong,
    #[error("contains a character that is not allowed in a URI")]
    Character,
    #[error("is not an absolute URI")]
    NotAbsolute,
    #[error("must not contain a fragment (#)")]
    Fragment,
    #[error("must not contain user information (@)")]
    UserInfo,
    #[error("must not contain a wildcard (*): register each URI in full")]
    Wildcard,
    #[error("must use https; http is for localhost, 127.0.0.1 and [::1] only")]
    PlainHttp,
    #[error("uses a scheme that is never a redirect target")]
    DeniedScheme,
    #[error("uses a private scheme, which only clients with application_type native may register")]
    PrivateScheme,
    #[error(
        "uses a private scheme without a dot: take one from a domain name of yours, such as com.example.app:/callback"
    )]
    PrivateSchemeName,
    #[error("has a host that is not written in its plain form")]
    Host,
    #[error("has a port that is not a number from 1 to 65535")]
    Port,
    #[error("has a path with . or .. segments")]
    DotSegment,
}

/// A redirect URI that may be stored in a client's registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredRedirectUri(String);

impl RegisteredRedirectUri {
    pub fn parse(raw: &str, application_type: ApplicationType) -> Result<Self, RedirectUriError> {
        check_characters(raw)?;
        let (scheme, rest) = raw.split_once(':').ok_or(RedirectUriError::NotAbsolute)?;
        let lower = scheme.to_ascii_lowercase();
        if DENIED_SCHEMES.contains(&lower.as_str()) {
            return Err(RedirectUriError::DeniedScheme);
        }
        let url = Url::parse(raw).map_err(|_| RedirectUriError::NotAbsolute)?;
        if url.scheme() != scheme {
            return Err(RedirectUriError::NotAbsolute);
        }
        check_dot_segments(rest)?;
        match scheme {
            "https" | "http" => check_web(&url, scheme, rest)?,
            _ => check_private(scheme, rest, application_type)?,
        }
        Ok(Self(raw.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

fn check_characters(raw: &str) -> Result<(), RedirectUriError> {
    if raw.is_empty() {
        return Err(RedirectUriError::Empty);
    }
    if raw.len() > MAX_LENGTH {
        return Err(RedirectUriError::TooLong);
    }
    // A backslash, a tab or a non-ASCII host mean different things to us and to a browser (WHATWG URL).
    let allowed = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte);
    if !raw.bytes().all(allowed) {
        return Err(RedirectUriError::Character);
    }
    if raw.contains('#') {
        return Err(RedirectUriError::Fragment);
    }
    if raw.contains('*') {
        return Err(RedirectUriError::Wildcard);
    }
    let mut escapes = raw.split('%').skip(1);
    if escapes.any(|rest| !rest.bytes().take(2).all(|b| b.is_ascii_hexdigit()) || rest.len() < 2) {
        return Err(RedirectUriError::Character);
    }
    Ok(())
}

/// A browser resolves `..` and `%2e%2e` before it goes there, so the registered text would not be where one arrives.
fn check_dot_segments(rest: &str) -> Result<(), RedirectUriError> {
    let path = rest
        .split('?')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .replace("%2e", ".");
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        Err(RedirectUriError::DotSegment)
    } else {
        Ok(())
    }
}

fn check_web(url: &Url, scheme: &str, rest: &str) -> Result<(), RedirectUriError> {
    let rest = rest
        .strip_prefix("//")
        .ok_or(RedirectUriError::NotAbsolute)?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(RedirectUriError::UserInfo);
    }
    let (host, port) = split_port(authority)?;
    if port.is_some_and(|port| port.starts_with('0') || port.parse::<u16>().is_err()) {
        return Err(RedirectUriError::Port);
    }
    // `http://2130706433/`, `http://127.1/` and `https://RP.test/` are other spellings of a host: refuse what the
    // URL parser had to rewrite.
    if url.host_str() != Some(host) || host.ends_with('.') {
        return Err(RedirectUriError::Host);
    }
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.octets() == [127, 0, 0, 1],
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return Err(RedirectUriError::Host),
    };
    if scheme == "http" && !loopback {
        return Err(RedirectUriError::PlainHttp);
    }
    Ok(())
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), RedirectUriError> {
    if authority.starts_with('[') {
        let end = authority.find(']').ok_or(RedirectUriError::Host)? + 1;
        let (host, rest) = authority
            .split_at_checked(end)
            .ok_or(RedirectUriError::Host)?;
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(RedirectUriError::Host),
        };
    }
    Ok(authority
        .split_once(':')
        .map_or((authority, None), |(host, port)| (host, Some(port))))
}

/// RFC 8252 §7.1: a private-use scheme is a reversed domain name, so that two apps do not claim the same one.
fn check_private(
    scheme: &str,
    rest: &str,
    application_type: ApplicationType,
) -> Result<(), RedirectUriError> {
    if application_type != ApplicationType::Native {
        return Err(RedirectUriError::PrivateScheme);
    }
    if !scheme.contains('.') {
        return Err(RedirectUriError::PrivateSchemeName);
    }
    let authority = rest
        .strip_prefix("//")
        .map(|rest| rest.split(['/', '?']).next().unwrap_or_default());
    if authority.is_some_and(|authority| authority.contains('@')) {
        return Err(RedirectUriError::UserInfo);
    }
    Ok(())
}
