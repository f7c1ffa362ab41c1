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
    /// Mails to one mailbox.
    Mailbox(String),
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
    /// Text messages to one number.
    SmsNumber(String),
    /// Text messages to one country or network prefix: stops pumping of premium numbers.
    SmsPrefix(String),
    /// Text messages asked for from one address.
    SmsAddress(String),
}

impl BudgetKey {
    /// The text whose hash is the row's key: kind and subject, so that kinds never collide.
    pub fn text(&self) -> String {
        let subject = match self {
            Self::Account(subject)
            | Self::KnownDevice(subject)
            | Self::Address(subject)
            | Self::Mailbox(subject)
            | Self::MailAddress(subject)
            | Self::SignUp(subject)
            | Self::Code(subject)
            | Self::ClientSecret(subject)
            | Self::SecondFactor(subject)
            | Self::SmsAccount(subject)
            | Self::SmsNumber(subject)
            | Self::SmsPrefix(subject)
            | Self::SmsAddress(subject) => subject.as_str(),
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
            Self::MailAddress(_) => "mail-address",
            Self::SignUp(_) => "sign-up",
            Self::Code(_) => "code",
            Self::ClientSecret(_) => "client-secret",
            Self::SecondFactor(_) => "second-factor",
            Self::SmsAccount(_) => "sms-account",
            Self::SmsNumber(_) => "sms-number",
            Self::SmsPrefix(_) => "sms-prefix",
            Self::SmsAddress(_) => "sms-address",
        }
    }

    /// How it behaves.
    pub const fn rule(&self) -> BudgetRule {
        match self {
            // 5 free tries, then 1 s doubling up to 1 h; forgotten after a day without a try. At most about 40 tries a day.
            Self::Account(_) | Self::KnownDevice(_) | Self::SecondFactor(_) => BudgetRule {
                free: 5,
                window: Duration::days(1),
                first_delay: Duration::seconds(1),
                longest_delay: Duration::hours(1),
            },
            Self::Address(_) => BudgetRule {
                free: 50,
                window: Duration::minutes(15),
                first_delay: Duration::seconds(1),
                longest_delay: Duration::minutes(15),
            },
            Self::Instance => BudgetRule {
                free: 5_000,
                window: Duration::minutes(15),
                first_delay: Duration::seconds(1),
                longest_delay: Duration::seconds(30),
            },
            Self::Mailbox(_) | Self::SmsAccount(_) | Self::SmsNumber(_) => BudgetRule {
                free: 3,
                window: Duration::hours(1),
                first_delay: Duration::minutes(1),
                longest_delay: Duration::hours(1),
            },
            Self::MailAddress(_) | Self::SignUp(_) | Self::SmsAddress(_) => BudgetRule {
                free: 20,
                window: Duration::hours(1),
                first_delay: Duration::seconds(10),
                longest_delay: Duration::hours(1),
            },
            Self::SmsPrefix(_) => BudgetRule {
                free: 200,
                window: Duration::hours(1),
                first_delay: Duration::seconds(10),
                longest_delay: Duration::hours(1),
            },
            Self::ClientSecret(_) => BudgetRule {
                free: 10,
                window: Duration::hours(1),
                first_delay: Duration::seconds(1),
                longest_delay: Duration::minutes(15),
            },
            Self::Code(_) => BudgetRule {
                free: 5,
                window: Duration::hours(1),
                first_delay: Duration::seconds(5),
                longest_delay: Duration::hours(1),
            },
        }
    }
}

/// How a budget grows and is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetRule {
    /// Tries before any delay.
    pub free: i64,
    /// After this long without a try everything is forgotten.
    pub window: Duration,
    /// Delay after the first try beyond the free ones; doubles with each.
    pub first_delay: Duration,
    /// The longest delay.
    pub longest_delay: Duration,
}

impl BudgetRule {
    /// The delay after `count` tries.
    pub fn delay(&self, count: i64) -> Duration {
        let beyond = count - self.free;
        if beyond <= 0 {
            return Duration::default();
        }
        let doublings = u32::try_from(beyond - 1).unwrap_or(u32::MAX).min(30);
        Duration(
            self.first_delay
                .0
                .saturating_mul(1_i64 << doublings)
                .min(self.longest_delay.0),
        )
    }
}

/// A budget as read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Tries counted.
    pub count: i64,
    /// The last one.
    pub last_at: Timestamp,
}

impl Budget {
    /// From when on the next try is let through, if it is not yet.
    pub fn blocked_until(&self, rule: &BudgetRule, now: Timestamp) -> Option<Timestamp> {
        if now.since(self.last_at) >= rule.window && now > self.last_at {
            return None;
        }
        let until = self.last_at + rule.delay(self.count);
        (until > now).then_some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pwd_02_an_attacker_who_waits_out_every_delay_stays_below_a_hundred_tries_a_day() {
        let rule = BudgetKey::Account("ana".into()).rule();
        let mut now = Timestamp(0);
        let mut tries = 0;
        let mut budget = Budget::default();
        while now < Timestamp(0) + Duration::days(1) {
            tries += 1;
            budget = Budget {
                count: tries,
                last_at: now,
            };
            now = budget.blocked_until(&rule, now).unwrap_or(now);
        }
        assert!(tries < 100, "{tries} tries");
        assert_eq!(
            budget.blocked_until(&rule, budget.last_at + Duration::days(1)),
            None
        );
    }
}
