//! How pages look for an application, an organization or the whole instance: names, pictures, colours and links.
//!
//! Every part is optional; what one [`Branding`] does not say comes from the one below it ([`Branding::merged_over`]): the application's
//! lies over the organization's, and that over the instance's. Nothing here is markup: colours are numbers, pictures were looked into.

pub mod accent;
pub mod color;
pub mod picture;
mod svg;

use serde::{Deserialize, Serialize};
use url::Url;

pub use accent::{Accent, Ground, READABLE};
pub use color::Rgb;
pub use picture::Picture;

use crate::email::EmailAddress;

/// Longest name of a product.
pub const MAX_NAME: usize = 60;
/// Longest address.
const MAX_URL: usize = 2000;

/// One layer of a page's looks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Branding {
    /// The product as people know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The picture in place of the name's first letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// The picture in the browser's tab.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favicon: Option<Picture>,
    /// Links and the primary button, shifted until text is readable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<Rgb>,
    /// What sign-in pages stand on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<Rgb>,
    /// How round corners are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius: Option<Radius>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<Support>,
    /// Privacy policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privacy_url: Option<String>,
    /// Terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms_url: Option<String>,
}

/// A logo and its twin for dark pages. They go together: the twin of one brand beside the logo of another would be a forgery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logo {
    /// On light pages, and on dark ones unless there is a twin.
    pub light: Picture,
    /// On dark pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dark: Option<Picture>,
}

/// Whom to ask. The page shows the address on the web first, so both come from the same layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Support {
    /// A page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
}

/// How round corners are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Radius {
    /// Square.
    None,
    /// As the theme has them.
    #[default]
    Small,
    /// Rounder.
    Large,
}

impl Radius {
    /// Every choice, by its word.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("none", Self::None),
        ("small", Self::Small),
        ("large", Self::Large),
    ];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Small => "small",
            Self::Large => "large",
        }
    }
}

impl Branding {
    /// These looks, with what they leave open taken from `base`.
    #[must_use]
    pub fn merged_over(&self, base: &Self) -> Self {
        let own = self.clone();
        let base = base.clone();
        Self {
            name: own.name.or(base.name),
            logo: own.logo.or(base.logo),
            favicon: own.favicon.or(base.favicon),
            accent: own.accent.or(base.accent),
            background: own.background.or(base.background),
            radius: own.radius.or(base.radius),
            support: own.support.or(base.support),
            privacy_url: own.privacy_url.or(base.privacy_url),
            terms_url: own.terms_url.or(base.terms_url),
        }
    }

    /// The same, called `owner` where a logo stands without a name: a logo of Acme is not read out as somebody else's product.
    #[must_use]
    pub fn of(&self, owner: &str) -> Self {
        let mut own = self.clone();
        if own.name.is_none() && own.logo.is_some() {
            own.name = Some(owner.to_owned());
        }
        own
    }

    /// What whoever chose these looks should know: a colour that is not shown as it was given (H-86).
    pub fn warning(&self) -> Option<String> {
        let given = self.accent?;
        let accent = Accent::derive(given);
        accent.nudged.then(|| {
            format!(
                "{} would be read with a contrast of {:.1} only, and text needs {READABLE}: light pages show {} in its place",
                given.hex(),
                accent.given,
                accent.light.accent
            )
        })
    }

    /// All pictures.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        let logo = self.logo.iter();
        logo.flat_map(|logo| std::iter::once(&logo.light).chain(&logo.dark))
            .chain(&self.favicon)
    }
}

/// An address on the web that a page may link to.
///
/// # Errors
/// What is wrong with it.
pub fn link(text: &str) -> Result<String, &'static str> {
    let sound = text.len() <= MAX_URL
        && Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
        });
    if sound && !text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
        Ok(text.to_owned())
    } else {
        Err("is not an address such as https://acme.example/help")
    }
}

