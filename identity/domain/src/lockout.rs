//! Guessing is made slow: budgets per account, per address and for the whole instance, kept in the database.

use crate::time::{Duration, Timestamp};

/// What a budget counts, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BudgetKey {
    /// Wrong passwords (and codes) for one account key, known or not; all spellings share it.
    Account(String),
    /// Wrong passwords for one account from a device in which it was signed in before: strangers cannot use this budget up.
    KnownDevice(String),
    /// Failures from one address (IPv6: its /64).
    Address(String),
    /// Failures over the whole instance.
    Instance,
    /// Mails of one purpose to one mailbox, asked for by anybody.
    Mailbox(String),
    /// Mails of one purpose to somebody whose password was proven: strangers cannot use this budget up.
    ProvenMailbox(String),
    /// Mails asked for from one address.
    MailAddress(String),
    /// Sign-ups from one address.
    SignUp(String),
    /// Wrong codes for one mailed code.
    Code(String),
    /// Guesses at the chosen secret of one client from one address.
    ClientSecret(String),
    /// Wrong second factors of one account, over methods and sessions (MFA-04).
    SecondFactor(String),
    /// Text messages for one account.
    SmsAccount(String),
    /// Text messages to one number, asked for by its owner.
    SmsNumber(String),
    /// Text messages to a number that somebody says is theirs: the owner's are counted apart, so that nobody can use them up.
    ClaimedNumber(String),
    /// Text messages to one country or network prefix, to its proven numbers or to claimed ones: stops pumping of premium numbers.
    SmsPrefix(String),
    /// Text messages asked for from one address.
    SmsAddress(String),
    /// Codes by one way, text message or mail, to the members of one organization.
    CodeOrganization(String),
    /// What is said in one session of the activity that it was not the owner: each is written down.
    Report(String),
    /// What is told of another budget that is used up: once, however long it goes on.
    Alarm(String),
}

impl BudgetKey {
    /// The text whose hash is the row's key: kind and subject, so that kinds never collide.
    pub fn text(&self) -> String {
        let subject = match self {
            Self::Account(subject)
            | Self::KnownDevice(subject)
            | Self::Address(subject)
            | Self::Mailbox(subject)
            | Self::ProvenMailbox(subject)
            | Self::MailAddress(subject)
            | Self::SignUp(subject)
            | Self::Code(subject)
            | Self::ClientSecret(subject)
            | Self::SecondFactor(subject)
            | Self::SmsAccount(subject)
            | Self::SmsNumber(subject)
            | Self::ClaimedNumber(subject)
            | Self::SmsPrefix(subject)
            | Self::SmsAddress(subject)
            | Self::CodeOrganization(subject)
            | Self::Report(subject)
            | Self::Alarm(subject) => subject.as_str(),
            Self::Instance => "",
        };
        format!("{}\n{subject}", self.name())
    }

