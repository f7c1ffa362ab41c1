//! Second factors: what a person has, what policy allows, and when one is asked for.

use serde::{Deserialize, Serialize};

use crate::credential::{BackupCodes, Credential, CredentialKind};
use crate::session::Acr;
use crate::time::{Duration, Timestamp};
use crate::user::User;

/// A way to prove oneself beyond the password, strongest first (H-31).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Passkey or security key.
    Webauthn,
    /// Authenticator app.
    Totp,
    /// A code by mail.
    Email,
    /// A code by text message; weaker, offered last.
    Sms,
    /// One of the codes kept for a lost device.
    BackupCode,
}

impl Method {
    /// All methods, strongest first.
    pub const ALL: [Self; 5] = [
        Self::Webauthn,
        Self::Totp,
        Self::Email,
        Self::Sms,
        Self::BackupCode,
    ];

    /// The word in addresses, forms, configuration and records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Webauthn => "webauthn",
            Self::Totp => "totp",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::BackupCode => "backup_code",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == word)
    }
}

/// For how long after a recovery by mail the same mailbox proves nothing more where sign-in methods are changed: as long as the owner has
/// to stop the removal of lost factors.
pub const MAILBOX_HOLD: Duration = Duration::hours(72);

/// Whether a password was chosen anew through the mailbox so short a time ago that a code sent there is no second factor for a change of
/// how the person signs in: both would be one and the same.
pub fn mailbox_is_held(user: &User, now: Timestamp) -> bool {
    user.standing
        .recovered_at
        .is_some_and(|at| now < at + MAILBOX_HOLD)
}

/// Rules about second factors; the instance's, until organizations have their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MfaPolicy {
    /// Everybody must have one.
    pub required: bool,
    /// Methods that count. Backup codes always do: they only exist beside another method.
    pub methods: Vec<Method>,
    /// How long after the first sign-in under a requirement a person may still go on without.
    pub grace: Duration,
    /// For how long a browser may be trusted not to be asked again; `None` forbids it.
    pub trusted_device: Option<Duration>,
    /// Only passkeys that cannot be copied off their device (BE=0) may be registered or used.
    pub device_bound_only: bool,
}

impl Default for MfaPolicy {
    /// Mail codes prove little more than a password reset does: an operator must allow them (ASVS 6.3.6).
    fn default() -> Self {
        Self {
            required: false,
            methods: vec![Method::Webauthn, Method::Totp, Method::Sms],
            grace: Duration::days(7),
            trusted_device: Some(Duration::days(30)),
            device_bound_only: false,
        }
    }
}

impl MfaPolicy {
    /// Whether a method counts.
    pub fn allows(&self, method: Method) -> bool {
        method == Method::BackupCode || self.methods.contains(&method)
    }
}

/// The second factors of one person.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that a person has or has not"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// Passkeys and security keys.
    pub webauthn: usize,
    /// Authenticator apps.
    pub totp: usize,
    /// Text messages were turned on as a second step.
    pub sms: bool,
    /// Mail codes were turned on as a second step.
    pub email: bool,
    /// A proven phone number exists, so that a message could be sent.
    pub phone: bool,
    /// The address is proven, so that a mail could be sent.
    pub mailbox: bool,
    /// Backup codes left.
    pub backup_codes: usize,
}

impl Factors {
    /// Counts what a person has.
    pub fn of(user: &User, credentials: &[Credential]) -> Self {
        let count = |kind| {
            credentials
                .iter()
                .filter(|credential| credential.kind == kind)
                .count()
        };
        let backup_codes = credentials
            .iter()
            .find(|credential| credential.kind == CredentialKind::BackupCodes)
            .and_then(Credential::read::<BackupCodes>)
            .map_or(0, |codes| codes.left());
        Self {
            webauthn: count(CredentialKind::Webauthn),
            totp: count(CredentialKind::Totp),
            sms: count(CredentialKind::Sms) > 0,
            email: count(CredentialKind::Email) > 0,
            phone: user.profile.phone_number_verified_at.is_some(),
            mailbox: user.email_verified_at.is_some(),
            backup_codes,
        }
    }

    /// Whether the account's own level is two factors: one was enrolled, so it is always asked for.
    pub const fn is_enrolled(&self) -> bool {
        self.webauthn > 0 || self.totp > 0 || self.sms || self.email
    }

    /// Whether there is one that whoever reads the mailbox does not have by that.
    pub const fn are_more_than_the_mailbox(&self) -> bool {
        self.webauthn > 0 || self.totp > 0 || self.sms
    }

