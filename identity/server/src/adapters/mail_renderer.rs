//! Mails in the theme's words.

mod notices;
mod second_step;

use std::sync::Arc;

use identity_domain::Fault;
use identity_domain::notification::{Notification, Scene};
use identity_domain::ports::{Addressee, Mail, MailRenderer};
use identity_domain::text_message::{self, TextNotice};
use identity_domain::time::Timestamp;
use identity_pages::mail::factors::{
    BackupCodesMade, FactorAdded, FactorRemoved, SecondFactorCode, WrongSecondFactor,
};
use identity_pages::mail::passkey::PasskeySuspected;
use identity_pages::mail::{
    AlreadyRegistered, Origin, PasswordChanged, Reader, Recover, RecoverUnknown, VerifyEmail,
    person,
};
use identity_pages::text_message::CodeMessage;
use identity_pages::{Engine, RenderedMail};

use crate::config::PublicUrl;

/// Half an hour, in the words of a mail.
const VALID_MINUTES: i64 = identity_flows::mailed::LIFETIME.0 / 60_000;

/// Renders with the theme engine.
pub struct ThemeMail {
    engine: Arc<Engine>,
    /// The host that people see in their browser: codes in text messages are bound to it.
    host: String,
}

impl ThemeMail {
    /// With an engine, for a provider at this address.
    pub fn new(engine: Arc<Engine>, public_url: &PublicUrl) -> Self {
        let host = public_url.authority().split(':').next().unwrap_or_default();
        Self {
            engine,
            host: host.to_owned(),
        }
    }
}

impl MailRenderer for ThemeMail {
    fn render(&self, to: &Addressee<'_>, notification: &Notification) -> Result<Mail, Fault> {
        let RenderedMail {
            subject,
            text,
            html,
        } = self.words(to, notification)?;
        Ok(Mail {
            to: to.address.to_owned(),
            subject,
            text,
            html,
        })
    }

    fn text_message(&self, notice: &TextNotice, locale: &str) -> Result<String, Fault> {
        let code = notice.code();
        let message = match notice {
            TextNotice::SecondFactorCode { .. } => CodeMessage::SecondFactor,
            TextNotice::NumberCode { .. } => CodeMessage::Number,
        };
        let text = message.text(code.expose(), self.engine.product());
        let words = self.engine.text(locale, &text);
        Ok(text_message::bound_to_host(&words, &self.host, &code))
    }
}

