//! Pages of `identity dev` only.

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::notice::minutes_ago;
use crate::page::Page;

/// A mail the sink caught.
#[derive(Clone, Debug, Serialize)]
pub struct CaughtMail {
    /// An address, or a number.
    pub to: String,
    /// Empty: a text message.
    pub subject: String,
    pub text: String,
    /// Where the HTML part is served on its own, to be shown in a sandboxed frame.
    pub html_url: Option<String>,
    pub links: Vec<String>,
    pub codes: Vec<String>,
    pub at: Timestamp,
}

/// `dev/mail`: newest first.
#[derive(Clone, Debug, Serialize)]
pub struct DevMail {
    pub mails: Vec<CaughtMail>,
    pub json_url: String,
}

impl Page for DevMail {
    const TEMPLATE: &'static str = "pages/dev/mail.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let mail = CaughtMail {
            to: "ana@acme.test".into(),
            subject: "Identity: confirm your address".into(),
            text: "Hello Ana,\n\nto confirm your address, open\nhttp://localhost:8080/link/abc\n\nor type KTWRM-BXQHD.".into(),
            html_url: Some("/dev/mail/1".into()),
            links: vec!["http://localhost:8080/link/abc".into()],
            codes: vec!["KTWRM-BXQHD".into()],
            at: minutes_ago(2),
        };
        let older = CaughtMail {
            to: "ben@acme.test".into(),
            codes: Vec::new(),
            at: minutes_ago(90),
            ..mail.clone()
        };
        let message = CaughtMail {
            to: "+4915112345678".into(),
            subject: String::new(),
            text: "482913 is your Identity sign-in code.".into(),
            html_url: None,
            links: Vec::new(),
            codes: vec!["482913".into()],
            at: minutes_ago(5),
        };
        let plain = Self {
            mails: vec![mail, message, older],
            json_url: "/dev/mail.json".into(),
        };
        let empty = Self {
            mails: Vec::new(),
            ..plain.clone()
        };
        vec![("plain", plain), ("empty", empty)]
    }
}
