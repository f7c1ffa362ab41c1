//! `[branding]`: how pages look where neither an application nor an organization has looks of its own.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use identity_domain::brand::picture::MAX_BYTES;
use identity_domain::brand::{self, Logo, Picture, Radius, Rgb, Support};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::load::Loaded;
use super::problem::Problem;
use super::sections::Config;

/// `[branding]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Branding {
    /// Logo in place of the product's first letter, an SVG or PNG of at most 32 kB. It is shown 32 pixels high.
    #[schemars(extend("format" = "path"))]
    pub logo_file: Option<PathBuf>,
    /// The same for dark pages.
    #[schemars(extend("format" = "path"))]
    pub logo_dark_file: Option<PathBuf>,
    /// The picture in the browser's tab, an SVG or PNG of at most 32 kB.
    #[schemars(extend("format" = "path"))]
    pub favicon_file: Option<PathBuf>,
    /// Colour of links and the primary button, such as `#1f5fd6`. It is made darker where text could not be read.
    pub accent: Option<String>,
    /// Colour around the card of sign-in pages.
    pub background: Option<String>,
    /// How round corners are.
    pub radius: Corners,
    /// Address of a page that helps.
    pub support_url: Option<String>,
    /// Mail address of whoever helps.
    pub support_mail: Option<String>,
    /// Address of the privacy policy.
    pub privacy_url: Option<String>,
    /// Address of the terms of service.
    pub terms_url: Option<String>,
}

/// Shapes of corners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Corners {
    /// Square.
    None,
    /// A little.
    #[default]
    Small,
    /// Much.
    Large,
}

/// The key that is wrong, and why.
type Wrong = (String, String);

impl Config {
    /// The looks of the instance.
    ///
    /// # Errors
    /// The first key that is wrong, and why.
    pub fn looks(&self) -> Result<brand::Branding, Wrong> {
        let given = &self.branding;
        let (url, mail) = (
            checked("support_url", given.support_url.as_deref(), brand::link)?,
            checked("support_mail", given.support_mail.as_deref(), brand::mail)?,
        );
        Ok(brand::Branding {
            name: Some(self.theme.product.clone()),
            logo: given.logo()?,
            favicon: picture("favicon_file", given.favicon_file.as_deref())?,
            accent: checked("accent", given.accent.as_deref(), color)?,
            background: checked("background", given.background.as_deref(), color)?,
            radius: Some(match given.radius {
                Corners::None => Radius::None,
                Corners::Small => Radius::Small,
                Corners::Large => Radius::Large,
            }),
            support: (url.is_some() || mail.is_some()).then_some(Support { url, mail }),
            privacy_url: checked("privacy_url", given.privacy_url.as_deref(), brand::link)?,
            terms_url: checked("terms_url", given.terms_url.as_deref(), brand::link)?,
        })
    }
}

impl Branding {
    fn logo(&self) -> Result<Option<Logo>, Wrong> {
        let light = picture("logo_file", self.logo_file.as_deref())?;
        let dark = picture("logo_dark_file", self.logo_dark_file.as_deref())?;
        match (light, dark) {
            (None, Some(_)) => Err(wrong("logo_dark_file", "needs `logo_file` beside it")),
            (light, dark) => Ok(light.map(|light| Logo { light, dark })),
        }
    }
}

impl Loaded {
    /// The looks of the instance.
    pub fn looks(&self) -> Result<brand::Branding, Problem> {
        self.config
            .looks()
            .map_err(|(key, message)| Problem::new(&key, self.place(&key), message))
    }
}

fn wrong(key: &str, message: impl Into<String>) -> Wrong {
    (format!("branding.{key}"), message.into())
}

fn checked<T>(
    key: &str,
    text: Option<&str>,
    check: impl Fn(&str) -> Result<T, &'static str>,
) -> Result<Option<T>, Wrong> {
    text.map(|text| check(text).map_err(|message| wrong(key, message)))
        .transpose()
}

fn color(text: &str) -> Result<Rgb, &'static str> {
    Rgb::parse(text).ok_or("is not a colour such as \"#1f5fd6\"")
}

fn picture(key: &str, file: Option<&Path>) -> Result<Option<Picture>, Wrong> {
    let Some(file) = file else { return Ok(None) };
    let named = |reason: String| wrong(key, format!("names {}: {reason}", file.display()));
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
        .map_err(|error| named(error.to_string()))?;
    Picture::read(&bytes)
        .map(Some)
        .map_err(|error| named(error.to_string()))
}
