//! Colours: sRGB, OKLCH and the contrast of WCAG 2.2. Small enough to own.

use serde::{Deserialize, Serialize};

/// An 8-bit sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Björn Ottosson's `OKLab` in polar form: lightness 0…1, chroma, hue in radians.
#[derive(Clone, Copy, Debug)]
pub(super) struct Oklch {
    pub(super) l: f64,
    pub(super) c: f64,
    pub(super) h: f64,
}

impl Rgb {
    /// Reads `#rgb` or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        // A sign would pass for a digit.
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let channel =
            |range: std::ops::Range<usize>| u8::from_str_radix(digits.get(range)?, 16).ok();
        match digits.len() {
            3 => Some(Self(
                channel(0..1)? * 17,
                channel(1..2)? * 17,
                channel(2..3)? * 17,
            )),
            6 => Some(Self(channel(0..2)?, channel(2..4)?, channel(4..6)?)),
            _ => None,
        }
    }

    /// `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(self) -> f64 {
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// WCAG 2.2 contrast ratio, 1…21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Three parts of this and one of another.
    pub(super) fn mixed(self, other: Self) -> Self {
        let part = |a: u8, b: u8| a - a / 4 + b / 4;
        Self(
            part(self.0, other.0),
            part(self.1, other.1),
            part(self.2, other.2),
        )
    }

    #[expect(
        clippy::many_single_char_names,
        reason = "the names of the published formula"
    )]
    pub(super) fn oklch(self) -> Oklch {
        let (r, g, b) = (linear(self.0), linear(self.1), linear(self.2));
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        let a = 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s;
        let b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s;
        Oklch {
            l: 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            c: a.hypot(b),
            h: b.atan2(a),
        }
    }
}

/// Not a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a colour such as \"#1f5fd6\"")]
pub struct NotAColor;

impl TryFrom<String> for Rgb {
    type Error = NotAColor;

    fn try_from(text: String) -> Result<Self, NotAColor> {
        Self::parse(&text).ok_or(NotAColor)
    }
}

impl From<Rgb> for String {
    fn from(color: Rgb) -> Self {
        color.hex()
    }
}

impl Oklch {
    /// The same hue at another lightness and chroma.
    pub(super) const fn with(self, l: f64, c: f64) -> Self {
        Self { l, c, h: self.h }
    }

    /// The closest colour a screen can show: chroma gives way, lightness and hue stay.
    pub(super) fn rgb(self) -> Rgb {
        let mut chroma = self.c;
        for _ in 0..200 {
            if let Some(rgb) = self.with(self.l, chroma).in_gamut() {
                return rgb;
            }
            chroma *= 0.97;
        }
        let gray = encode(self.l.clamp(0.0, 1.0).powi(3));
        Rgb(gray, gray, gray)
    }

    #[expect(
        clippy::many_single_char_names,
        reason = "the names of the published formula"
    )]
    fn in_gamut(self) -> Option<Rgb> {
        let (a, b) = (self.c * self.h.cos(), self.c * self.h.sin());
        let l = (self.l + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (self.l - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (self.l - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        let r = 4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s;
        let g = -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s;
        let b = -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s;
        let fits = |x: f64| (-0.000_1..=1.000_1).contains(&x);
        (fits(r) && fits(g) && fits(b)).then(|| Rgb(encode(r), encode(g), encode(b)))
    }
}

fn linear(channel: u8) -> f64 {
    let x = f64::from(channel) / 255.0;
    if x <= 0.040_45 {
        x / 12.92
    } else {
        ((x + 0.055) / 1.055).powf(2.4)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0…255 and rounded first"
)]
fn encode(x: f64) -> u8 {
    let x = x.clamp(0.0, 1.0);
    let x = if x <= 0.003_130_8 {
        x * 12.92
    } else {
        1.055 * x.powf(1.0 / 2.4) - 0.055
    };
    (x * 255.0).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn contrast_agrees_with_wcag() {
        let ratio = |a: &str, b: &str| Rgb::parse(a).unwrap().contrast(Rgb::parse(b).unwrap());
        assert!((ratio("#000", "#fff") - 21.0).abs() < 0.01);
        assert!((ratio("#777777", "#ffffff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn oklch_there_and_back_is_the_same_colour() {
        for text in [
            "#1f5fd6", "#000000", "#ffffff", "#ff0000", "#00ff00", "#7a4b00",
        ] {
            let color = Rgb::parse(text).unwrap();
            assert_eq!(color.oklch().rgb().hex(), text);
        }
    }

    #[test]
    fn only_hex_is_a_colour() {
        for text in [
            "red", "#12", "#12345g", "#1234567", "123456", "#é12", "#+1+2+3", "",
        ] {
            assert!(Rgb::parse(text).is_none(), "{text}");
        }
    }
}
