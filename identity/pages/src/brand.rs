//! The look of an operator or organization: names, pictures, links and one accent colour that can't make text unreadable.

use std::fmt::Write as _;

use serde::Serialize;

use crate::color::{Oklch, Rgb};

/// Text contrast of WCAG 2.2 AA.
const READABLE: f64 = 4.5;

/// How round corners are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Radius {
    None,
    #[default]
    Small,
    Large,
}

/// T-11. Addresses are shown only when they are http(s), mailto or paths of ours.
#[derive(Clone, Debug, Serialize)]
pub struct Brand {
    /// The product's name as people know it.
    pub name: String,
    pub logo_url: Option<String>,
    pub logo_dark_url: Option<String>,
    /// A square picture of 32 px; without one the first letter of the name is shown.
    pub mark_url: Option<String>,
    pub favicon_url: Option<String>,
    /// `#rrggbb`. Shifted in lightness until it is readable.
    pub accent: Option<String>,
    pub radius: Radius,
    pub support_url: Option<String>,
    pub support_mail: Option<String>,
    pub privacy_url: Option<String>,
    pub terms_url: Option<String>,
    pub footer_text: Option<String>,
    /// Postal address at the foot of mails.
    pub address: Option<String>,
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            name: "Identity".to_owned(),
            logo_url: None,
            logo_dark_url: None,
            mark_url: None,
            favicon_url: None,
            accent: None,
            radius: Radius::Small,
            support_url: None,
            support_mail: None,
            privacy_url: None,
            terms_url: None,
            footer_text: None,
            address: None,
        }
    }
}

impl Brand {
    /// A brand of which only the name is set.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The brand of the gallery and the checks.
    pub fn sample() -> Self {
        Self {
            support_url: Some("https://acme.example/help".to_owned()),
            support_mail: Some("help@acme.example".to_owned()),
            privacy_url: Some("https://acme.example/privacy".to_owned()),
            terms_url: Some("https://acme.example/terms".to_owned()),
            address: Some("Acme GmbH, Beispielweg 1, 10115 Berlin".to_owned()),
            ..Self::named("Acme")
        }
    }

    /// Token overrides as a style sheet; `None` when the theme's own tokens hold.
    pub fn css(&self) -> Option<String> {
        let accent = self.accent.as_deref().and_then(Accent::derive);
        if accent.is_none() && self.radius == Radius::Small {
            return None;
        }
        let mut css = String::from("@layer theme{");
        let shape = match self.radius {
            Radius::None => "--r-s:0;--r-m:0;--r-l:0",
            Radius::Small => "",
            Radius::Large => "--r-s:12px;--r-m:16px;--r-l:24px",
        };
        let (light, dark) =
            accent.map_or_else(Default::default, |a| (a.light.tokens(), a.dark.tokens()));
        let _ = write!(css, ":root{{{light}{shape}}}");
        if !dark.is_empty() {
            let _ = write!(
                css,
                "@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}:root[data-theme=dark]{{{dark}}}"
            );
        }
        css.push('}');
        Some(css)
    }
}

/// An accent made usable, for the branding editor and `doctor` (H-86).
#[derive(Clone, Debug)]
pub struct Accent {
    pub light: Shades,
    pub dark: Shades,
    /// The given colour had to be shifted for the light theme.
    pub nudged: bool,
}

/// The accent tokens of one mode, as `#rrggbb`.
#[derive(Clone, Debug)]
pub struct Shades {
    pub accent: String,
    pub hover: String,
    pub on_accent: String,
    pub soft: String,
    /// The lowest contrast of text in or on the accent.
    pub ratio: f64,
}

struct Mode {
    surfaces: [Rgb; 2],
    soft_lightness: f64,
    soft_chroma: f64,
    /// Lightness moves this way until text is readable.
    step: f64,
}

