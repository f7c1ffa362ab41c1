//! Method and path: what is refused before a handler sees it.

use http::{HeaderMap, Method, header};

use super::answer::EdgeAnswer;

/// Refuses TRACE (cross-site tracing), CONNECT and methods that nobody here has ever heard of.
pub(super) fn check_method(method: &Method) -> Result<(), EdgeAnswer> {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => Ok(()),
        _ => Err(EdgeAnswer::MethodNotAllowed),
    }
}

/// Refuses every spelling of a path that a proxy or a policy in front might read as another path than the router does:
/// empty and dot segments, parameters, encoded dots, slashes, backslashes, percent signs and control characters.
pub(super) fn check_path(path: &str) -> Result<(), EdgeAnswer> {
    if is_plain(path) {
        return Ok(());
    }
    let plain = path.starts_with('/') && !path.contains("//") && path.bytes().all(allowed);
    let dots = path.split('/').any(|segment| matches!(segment, "." | ".."));
    if plain && !dots && escapes_are_plain(path) {
        Ok(())
    } else {
        Err(EdgeAnswer::NotFound)
    }
}

/// Whether a path is one of the usual, which have nothing to look at twice: letters, digits, and dots that begin or part a name.
fn is_plain(path: &str) -> bool {
    let mut before = 0;
    for byte in path.bytes() {
        let fits = match byte {
            b'/' => before != b'/' && before != b'.',
            b'.' => before != b'.' && before != 0,
            byte => {
                before != 0 && (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~'))
            }
        };
        if !fits {
            return false;
        }
        before = byte;
    }
    before != 0 && before != b'.'
}

const fn allowed(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b';' | b'\\')
}

fn escapes_are_plain(path: &str) -> bool {
    path.split('%').skip(1).all(|rest| {
        let Some(byte) = rest
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
        else {
            return false;
        };
        !(byte.is_ascii_control() || matches!(byte, b'.' | b'/' | b'\\' | b';' | b'%'))
    })
}

/// Refuses a body that says it is larger than any route takes, before a byte of it is read.
pub(super) fn check_length(
    method: &Method,
    headers: &HeaderMap,
    bounds: BodyBounds,
) -> Result<(), EdgeAnswer> {
    let Some(length) = headers.get(header::CONTENT_LENGTH) else {
        return Ok(());
    };
    let length: u64 = length
        .to_str()
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(EdgeAnswer::Malformed("The Content-Length is not a number."))?;
    let most = if matches!(*method, Method::GET | Method::HEAD) {
        bounds.default
    } else {
        bounds.ceiling
    };
    if length > most as u64 {
        Err(EdgeAnswer::TooLarge)
    } else {
        Ok(())
    }
}

/// Sizes of request bodies in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyBounds {
    /// What a route takes unless it raises its own limit with `DefaultBodyLimit::max`.
    pub default: usize,
    /// What no route can exceed.
    pub ceiling: usize,
}

impl Default for BodyBounds {
    fn default() -> Self {
        Self {
            default: 64 * 1024,
            ceiling: 2 * 1024 * 1024,
        }
    }
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn net_06_a_path_has_one_spelling() {
        for path in [
            "/",
            "/login/abc",
            "/.well-known/openid-configuration",
            "/api/v1/users/ana%40acme.test",
            "/a-b_c~d",
            "/theme/app.3f.css",
            "/a/.hidden",
            "/a,b",
        ] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        for path in [
            "//admin",
            "/a//b",
            "/%2e/",
            "/%2E%2e/admin",
            "/./a",
            "/a/..",
            "/a/.",
            "/a/../b",
            "/..",
            ".",
            "a/b",
            "/admin;x",
            "/admin%3bx",
            "/a%2fb",
            "/a%5Cb",
            "/a\\b",
            "/a%00",
            "/a%0a",
            "/a%252e",
            "/a%",
            "/a%2",
            "/a%zz",
            "/é",
            "*",
            "",
        ] {
            assert_eq!(check_path(path), Err(EdgeAnswer::NotFound), "{path}");
        }
    }

    fn segments(path: &str) -> Vec<Vec<u8>> {
        let decoded = |segment: &str| {
            let mut parts = segment.split('%');
            let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
            for part in parts {
                bytes.push(u8::from_str_radix(&part[..2], 16).expect("digits"));
                bytes.extend(part[2..].bytes());
            }
            bytes
        };
        path.split('/').map(decoded).collect()
    }

    proptest! {
        /// What passes has the segments that the URL standard and one decoding make of it: nobody in front can read another path.
        #[test]
        fn net_06_what_passes_is_read_alike_everywhere(path in "(/[a-zA-Z0-9._~@:,;+=!$&'()*|^\"<>-]{0,4}(%[0-9a-fA-F]{2})?){1,5}|/[^?#]{0,40}") {
            if check_path(&path).is_ok() {
                let url = url::Url::parse(&format!("http://id.example{path}")).unwrap();
                prop_assert_eq!(segments(url.path()), segments(&path));
                prop_assert_eq!(check_path(url.path()), Ok(()));
                for segment in segments(&path) {
                    let text = String::from_utf8_lossy(&segment).into_owned();
                    prop_assert!(!text.contains(['/', '\\', ';', '%', '\0']) && !matches!(&*text, "." | ".."), "{}", text);
                }
            }
        }

        /// A second spelling is refused wherever it stands in a good path.
        #[test]
        fn net_06_a_second_spelling_is_refused_anywhere(
            path in "(/[a-z0-9_-]{1,6}){1,4}", at in any::<prop::sample::Index>(),
            what in prop::sample::select(vec!["%2e", "%2E", "%2f", "%5c", "%25", "%00", "//", "\\", "/../", "/./", ";", "\u{0}", "\u{e9}"]),
        ) {
            prop_assert_eq!(check_path(&path), Ok(()));
            let mut other = path.clone();
            other.insert_str(at.index(path.len() + 1), what);
            prop_assert_eq!(check_path(&other), Err(EdgeAnswer::NotFound), "{}", other);
        }
    }

    #[test]
    fn only_known_methods_pass() {
        for name in ["TRACE", "CONNECT", "TRACK", "PROPFIND", "get"] {
            assert!(check_method(&name.parse().unwrap()).is_err(), "{name}");
        }
        assert!(check_method(&Method::POST).is_ok());
    }
}
