//! Signing out.

use serde::Serialize;

use crate::form::Hidden;
use crate::page::Page;

/// `auth/logout`: asked when the request carries no hint whose session it means. A POST signs out.
#[derive(Clone, Debug, Serialize)]
pub struct Logout {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub cancel_url: Option<String>,
}

impl Page for Logout {
    const TEMPLATE: &'static str = "pages/auth/logout.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/oauth2/logout".into(),
            hidden: Vec::new(),
            cancel_url: Some("/account".into()),
        };
        vec![("plain", plain)]
    }
}

/// `auth/logged_out`: what was signed out and what was not.
#[derive(Clone, Debug, Serialize)]
pub struct LoggedOut {
    /// Applications that were told.
    pub signed_out: Vec<String>,
    /// Applications that could not be told; they may stay signed in for a while.
    pub maybe_signed_in: Vec<String>,
    /// Addresses of other people who stay signed in in this browser.
    pub others: Vec<String>,
    /// Back to the application ([`crate::PageFrame::app`]), when the request named a registered address.
    pub continue_url: Option<String>,
    pub sign_in_url: Option<String>,
}

impl Page for LoggedOut {
    const TEMPLATE: &'static str = "pages/auth/logged_out.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            signed_out: Vec::new(),
            maybe_signed_in: Vec::new(),
            others: Vec::new(),
            continue_url: None,
            sign_in_url: Some("/account".into()),
        };
        let apps = Self {
            signed_out: vec!["Chat".into(), "Analysis Studio".into()],
            maybe_signed_in: vec!["Wiki".into()],
            continue_url: Some("https://analysis.example/".into()),
            ..plain.clone()
        };
        let others = Self {
            others: vec!["ben@acme.test".into()],
            ..plain.clone()
        };
        vec![("plain", plain), ("apps", apps), ("others", others)]
    }
}
