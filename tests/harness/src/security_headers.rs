//! What every answer must carry (SES-03, H-83), checked on each page that a [`crate::browser::Browser`] sees.

use reqwest::header::HeaderMap;
use url::Url;

use crate::cookies::Cookie;

/// A parsed `Content-Security-Policy`.
#[derive(Clone, Debug, Default)]
pub struct Policy(Vec<(String, Vec<String>)>);

impl Policy {
    /// Reads the header's text.
    pub fn parse(text: &str) -> Self {
        let directives = text.split(';').filter_map(|part| {
            let mut words = part.split_whitespace().map(str::to_owned);
            words.next().map(|name| (name, words.collect()))
        });
        Self(directives.collect())
    }

    /// The sources of a directive.
    pub fn sources(&self, directive: &str) -> Option<&[String]> {
        self.0
            .iter()
            .find(|(name, _)| name == directive)
            .map(|(_, sources)| sources.as_slice())
    }

    /// Whether a form on a page at `page` may lead to `target`. Chromium asks this for the redirects after a form post too.
    pub fn allows_form_target(&self, page: &Url, target: &Url) -> bool {
        self.sources("form-action").is_none_or(|sources| {
            sources
                .iter()
                .any(|source| source_matches(source, page, target))
        })
    }
}

fn source_matches(source: &str, page: &Url, target: &Url) -> bool {
    match source {
        "'none'" => false,
        "'self'" => target.origin() == page.origin(),
        "*" => true,
        _ => match source.strip_suffix(':') {
            Some(scheme) => scheme == target.scheme(),
            None => Url::parse(source).is_ok_and(|allowed| {
                allowed.origin() == target.origin()
                    && (allowed.path() == "/" || allowed.path() == target.path())
            }),
        },
    }
}

/// All that is wrong with an answer's headers; empty when fine.
pub fn complaints(url: &Url, headers: &HeaderMap) -> Vec<String> {
    let mut found = Vec::new();
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let mut expect = |fine: bool, complaint: &str| {
        if !fine {
            found.push(complaint.to_owned());
        }
    };
    let is_html = header("content-type").starts_with("text/html");
    expect(
        header("x-content-type-options") == "nosniff",
        "X-Content-Type-Options is not nosniff",
    );
    if url.scheme() == "https" {
        expect(
            max_age(header("strict-transport-security")) >= 31_536_000,
            "HSTS is shorter than a year",
        );
    }
    if is_html {
        expect(
            header("cache-control").contains("no-store"),
            "a page may be cached",
        );
        expect(
            header("cross-origin-opener-policy").starts_with("same-origin"),
            "no Cross-Origin-Opener-Policy",
        );
        expect(
            ["no-referrer", "same-origin"].contains(&header("referrer-policy")),
            "Referrer-Policy leaks addresses",
        );
        content_security(
            &Policy::parse(header("content-security-policy")),
            &mut expect,
        );
    }
    for value in headers.get_all("set-cookie") {
        let cookie = Cookie::parse(value.to_str().unwrap_or_default(), url);
        cookie_attributes(&cookie, url.scheme() == "https", &mut expect);
    }
    found
}

fn content_security(policy: &Policy, expect: &mut impl FnMut(bool, &str)) {
    let only_none = |directive: &str| {
        policy
            .sources(directive)
            .is_some_and(|sources| sources == ["'none'"])
    };
    let scripts = policy
        .sources("script-src")
        .or_else(|| policy.sources("default-src"))
        .unwrap_or_default();
    let risky = [
        "'unsafe-inline'",
        "'unsafe-eval'",
        "*",
        "https:",
        "http:",
        "data:",
    ];
    expect(
        !scripts.is_empty()
            && !scripts
                .iter()
                .any(|source| risky.contains(&source.as_str())),
        "CSP lets foreign or inline scripts run",
    );
    expect(only_none("base-uri"), "CSP lacks base-uri 'none'");
    expect(
        only_none("object-src")
            || (policy.sources("object-src").is_none() && only_none("default-src")),
        "CSP lacks object-src 'none'",
    );
    expect(
        only_none("frame-ancestors"),
        "CSP lacks frame-ancestors 'none'",
    );
    let forms = policy.sources("form-action").unwrap_or_default();
    expect(
        !forms.is_empty() && !forms.iter().any(|source| risky.contains(&source.as_str())),
        "CSP does not limit form-action",
    );
}

fn cookie_attributes(cookie: &Cookie, tls: bool, expect: &mut impl FnMut(bool, &str)) {
    let name = &cookie.name;
    expect(
        cookie.attribute("httponly").is_some(),
        &format!("cookie {name} can be read by scripts"),
    );
    let same_site = cookie
        .attribute("samesite")
        .unwrap_or_default()
        .to_ascii_lowercase();
    expect(
        ["lax", "strict"].contains(&same_site.as_str()),
        &format!("cookie {name} travels cross-site"),
    );
    expect(
        cookie.attribute("domain").is_none(),
        &format!("cookie {name} is shared with sub-domains"),
    );
    // on loopback http the prefix and Secure are dropped together, nowhere else.
    if tls {
        expect(
            name.starts_with("__Host-")
                && cookie.attribute("secure").is_some()
                && cookie.path == "/",
            &format!("cookie {name} is not __Host- and Secure"),
        );
    } else {
        expect(
            !name.starts_with("__") && cookie.attribute("secure").is_none(),
            &format!("cookie {name} is Secure over http: browsers drop it"),
        );
    }
}

fn max_age(header: &str) -> u64 {
    header
        .split(';')
        .find_map(|part| part.trim().strip_prefix("max-age="))
        .and_then(|age| age.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' https://rp.test";

    fn headers(csp: &str, cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("content-type", "text/html; charset=utf-8"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("cross-origin-opener-policy", "same-origin"),
            ("referrer-policy", "same-origin"),
            ("content-security-policy", csp),
            ("set-cookie", cookie),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_good_page_passes_and_each_fault_is_named() {
        let url = Url::parse("http://127.0.0.1:1/").unwrap();
        assert_eq!(
            complaints(&url, &headers(GOOD, "a=1; Path=/; HttpOnly; SameSite=Lax")),
            Vec::<String>::new()
        );
        assert_eq!(
            complaints(&url, &headers(GOOD, "a=1; Path=/; SameSite=Lax")).len(),
            1
        );
        assert_eq!(
            complaints(
                &url,
                &headers(GOOD, "a=1; Path=/; HttpOnly; SameSite=None; Domain=x")
            )
            .len(),
            2
        );
        let inline = GOOD.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'");
        assert_eq!(
            complaints(
                &url,
                &headers(&inline, "a=1; Path=/; HttpOnly; SameSite=Lax")
            )
            .len(),
            1
        );
        let https = Url::parse("https://idp.test/").unwrap();
        assert_eq!(
            complaints(
                &https,
                &headers(GOOD, "__Host-a=1; Path=/; Secure; HttpOnly; SameSite=Lax")
            )
            .len(),
            1,
            "HSTS"
        );
    }

    #[test]
    fn form_action_is_read_as_chromium_does() {
        let page = Url::parse("https://idp.test/login").unwrap();
        let policy = Policy::parse(GOOD);
        for (target, allowed) in [
            ("https://idp.test/x", true),
            ("https://rp.test/cb?code=1", true),
            ("https://evil.test/", false),
            ("http://rp.test/", false),
        ] {
            assert_eq!(
                policy.allows_form_target(&page, &Url::parse(target).unwrap()),
                allowed,
                "{target}"
            );
        }
    }
}
