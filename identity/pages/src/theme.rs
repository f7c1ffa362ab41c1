//! Theme folders: which file of which layer wins.
//!
//! A look-up goes through the overlay folders in order and ends at the theme embedded in the binary. Files fall back one by one, so an
//! overlay holds only what it changes. The loader reads nothing outside its folder.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::engine::Mode;

/// The only contract version this server speaks.
pub const THEME_API: u32 = 1;

/// Larger files are not theme files.
const MAX_FILE_BYTES: u64 = 2 * 1024 * 1024;
const MAX_DEPTH: usize = 6;

#[derive(RustEmbed)]
#[folder = "../../themes/default"]
#[exclude = "*/.*"]
#[exclude = ".*"]
struct Embedded;

/// `theme.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub name: String,
    pub version: String,
    pub theme_api: u32,
    /// Name of the theme below; only `default` (or nothing) is known.
    #[serde(default)]
    pub extends: String,
    /// Locales the theme promises to cover wholly.
    #[serde(default)]
    pub locales: Vec<String>,
}

/// Something wrong with a theme that does not stop a sign-in: told by `doctor`, by a counter and in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeProblem {
    pub file: String,
    pub message: String,
}

impl ThemeProblem {
    pub(crate) fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            message: message.into(),
        }
    }
}

impl std::fmt::Display for ThemeProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}

/// One folder, or the embedded theme.
#[derive(Clone, Debug)]
pub(crate) enum Layer {
    Embedded,
    Folder(PathBuf),
}

/// One layer's version of a file.
pub(crate) struct Version {
    label: String,
    pub(crate) bytes: Cow<'static, [u8]>,
    is_embedded: bool,
}

/// One layer's version of a text file.
pub(crate) struct TextVersion {
    /// Where it is, for whoever mends it.
    pub(crate) label: String,
    pub(crate) text: Cow<'static, str>,
    is_embedded: bool,
}

impl Version {
    fn text(self) -> Result<TextVersion, ThemeProblem> {
        let text = match self.bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        };
        match text {
            Some(text) => Ok(TextVersion {
                label: self.label,
                text,
                is_embedded: self.is_embedded,
            }),
            None => Err(ThemeProblem::new(self.label, "not UTF-8")),
        }
    }
}

impl TextVersion {
    /// Whether it is parsed when the theme is loaded, so that its mistakes are told. Files of the embedded theme have none in
    /// production, which the tests show; parsing them all would be most of a start.
    pub(crate) fn is_checked(&self, mode: Mode) -> bool {
        !(self.is_embedded && mode == Mode::Production)
    }
}

/// Layers, the strongest first.
#[derive(Clone, Debug)]
pub(crate) struct Theme {
    pub(crate) layers: Vec<Layer>,
}

impl Theme {
    /// Only the embedded theme.
    pub(crate) fn embedded() -> Self {
        Self {
            layers: vec![Layer::Embedded],
        }
    }

    /// The overlays that speak our contract, over the embedded theme. Others are left out and reported.
    pub(crate) fn with_overlays(overlays: &[PathBuf], problems: &mut Vec<ThemeProblem>) -> Self {
        let mut layers = Vec::new();
        for folder in overlays {
            match accept_overlay(folder) {
                Ok(layer) => layers.push(layer),
                Err(message) => {
                    problems.push(ThemeProblem::new(folder.display().to_string(), message));
                }
            }
        }
        layers.push(Layer::Embedded);
        Self { layers }
    }

    /// The strongest version of a file.
    #[cfg(test)]
    pub(crate) fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        self.layers.iter().find_map(|layer| layer.read(path))
    }

    /// All paths below a folder such as `static/`, over all layers.
    pub(crate) fn list(&self, prefix: &str) -> BTreeSet<String> {
        self.layers
            .iter()
            .flat_map(|layer| layer.list(prefix))
            .collect()
    }

    /// Every version of a file, the strongest first.
    pub(crate) fn versions(&self, path: &str) -> Vec<Version> {
        let versions = self.layers.iter().filter_map(|layer| {
            Some(Version {
                label: layer.label(path),
                bytes: layer.read(path)?,
                is_embedded: matches!(layer, Layer::Embedded),
            })
        });
        versions.collect()
    }

    /// Every version of a text file, the strongest first; what is not UTF-8 is reported.
    pub(crate) fn texts(&self, path: &str, problems: &mut Vec<ThemeProblem>) -> Vec<TextVersion> {
        let mut texts = Vec::new();
        for version in self.versions(path) {
            match version.text() {
                Ok(text) => texts.push(text),
                Err(problem) => problems.push(problem),
            }
        }
        texts
    }

    /// Changes whenever a file does: newest modification time and number of files.
    pub(crate) fn fingerprint(&self) -> (u64, usize) {
        let mut newest = 0;
        let mut count = 0;
        for layer in &self.layers {
            for path in layer.list("") {
                newest = newest.max(layer.modified(&path));
                count += 1;
            }
        }
        (newest, count)
    }
}

impl Layer {
    pub(crate) fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        if !is_plain_path(path) {
            return None;
        }
        match self {
            Self::Embedded => Embedded::get(path).map(|file| file.data),
            Self::Folder(root) => {
                let file = inside(root, path)?;
                (fs::metadata(&file).ok()?.len() <= MAX_FILE_BYTES)
                    .then(|| fs::read(&file).ok())?
                    .map(Cow::Owned)
            }
        }
    }

    pub(crate) fn list(&self, prefix: &str) -> Vec<String> {
        let mut paths = match self {
            Self::Embedded => Embedded::iter().map(Cow::into_owned).collect(),
            Self::Folder(root) => {
                let mut found = Vec::new();
                walk(root, "", 0, &mut found);
                found
            }
        };
        paths.retain(|path| path.starts_with(prefix) && is_plain_path(path));
        paths
    }

    fn label(&self, path: &str) -> String {
        match self {
            Self::Embedded => format!("themes/default/{path}"),
            Self::Folder(root) => root.join(path).display().to_string(),
        }
    }

    fn modified(&self, path: &str) -> u64 {
        match self {
            Self::Embedded => Embedded::get(path)
                .and_then(|file| file.metadata.last_modified())
                .unwrap_or(0),
            Self::Folder(root) => inside(root, path)
                .and_then(|file| {
                    fs::metadata(file)
                        .ok()?
                        .modified()
                        .ok()?
                        .duration_since(std::time::UNIX_EPOCH)
                        .ok()
                })
                .map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
        }
    }
}

