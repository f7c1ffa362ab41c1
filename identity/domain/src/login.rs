//! One attempt to sign in: a row, a state machine. Every step names the states it accepts; nothing reaches a session except through it.

use identity_oauth::acr::amr;
use identity_oauth::authorization_request::AuthorizationRequest;
use serde::{Deserialize, Serialize};

use crate::Id;
use crate::secret::ValueHash;
use crate::session::{Acr, Authentication, Session};
use crate::time::{Duration, Timestamp};
use crate::user::User;

/// How long a login may wait for its person.
pub const LIFETIME: Duration = Duration::hours(1);
/// How long after its end a login is kept, so that its page can offer a way forward.
pub const KEPT_FOR: Duration = Duration::hours(24);

/// One attempt to sign in.
#[derive(Clone, Debug)]
pub struct Login {
    /// In the page's address; no secret: it works only in the browser it was begun in.
    pub id: Id<Login>,
    /// Hash of the browser cookie it is bound to (SES-01).
    pub browser_hash: ValueHash,
    /// Everything that is stored as one document.
    pub state: LoginState,
    /// When it began.
    pub created_at: Timestamp,
    /// When it stops to accept steps.
    pub expires_at: Timestamp,
    /// Guard: two tabs cannot both take the same step.
    pub version: i64,
}

/// The stored document of a login.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a stored document: each is a choice of the person, made at another step"
)]
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoginState {
    /// What happens at the end.
    pub purpose: Purpose,
    /// What it waits for.
    pub step: Step,
    /// What was typed as identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Who it is, once proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Id<User>>,
    /// What was proven, recorded by the step that proved it.
    #[serde(default)]
    pub proofs: Vec<Proof>,
    /// The person's security epoch when it was proven. Whatever ends their sessions ends half-done logins too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_epoch: Option<i64>,
    /// The language that the application asked its pages to be shown in, as far as we speak it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// "Keep me signed in".
    #[serde(default)]
    pub remember: bool,
    /// A session that existed and must not be used as it is: `prompt=login`, `max_age` or another account wanted.
    #[serde(default)]
    pub reauthenticate: bool,
    /// The person goes on without a second factor that is required, while grace lasts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub enrolment_skipped: bool,
    /// When something was set up in this login that the device it ends in is to be noted with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_up_at: Vec<Timestamp>,
    /// Backup codes were made and must be saved before the login goes on (H-37).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backup_codes_due: bool,
    /// The browser shall not be asked for a second factor for a while (H-46).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trust_device: bool,
    /// The password came from a browser that can make passkeys, and nothing was said about one yet (H-42).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offer_passkey: bool,
    /// The session whose proofs this login goes on from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_up_of: Option<Id<Session>>,
    /// The person chose this session in the account chooser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Id<Session>>,
    /// The proof of a recovery whose code was typed in this browser, as a hash; good for a new password, once and while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovering: Option<String>,
}

/// What a login is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Purpose {
    /// Answer an authorization request.
    Authorize {
        /// The request as validated.
        request: Box<AuthorizationRequest>,
        /// The registered URI that the answer goes to.
        redirect_uri: String,
    },
    /// Show a page of the account; a path of ours, from a fixed list, never free text.
    Account {
        /// `/account/…`
        path: String,
        /// The person is signed in and must prove themselves anew, at the account's own level, before a change of how they sign in.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        elevate: bool,
    },
}

/// What a login waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Choose one of the sessions of this browser.
    SelectAccount,
    /// Identifier and password, or a passkey.
    Authenticate,
    /// A second factor must be proven.
    SecondFactor,
    /// A second factor must, or by grace may, be set up.
    EnrolFactor,
    /// The backup codes that were made with the first factor must be saved.
    BackupCodes,
    /// The address must be proven first.
    VerifyEmail,
    /// A new password must be chosen first.
    ChangePassword,
    /// A passkey is offered; the person may go on without.
    OfferPasskey,
    /// Allow or deny the application.
    Consent,
    /// Done; the answer was given.
    Finished,
}

/// What a person does at a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Choose a session in the account chooser.
    SelectAccount,
    /// Leave the chooser for another account.
    UseAnotherAccount,
    /// Submit identifier and password.
    SubmitPassword,
    /// Sign in by a passkey, without a password.
    SignInWithPasskey,
    /// Prove a second factor.
    ProveFactor,
    /// Have a code sent.
    SendCode,
    /// Set a second factor up.
    EnrolFactor,
    /// Go on without one, while grace lasts.
    SkipEnrolment,
    /// "I have saved them".
    SaveBackupCodes,
    /// Submit the code that proves the address, or ask for another.
    VerifyEmail,
    /// Submit a new password where one is demanded.
    ChangePassword,
    /// Add the passkey that was offered.
    AddPasskey,
    /// "Not now", "Don't ask again".
    DeclinePasskey,
    /// Decide about the application.
    Consent,
    /// Give up and tell the application.
    Cancel,
}

