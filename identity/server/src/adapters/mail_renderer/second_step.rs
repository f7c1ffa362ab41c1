//! Mails about a second step that was used up or lost.

use identity_domain::notification::Notification;
use identity_pages::mail::Reader;
use identity_pages::mail::second_step::{
    BackupCodeUsed, FactorRecovery, FactorRecoveryCancelled, FactorRecoveryWaiting, FactorsOnHold,
    FactorsRemoved,
};
use identity_pages::{Engine, RenderError, RenderedMail};

use super::{origin, seen};

/// `None` for a notification that is not one of these.
pub(super) fn words(
    engine: &Engine,
    to: String,
    notification: Notification,
    reader: Reader<'_>,
) -> Option<Result<RenderedMail, RenderError>> {
    Some(match notification {
        Notification::BackupCodeUsed {
            left,
            few,
            scene,
            no_link,
            security_link,
        } => {
            let mail = BackupCodeUsed {
                to,
                left,
                few,
                no_url: no_link,
                security_url: security_link,
                origin: seen(scene),
            };
            engine.render_mail(&mail, reader)
        }
        Notification::FactorRecovery { link, scene } => {
            let origin = seen(scene);
            engine.render_mail(&FactorRecovery { to, link, origin }, reader)
        }
        other => return removal(engine, to, other, reader),
    })
}

/// The words of a mail about a wait for the removal of second factors.
fn removal(
    engine: &Engine,
    to: String,
    notification: Notification,
    reader: Reader<'_>,
) -> Option<Result<RenderedMail, RenderError>> {
    Some(match notification {
        Notification::FactorRecoveryWaiting {
            removed_at,
            cancel_link,
            scene,
        } => {
            let mail = FactorRecoveryWaiting {
                to,
                removed_at,
                cancel_link,
                origin: seen(scene),
            };
            engine.render_mail(&mail, reader)
        }
        Notification::FactorRecoveryCancelled {
            scene,
            recover_link,
        } => {
            let mail = FactorRecoveryCancelled {
                to,
                recover_url: recover_link,
                origin: seen(scene),
            };
            engine.render_mail(&mail, reader)
        }
        Notification::FactorsOnHold {
            removed_at,
            scene,
            sign_in_link,
        } => {
            let mail = FactorsOnHold {
                to,
                removed_at,
                sign_in_url: sign_in_link,
                origin: seen(scene),
            };
            engine.render_mail(&mail, reader)
        }
        Notification::FactorsRemoved { at, sign_in_link } => {
            let mail = FactorsRemoved {
                to,
                sign_in_url: sign_in_link,
                origin: origin(at),
            };
            engine.render_mail(&mail, reader)
        }
        _ => return None,
    })
}