impl ThemeMail {
    #[expect(clippy::too_many_lines, reason = "a table: one arm per mail")]
    fn words(
        &self,
        to: &Addressee<'_>,
        notification: &Notification,
    ) -> Result<RenderedMail, Fault> {
        let engine = &self.engine;
        let reader = Reader {
            locale: to.locale,
            name: to.name,
            zone: to.zone,
        };
        let to = to.address.to_owned();
        let rendered = match notification.clone() {
            Notification::VerifyEmail {
                link,
                code,
                expires_at,
            } => {
                let mail = VerifyEmail {
                    to,
                    link,
                    code: Some(code),
                    valid_minutes: VALID_MINUTES,
                    origin: asked(expires_at),
                };
                engine.render_mail(&mail, reader)
            }
            Notification::AlreadyRegistered {
                sign_in_link,
                recover_link,
                at,
            } => engine.render_mail(
                &AlreadyRegistered {
                    to,
                    sign_in_url: sign_in_link,
                    recover_url: recover_link,
                    origin: origin(at),
                },
                reader,
            ),
            Notification::Recover {
                link,
                code,
                expires_at,
            } => {
                let mail = Recover {
                    to,
                    link,
                    code: Some(code),
                    valid_minutes: VALID_MINUTES,
                    origin: asked(expires_at),
                };
                engine.render_mail(&mail, reader)
            }
            Notification::RecoverUnknown { sign_up_link, at } => engine.render_mail(
                &RecoverUnknown {
                    to,
                    register_url: Some(sign_up_link),
                    origin: origin(at),
                },
                reader,
            ),
            Notification::ConfirmNewEmail {
                link,
                code,
                expires_at,
            } => engine.render_mail(
                &person::ConfirmNewEmail {
                    to,
                    link,
                    code: Some(code),
                    valid_minutes: VALID_MINUTES,
                    origin: asked(expires_at),
                },
                reader,
            ),
            Notification::EmailChanged {
                new,
                undo_link,
                at,
                address,
                user_agent,
            } => engine.render_mail(
                &person::EmailChanged {
                    to,
                    new,
                    undo_url: undo_link,
                    origin: Origin {
                        device: crate::pages::agent::Agent::read(&user_agent).in_words(),
                        ip: (!address.is_empty()).then_some(address),
                        ..origin(at)
                    },
                },
                reader,
            ),
            Notification::DeletionRequested {
                cancel_link,
                delete_at,
                at,
            } => engine.render_mail(
                &person::DeletionRequested {
                    to,
                    cancel_url: cancel_link,
                    delete_at,
                    origin: origin(at),
                },
                reader,
            ),
            Notification::AppConnected {
                app,
                applications_link,
                at,
            } => engine.render_mail(
                &person::AppConnected {
                    to,
                    app,
                    applications_url: applications_link,
                    origin: origin(at),
                },
                reader,
            ),
            Notification::PasswordChanged {
                at,
                address,
                user_agent,
                no_link,
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
                        no_url: no_link,
                        recover_url: recover_link,
                        signed_out_elsewhere: true,
                        origin,
                    },
                    reader,
                )
            }
            Notification::SecondFactorCode { code, expires_at } => {
                let lifetime = identity_flows::factors::one_time_code::LIFETIME;
                let mail = SecondFactorCode {
                    to,
                    code,
                    valid_minutes: lifetime.as_minutes_up(),
                    origin: origin(expires_at - lifetime),
                };
                engine.render_mail(&mail, reader)
            }
            Notification::FactorAdded {
                method,
                label,
                scene,
                no_link,
                security_link,
            } => engine.render_mail(
                &FactorAdded {
                    to,
                    method: method.as_str(),
                    label: named(label),
                    no_url: no_link,
                    security_url: security_link,
                    origin: seen(scene),
                },
                reader,
            ),
            Notification::FactorRemoved {
                method,
                label,
                scene,
                no_link,
                security_link,
            } => engine.render_mail(
                &FactorRemoved {
                    to,
                    method: method.as_str(),
                    label: named(label),
                    no_url: no_link,
                    security_url: security_link,
                    origin: seen(scene),
                },
                reader,
            ),
            Notification::PasskeySuspected {
                label,
                scene,
                passkeys_link,
            } => engine.render_mail(
                &PasskeySuspected {
                    to,
                    label,
                    passkeys_url: passkeys_link,
                    origin: seen(scene),
                },
                reader,
            ),
            Notification::BackupCodesMade {
                scene,
                no_link,
                security_link,
            } => engine.render_mail(
                &BackupCodesMade {
                    to,
                    no_url: no_link,
                    security_url: security_link,
                    origin: seen(scene),
                },
                reader,
            ),
            Notification::WrongSecondFactor {
                scene,
                recover_link,
            } => engine.render_mail(
                &WrongSecondFactor {
                    to,
                    recover_url: recover_link,
                    origin: seen(scene),
                },
                reader,
            ),
            notice @ (Notification::NewSignIn { .. }
            | Notification::ManyFailures { .. }
            | Notification::MemberReported { .. }) => notices::render(engine, &to, &notice, reader)
                .ok_or_else(|| Fault::new("a mail without words"))?,
            lost @ (Notification::BackupCodeUsed { .. }
            | Notification::FactorRecovery { .. }
            | Notification::FactorRecoveryWaiting { .. }
            | Notification::FactorRecoveryCancelled { .. }
            | Notification::FactorsOnHold { .. }
            | Notification::FactorsRemoved { .. }) => second_step::words(engine, to, lost, reader)
                .ok_or_else(|| Fault::new("a mail without words"))?,
        };
        rendered.map_err(Fault::new)
    }
}

fn named(label: String) -> Option<String> {
    (!label.is_empty()).then_some(label)
}

/// When and from where something was done, in words.
fn seen(scene: Scene) -> Origin {
    Origin {
        device: crate::pages::agent::Agent::read(&scene.user_agent).in_words(),
        ip: named(scene.address),
        ..origin(scene.at)
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
