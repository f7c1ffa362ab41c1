//! A cookie jar that behaves like a browser's, and lets a test look into it.

use url::Url;

/// One cookie as it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Its whole name, prefix included.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The host that set it (browsers do not look at the port).
    pub host: String,
    /// `Path`, or `/`.
    pub path: String,
    /// All attributes as sent, lower-case names.
    pub attributes: Vec<(String, String)>,
}

impl Cookie {
    /// Reads one `Set-Cookie` header.
    pub fn parse(header: &str, url: &Url) -> Self {
        let mut parts = header.split(';').map(str::trim);
        let (name, value) = parts
            .next()
            .and_then(|pair| pair.split_once('='))
            .expect("name=value in Set-Cookie");
        let attributes: Vec<(String, String)> = parts
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let path = attributes
            .iter()
            .find(|(name, _)| name == "path")
            .map_or("/", |(_, value)| value.as_str())
            .to_owned();
        let host = url.host_str().unwrap_or_default().to_owned();
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            host,
            path,
            attributes,
        }
    }

    /// An attribute's value, `""` for a flag.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the server told the browser to forget it.
    pub fn is_removal(&self) -> bool {
        self.attribute("max-age")
            .is_some_and(|age| age.parse::<i64>().is_ok_and(|age| age <= 0))
            || self
                .attribute("expires")
                .is_some_and(|date| date.contains("1970"))
    }

    /// Whether it outlives the browser window.
    pub fn is_persistent(&self) -> bool {
        self.attribute("max-age").is_some() || self.attribute("expires").is_some()
    }
}

/// The cookies of one browser.
#[derive(Clone, Debug, Default)]
pub struct Jar(Vec<Cookie>);

impl Jar {
    /// Takes in a `Set-Cookie`.
    pub fn store(&mut self, cookie: Cookie) {
        self.0.retain(|known| {
            (&known.name, &known.host, &known.path) != (&cookie.name, &cookie.host, &cookie.path)
        });
        if !cookie.is_removal() {
            self.0.push(cookie);
        }
    }

    /// The `Cookie` header for a request, if any.
    pub fn header(&self, url: &Url) -> Option<String> {
        let host = url.host_str().unwrap_or_default();
        let pairs: Vec<String> = self
            .0
            .iter()
            .filter(|cookie| cookie.host == host && within(url.path(), &cookie.path))
            .filter(|cookie| cookie.attribute("secure").is_none() || url.scheme() == "https")
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// All cookies.
    pub fn all(&self) -> &[Cookie] {
        &self.0
    }

    /// Drops the cookies whose name ends in `suffix` (the `__Host-` prefix comes and goes with TLS).
    pub fn forget(&mut self, suffix: &str) {
        self.0.retain(|cookie| !cookie.name.ends_with(suffix));
    }
}

fn within(path: &str, scope: &str) -> bool {
    path == scope
        || path
            .strip_prefix(scope)
            .is_some_and(|rest| scope.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jar_keeps_replaces_and_forgets_like_a_browser() {
        let url = Url::parse("http://127.0.0.1:1/login").unwrap();
        let mut jar = Jar::default();
        jar.store(Cookie::parse("a=1; Path=/; HttpOnly", &url));
        jar.store(Cookie::parse("a=2; Path=/; HttpOnly", &url));
        jar.store(Cookie::parse("b=3; Path=/account", &url));
        jar.store(Cookie::parse("c=4; Path=/; Secure", &url));
        assert_eq!(jar.header(&url).as_deref(), Some("a=2"));
        assert_eq!(
            jar.header(&url.join("/account/home").unwrap()).as_deref(),
            Some("a=2; b=3")
        );
        assert_eq!(
            jar.header(&url.join("/accounts").unwrap()).as_deref(),
            Some("a=2")
        );
        jar.store(Cookie::parse("a=; Path=/; Max-Age=0", &url));
        assert_eq!(jar.header(&url), None);
    }
}
