//! One mail, written in the theme's words at the moment it is sent.

use identity_domain::notification::Notification;
use identity_domain::ports::OutsideError;

use crate::env::Env;

/// Renders and sends.
pub async fn send(
    env: &Env,
    to: &str,
    locale: &str,
    notification: &Notification,
) -> Result<(), OutsideError> {
    let mut mail = env
        .outside
        .mail_renderer
        .render(notification, locale)
        .map_err(|fault| OutsideError::Permanent(fault.to_string()))?;
    to.clone_into(&mut mail.to);
    env.outside.mail.send(&mail).await
}