/// A mail address that a page may link to.
///
/// # Errors
/// What is wrong with it.
pub fn mail(text: &str) -> Result<String, &'static str> {
    EmailAddress::parse(text)
        .map(|address| address.as_str().to_owned())
        .map_err(|_| "is not a mail address such as help@acme.example")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use super::*;

    fn picture(color: &str) -> Picture {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect width=\"8\" height=\"8\" fill=\"{color}\"/></svg>"
        );
        Picture::read(svg.as_bytes()).unwrap()
    }

    fn named(name: &str) -> Branding {
        Branding {
            name: Some(name.to_owned()),
            ..Branding::default()
        }
    }

    #[test]
    fn the_application_lies_over_the_organization_and_that_over_the_instance() {
        let instance = Branding {
            accent: Some(Rgb(1, 1, 1)),
            radius: Some(Radius::None),
            terms_url: Some("https://id.test/terms".to_owned()),
            ..named("Instance")
        };
        let organization = Branding {
            accent: Some(Rgb(2, 2, 2)),
            background: Some(Rgb(3, 3, 3)),
            ..named("Organization")
        };
        let application = Branding {
            radius: Some(Radius::Large),
            ..named("Application")
        };
        let page = application
            .merged_over(&organization)
            .merged_over(&instance);
        assert_eq!(page.name.as_deref(), Some("Application"));
        assert_eq!(page.accent, Some(Rgb(2, 2, 2)));
        assert_eq!(page.background, Some(Rgb(3, 3, 3)));
        assert_eq!(page.radius, Some(Radius::Large));
        assert_eq!(page.terms_url.as_deref(), Some("https://id.test/terms"));
        // The order of merging is no matter; that of the layers is.
        assert_eq!(
            page,
            application.merged_over(&organization.merged_over(&instance))
        );
        assert_eq!(
            Branding::default().merged_over(&instance),
            instance,
            "who says nothing changes nothing"
        );
    }

    #[test]
    fn a_dark_logo_never_stands_in_for_another_brands_logo() {
        let instance = Branding {
            logo: Some(Logo {
                light: picture("red"),
                dark: Some(picture("white")),
            }),
            ..Branding::default()
        };
        let organization = Branding {
            logo: Some(Logo {
                light: picture("blue"),
                dark: None,
            }),
            ..Branding::default()
        };
        let logo = organization.merged_over(&instance).logo.unwrap();
        assert_eq!((logo.light, logo.dark), (picture("blue"), None));
    }

    #[test]
    fn support_of_two_brands_is_not_mixed() {
        let support = |url: Option<&str>, mail: Option<&str>| Branding {
            support: Some(Support {
                url: url.map(str::to_owned),
                mail: mail.map(str::to_owned),
            }),
            ..Branding::default()
        };
        let instance = support(Some("https://id.test/help"), None);
        let page = support(None, Some("help@acme.test")).merged_over(&instance);
        let support = page.support.unwrap();
        assert_eq!(
            (support.url, support.mail.as_deref()),
            (None, Some("help@acme.test"))
        );
    }

    #[test]
    fn a_logo_without_a_name_is_its_owners() {
        let with_logo = Branding {
            logo: Some(Logo {
                light: picture("red"),
                dark: None,
            }),
            ..Branding::default()
        };
        assert_eq!(with_logo.of("Acme").name.as_deref(), Some("Acme"));
        assert_eq!(Branding::default().of("Acme").name, None);
        assert_eq!(
            named("Acme Cloud").of("Acme").name.as_deref(),
            Some("Acme Cloud")
        );
    }

    #[test]
    fn what_is_stored_is_read_back_as_it_was() {
        let branding = Branding {
            logo: Some(Logo {
                light: picture("red"),
                dark: Some(picture("white")),
            }),
            accent: Some(Rgb(0x1f, 0x5f, 0xd6)),
            radius: Some(Radius::Large),
            support: Some(Support {
                url: None,
                mail: Some("help@acme.test".to_owned()),
            }),
            ..named("Acme")
        };
        let stored = serde_json::to_string(&branding).unwrap();
        assert_eq!(serde_json::from_str::<Branding>(&stored).unwrap(), branding);
        assert_eq!(serde_json::to_string(&Branding::default()).unwrap(), "{}");
    }

    #[test]
    fn only_addresses_on_the_web_are_links() {
        assert!(link("https://acme.test/help?x=1").is_ok());
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//acme.test",
            "/help",
            "https://",
            "https://a:b@acme.test",
            "https://acme.test/a b",
            "java\tscript:x",
            "",
        ] {
            assert!(link(text).is_err(), "{text:?}");
        }
        assert!(mail("help@acme.test").is_ok());
        assert!(mail("a@b.test?subject=x&body=y").is_err());
    }
}
