//! One attempt to sign in: a row, a state machine. Every step names the states it accepts; nothing reaches a session except through it.

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
    /// "Keep me signed in".
    #[serde(default)]
    pub remember: bool,
    /// A session that existed and must not be used as it is: `prompt=login`, `max_age` or another account wanted.
    #[serde(default)]
    pub reauthenticate: bool,
    /// The person chose this session in the account chooser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Id<Session>>,
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
    },
}

/// What a login waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Choose one of the sessions of this browser.
    SelectAccount,
    /// Identifier and password.
    Authenticate,
    /// The address must be proven first.
    VerifyEmail,
    /// A new password must be chosen first.
    ChangePassword,
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
    /// Submit the code that proves the address, or ask for another.
    VerifyEmail,
    /// Submit a new password where one is demanded.
    ChangePassword,
    /// Decide about the application.
    Consent,
    /// Give up and tell the application.
    Cancel,
}

impl Action {
    /// All actions, for the exhaustive test.
    pub const ALL: [Self; 7] = [
        Self::SelectAccount,
        Self::UseAnotherAccount,
        Self::SubmitPassword,
        Self::VerifyEmail,
        Self::ChangePassword,
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
}

impl Step {
    /// Whether a login in this step accepts an action. The whole machine as data: what is not listed is refused.
    pub const fn accepts(&self, action: Action) -> bool {
        matches!(
            (self, action),
            (Self::SelectAccount, Action::SelectAccount | Action::UseAnotherAccount | Action::Cancel)
                // Signing in by password from the chooser page is the same as leaving it first.
                | (Self::Authenticate, Action::SubmitPassword | Action::Cancel)
                | (Self::VerifyEmail, Action::VerifyEmail | Action::Cancel)
                | (Self::ChangePassword, Action::ChangePassword | Action::Cancel)
                | (Self::Consent, Action::Consent | Action::Cancel)
        )
    }

    /// The last part of the page's address.
    pub const fn path(&self) -> &'static str {
        match self {
            Self::SelectAccount => "select_account",
            Self::Authenticate => "identifier",
            Self::VerifyEmail => "verify",
            Self::ChangePassword => "change_password",
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
            remember: false,
            reauthenticate: false,
            session_id: None,
        }
    }

    /// What the proofs add up to; `None` while nothing is proven.
    pub fn authentication(&self) -> Option<Authentication> {
        let at = self.proofs.iter().map(|proof| proof.at).max()?;
        let mut amr: Vec<String> = Vec::new();
        for proof in &self.proofs {
            if !amr.contains(&proof.amr) {
                amr.push(proof.amr.clone());
            }
        }
        Some(Authentication {
            at,
            amr,
            acr: Acr::OneFactor,
        })
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
        let listed: [(Step, &[Action]); 6] = [
            (
                Step::SelectAccount,
                &[A::SelectAccount, A::UseAnotherAccount, A::Cancel],
            ),
            (Step::Authenticate, &[A::SubmitPassword, A::Cancel]),
            (Step::VerifyEmail, &[A::VerifyEmail, A::Cancel]),
            (Step::ChangePassword, &[A::ChangePassword, A::Cancel]),
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
}