    /// What is counted, in a word for audit and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::KnownDevice(_) => "known-device",
            Self::Address(_) => "address",
            Self::Instance => "instance",
            Self::Mailbox(_) => "mailbox",
            Self::ProvenMailbox(_) => "proven-mailbox",
            Self::MailAddress(_) => "mail-address",
            Self::SignUp(_) => "sign-up",
            Self::Code(_) => "code",
            Self::ClientSecret(_) => "client-secret",
            Self::SecondFactor(_) => "second-factor",
            Self::SmsAccount(_) => "sms-account",
            Self::SmsNumber(_) => "sms-number",
            Self::ClaimedNumber(_) => "claimed-number",
            Self::SmsPrefix(_) => "sms-prefix",
            Self::SmsAddress(_) => "sms-address",
            Self::CodeOrganization(_) => "code-organization",
            Self::Report(_) => "report",
            Self::Alarm(_) => "alarm",
        }
    }

    /// How it behaves.
    pub const fn rule(&self) -> BudgetRule {
        match self {
            // 5 free tries, then 1 s doubling up to 1 h; one is forgotten every 5 hours. At most about 40 tries a day.
            Self::Account(_) | Self::KnownDevice(_) | Self::SecondFactor(_) => {
                BudgetRule::doubling(5, Duration::days(1), Duration::seconds(1), HOUR)
            }
            Self::Address(_) => BudgetRule::draining(50, Duration::minutes(15)),
            Self::Instance => BudgetRule::draining(5_000, Duration::minutes(15)),
            // One more every 20 minutes: of the pairs that strangers ask for, one is good at any time.
            Self::Mailbox(_) => BudgetRule::draining(3, HOUR),
            Self::ProvenMailbox(_) => BudgetRule::doubling(3, HOUR, Duration::minutes(1), HOUR),
            Self::SmsAccount(_) | Self::SmsNumber(_) | Self::ClaimedNumber(_) => {
                BudgetRule::doubling(3, Duration::hours(3), Duration::minutes(1), HOUR)
            }
            Self::MailAddress(_) | Self::SignUp(_) | Self::SmsAddress(_) | Self::Report(_) => {
                BudgetRule::draining(20, HOUR)
            }
            Self::SmsPrefix(_) => BudgetRule::draining(200, HOUR),
            // A whole office that comes in at nine is far below it; somebody who drives many accounts of one is not.
            Self::CodeOrganization(_) => BudgetRule::draining(1_000, HOUR),
            Self::ClientSecret(_) => {
                BudgetRule::doubling(10, HOUR, Duration::seconds(1), Duration::minutes(15))
            }
            Self::Code(_) => BudgetRule::doubling(5, HOUR, Duration::seconds(5), HOUR),
            Self::Alarm(_) => BudgetRule::draining(1, HOUR),
        }
    }
}

const HOUR: Duration = Duration::hours(1);

/// While the whole instance is under attack, an address may have this many failures of late and still count as clean.
const CLEAN: i64 = 3;

/// How a budget grows and is forgotten: a bucket that leaks all the time, `free` tries per `window`, whether or not there are new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetRule {
    /// Tries before any delay.
    pub free: i64,
    /// So long it takes until as many are forgotten. After this long without any try everything is.
    pub window: Duration,
    /// What a try beyond the free ones waits for.
    pub beyond: Beyond,
}

/// What a try beyond the free ones waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// A delay that doubles with each try: for budgets of one subject, where guessing must get ever slower.
    Doubling {
        /// After the first try beyond the free ones.
        first: Duration,
        /// The longest.
        longest: Duration,
    },
    /// Until enough is forgotten for one more: for budgets that strangers share, which nobody can use up for good.
    Draining,
}

impl BudgetRule {
    /// Delays that double.
    pub const fn doubling(free: i64, window: Duration, first: Duration, longest: Duration) -> Self {
        Self {
            free,
            window,
            beyond: Beyond::Doubling { first, longest },
        }
    }

    /// No more than the rate at which tries are forgotten.
    pub const fn draining(free: i64, window: Duration) -> Self {
        Self {
            free,
            window,
            beyond: Beyond::Draining,
        }
    }

    /// The time in which one try is forgotten: what a try adds to the level.
    pub const fn each(&self) -> Duration {
        Duration(self.window.0 / self.free)
    }

    /// The highest level that is kept: a flood is not remembered longer than it takes to wait one window.
    pub const fn most(&self) -> Duration {
        let tries = match self.beyond {
            Beyond::Doubling { .. } => self.free + MOST_BEYOND,
            Beyond::Draining => self.free,
        };
        Duration(self.each().0 * tries)
    }

    /// The delay after `tries`, where delays double.
    fn delay(tries: i64, free: i64, first: Duration, longest: Duration) -> Duration {
        let beyond = tries - free;
        if beyond <= 0 {
            return Duration::default();
        }
        let doublings = u32::try_from(beyond - 1).unwrap_or(u32::MAX).min(30);
        Duration(first.0.saturating_mul(1_i64 << doublings).min(longest.0))
    }
}

/// Tries beyond the free ones that are kept where delays double: by then every delay is the longest.
const MOST_BEYOND: i64 = 32;

