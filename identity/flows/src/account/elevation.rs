//! The proof that the person at a session is its owner, right now: demanded before any change of how they sign in.

use identity_domain::factor::mailbox_is_held;
use identity_domain::failure::Failure;
use identity_domain::login::Proof;
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::Acr;
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::User;
use identity_oauth::acr::amr;

use crate::env::{Env, Visit};
use crate::login::LoginResult;
use crate::session::{self, LiveSession, NewSession};

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
    let level_is_enough = !live.has_second_factor
        || (session.authentication.acr == Acr::TwoFactors && !is_one_mailbox_twice(&live, now));
    if level_is_enough && session.is_fresh(FRESH_FOR, now) {
        Ok(ElevatedSession(live))
    } else {
        Err(Failure::Refused(LoginRefusal::NotFresh))
    }
}

/// Whether all that was proven beyond the password came through the mailbox that the password itself was chosen by a short time ago.
fn is_one_mailbox_twice(live: &LiveSession, now: Timestamp) -> bool {
    let proven = &live.session.authentication.amr;
    let others = [
        amr::ONE_TIME_PASSWORD,
        amr::SMS,
        amr::HARDWARE_KEY,
        amr::SOFTWARE_KEY,
    ];
    mailbox_is_held(&live.user, now)
        && proven.iter().any(|word| word == amr::EMAIL)
        && !proven.iter().any(|word| others.contains(&word.as_str()))
}

/// The session in hand of a person as they are after a change, under a new token; nothing more is proven by it.
pub fn raised_to(env: &Env, live: &LiveSession, after: &User, visit: Visit<'_>) -> NewSession {
    let authentication = live.session.authentication.clone();
    let remember = live.session.remember;
    let mut renewed = session::prepare(env, after, authentication, remember, visit);
    renewed.going_on_from(&live.session);
    renewed.session.device_id = live.session.device_id;
    renewed
}

/// The session in hand under a new token: what was set up in it counts as proven, so its level rises (SES-02). It stays as old as the proof
/// that let its owner set something up: else one factor after the other would keep it fresh for ever. Without a proof only the token is new.
pub fn raised(
    env: &Env,
    live: &LiveSession,
    proof: Option<&Proof>,
    visit: Visit<'_>,
) -> NewSession {
    let mut authentication = live.session.authentication.clone();
    if let Some(proof) = proof {
        authentication.acr = Acr::TwoFactors;
        for word in [proof.amr.as_str(), amr::MULTIPLE_FACTORS] {
            if !authentication.amr.iter().any(|known| known == word) {
                authentication.amr.push(word.to_owned());
            }
        }
    }
    let remember = live.session.remember;
    let mut renewed = session::prepare(env, &live.user, authentication, remember, visit);
    renewed.going_on_from(&live.session);
    renewed.session.device_id = live.session.device_id;
    renewed
}
