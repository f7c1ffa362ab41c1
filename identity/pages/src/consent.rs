//! Allowing an application to see something.

use serde::Serialize;

use crate::form::Hidden;
use crate::page::Page;

/// One scope in words. Known scopes have a text and an icon of their own; others show the application's description.
#[derive(Clone, Debug, Serialize)]
pub struct ConsentScope {
    pub scope: String,
    /// Message key prefix: `<key>` is the title, `<key>-detail` the line below.
    pub key: Option<&'static str>,
    /// A name in `components/icon.html`.
    pub icon: &'static str,
    /// For scopes without a key.
    pub description: Option<String>,
    /// Granted before; listed below the new ones.
    pub known: bool,
}

impl ConsentScope {
    /// The row for a scope, newly asked for.
    pub fn new(scope: &str) -> Self {
        let (key, icon) = match scope {
            "openid" => (Some("scope-openid"), "person"),
            "profile" => (Some("scope-profile"), "badge"),
            "email" => (Some("scope-email"), "mail"),
            "phone" => (Some("scope-phone"), "phone"),
            "address" => (Some("scope-address"), "home"),
            "offline_access" => (Some("scope-offline-access"), "clock"),
            "roles" | "groups" | "organization" => (Some("scope-organization"), "people"),
            _ => (None, "key"),
        };
        Self {
            scope: scope.to_owned(),
            key,
            icon,
            description: None,
            known: false,
        }
    }

    /// With the words of whoever defined the scope.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// `auth/consent`: buttons `decision` = `allow` | `deny`. The application is [`crate::PageFrame::app`], the person its `account`.
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub scopes: Vec<ConsentScope>,
    /// Where an allowed answer is sent: origin of the redirect URI.
    pub redirect_host: Option<String>,
    /// "Not you?"
    pub switch_url: Option<String>,
}

impl Page for Consent {
    const TEMPLATE: &'static str = "pages/auth/consent.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/login/0190/consent".into(),
            hidden: Vec::new(),
            scopes: vec![
                ConsentScope::new("openid"),
                ConsentScope::new("profile"),
                ConsentScope::new("email"),
                ConsentScope::new("offline_access"),
            ],
            redirect_host: Some("analysis.example".into()),
            switch_url: Some("/login/0190/account".into()),
        };
        let all = Self {
            scopes: vec![
                ConsentScope {
                    known: true,
                    ..ConsentScope::new("openid")
                },
                ConsentScope::new("phone"),
                ConsentScope::new("address"),
                ConsentScope::new("organization"),
                ConsentScope::new("reports:write")
                    .described("Create and share reports in your workspace"),
                ConsentScope::new("urn:acme:batch"),
            ],
            ..plain.clone()
        };
        vec![("plain", plain), ("all-kinds", all)]
    }
}
