//! Static files under names that contain their hash, so that they can be cached for ever.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use sha2::{Digest as _, Sha256};

use crate::brand::Tokens;
use crate::theme::Theme;

/// Where the server mounts them.
pub const PREFIX: &str = "/theme/";

/// One file, ready to be sent with `Cache-Control: public, max-age=31536000, immutable`.
#[derive(Debug)]
pub struct StaticFile {
    /// Path below [`PREFIX`], with the hash in it.
    pub path: String,
    pub mime: &'static str,
    pub bytes: Cow<'static, [u8]>,
    gzip: OnceLock<Option<Vec<u8>>>,
}

impl StaticFile {
    fn new(path: String, mime: &'static str, bytes: Cow<'static, [u8]>) -> Self {
        Self {
            path,
            mime,
            bytes,
            gzip: OnceLock::new(),
        }
    }

    /// The style sheet of a brand; `None` when it changes no token.
    pub(crate) fn brand(tokens: Tokens) -> Option<Self> {
        let (path, css) = tokens.sheet()?;
        let bytes = css.into_bytes();
        Some(Self::new(path, "text/css; charset=utf-8", bytes.into()))
    }

    /// The address pages link to.
    pub fn url(&self) -> String {
        format!("{PREFIX}{}", self.path)
    }

    /// The gzip form, made once; `None` when it would not be smaller.
    pub fn gzip(&self) -> Option<&[u8]> {
        self.gzip
            .get_or_init(|| {
                let compressible = self.mime.starts_with("text/") || self.mime == "image/svg+xml";
                let packed = compressible.then(|| gzip(&self.bytes)).flatten()?;
                (packed.len() < self.bytes.len()).then_some(packed)
            })
            .as_deref()
    }
}

/// All files below `static/` of a theme.
#[derive(Debug, Default)]
pub(crate) struct StaticFiles {
    by_name: HashMap<String, Arc<StaticFile>>,
    by_path: HashMap<String, Arc<StaticFile>>,
}

impl StaticFiles {
    pub(crate) fn load(theme: &Theme) -> Self {
        let mut files = Self::default();
        for path in theme.list("static/") {
            let Some(name) = path.strip_prefix("static/") else {
                continue;
            };
            // An unknown kind of file is not served: nosniff alone would not make it harmless.
            let Some(mime) = mime(name) else { continue };
            let Some(version) = theme.versions(&path).into_iter().next() else {
                continue;
            };
            let file = Arc::new(StaticFile::new(
                hashed_name(name, &version.bytes),
                mime,
                version.bytes,
            ));
            files.by_path.insert(file.path.clone(), Arc::clone(&file));
            files.by_name.insert(name.to_owned(), file);
        }
        files
    }

    /// By the plain name a template uses: `css/app.css`.
    pub(crate) fn named(&self, name: &str) -> Option<&Arc<StaticFile>> {
        self.by_name.get(name)
    }

    /// By the path a browser asks for, below [`PREFIX`].
    pub(crate) fn at(&self, path: &str) -> Option<&Arc<StaticFile>> {
        self.by_path.get(path)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<StaticFile>> {
        self.by_path.values()
    }
}

/// `css/app.css` → `css/app.1f2e3d4c5b6a.css`.
fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let hash = short_hash(bytes);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

pub(crate) fn short_hash(bytes: &[u8]) -> String {
    let mut hash = String::with_capacity(16);
    for byte in Sha256::digest(bytes).iter().take(8) {
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

fn mime(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_changed_file_gets_another_name() {
        assert_ne!(
            hashed_name("css/app.css", b"a"),
            hashed_name("css/app.css", b"b")
        );
        assert!(hashed_name("css/app.css", b"a").starts_with("css/app."));
    }

    #[test]
    fn every_embedded_file_is_found_under_its_hashed_path() {
        let files = StaticFiles::load(&Theme::embedded());
        let css = files.named("css/app.css").unwrap();
        assert_eq!(files.at(&css.path).unwrap().bytes, css.bytes);
        assert!(files.at("css/app.css").is_none());
    }
}
