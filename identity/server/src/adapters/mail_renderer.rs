//! Mails in the theme's words.

use std::sync::Arc;

use identity_domain::Fault;
use identity_domain::notification::Notification;
use identity_domain::ports::{Mail, MailRenderer};
use identity_domain::time::Timestamp;
use identity_pages::mail::{
    AlreadyRegistered, Origin, PasswordChanged, Recover, RecoverUnknown, VerifyEmail,
};
use identity_pages::{Engine, RenderedMail};

/// Half an hour, in the words of a mail.
const VALID_MINUTES: i64 = identity_flows::mailed::LIFETIME.0 / 60_000;

/// Renders with the theme engine.
pub struct ThemeMail {
    engine: Arc<Engine>,
}

impl ThemeMail {
    /// With an engine.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }
}

impl MailRenderer for ThemeMail {
    fn render(&self, to: &str, notification: &Notification, locale: &str) -> Result<Mail, Fault> {
        let RenderedMail {
            subject,
            text,
            html,
        } = self.words(to.to_owned(), notification, locale)?;
        Ok(Mail {
            to: to.to_owned(),
            subject,
            text,
            html,
        })
    }
}

impl ThemeMail {
    #[expect(clippy::too_many_lines, reason = "a table: one arm per mail")]
    fn words(
        &self,
        to: String,
        notification: &Notification,
        locale: &str,
    ) -> Result<RenderedMail, Fault> {
        let engine = &self.engine;
        let rendered = match notification.clone() {
            Notification::VerifyEmail {
                link,
                code,
                expires_at,
            } => {
                let mail = VerifyEmail {
                    to,
                    name: None,
                    link,
                    code: Some(code),
                    valid_minutes: VALID_MINUTES,
                    origin: asked(expires_at),
                };
                engine.render_mail(&mail, locale)
            }
            Notification::AlreadyRegistered {
                sign_in_link,
                recover_link,
                at,
            } => engine.render_mail(
                &AlreadyRegistered {
                    to,
                    name: None,
                    sign_in_url: sign_in_link,
                    recover_url: recover_link,
                    origin: origin(at),
                },
                locale,
            ),
            Notification::Recover {
                link,
                code,
                expires_at,
            } => {
                let mail = Recover {
                    to,
                    name: None,
                    link,
                    code: Some(code),
                    valid_minutes: VALID_MINUTES,
                    origin: asked(expires_at),
                };
                engine.render_mail(&mail, locale)
            }
            Notification::RecoverUnknown { sign_up_link, at } => engine.render_mail(
                &RecoverUnknown {
                    to,
                    register_url: Some(sign_up_link),
                    origin: origin(at),
                },
                locale,
            ),
            Notification::PasswordChanged {
                at,
                address,
                user_agent,
                recover_link,
            } => {
                let device = crate::pages::agent::Agent::read(&user_agent).in_words();
                let origin = Origin {
                    device,
                    ip: (!address.is_empty()).then_some(address),
                    ..origin(at)
                };
                engine.render_mail(
                    &PasswordChanged {
                        to,
                        name: None,
                        recover_url: recover_link,
                        signed_out_elsewhere: true,
                        origin,
                    },
                    locale,
                )
            }
        };
        rendered.map_err(Fault::new)
    }
}

/// When a proof was asked for: its life before its end.
fn asked(expires_at: Timestamp) -> Origin {
    origin(expires_at - identity_flows::mailed::LIFETIME)
}

fn origin(at: Timestamp) -> Origin {
    Origin {
        at,
        device: None,
        place: None,
        ip: None,
        app: None,
    }
}
