//! Texts by locale: Fluent messages, negotiation, dates.

mod datetime;
mod messages;
mod negotiate;
mod zone;

pub(crate) use datetime::{ago, date, datetime, iso, iso_day};
pub(crate) use messages::{Arg, Catalogues, Markup, MessageError, Messages, escape};
pub(crate) use zone::Zone;

/// The locale of last resort; every message exists in it.
pub const FALLBACK: &str = "en";

/// Languages written from right to left.
const RIGHT_TO_LEFT: [&str; 9] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ur", "yi"];

/// The `dir` attribute of a locale.
pub fn direction(locale: &str) -> &'static str {
    let language = locale.split('-').next().unwrap_or(locale);
    if RIGHT_TO_LEFT.contains(&language) {
        "rtl"
    } else {
        "ltr"
    }
}

/// What a person asked for, in order of weight.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocaleWishes<'a> {
    /// `ui_locales` of OpenID Connect: tags separated by spaces.
    pub ui_locales: Option<&'a str>,
    /// The preference cookie.
    pub cookie: Option<&'a str>,
    /// The `Accept-Language` header.
    pub accept_language: Option<&'a str>,
}

pub(crate) use negotiate::negotiate;
