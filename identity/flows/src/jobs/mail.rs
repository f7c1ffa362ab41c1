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
    let mail = env
        .outside
        .mail_renderer
        .render(to, notification, locale)
        .map_err(|fault| OutsideError::Permanent(fault.to_string()))?;
    env.outside.mail.send(&mail).await
}
