//! Whether a passkey is offered right after a password, of a sign-in or of a sign-up (H-42): once in each, seldom, and never to somebody
//! who said so.

use crate::factor::Factors;
use crate::login::{Factor, LoginState, Purpose};
use crate::session::Acr;
use crate::time::{Duration, Timestamp};
use crate::user::{Standing, User};

/// How long "Not now" holds.
pub const QUIET_FOR: Duration = Duration::days(30);

/// What somebody says who wants none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declined {
    /// "Not now".
    Later,
    /// "Don't ask again".
    Forever,
}

impl Declined {
    /// Reads the word of the form.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "later" => Some(Self::Later),
            "never" => Some(Self::Forever),
            _ => None,
        }
    }

    /// Remembers the answer.
    pub fn remember(self, standing: &mut Standing, now: Timestamp) {
        match self {
            Self::Later => standing.passkey_offer_after = Some(now + QUIET_FOR),
            Self::Forever => standing.no_passkey_offers = true,
        }
    }
}

/// Whether this login and this person may be asked at all; what they have is looked at after that. `fresh_for`: how long a proof counts
/// as fresh, because what follows changes how the person signs in.
pub fn may_ask(state: &LoginState, user: &User, fresh_for: Duration, now: Timestamp) -> bool {
    let standing = &user.standing;
    let is_quiet = standing.no_passkey_offers
        || standing
            .passkey_offer_after
            .is_some_and(|after| now < after);
    // Who repairs an account, or leaves, has other things on their mind.
    let is_busy = standing.securing.is_some()
        || standing.delete_at.is_some()
        || standing.factors_removed_at.is_some();
    let password_is_fresh = state
        .proofs
        .iter()
        .any(|proof| proof.counts_as == Factor::First && now < proof.at + fresh_for);
    // On the way to a page of the account about just that, it would stand in the way.
    let is_on_the_way = match &state.purpose {
        Purpose::Authorize { .. } => true,
        Purpose::Account { path, elevate } => path == "/account" && !elevate,
    };
    state.offer_passkey
        && state.step_up_of.is_none()
        && !is_quiet
        && !is_busy
        && password_is_fresh
        && is_on_the_way
}

/// Whether the person has none, and proved enough to get one: what they add signs in at the account's own level.
pub fn is_wanting(state: &LoginState, factors: &Factors) -> bool {
    let level = state.authentication().map(|proven| proven.acr);
    factors.webauthn == 0 && (level == Some(Acr::TwoFactors) || !factors.is_enrolled())
}

/// Whether the browser may make one by itself, beside the offer (H-43). Only where everything a second factor brings is there already: what
/// nobody asked for must not change how the person signs in.
pub fn may_be_silent(state: &LoginState, factors: &Factors) -> bool {
    let level = state.authentication().map(|proven| proven.acr);
    factors.is_enrolled() && factors.backup_codes > 0 && level == Some(Acr::TwoFactors)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::email::EmailAddress;
    use crate::login::{Proof, Step};
    use crate::user::{Profile, UserStatus};

    const NOW: Timestamp = Timestamp(1_000_000_000);
    const FRESH: Duration = Duration::minutes(15);

    fn person(standing: Standing) -> User {
        User {
            id: "018f0000-0000-7000-8000-000000000001".parse().unwrap(),
            email: EmailAddress::parse("ana@acme.test").unwrap(),
            email_verified_at: Some(NOW),
            profile: Profile::default(),
            status: UserStatus::Active,
            standing,
            language: None,
            managed_by: None,
            security_epoch: 1,
            version: 1,
            created_at: NOW,
            updated_at: NOW,
        }
    }

    fn login(path: &str) -> LoginState {
        let purpose = Purpose::Account {
            path: path.into(),
            elevate: false,
        };
        let mut state = LoginState::new(purpose, Step::Authenticate);
        state.offer_passkey = true;
        state.prove(Proof::first("pwd", NOW));
        state
    }

    fn asked(state: &LoginState, standing: Standing) -> bool {
        may_ask(state, &person(standing), FRESH, NOW)
    }

    #[test]
    fn h_42_no_is_remembered_for_a_while_or_for_good() {
        let home = login("/account");
        assert!(asked(&home, Standing::default()));
        let mut later = Standing::default();
        Declined::Later.remember(&mut later, NOW);
        assert!(!asked(&home, later.clone()));
        later.passkey_offer_after = Some(NOW);
        assert!(asked(&home, later));
        let mut never = Standing::default();
        Declined::Forever.remember(&mut never, NOW);
        assert!(!asked(&home, never));
        assert_eq!(Declined::parse("later"), Some(Declined::Later));
        assert_eq!(Declined::parse("never"), Some(Declined::Forever));
        assert_eq!(Declined::parse(""), None);
    }

    #[test]
    fn h_42_only_a_fresh_password_in_a_browser_that_can_is_followed_by_an_offer() {
        let home = login("/account");
        let cannot = LoginState {
            offer_passkey: false,
            ..home.clone()
        };
        assert!(!asked(&cannot, Standing::default()));
        let mut stale = home.clone();
        stale.proofs = vec![Proof::first("pwd", Timestamp(NOW.0 - FRESH.0))];
        assert!(!asked(&stale, Standing::default()));
        let mut keyed = home.clone();
        keyed.proofs = vec![Proof::both("swk", NOW)];
        assert!(!asked(&keyed, Standing::default()));
        assert!(!asked(&login("/account/security"), Standing::default()));
        let leaving = Standing {
            delete_at: Some(NOW),
            ..Standing::default()
        };
        assert!(!asked(&home, leaving));
    }

    #[test]
    fn h_42_only_who_has_none_and_proved_the_accounts_own_level_is_asked() {
        let mut state = login("/account");
        let app = Factors {
            totp: 1,
            ..Factors::default()
        };
        let key = Factors {
            webauthn: 1,
            ..app.clone()
        };
        assert!(is_wanting(&state, &Factors::default()));
        // A trusted browser was not asked for the second factor: its password alone adds none.
        assert!(!is_wanting(&state, &app));
        state.prove(Proof::second("otp", NOW));
        assert!(is_wanting(&state, &app));
        assert!(!is_wanting(&state, &key));
    }

    #[test]
    fn h_43_nothing_is_made_silently_that_would_bring_a_second_step_along() {
        let mut state = login("/account");
        let kept = Factors {
            totp: 1,
            backup_codes: 10,
            ..Factors::default()
        };
        assert!(!may_be_silent(&state, &kept), "password alone");
        state.prove(Proof::second("otp", NOW));
        assert!(may_be_silent(&state, &kept));
        let without_codes = Factors {
            backup_codes: 0,
            ..kept
        };
        assert!(!may_be_silent(&state, &without_codes));
        assert!(!may_be_silent(&state, &Factors::default()));
    }
}
