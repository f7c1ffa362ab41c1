//! The one place that decides what a login waits for next, and the one gate on every way to a session.

use identity_domain::client::Client;
use identity_domain::consent::Consent;
use identity_domain::factor::Demand;
use identity_domain::login::{LoginState, Purpose, Step};
use identity_domain::organization::{Organization, OrganizationStatus};
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::Session;
use identity_domain::user::User;
use identity_oauth::prompt::Prompt;

use crate::claims;

/// What the decision needs to know.
pub struct Facts<'a> {
    /// Who it is, once proven.
    pub user: Option<&'a User>,
    /// The session that was chosen or made, if any.
    pub session: Option<&'a Session>,
    /// What must still be proven or set up.
    pub demand: Demand,
    /// Whether a new password is demanded of the person.
    pub must_change_password: bool,
    /// A passkey is to be offered.
    pub offers_passkey: bool,
    /// The application, if one asked.
    pub client: Option<&'a Client>,
    /// What the person allowed it before.
    pub consent: Option<&'a Consent>,
    /// The consent question was answered with "Allow" just now.
    pub consented: bool,
}

/// What a login waits for. Steps never name each other; they come back here.
pub fn next(state: &LoginState, facts: &Facts<'_>) -> Step {
    let Some(user) = facts.user else {
        return if state.step == Step::SelectAccount {
            Step::SelectAccount
        } else {
            Step::Authenticate
        };
    };
    if state.proofs.is_empty() && (facts.session.is_none() || state.reauthenticate) {
        return Step::Authenticate;
    }
    if user.email_verified_at.is_none() {
        return Step::VerifyEmail;
    }
    match facts.demand {
        Demand::Proof => return Step::SecondFactor,
        Demand::Enrolment { .. } => return Step::EnrolFactor,
        Demand::Nothing => {}
    }
    if state.backup_codes_due {
        return Step::BackupCodes;
    }
    if facts.must_change_password {
        return Step::ChangePassword;
    }
    if facts.offers_passkey {
        return Step::OfferPasskey;
    }
    if needs_consent(state, facts) {
        return Step::Consent;
    }
    Step::Finished
}

/// Whether the person must be asked about the application: `prompt=consent`, or its registration wants asking and an earlier answer
/// does not cover what it asks for.
fn needs_consent(state: &LoginState, facts: &Facts<'_>) -> bool {
    let (Purpose::Authorize { request, .. }, Some(client)) = (&state.purpose, facts.client) else {
        return false;
    };
    if facts.consented {
        return false;
    }
    if request.prompt.contains(Prompt::Consent) {
        return true;
    }
    client.metadata.require_consent
        && !facts
            .consent
            .is_some_and(|consent| consent.covers(claims::asked_scope(request)))
}

/// The gate on every way to a session or a token: password, refresh, recovery, link.
///
/// # Errors
/// [`LoginRefusal::Suspended`] when the person or the organization is shut out, [`LoginRefusal::BeingDeleted`] when the person asked
/// for the end of their account.
pub fn may_sign_in(user: &User, organization: Option<&Organization>) -> Result<(), LoginRefusal> {
    let organization_is_open =
        organization.is_none_or(|organization| organization.status == OrganizationStatus::Active);
    if user.is_active() && organization_is_open {
        Ok(())
    } else {
        Err(shut_out(user))
    }
}

/// Why a person who is not active may not sign in: their own wish, or somebody else's.
pub fn shut_out(user: &User) -> LoginRefusal {
    match user.standing.delete_at {
        Some(delete_at) if !user.is_active() => LoginRefusal::BeingDeleted {
            delete_at,
            zone: user.profile.zoneinfo.clone(),
        },
        _ => LoginRefusal::Suspended,
    }
}