/// A budget as read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// How long, from the last try on, until all tries are forgotten.
    pub level: Duration,
    /// The last try.
    pub last_at: Timestamp,
}

impl Budget {
    /// What is not forgotten by now. A clock that went back forgets nothing.
    pub fn level_at(&self, rule: &BudgetRule, now: Timestamp) -> Duration {
        let silent = now.since(self.last_at).0.max(0);
        if silent >= rule.window.0 {
            return Duration::default();
        }
        Duration((self.level.0.min(rule.most().0) - silent).max(0))
    }

    /// Tries that were not forgotten at the last one, itself included.
    pub fn tries(&self, rule: &BudgetRule) -> i64 {
        let each = rule.each().0;
        (self.level.0 + each - 1) / each
    }

    /// With one try more.
    #[must_use]
    pub fn counted(&self, rule: &BudgetRule, now: Timestamp) -> Self {
        let level = self.level_at(rule, now).0 + rule.each().0;
        Self {
            level: Duration(level.min(rule.most().0)),
            // A clock that went back never shortens a delay.
            last_at: self.last_at.max(now),
        }
    }

    /// From when on the next try is let through, if it is not yet.
    pub fn blocked_until(&self, rule: &BudgetRule, now: Timestamp) -> Option<Timestamp> {
        let level = self.level_at(rule, now);
        if level.0 == 0 {
            return None;
        }
        let until = match rule.beyond {
            Beyond::Doubling { first, longest } => {
                let delay = BudgetRule::delay(self.tries(rule), rule.free, first, longest);
                // A free try waits for nothing, even if the last one was counted by a clock, or a request, that was a little ahead.
                if delay == Duration::default() {
                    return None;
                }
                self.last_at + delay
            }
            Beyond::Draining => {
                let room = rule.each().0 * (rule.free - 1);
                now + Duration(level.0 - room)
            }
        };
        (until > now).then_some(until)
    }

    /// Whether the try counted last is the one that used the free tries up.
    pub fn is_just_used_up(&self, rule: &BudgetRule) -> bool {
        self.tries(rule) == rule.free
    }
}

