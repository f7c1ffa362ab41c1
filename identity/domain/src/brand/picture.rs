//! A small picture of a brand: SVG that only draws, or PNG (T-13).

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::svg;
use crate::secret::ValueHash;

/// Largest file: half of what a whole sign-in page may weigh.
pub const MAX_BYTES: usize = 32 * 1024;
/// Most pixels along one side of a PNG; logos are shown 32 pixels high.
const MAX_SIDE: u32 = 1024;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Kinds of pictures that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Svg,
    Png,
}

/// A picture that was looked into.
#[derive(Clone, Debug)]
pub struct Picture {
    kind: Kind,
    bytes: Arc<[u8]>,
    name: Arc<str>,
}

/// Why a file is no picture for a brand, in words for whoever chose it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPicture {
    /// Too many bytes.
    #[error("is too large: a picture has at most 32 kB")]
    TooLarge,
    /// Another format.
    #[error("is neither SVG nor PNG")]
    Unknown,
    /// Too many pixels.
    #[error("has {0} × {1} pixels; at most {MAX_SIDE} × {MAX_SIDE} are taken")]
    Pixels(u32, u32),
    /// An SVG that does more than draw.
    #[error("is an SVG that can't be taken: line {line} {problem}")]
    Svg {
        /// The line in it.
        line: usize,
        /// What is there, and what to do.
        problem: String,
    },
    /// Not written as data.
    #[error("must be written as \"data:image/png;base64,…\" or \"data:image/svg+xml;base64,…\"")]
    NoData,
}

impl Picture {
    /// Looks into a file.
    ///
    /// # Errors
    /// See [`NotAPicture`].
    pub fn read(bytes: &[u8]) -> Result<Self, NotAPicture> {
        if bytes.len() > MAX_BYTES {
            return Err(NotAPicture::TooLarge);
        }
        if bytes.starts_with(PNG) {
            check_png(bytes)?;
            return Ok(Self::new(Kind::Png, bytes));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) if text.contains("<svg") => {
                svg::check(text).map_err(|(line, problem)| NotAPicture::Svg { line, problem })?;
                Ok(Self::new(Kind::Svg, bytes))
            }
            _ => Err(NotAPicture::Unknown),
        }
    }

    /// Looks into a `data:` address.
    ///
    /// # Errors
    /// See [`NotAPicture`].
    pub fn from_data(text: &str) -> Result<Self, NotAPicture> {
        let (kind, bytes) = decode(text).ok_or(NotAPicture::NoData)?;
        Self::read(&bytes).and_then(|picture| {
            if picture.kind == kind {
                Ok(picture)
            } else {
                Err(NotAPicture::NoData)
            }
        })
    }

    /// The picture as a `data:` address.
    pub fn to_data(&self) -> String {
        format!(
            "data:{};base64,{}",
            self.mime(),
            STANDARD.encode(&self.bytes)
        )
    }

    /// A file name that changes with the content and with nothing else.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its media type.
    pub const fn mime(&self) -> &'static str {
        match self.kind {
            Kind::Svg => "image/svg+xml",
            Kind::Png => "image/png",
        }
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn new(kind: Kind, bytes: &[u8]) -> Self {
        let mut name = String::with_capacity(36);
        for byte in ValueHash::of(bytes).0.iter().take(16) {
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str(match kind {
            Kind::Svg => ".svg",
            Kind::Png => ".png",
        });
        Self {
            kind,
            bytes: bytes.into(),
            name: name.into(),
        }
    }
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.bytes == other.bytes
    }
}

impl Serialize for Picture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_data())
    }
}

impl<'de> Deserialize<'de> for Picture {
    /// What is stored was looked into when it came: a rule that grew stricter since must not keep the instance from starting.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        decode(&text)
            .map(|(kind, bytes)| Self::new(kind, &bytes))
            .ok_or_else(|| serde::de::Error::custom(NotAPicture::NoData))
    }
}

fn decode(text: &str) -> Option<(Kind, Vec<u8>)> {
    let data = text.trim().strip_prefix("data:")?;
    let (kind, data) = match data.split_once(";base64,")? {
        ("image/svg+xml", data) => (Kind::Svg, data),
        ("image/png", data) => (Kind::Png, data),
        _ => return None,
    };
    // Decoded text is shorter; what is longer is refused with the right words afterwards.
    let data = data.get(..data.len().min(2 * MAX_BYTES))?;
    Some((kind, STANDARD.decode(data).ok()?))
}

/// W3C PNG §11.2.1: the header comes first and says how large the picture is.
fn check_png(bytes: &[u8]) -> Result<(), NotAPicture> {
    let side = |at: usize| {
        let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(four))
    };
    let header = bytes.get(12..16) == Some(b"IHDR");
    match (side(16), side(20)) {
        (Some(width), Some(height)) if header && width > 0 && height > 0 => {
            if width.max(height) > MAX_SIDE {
                Err(NotAPicture::Pixels(width, height))
            } else {
                Ok(())
            }
        }
        _ => Err(NotAPicture::Unknown),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h8v8z\"/></svg>";

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = PNG.to_vec();
        bytes.extend([0, 0, 0, 13]);
        bytes.extend(b"IHDR");
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0]);
        bytes
    }

    #[test]
    fn svg_and_png_are_taken_and_told_apart_by_their_content() {
        let svg = Picture::read(SVG).unwrap();
        let png = Picture::read(&png(64, 32)).unwrap();
        assert_eq!((svg.mime(), png.mime()), ("image/svg+xml", "image/png"));
        assert_eq!(Picture::from_data(&svg.to_data()).unwrap(), svg);
        assert_eq!(Picture::from_data(&png.to_data()).unwrap(), png);
        let disguised = svg.to_data().replace("svg+xml", "png");
        assert_eq!(Picture::from_data(&disguised), Err(NotAPicture::NoData));
    }

    #[test]
    fn another_content_is_another_name() {
        let one = Picture::read(SVG).unwrap();
        let other = Picture::read(&[SVG, b"\n"].concat()).unwrap();
        assert_ne!(one.name(), other.name());
        assert_eq!(one.name(), Picture::read(SVG).unwrap().name());
        let (stem, extension) = one.name().split_once('.').unwrap();
        assert_eq!((stem.len(), extension), (32, "svg"));
    }

    #[test]
    fn what_is_too_large_or_something_else_is_refused() {
        let large = [SVG, &vec![b' '; MAX_BYTES]].concat();
        assert_eq!(Picture::read(&large), Err(NotAPicture::TooLarge));
        assert_eq!(
            Picture::read(&png(4000, 20)),
            Err(NotAPicture::Pixels(4000, 20))
        );
        assert_eq!(Picture::read(&png(0, 20)), Err(NotAPicture::Unknown));
        for other in [
            &b"GIF89a"[..],
            b"\xff\xd8\xff\xe0",
            b"<html><body>x</body></html>",
            b"",
            PNG,
        ] {
            assert_eq!(Picture::read(other), Err(NotAPicture::Unknown), "{other:?}");
        }
    }

    #[test]
    fn an_address_on_the_web_is_no_picture() {
        for text in [
            "https://acme.test/logo.svg",
            "data:text/html;base64,PHN2Zz4=",
            "data:image/svg+xml,<svg/>",
            "data:image/png;base64,***",
        ] {
            assert_eq!(Picture::from_data(text), Err(NotAPicture::NoData), "{text}");
        }
    }
}