    /// How many ways there are that were enrolled; the last one is not removed where policy needs one (H-44).
    pub fn enrolled(&self) -> usize {
        self.webauthn + self.totp + usize::from(self.sms) + usize::from(self.email)
    }

    /// What this person turned on and can use now, strongest first: a proven number or address alone is no factor of theirs, not even where
    /// policy asks everybody for one. The mailbox gives a new password too: whoever reads it would need nothing else.
    /// `sms_gateway`: whether messages can be sent at all.
    pub fn usable(&self, policy: &MfaPolicy, sms_gateway: bool) -> Vec<Method> {
        Method::ALL
            .into_iter()
            .filter(|method| policy.allows(*method))
            .filter(|method| match method {
                Method::Webauthn => self.webauthn > 0,
                Method::Totp => self.totp > 0,
                Method::Email => self.mailbox && self.email,
                Method::Sms => sms_gateway && self.sms && self.phone,
                Method::BackupCode => self.backup_codes > 0,
            })
            .collect()
    }

    /// What this person could set up now, strongest first.
    pub fn enrollable(policy: &MfaPolicy, sms_gateway: bool) -> Vec<Method> {
        Method::ALL
            .into_iter()
            .filter(|method| *method != Method::BackupCode && policy.allows(*method))
            .filter(|method| *method != Method::Sms || sms_gateway)
            .collect()
    }
}

/// What a login must still ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Demand {
    /// Nothing.
    #[default]
    Nothing,
    /// A second factor that is there.
    Proof,
    /// A second factor must be set up.
    Enrolment {
        /// The person may go on without, this time.
        may_skip: bool,
    },
}

/// What the decision about a second factor depends on.
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that are true or not, looked at together once"
)]
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// What the person has.
    pub factors: &'a Factors,
    /// The rules.
    pub policy: &'a MfaPolicy,
    /// The level proven so far.
    pub reached: Acr,
    /// Two factors were asked for by name: `acr_values`, or a change of how the person signs in.
    pub required: bool,
    /// The browser is trusted not to be asked.
    pub trusted: bool,
    /// The person chose to go on without, in this login.
    pub skipped: bool,
    /// Whether grace is over, or was never given.
    pub grace_is_over: bool,
}