impl Action {
    /// All actions, for the exhaustive test.
    pub const ALL: [Self; 15] = [
        Self::SelectAccount,
        Self::UseAnotherAccount,
        Self::SubmitPassword,
        Self::SignInWithPasskey,
        Self::ProveFactor,
        Self::SendCode,
        Self::EnrolFactor,
        Self::SkipEnrolment,
        Self::SaveBackupCodes,
        Self::VerifyEmail,
        Self::ChangePassword,
        Self::AddPasskey,
        Self::DeclinePasskey,
        Self::Consent,
        Self::Cancel,
    ];
}

/// One thing that was proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// RFC 8176 §2 value.
    pub amr: String,
    /// When.
    pub at: Timestamp,
    /// What it counts as.
    #[serde(default)]
    pub counts_as: Factor,
}

/// What a proof counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The first: a password, or an operator's one-time link in its place.
    #[default]
    First,
    /// Something the person has: an app, a phone, a mailbox, a saved code, a key.
    Second,
    /// A passkey that verified its user itself: possession with knowledge or biometry in one.
    Both,
}

impl Proof {
    /// A first factor, proven now.
    pub fn first(amr: &str, at: Timestamp) -> Self {
        let amr = amr.to_owned();
        let counts_as = Factor::First;
        Self { amr, at, counts_as }
    }

    /// A second factor, proven now.
    pub fn second(amr: &str, at: Timestamp) -> Self {
        Self {
            counts_as: Factor::Second,
            ..Self::first(amr, at)
        }
    }

    /// A passkey that verified its user, now.
    pub fn both(amr: &str, at: Timestamp) -> Self {
        Self {
            counts_as: Factor::Both,
            ..Self::first(amr, at)
        }
    }
}

impl Step {
    /// Whether a login in this step accepts an action. The whole machine as data: what is not listed is refused.
    pub const fn accepts(&self, action: Action) -> bool {
        matches!(
            (self, action),
            (Self::SelectAccount, Action::SelectAccount | Action::UseAnotherAccount | Action::Cancel)
                // Signing in by password from the chooser page is the same as leaving it first.
                | (Self::Authenticate, Action::SubmitPassword | Action::SignInWithPasskey | Action::Cancel)
                | (
                    Self::SecondFactor,
                    Action::ProveFactor | Action::SendCode | Action::UseAnotherAccount | Action::Cancel
                )
                | (
                    Self::EnrolFactor,
                    Action::EnrolFactor | Action::SendCode | Action::SkipEnrolment | Action::Cancel
                )
                | (Self::BackupCodes, Action::SaveBackupCodes | Action::Cancel)
                | (Self::VerifyEmail, Action::VerifyEmail | Action::Cancel)
                | (Self::ChangePassword, Action::ChangePassword | Action::Cancel)
                | (
                    Self::OfferPasskey,
                    Action::AddPasskey | Action::DeclinePasskey | Action::Cancel
                )
                | (Self::Consent, Action::Consent | Action::Cancel)
        )
    }

    /// The last part of the page's address.
    pub const fn path(&self) -> &'static str {
        match self {
            Self::SelectAccount => "select_account",
            Self::Authenticate => "identifier",
            Self::SecondFactor => "second_factor",
            Self::EnrolFactor => "enrol",
            Self::BackupCodes => "backup_codes",
            Self::VerifyEmail => "verify",
            Self::ChangePassword => "change_password",
            Self::OfferPasskey => "add_passkey",
            Self::Consent => "consent",
            Self::Finished => "finished",
        }
    }
}

impl LoginState {
    /// A login that begins.
    pub const fn new(purpose: Purpose, step: Step) -> Self {
        Self {
            purpose,
            step,
            identifier: None,
            user_id: None,
            proofs: Vec::new(),
            security_epoch: None,
            language: None,
            remember: false,
            reauthenticate: false,
            enrolment_skipped: false,
            set_up_at: Vec::new(),
            backup_codes_due: false,
            trust_device: false,
            offer_passkey: false,
            step_up_of: None,
            session_id: None,
            recovering: None,
        }
    }

    /// What the proofs add up to; `None` while nothing is proven.
    pub fn authentication(&self) -> Option<Authentication> {
        let times = self.proofs.iter().map(|proof| proof.at);
        // A session that is raised stays as old as the proof it goes on from: a second factor makes no password of long ago fresh.
        let at = if self.step_up_of.is_some() {
            times.min()?
        } else {
            times.max()?
        };
        let mut amr: Vec<String> = Vec::new();
        for proof in &self.proofs {
            if !amr.contains(&proof.amr) {
                amr.push(proof.amr.clone());
            }
        }
        let acr = level(&self.proofs);
        if acr == Acr::TwoFactors {
            amr.push(amr::MULTIPLE_FACTORS.to_owned());
        }
        Some(Authentication { at, amr, acr })
    }

