//! How sure we are of a person in a login, and what is still to be asked.

use identity_domain::factor::{self, Circumstances, Demand, Factors};
use identity_domain::failure::Fault;
use identity_domain::login::{LoginState, Purpose};
use identity_domain::session::Acr;
use identity_domain::user::User;

use super::offer;
use crate::authorize::level::{Level, level};
use crate::browser::Browser;
use crate::device;
use crate::env::{Env, Visit};
use crate::session::LiveSession;

/// All that the decision depends on.
pub struct Here<'a> {
    /// The login's.
    pub state: &'a LoginState,
    /// Who it is.
    pub user: &'a User,
    /// The session it goes on with.
    pub session: Option<&'a LiveSession>,
    /// The browser.
    pub browser: &'a Browser,
}

impl<'a> Here<'a> {
    /// Puts it together.
    pub fn of(
        state: &'a LoginState,
        user: &'a User,
        session: Option<&'a LiveSession>,
        browser: &'a Browser,
    ) -> Self {
        Self {
            state,
            user,
            session,
            browser,
        }
    }
}

/// What a login must still ask of a person, who reached a level by proofs of this login or by the session they have here.
pub async fn demand(env: &Env, here: &Here<'_>, visit: Visit<'_>) -> Result<Demand, Fault> {
    let (demand, _) = weigh(env, here, visit).await?;
    Ok(demand)
}

/// The same, and whether a passkey is offered once nothing is to be asked any more.
pub(super) async fn assess(
    env: &Env,
    here: &Here<'_>,
    visit: Visit<'_>,
) -> Result<(Demand, bool), Fault> {
    let (demand, factors) = weigh(env, here, visit).await?;
    let offers_passkey = demand == Demand::Nothing
        && offer::is_due(env, here.state, here.user, factors.as_ref(), visit.now).await?;
    Ok((demand, offers_passkey))
}

/// What must still be asked, with what the person has where it had to be looked up.
async fn weigh(
    env: &Env,
    here: &Here<'_>,
    visit: Visit<'_>,
) -> Result<(Demand, Option<Factors>), Fault> {
    let Here {
        state,
        user,
        session,
        browser,
    } = *here;
    let reached = reached(state, session);
    let required = is_required(env, state);
    if reached == Acr::TwoFactors {
        return Ok((Demand::Nothing, None));
    }
    // A session knows whether its owner has a second factor: most sign-ins need no second look.
    let policy = &env.settings.mfa;
    let nothing_to_ask = session.is_some_and(|live| !live.has_second_factor)
        && state.proofs.is_empty()
        && !required
        && !policy.required;
    if nothing_to_ask {
        return Ok((Demand::Nothing, None));
    }
    let credentials = env.store.credentials_of(user.id).await?;
    let factors = Factors::of(user, &credentials);
    let trusted = factors.is_enrolled()
        && !elevates(state)
        && device::is_trusted(env, user.id, browser, visit).await?;
    let grace_is_over = user
        .standing
        .mfa_grace_until
        .map_or(policy.grace.0 == 0, |until| visit.now >= until);
    let demand = factor::demand(Circumstances {
        factors: &factors,
        policy,
        reached,
        // A change of how a person signs in needs the account's own level, not more.
        required: required || (elevates(state) && factors.is_enrolled()),
        trusted,
        // A session that was begun within the time of grace is not stopped at every application.
        skipped: state.enrolment_skipped
            || (state.proofs.is_empty() && user.standing.mfa_grace_until.is_some()),
        grace_is_over,
    });
    Ok((demand, Some(factors)))
}

/// The level proven so far: by this login, else by the session it goes on with.
fn reached(state: &LoginState, session: Option<&LiveSession>) -> Acr {
    state
        .authentication()
        .map(|proven| proven.acr)
        .or_else(|| session.map(|live| live.session.authentication.acr))
        .unwrap_or(Acr::OneFactor)
}

fn is_required(env: &Env, state: &LoginState) -> bool {
    match &state.purpose {
        Purpose::Authorize { request, .. } => {
            level(request, &env.settings.mfa) == Level::Required(Acr::TwoFactors)
        }
        Purpose::Account { .. } => false,
    }
}

/// Whether the login is there to let a person change how they sign in.
pub fn elevates(state: &LoginState) -> bool {
    matches!(state.purpose, Purpose::Account { elevate: true, .. })
}
