//! One mail, written in the theme's words at the moment it is sent.

use identity_domain::email::EmailAddress;
use identity_domain::job::JobKind;
use identity_domain::notification::Notification;
use identity_domain::ports::{Addressee, OutsideError};
use identity_domain::user::{Pages, User};

use crate::env::Env;

/// A mail to a person at their address, by their name.
pub fn to_person(env: &Env, user: &User, pages: Pages<'_>, notification: Notification) -> JobKind {
    JobKind::Mail {
        to: user.email.as_str().to_owned(),
        name: user.mail_name().map(str::to_owned),
        zone: user.mail_zone().map(str::to_owned),
        locale: locale(env, user, pages),
        notification,
    }
}

/// A mail to a person at an address that is not theirs yet, or any more: whoever reads it may be somebody else, is called nothing
/// and learns nothing of where the person lives.
pub fn to_address(
    env: &Env,
    user: &User,
    address: &EmailAddress,
    (pages, notification): (Pages<'_>, Notification),
) -> JobKind {
    JobKind::Mail {
        to: address.as_str().to_owned(),
        name: None,
        zone: None,
        locale: locale(env, user, pages),
        notification,
    }
}

/// A mail to an address that no account has, in the language of the pages it was asked for on.
pub fn to_nobody(address: &EmailAddress, locale: &str, notification: Notification) -> JobKind {
    JobKind::Mail {
        to: address.as_str().to_owned(),
        name: None,
        zone: None,
        locale: locale.to_owned(),
        notification,
    }
}

fn locale(env: &Env, user: &User, pages: Pages<'_>) -> String {
    user.mail_language(pages, &env.settings.language).to_owned()
}

/// Renders and sends.
pub async fn send(
    env: &Env,
    to: &Addressee<'_>,
    notification: &Notification,
) -> Result<(), OutsideError> {
    let mail = env
        .outside
        .mail_renderer
        .render(to, notification)
        .map_err(|fault| OutsideError::Permanent(fault.to_string()))?;
    env.outside.mail.send(&mail).await
}