const LIGHT: Mode = Mode {
    surfaces: [Rgb(255, 255, 255), Rgb(0xf6, 0xf7, 0xf9)],
    soft_lightness: 0.95,
    soft_chroma: 0.03,
    step: -0.01,
};
const DARK: Mode = Mode {
    surfaces: [Rgb(0x17, 0x1e, 0x28), Rgb(0x0f, 0x14, 0x1b)],
    soft_lightness: 0.27,
    soft_chroma: 0.05,
    step: 0.01,
};

impl Accent {
    /// Derives all shades from one colour; `None` if it is not a hex colour.
    pub fn derive(accent: &str) -> Option<Self> {
        let given = Rgb::parse(accent)?;
        let base = given.oklch();
        let light = LIGHT.shades(base);
        // The dark twin starts light enough to look like the same colour on a dark page.
        let dark = DARK.shades(base.with(base.l.max(0.72), base.c.min(0.16)));
        let nudged = light.accent != given.hex();
        Some(Self {
            light,
            dark,
            nudged,
        })
    }
}

impl Mode {
    fn shades(&self, base: Oklch) -> Shades {
        let soft = base
            .with(self.soft_lightness, base.c.min(self.soft_chroma))
            .rgb();
        let mut lightness = base.l;
        loop {
            let accent = base.with(lightness, base.c).rgb();
            // Hover moves on in the same direction, so text on it only gains contrast.
            let hover = base
                .with((lightness + self.step * 8.0).clamp(0.0, 1.0), base.c)
                .rgb();
            let on_accent = text_on(base, accent);
            let ratio = self
                .surfaces
                .into_iter()
                .chain([soft, on_accent])
                .map(|other| accent.contrast(other))
                .chain([hover.contrast(on_accent)])
                .fold(f64::INFINITY, f64::min);
            if ratio >= READABLE || !(0.0..=1.0).contains(&lightness) {
                return Shades {
                    accent: accent.hex(),
                    hover: hover.hex(),
                    on_accent: on_accent.hex(),
                    soft: soft.hex(),
                    ratio,
                };
            }
            lightness += self.step;
        }
    }
}

/// White or near-black, whichever reads better.
fn text_on(base: Oklch, accent: Rgb) -> Rgb {
    let dark = base.with(0.2, base.c.min(0.05)).rgb();
    let white = Rgb(255, 255, 255);
    if accent.contrast(white) >= accent.contrast(dark) {
        white
    } else {
        dark
    }
}

impl Shades {
    fn tokens(&self) -> String {
        format!(
            "--accent:{};--accent-hover:{};--on-accent:{};--accent-soft:{};",
            self.accent, self.hover, self.on_accent, self.soft
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn no_accent_makes_text_unreadable(r: u8, g: u8, b: u8) {
            let accent = Accent::derive(&Rgb(r, g, b).hex()).unwrap();
            prop_assert!(accent.light.ratio >= READABLE, "light {:?}", accent.light);
            prop_assert!(accent.dark.ratio >= READABLE, "dark {:?}", accent.dark);
        }
    }

    #[test]
    fn the_extremes_are_readable_too() {
        for accent in [
            "#ffffff", "#000000", "#ffff00", "#00ff00", "#0000ff", "#ff00ff",
        ] {
            let accent = Accent::derive(accent).unwrap();
            assert!(
                accent.light.ratio >= READABLE && accent.dark.ratio >= READABLE,
                "{accent:?}"
            );
        }
    }

    #[test]
    fn a_readable_accent_stays_as_it_is() {
        let accent = Accent::derive("#1f5fd6").unwrap();
        assert_eq!(
            (accent.light.accent.as_str(), accent.nudged),
            ("#1f5fd6", false)
        );
    }

    #[test]
    fn nothing_but_a_hex_colour_reaches_the_style_sheet() {
        let brand = Brand {
            accent: Some("red}*{display:none".to_owned()),
            ..Brand::default()
        };
        assert_eq!(brand.css(), None);
    }
}