/// Writes the embedded theme into a folder (`identity themes eject`). Existing files are never overwritten; returns what was
/// written.
pub fn eject(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut written = Vec::new();
    for path in Layer::Embedded.list("") {
        let Some(bytes) = Layer::Embedded.read(&path) else {
            continue;
        };
        let file = folder.join(&path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        match fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&file)
        {
            Ok(mut target) => target.write_all(&bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        }
        written.push(path);
    }
    Ok(written)
}

/// Reads and judges `theme.toml` of an overlay.
fn accept_overlay(folder: &Path) -> Result<Layer, String> {
    let root =
        fs::canonicalize(folder).map_err(|error| format!("the folder can't be opened: {error}"))?;
    let layer = Layer::Folder(root);
    let manifest = layer.read("theme.toml").ok_or("theme.toml is missing")?;
    let manifest = std::str::from_utf8(&manifest).map_err(|_| "theme.toml is not UTF-8")?;
    let manifest: Manifest =
        toml::from_str(manifest).map_err(|error| format!("theme.toml: {error}"))?;
    if manifest.theme_api != THEME_API {
        return Err(format!(
            "theme_api is {}, this server speaks {THEME_API}",
            manifest.theme_api
        ));
    }
    if !matches!(manifest.extends.as_str(), "" | "default") {
        return Err(format!(
            "extends = \"{}\" is not known; only \"default\" is",
            manifest.extends
        ));
    }
    Ok(layer)
}

/// A relative path of plain names: no `..`, nothing hidden, nothing absolute.
fn is_plain_path(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0', ':'])
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.'))
}

/// The file's real place, if that is inside the folder: a symbolic link must not lead out (T-08).
fn inside(root: &Path, path: &str) -> Option<PathBuf> {
    let file = fs::canonicalize(root.join(path)).ok()?;
    (file.starts_with(root) && file.is_file()).then_some(file)
}

fn walk(root: &Path, relative: &str, depth: usize, found: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    let Ok(entries) = fs::read_dir(root.join(relative)) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = if relative.is_empty() {
            name
        } else {
            format!("{relative}/{name}")
        };
        if !is_plain_path(&path) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(root, &path, depth + 1, found),
            Ok(_) if inside(root, &path).is_some() => found.push(path),
            _ => {}
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

    use super::*;

    fn overlay(manifest: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("theme.toml"), manifest).unwrap();
        folder
    }

    const GOOD: &str = "name = \"acme\"\nversion = \"1\"\ntheme_api = 1\nextends = \"default\"\n";

    #[test]
    fn a_file_of_an_overlay_wins_and_the_rest_falls_back() {
        let folder = overlay(GOOD);
        fs::create_dir_all(folder.path().join("static/css")).unwrap();
        fs::write(folder.path().join("static/css/app.css"), "mine").unwrap();
        let mut problems = Vec::new();
        let theme = Theme::with_overlays(&[folder.path().to_owned()], &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(theme.read("static/css/app.css").unwrap().as_ref(), b"mine");
        assert!(theme.read("static/css/tokens.css").unwrap().len() > 4);
    }

    #[test]
    fn a_theme_of_another_contract_is_left_out_and_reported() {
        for manifest in [
            "name = \"x\"\nversion = \"1\"\ntheme_api = 2\n",
            "name = \"x\"\nversion = \"1\"\ntheme_api = 1\nextends = \"other\"\n",
            "nonsense",
        ] {
            let folder = overlay(manifest);
            let mut problems = Vec::new();
            let theme = Theme::with_overlays(&[folder.path().to_owned()], &mut problems);
            assert_eq!((theme.layers.len(), problems.len()), (1, 1), "{manifest}");
        }
    }

    #[test]
    fn paths_out_of_the_folder_are_refused() {
        let folder = overlay(GOOD);
        let layer = accept_overlay(folder.path()).unwrap();
        for path in [
            "../x",
            "a/../../x",
            "/etc/passwd",
            ".env",
            "css/.hidden",
            "a//b",
            "",
            "c:\\x",
            "a\0b",
        ] {
            assert!(layer.read(path).is_none(), "{path:?}");
            assert!(Layer::Embedded.read(path).is_none(), "{path:?}");
        }
    }

    #[test]
    fn an_ejected_theme_is_a_theme_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let all = eject(folder.path()).unwrap();
        assert!(all.len() > 50 && accept_overlay(folder.path()).is_ok());
        fs::remove_file(folder.path().join("theme.toml")).unwrap();
        assert_eq!(eject(folder.path()).unwrap(), ["theme.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_out_of_the_folder_is_refused() {
        let folder = overlay(GOOD);
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "s").unwrap();
        std::os::unix::fs::symlink(
            outside.path().join("secret"),
            folder.path().join("link.css"),
        )
        .unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("static")).unwrap();
        let layer = accept_overlay(folder.path()).unwrap();
        assert!(layer.read("link.css").is_none());
        assert!(layer.read("static/secret").is_none());
        assert_eq!(layer.list(""), ["theme.toml"]);
    }
}
