//! The trait every page implements.

use serde::Serialize;

/// A typed page context. Templates see it as `page`, beside [`crate::PageFrame`] as `frame`.
///
/// The samples are the fixtures of the theme contract: `themes check` renders each of them in every locale with
/// undefined variables as errors, and the gallery shows them.
pub trait Page: Serialize + Sized {
    /// Path of the template inside a theme folder, e.g. `pages/auth/identifier.html`.
    const TEMPLATE: &'static str;

    /// Named states worth looking at; never empty, the first is the plain one.
    fn samples() -> Vec<(&'static str, Self)>;
}
