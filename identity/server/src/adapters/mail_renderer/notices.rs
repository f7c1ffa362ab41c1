//! Mails about what somebody else may be doing.

use identity_domain::notification::Notification;
use identity_pages::mail::notices::{ManyFailures, MemberReported, NewSignIn};
use identity_pages::mail::{Origin, Reader};
use identity_pages::{Engine, RenderError, RenderedMail};

use super::origin;
use crate::pages::agent::Agent;

/// The mail, where it is one of these.
pub(super) fn render(
    engine: &Engine,
    to: &str,
    notification: &Notification,
    reader: Reader<'_>,
) -> Option<Result<RenderedMail, RenderError>> {
    let rendered = match notification.clone() {
        Notification::NewSignIn {
            scene,
            country,
            app,
            is_new_country,
            yes_link,
            no_link,
        } => engine.render_mail(
            &NewSignIn {
                to: to.to_owned(),
                new_country: is_new_country,
                yes_url: yes_link,
                no_url: no_link,
                origin: Origin {
                    device: Agent::read(&scene.user_agent).in_words(),
                    place: country,
                    ip: Some(scene.address).filter(|address| !address.is_empty()),
                    app,
                    ..origin(scene.at)
                },
            },
            reader,
        ),
        Notification::ManyFailures {
            count,
            since,
            at,
            addresses,
            secure_link,
        } => engine.render_mail(
            &ManyFailures {
                to: to.to_owned(),
                count,
                addresses,
                since,
                secure_url: secure_link,
                origin: origin(at),
            },
            reader,
        ),
        Notification::MemberReported {
            member,
            organization,
            at,
        } => engine.render_mail(
            &MemberReported {
                to: to.to_owned(),
                member,
                organization,
                origin: origin(at),
            },
            reader,
        ),
        _ => return None,
    };
    Some(rendered)
}
