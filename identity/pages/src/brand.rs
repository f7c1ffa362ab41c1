//! The look of a page as templates see it: names, addresses of pictures, links, and colours that can't make text unreadable.
//!
//! What an operator describes is [`Branding`] of the domain, in layers; this is all of them together, ready to be rendered.

use std::fmt::Write as _;

use identity_domain::brand::accent::{Plane, Shades};
use identity_domain::brand::{Accent, Branding, Ground, Picture, Rgb};
use serde::Serialize;

pub use identity_domain::brand::Radius;

use crate::static_files::{PREFIX, short_hash};

/// How the style sheet of a brand is called: `brand-{accent}-{background}-{radius}-{hash}.css`. The name says all it is made of, so
/// every node can make it at any time, and remembers none.
const SHEET: &str = "brand-";

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
    /// `#rrggbb`: what sign-in pages stand on.
    pub background: Option<String>,
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
            background: None,
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

    /// The brand that all layers make together.
    pub fn of(layers: &Branding) -> Self {
        let default = Self::default();
        let logo = layers.logo.as_ref();
        let support = layers.support.clone().unwrap_or_default();
        Self {
            name: layers.name.clone().unwrap_or(default.name),
            logo_url: logo.map(|logo| picture_url(&logo.light)),
            logo_dark_url: logo.and_then(|logo| logo.dark.as_ref()).map(picture_url),
            favicon_url: layers.favicon.as_ref().map(picture_url),
            accent: layers.accent.map(Rgb::hex),
            background: layers.background.map(Rgb::hex),
            radius: layers.radius.unwrap_or_default(),
            support_url: support.url,
            support_mail: support.mail,
            privacy_url: layers.privacy_url.clone(),
            terms_url: layers.terms_url.clone(),
            ..default
        }
    }

    pub(crate) fn tokens(&self) -> Tokens {
        let color = |text: &Option<String>| text.as_deref().and_then(Rgb::parse);
        Tokens {
            accent: color(&self.accent),
            background: color(&self.background),
            radius: self.radius,
        }
    }
}

/// Where a picture is served.
fn picture_url(picture: &Picture) -> String {
    format!("{PREFIX}{}", picture.name())
}

/// What the style sheet of a brand is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Tokens {
    accent: Option<Rgb>,
    background: Option<Rgb>,
    radius: Radius,
}

impl Tokens {
    /// Reads the name of a style sheet. Its hash is for whoever made the sheet to compare.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let name = name.strip_prefix(SHEET)?.strip_suffix(".css")?;
        let mut parts = name.split('-');
        let mut color = || match parts.next()? {
            "none" => Some(None),
            digits if digits.len() == 6 => Rgb::parse(&format!("#{digits}")).map(Some),
            _ => None,
        };
        let (accent, background) = (color()?, color()?);
        let word = parts.next()?;
        let (_, radius) = Radius::WORDS.iter().find(|(known, _)| *known == word)?;
        Some(Self {
            accent,
            background,
            radius: *radius,
        })
    }

    /// Name and content of the style sheet; `None` when the theme's own tokens hold.
    pub(crate) fn sheet(self) -> Option<(String, String)> {
        let css = self.css()?;
        let digits = |color: Option<Rgb>| {
            color.map_or_else(
                || "none".to_owned(),
                |color| color.hex().trim_start_matches('#').to_owned(),
            )
        };
        let name = format!(
            "{SHEET}{}-{}-{}-{}.css",
            digits(self.accent),
            digits(self.background),
            self.radius.as_str(),
            short_hash(css.as_bytes())
        );
        Some((name, css))
    }

    fn css(self) -> Option<String> {
        if self == Self::default() {
            return None;
        }
        let (mut light, mut dark) = (String::new(), String::new());
        if let Some(accent) = self.accent.map(Accent::derive) {
            shades(&mut light, &accent.light);
            shades(&mut dark, &accent.dark);
        }
        if let Some(ground) = self.background.map(Ground::derive) {
            plane(&mut light, &ground.light);
            plane(&mut dark, &ground.dark);
        }
        let shape = match self.radius {
            Radius::None => "--r-s:0px;--r-m:0px;--r-l:0px",
            Radius::Small => "",
            Radius::Large => "--r-s:12px;--r-m:16px;--r-l:24px",
        };
        let mut css = format!("@layer theme{{:root{{{light}{shape}}}");
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

fn shades(css: &mut String, shades: &Shades) {
    let _ = write!(
        css,
        "--accent:{};--accent-hover:{};--on-accent:{};--accent-soft:{};",
        shades.accent, shades.hover, shades.on_accent, shades.soft
    );
}

fn plane(css: &mut String, plane: &Plane) {
    let _ = write!(
        css,
        "--ground:{};--on-ground:{};--band:6px;",
        plane.color, plane.text
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    const SUNNY: Tokens = Tokens {
        accent: Some(Rgb(0xff, 0xcc, 0)),
        background: Some(Rgb(0x10, 0x20, 0x40)),
        radius: Radius::Large,
    };

    #[test]
    fn nothing_but_a_colour_reaches_the_style_sheet() {
        let brand = Brand {
            accent: Some("red}*{display:none".to_owned()),
            background: Some("url(https://evil.test)".to_owned()),
            ..Brand::default()
        };
        assert_eq!(brand.tokens().sheet(), None);
    }

    #[test]
    fn a_style_sheet_is_found_again_by_its_name_alone() {
        for tokens in [
            SUNNY,
            Tokens {
                accent: None,
                ..SUNNY
            },
            Tokens {
                background: None,
                radius: Radius::None,
                ..SUNNY
            },
        ] {
            let (name, _) = tokens.sheet().unwrap();
            assert_eq!(Tokens::from_name(&name), Some(tokens), "{name}");
        }
        for name in [
            "brand-.css",
            "brand-red-none-large-0.css",
            "brand-ffcc00-none.css",
            "brand-ffcc00-none-huge-0.css",
            "brand-+fcc00-none-large-0.css",
            "brand-ffcc00-none-large-0.svg",
            "app.css",
        ] {
            assert_eq!(Tokens::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn another_content_is_another_name() {
        let names = [
            SUNNY,
            Tokens {
                accent: Some(Rgb(0xff, 0xcc, 1)),
                ..SUNNY
            },
            Tokens {
                background: None,
                ..SUNNY
            },
            Tokens {
                radius: Radius::None,
                ..SUNNY
            },
        ]
        .map(|tokens| tokens.sheet().unwrap().0);
        let distinct: std::collections::HashSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{names:?}");
        // The content's hash is in it too: a server that derives other shades names them otherwise.
        let (name, css) = SUNNY.sheet().unwrap();
        assert!(name.contains(&short_hash(css.as_bytes())), "{name}");
    }

    #[test]
    fn every_part_of_the_layers_is_shown() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        let picture = Picture::read(svg).unwrap();
        let brand = Brand::of(&Branding {
            name: Some("Acme".to_owned()),
            logo: Some(identity_domain::brand::Logo {
                light: picture.clone(),
                dark: Some(picture.clone()),
            }),
            favicon: Some(picture.clone()),
            accent: Some(Rgb(1, 2, 3)),
            ..Branding::default()
        });
        let url = Some(format!("/theme/{}", picture.name()));
        assert_eq!(brand.logo_url, url);
        assert_eq!(brand.logo_dark_url, url);
        assert_eq!(brand.favicon_url, url);
        assert_eq!(
            (brand.name.as_str(), brand.accent.as_deref()),
            ("Acme", Some("#010203"))
        );
        assert_eq!(Brand::of(&Branding::default()).name, Brand::default().name);
    }
}
