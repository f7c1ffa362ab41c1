//! One text message, written in the catalogue's words at the moment it is sent.

use identity_domain::ports::{OutsideError, TextMessage};
use identity_domain::text_message::TextNotice;

use crate::env::Env;

/// Writes and sends. A code that is worth nothing any more is not sent.
pub async fn send(
    env: &Env,
    to: &str,
    locale: &str,
    notice: &TextNotice,
) -> Result<(), OutsideError> {
    let Some(gateway) = &env.outside.sms else {
        return Err(OutsideError::Permanent(
            "no SMS gateway is configured".to_owned(),
        ));
    };
    if env.now() >= notice.expires_at() {
        return Err(OutsideError::Permanent("the code has expired".to_owned()));
    }
    let text = env
        .outside
        .mail_renderer
        .text_message(notice, locale)
        .map_err(|fault| OutsideError::Permanent(fault.to_string()))?;
    let message = TextMessage {
        to: to.to_owned(),
        text,
    };
    gateway.send(&message).await
}