/// Whether a password may be tried from an address, and if not, from when on: an address has a limit of its own; a flood over the whole
/// instance is an alarm, and slows the addresses that take part in it, so that a botnet does not shut everybody out (PWD-03).
pub fn shared_limit(address: &Budget, instance: &Budget, now: Timestamp) -> Option<Timestamp> {
    let whole = BudgetKey::Instance.rule();
    let own = BudgetKey::Address(String::new()).rule();
    if instance.blocked_until(&whole, now).is_none() {
        return address.blocked_until(&own, now);
    }
    let level = address.level_at(&own, now);
    let room = own.each().0 * (CLEAN - 1);
    (level.0 > room).then(|| now + Duration(level.0 - room))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pwd_02_an_attacker_who_waits_out_every_delay_stays_below_a_hundred_tries_a_day() {
        let rule = BudgetKey::Account("ana".into()).rule();
        let (mut now, mut budget) = (Timestamp(0), Budget::default());
        for day in 1..30 {
            let mut tries = 0;
            while now < Timestamp(0) + Duration::days(day) {
                tries += 1;
                budget = budget.counted(&rule, now);
                now = budget.blocked_until(&rule, now).unwrap_or(now);
            }
            assert!(tries < 50, "{tries} tries on day {day}");
        }
        assert_eq!(
            budget.blocked_until(&rule, budget.last_at + Duration::days(1)),
            None
        );
    }

    #[test]
    fn pwd_02_a_free_try_waits_for_none_that_was_counted_by_a_clock_that_is_ahead() {
        let rule = BudgetKey::Account("ana".into()).rule();
        let now = Timestamp(1_000_000);
        let mut budget = Budget::default();
        for _ in 0..rule.free {
            budget = budget.counted(&rule, now + Duration::seconds(2));
            assert_eq!(budget.blocked_until(&rule, now), None);
        }
        budget = budget.counted(&rule, now);
        let until = now + Duration::seconds(3);
        assert_eq!(budget.blocked_until(&rule, now), Some(until));
    }

    fn shared() -> impl Strategy<Value = BudgetKey> {
        prop_oneof![
            Just(BudgetKey::Instance),
            Just(BudgetKey::Address(String::new())),
            Just(BudgetKey::SmsPrefix(String::new())),
            Just(BudgetKey::SmsAddress(String::new())),
            Just(BudgetKey::CodeOrganization(String::new())),
            Just(BudgetKey::MailAddress(String::new())),
            Just(BudgetKey::SignUp(String::new())),
            Just(BudgetKey::Mailbox(String::new())),
            Just(BudgetKey::Report(String::new())),
        ]
    }

    proptest! {
        /// Whatever happened before, and whoever goes on trying: what is shared is open again after the time of one try.
        #[test]
        fn pwd_03_nobody_can_use_up_what_is_shared_for_good(
            key in shared(),
            gaps in prop::collection::vec(0_i64..120_000, 0..400),
        ) {
            let rule = key.rule();
            let (mut now, mut budget) = (Timestamp(0), Budget::default());
            for gap in gaps {
                now = now + Duration(gap);
                budget = budget.counted(&rule, now);
                let until = budget.blocked_until(&rule, now).unwrap_or(now);
                prop_assert!(until.since(now) <= rule.each());
            }
        }

        /// One failure less often than one is forgotten never adds up.
        #[test]
        fn pwd_03_what_comes_slower_than_it_is_forgotten_is_never_refused(
            key in shared(),
            more in 0_i64..60_000,
            tries in 1_usize..2_000,
        ) {
            let rule = key.rule();
            let (mut now, mut budget) = (Timestamp(0), Budget::default());
            for _ in 0..tries {
                prop_assert_eq!(budget.blocked_until(&rule, now), None);
                budget = budget.counted(&rule, now);
                now = now + rule.each() + Duration(more);
            }
        }

        /// No pattern of tries passes more than the free ones and what is forgotten meanwhile.
        #[test]
        fn pwd_04_a_limit_lets_no_more_through_than_it_says(
            key in shared(),
            gaps in prop::collection::vec(0_i64..30_000, 1..600),
        ) {
            let rule = key.rule();
            let (mut now, mut budget, mut passed) = (Timestamp(0), Budget::default(), 0);
            for gap in gaps {
                now = now + Duration(gap);
                if budget.blocked_until(&rule, now).is_none() {
                    budget = budget.counted(&rule, now);
                    passed += 1;
                }
            }
            prop_assert!(passed <= rule.free + now.0 / rule.each().0);
        }

        /// Time alone only ever forgets, and a clock that goes back forgets nothing.
        #[test]
        fn a_level_falls_with_time(level in 0_i64..100_000_000, early in 0_i64..90_000_000, later in 0_i64..90_000_000) {
            let rule = BudgetKey::Account(String::new()).rule();
            let budget = Budget { level: Duration(level), last_at: Timestamp(50_000_000) };
            let (first, then) = (Timestamp(early), Timestamp(early + later));
            prop_assert!(budget.level_at(&rule, then) <= budget.level_at(&rule, first));
            prop_assert!(budget.counted(&rule, first).last_at >= budget.last_at);
        }
    }

    #[test]
    fn pwd_03_an_attack_on_the_instance_slows_the_addresses_it_comes_from() {
        let now = Timestamp(0);
        let tried = |key: &BudgetKey, tries| {
            (0..tries).fold(Budget::default(), |budget, _| {
                budget.counted(&key.rule(), now)
            })
        };
        let calm = Budget::default();
        let attacked = tried(&BudgetKey::Instance, 6_000);
        let address = |tries| tried(&BudgetKey::Address(String::new()), tries);
        assert_eq!(shared_limit(&address(49), &calm, now), None);
        assert!(shared_limit(&address(50), &calm, now).is_some());
        assert_eq!(shared_limit(&address(2), &attacked, now), None);
        let until = shared_limit(&address(3), &attacked, now);
        assert_eq!(until, Some(now + Duration::seconds(18)));
    }
}