/// Decides. Nobody who has a second factor is let through without one for want of a usable method: the page then leads to recovery.
pub fn demand(circumstances: Circumstances<'_>) -> Demand {
    let Circumstances {
        factors, policy, ..
    } = circumstances;
    if circumstances.reached == Acr::TwoFactors {
        return Demand::Nothing;
    }
    let has_one = factors.is_enrolled();
    let trusted = circumstances.trusted && policy.trusted_device.is_some();
    if circumstances.required {
        return if has_one {
            Demand::Proof
        } else {
            Demand::Enrolment { may_skip: false }
        };
    }
    if has_one {
        return if trusted {
            Demand::Nothing
        } else {
            Demand::Proof
        };
    }
    let goes_on_without = circumstances.skipped && !circumstances.grace_is_over;
    if policy.required && !goes_on_without {
        return Demand::Enrolment {
            may_skip: !circumstances.grace_is_over,
        };
    }
    Demand::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everything() -> Factors {
        Factors {
            webauthn: 1,
            totp: 2,
            sms: true,
            email: true,
            phone: true,
            mailbox: true,
            backup_codes: 3,
        }
    }

    #[test]
    fn what_policy_does_not_allow_is_not_usable_and_backup_codes_always_are() {
        let policy = MfaPolicy {
            methods: vec![Method::Totp],
            ..MfaPolicy::default()
        };
        assert_eq!(
            everything().usable(&policy, true),
            [Method::Totp, Method::BackupCode]
        );
    }

    #[test]
    fn without_a_gateway_no_message_is_offered() {
        let policy = MfaPolicy::default();
        assert!(!everything().usable(&policy, false).contains(&Method::Sms));
        assert!(!Factors::enrollable(&policy, false).contains(&Method::Sms));
        assert!(Factors::enrollable(&policy, true).contains(&Method::Sms));
    }

    #[test]
    fn mfa_03_a_method_is_usable_only_where_it_was_turned_on() {
        let policy = MfaPolicy {
            methods: Method::ALL.to_vec(),
            ..MfaPolicy::default()
        };
        for (email, mailbox, sms, phone, gateway, expected) in [
            (false, true, false, true, true, &[][..]),
            (true, true, false, true, true, &[Method::Email][..]),
            (true, false, false, false, true, &[][..]),
            (false, true, true, true, true, &[Method::Sms][..]),
            (false, true, true, true, false, &[][..]),
            (false, true, true, false, true, &[][..]),
        ] {
            let factors = Factors {
                sms,
                email,
                phone,
                mailbox,
                ..Factors::default()
            };
            assert_eq!(factors.usable(&policy, gateway), expected, "{factors:?}");
        }
        // Whom policy requires one of gets it by enrolment, not by what happens to be known of them.
        let policy = MfaPolicy {
            required: true,
            ..policy
        };
        let known = Factors {
            phone: true,
            ..Factors::default()
        };
        assert_eq!(
            demand(with(&known, &policy)),
            Demand::Enrolment { may_skip: true }
        );
        // A proven address is no factor either before it was turned on: it gives a new password, too.
        let mail = |email| Factors {
            email,
            mailbox: true,
            ..Factors::default()
        };
        assert_eq!(mail(false).usable(&policy, true), []);
        assert_eq!(mail(true).usable(&policy, true), [Method::Email]);
        assert_eq!(
            demand(with(&mail(false), &policy)),
            Demand::Enrolment { may_skip: true }
        );
    }

    #[test]
    fn a_proven_phone_alone_does_not_raise_the_level_of_an_account() {
        let factors = Factors {
            phone: true,
            mailbox: true,
            backup_codes: 10,
            ..Factors::default()
        };
        assert!(!factors.is_enrolled());
        assert_eq!(everything().enrolled(), 5);
    }

    const APP: Factors = Factors {
        webauthn: 0,
        totp: 1,
        sms: false,
        email: false,
        phone: false,
        mailbox: false,
        backup_codes: 0,
    };

    const fn with<'a>(factors: &'a Factors, policy: &'a MfaPolicy) -> Circumstances<'a> {
        Circumstances {
            factors,
            policy,
            reached: Acr::OneFactor,
            required: false,
            trusted: false,
            skipped: false,
            grace_is_over: false,
        }
    }

    #[test]
    fn mfa_08_a_factor_that_is_there_is_always_asked_for() {
        let policy = MfaPolicy::default();
        let plain = with(&APP, &policy);
        assert_eq!(demand(plain), Demand::Proof);
        let skipped = Circumstances {
            skipped: true,
            ..plain
        };
        assert_eq!(demand(skipped), Demand::Proof);
        let proven = Circumstances {
            reached: Acr::TwoFactors,
            ..plain
        };
        assert_eq!(demand(proven), Demand::Nothing);
        // Policy forbids every method this person has: still no way around.
        let none = MfaPolicy {
            methods: vec![],
            ..MfaPolicy::default()
        };
        assert_eq!(demand(with(&APP, &none)), Demand::Proof);
    }

    #[test]
    fn ses_10_a_trusted_browser_is_not_asked_unless_the_level_was_asked_for_by_name() {
        let policy = MfaPolicy::default();
        let trusted = Circumstances {
            trusted: true,
            ..with(&APP, &policy)
        };
        assert_eq!(demand(trusted), Demand::Nothing);
        let required = Circumstances {
            required: true,
            ..trusted
        };
        assert_eq!(demand(required), Demand::Proof);
        let never = MfaPolicy {
            trusted_device: None,
            ..MfaPolicy::default()
        };
        let forbidden = Circumstances {
            policy: &never,
            ..trusted
        };
        assert_eq!(demand(forbidden), Demand::Proof);
    }

    #[test]
    fn mfa_08_a_requirement_leads_to_enrolment_and_grace_ends() {
        let nothing = Factors::default();
        let policy = MfaPolicy {
            required: true,
            ..MfaPolicy::default()
        };
        let asked = |skipped, grace_is_over| {
            demand(Circumstances {
                skipped,
                grace_is_over,
                ..with(&nothing, &policy)
            })
        };
        assert_eq!(asked(false, false), Demand::Enrolment { may_skip: true });
        assert_eq!(asked(true, false), Demand::Nothing);
        assert_eq!(asked(true, true), Demand::Enrolment { may_skip: false });
    }

    #[test]
    fn a_level_asked_for_by_name_is_enrolled_on_the_spot() {
        let (nothing, policy) = (Factors::default(), MfaPolicy::default());
        let asked = Circumstances {
            required: true,
            skipped: true,
            ..with(&nothing, &policy)
        };
        assert_eq!(demand(asked), Demand::Enrolment { may_skip: false });
    }
}
