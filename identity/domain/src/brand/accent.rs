//! Colours of a brand made usable: a brand can't make text unreadable (H-86).

use super::color::{Oklch, Rgb};

/// Text contrast of WCAG 2.2 AA.
pub const READABLE: f64 = 4.5;

const WHITE: Rgb = Rgb(255, 255, 255);
const BLACK: Rgb = Rgb(0, 0, 0);

/// An accent made usable.
#[derive(Clone, Debug)]
pub struct Accent {
    /// On light pages.
    pub light: Shades,
    /// On dark pages: the same hue, light enough to be seen there.
    pub dark: Shades,
    /// The given colour had to be shifted for the light theme.
    pub nudged: bool,
    /// The lowest contrast there would have been without.
    pub given: f64,
}

/// The accent tokens of one mode, as `#rrggbb`.
#[derive(Clone, Debug)]
pub struct Shades {
    /// Links and the primary button.
    pub accent: String,
    /// The same under the pointer.
    pub hover: String,
    /// Text on the accent.
    pub on_accent: String,
    /// A tint to put the accent on.
    pub soft: String,
    /// The lowest contrast of text in or on the accent.
    pub ratio: f64,
}

/// What sign-in pages stand on, around the card.
#[derive(Clone, Debug)]
pub struct Ground {
    /// On light pages: the colour as it was given.
    pub light: Plane,
    /// On dark pages: the same hue, darker than the card.
    pub dark: Plane,
}

/// A plane and the text on it, as `#rrggbb`.
#[derive(Clone, Debug)]
pub struct Plane {
    /// The plane.
    pub color: String,
    /// Text on it.
    pub text: String,
    /// Its contrast.
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
    surfaces: [WHITE, Rgb(0xf6, 0xf7, 0xf9)],
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
    /// Derives all shades from one colour.
    pub fn derive(given: Rgb) -> Self {
        let base = given.oklch();
        let light = LIGHT.shades(base);
        // The dark twin starts light enough to look like the same colour on a dark page.
        let dark = DARK.shades(base.with(base.l.max(0.72), base.c.min(0.16)));
        let nudged = light.accent != given.hex();
        Self {
            light,
            dark,
            nudged,
            given: LIGHT.at(base, base.l).ratio,
        }
    }
}

impl Ground {
    /// Derives both planes from one colour.
    pub fn derive(given: Rgb) -> Self {
        let base = given.oklch();
        // Darker than a dark card, with so much of the hue as doesn't glow.
        let dark = base.with(base.l.min(0.2), base.c.min(0.05)).rgb();
        Self {
            light: Plane::of(base, given),
            dark: Plane::of(base, dark),
        }
    }
}

impl Plane {
    fn of(base: Oklch, color: Rgb) -> Self {
        // Quiet where it reads, as beside the card nothing shall shout. Of white and black one always reads.
        let dark = base.with(0.25, base.c.min(0.05)).rgb();
        let text = [dark.mixed(color), WHITE.mixed(color), dark, WHITE, BLACK]
            .into_iter()
            .find(|text| text.contrast(color) >= READABLE)
            .unwrap_or(BLACK);
        Self {
            color: color.hex(),
            text: text.hex(),
            ratio: text.contrast(color),
        }
    }
}

impl Mode {
    fn shades(&self, base: Oklch) -> Shades {
        let mut lightness = base.l;
        loop {
            let shades = self.at(base, lightness);
            if shades.ratio >= READABLE || !(0.0..=1.0).contains(&lightness) {
                return shades;
            }
            lightness += self.step;
        }
    }

    /// The shades with the accent at this lightness, readable or not.
    fn at(&self, base: Oklch, lightness: f64) -> Shades {
        let soft = base
            .with(self.soft_lightness, base.c.min(self.soft_chroma))
            .rgb();
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
        Shades {
            accent: accent.hex(),
            hover: hover.hex(),
            on_accent: on_accent.hex(),
            soft: soft.hex(),
            ratio,
        }
    }
}

/// White or near-black, whichever reads better.
fn text_on(base: Oklch, accent: Rgb) -> Rgb {
    let dark = base.with(0.2, base.c.min(0.05)).rgb();
    if accent.contrast(WHITE) >= accent.contrast(dark) {
        WHITE
    } else {
        dark
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
        fn no_brand_colour_makes_text_unreadable(r: u8, g: u8, b: u8) {
            let accent = Accent::derive(Rgb(r, g, b));
            prop_assert!(accent.light.ratio >= READABLE, "light {:?}", accent.light);
            prop_assert!(accent.dark.ratio >= READABLE, "dark {:?}", accent.dark);
            let ground = Ground::derive(Rgb(r, g, b));
            prop_assert!(ground.light.ratio >= READABLE, "light {:?}", ground.light);
            prop_assert!(ground.dark.ratio >= READABLE, "dark {:?}", ground.dark);
        }
    }

    #[test]
    fn the_extremes_are_readable_too() {
        for accent in [
            "#ffffff", "#000000", "#ffff00", "#00ff00", "#0000ff", "#ff00ff",
        ] {
            let accent = Accent::derive(Rgb::parse(accent).unwrap());
            assert!(
                accent.light.ratio >= READABLE && accent.dark.ratio >= READABLE,
                "{accent:?}"
            );
        }
    }

    #[test]
    fn a_readable_accent_stays_as_it_is() {
        let accent = Accent::derive(Rgb(0x1f, 0x5f, 0xd6));
        assert_eq!(
            (accent.light.accent.as_str(), accent.nudged),
            ("#1f5fd6", false)
        );
    }

    #[test]
    fn a_ground_is_the_given_colour_in_the_light_and_a_dark_one_in_the_dark() {
        let ground = Ground::derive(Rgb(0xff, 0xf4, 0xd6));
        assert_eq!(ground.light.color, "#fff4d6");
        let dark = Rgb::parse(&ground.dark.color).unwrap();
        assert!(dark.contrast(BLACK) < 1.3, "{ground:?}");
    }
}
