//! What templates see as `frame`: the handler's part and what the engine derives.

use serde::Serialize;

use crate::brand::Brand;
use crate::frame::PageFrame;

#[derive(Serialize)]
pub(crate) struct FrameView<'a> {
    #[serde(flatten)]
    pub(crate) frame: &'a PageFrame,
    // Stronger than the frame's own field: the one that exists.
    #[serde(rename = "lang")]
    pub(crate) locale: &'a str,
    pub(crate) dir: &'static str,
    pub(crate) locales: &'a [LocaleName],
    pub(crate) brand_css: Option<String>,
    /// The name beside the mark.
    pub(crate) label: &'a str,
}

/// A language in its own name.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LocaleName {
    pub(crate) tag: String,
    pub(crate) name: String,
}

#[derive(Serialize)]
pub(crate) struct MailFrame<'a> {
    #[serde(rename = "lang")]
    pub(crate) locale: &'a str,
    pub(crate) dir: &'static str,
    pub(crate) brand: &'a Brand,
    pub(crate) name: Option<&'a str>,
    /// Whose clock `date`, `datetime` and `ago` read.
    pub(crate) zone: Option<&'a str>,
}
