//! What handlers share.

use std::sync::Arc;

use identity_domain::brand::{Branding, Picture};
use identity_flows::Env;
use identity_flows::keyring::Prepared;
use identity_pages::{Brand, Engine};

use crate::adapters::mail_sink::MailSink;
use crate::adapters::sms_sink::SmsSink;
use crate::config::{PublicUrl, SecurityContact};
use crate::cookies::CookieJar;

/// Shared by all handlers; cheap to clone behind its [`Arc`].
pub struct AppState {
    /// What flows reach.
    pub env: Arc<Env>,
    /// Pages.
    pub engine: Arc<Engine>,
    /// The instance's brand, under which all others lie.
    pub looks: Branding,
    /// The same, ready for pages.
    pub brand: Arc<Brand>,
    /// Address that mails come from, so that people find them; `None` while nothing leaves this machine.
    pub mail_sender: Option<String>,
    /// Cookie names and attributes.
    pub(crate) cookies: CookieJar,
    /// Where people reach us.
    pub public_url: PublicUrl,
    /// How many sign-ins began lately.
    pub starts: super::Starts,
    /// Discovery as it is sent.
    pub discovery: Prepared,
    /// Where findings about security are reported.
    pub security_contact: Option<SecurityContact>,
    /// What exists in `identity dev` only.
    pub dev: Option<DevSink>,
}

impl AppState {
    /// The brand of a page with these looks over the instance's.
    pub fn brand_with(&self, looks: &Branding) -> Arc<Brand> {
        if *looks == Branding::default() {
            return Arc::clone(&self.brand);
        }
        Arc::new(Brand::of(&looks.merged_over(&self.looks)))
    }

    /// A picture of anybody's looks, by its name.
    pub fn picture(&self, name: &str) -> Option<Picture> {
        let own = self.looks.pictures().find(|own| own.name() == name);
        own.cloned().or_else(|| self.env.directory.picture(name))
    }
}

/// What exists in `identity dev` only.
pub struct DevSink {
    /// Mails that were sent.
    pub mail: Arc<MailSink>,
    /// Text messages that were sent; `None` while a gateway takes them.
    pub sms: Option<Arc<SmsSink>>,
}