    /// Goes on from a session whose level is not enough: what it proved counts, and only what is missing is asked for. It counts only
    /// while that session is alive.
    pub fn step_up(&mut self, session: &Session) {
        let at = session.authentication.at;
        self.user_id = Some(session.user_id);
        self.security_epoch = Some(session.security_epoch);
        self.remember = session.remember;
        self.step_up_of = Some(session.id);
        for amr in &session.authentication.amr {
            let is_first = matches!(amr.as_str(), amr::PASSWORD | amr::ONE_TIME_PASSWORD);
            self.prove(if is_first {
                Proof::first(amr, at)
            } else {
                Proof::second(amr, at)
            });
        }
    }

    /// Asks anew who it is: nothing that was proven counts any more. What was typed and asked for stays.
    pub fn begin_anew(&mut self) {
        self.step = Step::Authenticate;
        self.user_id = None;
        self.proofs = Vec::new();
        self.security_epoch = None;
        self.step_up_of = None;
        self.session_id = None;
        self.recovering = None;
    }

    /// Takes a proof down. A newer proof of the same kind takes the place of the older.
    pub fn prove(&mut self, proof: Proof) {
        self.proofs
            .retain(|other| other.amr != proof.amr || other.counts_as != proof.counts_as);
        self.proofs.push(proof);
    }
}

/// What proofs add up to. Codes to two phones are still one factor.
fn level(proofs: &[Proof]) -> Acr {
    let has = |factor| proofs.iter().any(|proof| proof.counts_as == factor);
    if has(Factor::Both) || (has(Factor::First) && has(Factor::Second)) {
        Acr::TwoFactors
    } else {
        Acr::OneFactor
    }
}

impl Login {
    /// Whether it still accepts steps.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at && self.state.step != Step::Finished
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every (state × action) pair; the table below is the whole list of what may succeed.
    #[test]
    fn no_unlisted_pair_of_step_and_action_is_accepted() {
        use Action as A;
        let listed: [(Step, &[Action]); 10] = [
            (
                Step::SelectAccount,
                &[A::SelectAccount, A::UseAnotherAccount, A::Cancel],
            ),
            (
                Step::Authenticate,
                &[A::SubmitPassword, A::SignInWithPasskey, A::Cancel],
            ),
            (
                Step::SecondFactor,
                &[A::ProveFactor, A::SendCode, A::UseAnotherAccount, A::Cancel],
            ),
            (
                Step::EnrolFactor,
                &[A::EnrolFactor, A::SendCode, A::SkipEnrolment, A::Cancel],
            ),
            (Step::BackupCodes, &[A::SaveBackupCodes, A::Cancel]),
            (Step::VerifyEmail, &[A::VerifyEmail, A::Cancel]),
            (Step::ChangePassword, &[A::ChangePassword, A::Cancel]),
            (
                Step::OfferPasskey,
                &[A::AddPasskey, A::DeclinePasskey, A::Cancel],
            ),
            (Step::Consent, &[A::Consent, A::Cancel]),
            (Step::Finished, &[]),
        ];
        for (step, accepted) in listed {
            for action in Action::ALL {
                assert_eq!(
                    step.accepts(action),
                    accepted.contains(&action),
                    "{step:?} × {action:?}"
                );
            }
        }
    }

    fn state(proofs: &[Proof]) -> LoginState {
        let purpose = Purpose::Account {
            path: "/account".into(),
            elevate: false,
        };
        let mut state = LoginState::new(purpose, Step::Authenticate);
        proofs.iter().cloned().for_each(|proof| state.prove(proof));
        state
    }

    #[test]
    fn mfa_10_amr_and_acr_say_what_was_proven_and_no_more() {
        use Acr::{OneFactor, TwoFactors};
        let first = |amr| Proof::first(amr, Timestamp(1));
        let second = |amr| Proof::second(amr, Timestamp(2));
        for (proofs, amr, acr) in [
            (vec![first("pwd")], vec!["pwd"], OneFactor),
            (
                vec![first("pwd"), second("otp")],
                vec!["pwd", "otp", "mfa"],
                TwoFactors,
            ),
            (
                vec![Proof::both("swk", Timestamp(1))],
                vec!["swk", "mfa"],
                TwoFactors,
            ),
            (vec![second("hwk")], vec!["hwk"], OneFactor),
            (
                vec![second("otp"), second("sms")],
                vec!["otp", "sms"],
                OneFactor,
            ),
            (vec![first("pwd"), first("pwd")], vec!["pwd"], OneFactor),
            (
                vec![first("otp"), second("otp")],
                vec!["otp", "mfa"],
                TwoFactors,
            ),
        ] {
            let authentication = state(&proofs).authentication();
            assert_eq!(
                authentication.map(|proven| (proven.amr, proven.acr)),
                Some((amr.iter().map(ToString::to_string).collect(), acr)),
                "{proofs:?}"
            );
        }
        assert_eq!(state(&[]).authentication(), None);
    }
}
