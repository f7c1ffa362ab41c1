//! `response_mode=form_post` (OAuth 2.0 Form Post Response Mode): the answer travels in a form of ours to the application.

use serde::Serialize;

use crate::form::Hidden;
use crate::page::Page;

/// `auth/form_post`: submitted by a static script, or by the visible button where there is none. Carries no CSRF field:
/// it leaves for another origin.
#[derive(Clone, Debug, Serialize)]
pub struct FormPost {
    /// The validated redirect URI.
    pub action: String,
    pub fields: Vec<Hidden>,
}

impl Page for FormPost {
    const TEMPLATE: &'static str = "pages/auth/form_post.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "https://analysis.example/callback".into(),
            fields: vec![
                Hidden::new("code", "sample"),
                Hidden::new("state", "a\"><script>alert(1)</script>"),
            ],
        };
        vec![("plain", plain)]
    }
}
