//! "This wasn't me", said of one entry of one's own activity: asked once more, because nothing takes it back.

use serde::Serialize;

use crate::form::Hidden;
use crate::page::Page;
use crate::person::ActivityRow;

/// `account/entry_report`. Posts `entry`.
#[derive(Clone, Debug, Serialize)]
pub struct EntryReport {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub entry: ActivityRow,
    pub cancel_url: String,
    pub sign_out_action: String,
}

impl Page for EntryReport {
    const TEMPLATE: &'static str = "pages/account/entry_report.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/account/secure/report".into(),
            hidden: vec![Hidden::new("entry", "0190")],
            entry: ActivityRow::sample(),
            cancel_url: "/account/activity".into(),
            sign_out_action: "/account/sign-out".into(),
        };
        vec![("plain", plain)]
    }
}
