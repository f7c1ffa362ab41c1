//! The proof that the person at a session is its owner, right now: demanded before any change of how they sign in.

use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::Acr;
use identity_domain::time::{Duration, Timestamp};

use crate::login::LoginResult;
use crate::session::LiveSession;

/// How long a proof counts as fresh.
pub const FRESH_FOR: Duration = Duration::minutes(15);

/// A session whose owner proved themselves a moment ago, at the account's own level. Made by [`elevated`] alone.
#[derive(Clone, Debug)]
pub struct ElevatedSession(LiveSession);

impl ElevatedSession {
    /// The session.
    pub const fn live(&self) -> &LiveSession {
        &self.0
    }
}

/// Lets a session through that was proven within [`FRESH_FOR`], with two factors where the account has two (ASVS 7.5.1, NIST SP 800-63B-4 §4.1.2).
///
/// # Errors
/// [`LoginRefusal::NotFresh`]: prove yourself again.
pub fn elevated(live: LiveSession, now: Timestamp) -> LoginResult<ElevatedSession> {
    let session = &live.session;
    let level_is_enough = session.authentication.acr == Acr::TwoFactors || !live.has_second_factor;
    if level_is_enough && session.is_fresh(FRESH_FOR, now) {
        Ok(ElevatedSession(live))
    } else {
        Err(Failure::Refused(LoginRefusal::NotFresh))
    }
}
