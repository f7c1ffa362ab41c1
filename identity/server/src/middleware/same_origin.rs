//! State-changing requests to pages come from our own pages. The form's CSRF field is the second line, not the first.

use http::{HeaderMap, HeaderName, Method, header};

use crate::config::PublicUrl;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the request may change something, as far as its origin tells.
///
/// Every browser sends `Origin` with a POST. A request with neither header is no browser's, so nobody's cookies were
/// borrowed; its form still has to carry the CSRF field.
pub(super) fn allows(method: &Method, headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    method.is_safe() || (site_is_ours(headers) && origin_is_ours(headers, public_url))
}

/// Fetch Metadata. `same-site` is not enough: a sibling subdomain may be somebody else's. `none` is a request that the
/// user started, which a form never is.
fn site_is_ours(headers: &HeaderMap) -> bool {
    headers
        .get_all(SEC_FETCH_SITE)
        .iter()
        .all(|site| site == "same-origin")
}

/// RFC 6454 §7. `null` is what a sandboxed frame or a data: page sends, so it is foreign.
fn origin_is_ours(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    headers
        .get_all(header::ORIGIN)
        .iter()
        .all(|origin| origin == public_url.as_str())
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

    fn verdict(method: &Method, origin: &[&str], site: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in origin {
            headers.append(header::ORIGIN, value.parse().unwrap());
        }
        for value in site {
            headers.append(SEC_FETCH_SITE, value.parse().unwrap());
        }
        allows(method, &headers, &"https://id.example.com".parse().unwrap())
    }

    #[test]
    fn ses_04_a_form_of_another_site_is_refused() {
        let own = "https://id.example.com";
        for (origin, site, wanted) in [
            (vec![own], vec!["same-origin"], true),
            (vec![own], vec![], true),
            (vec![], vec!["same-origin"], true),
            (vec![], vec![], true),
            (vec!["null"], vec![], false),
            (vec!["null"], vec!["same-origin"], false),
            (vec!["https://evil.example"], vec!["same-origin"], false),
            (vec![own], vec!["cross-site"], false),
            (vec![own], vec!["same-site"], false),
            (vec![], vec!["none"], false),
            (vec!["http://id.example.com"], vec![], false),
            (vec!["https://id.example.com:444"], vec![], false),
            (vec!["https://id.example.com.evil.example"], vec![], false),
            (vec![own, "null"], vec![], false),
        ] {
            assert_eq!(
                verdict(&Method::POST, &origin, &site),
                wanted,
                "{origin:?} {site:?}"
            );
        }
        assert!(verdict(&Method::GET, &["null"], &["cross-site"]));
    }
}
