//! What handlers share.

use std::sync::Arc;

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
    /// The instance's brand.
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

/// What exists in `identity dev` only.
pub struct DevSink {
    /// Mails that were sent.
    pub mail: Arc<MailSink>,
    /// Text messages that were sent; `None` while a gateway takes them.
    pub sms: Option<Arc<SmsSink>>,
}
