//! The account chooser.

use identity_domain::Id;
use identity_domain::audit::RequestContext;
use identity_domain::factor::Demand;
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::{Action, Login, Purpose, Step};
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::Session;
use identity_domain::time::Duration;
use identity_storage::{Lost, Work};

use super::{Here, LoginResult, Next, Outcome, Taken, demand, load, settle};
use crate::account::elevation::FRESH_FOR;
use crate::browser::{Browser, Cookies};
use crate::env::{Env, Visit, fault};
use crate::session::{self, LiveSession};

/// Goes on as one of the people signed in here. A session that is too old for the request asks for the password of that person.
pub async fn select(
    env: &Env,
    id: Id<Login>,
    chosen: Id<Session>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let now = env.now();
    let mut login = load(env, id, browser, Action::SelectAccount, now).await?;
    let here = session::live(env, browser, now).await?;
    let live = here
        .into_iter()
        .find(|live| live.session.id == chosen)
        .ok_or(Failure::Refused(LoginRefusal::SignedOut))?;
    let max_age = match &login.state.purpose {
        Purpose::Authorize { request, .. } => request.max_age.or_else(|| {
            let client = env.directory.client(&request.client_id)?;
            client.metadata.default_max_age
        }),
        Purpose::Account { .. } => None,
    };
    login.state.identifier = Some(live.user.email.as_str().to_owned());
    if max_age.is_some_and(|max_age| {
        !live
            .session
            .is_fresh(Duration::seconds(i64::from(max_age)), now)
    }) {
        login.state.reauthenticate = true;
        return turn_to(env, login, Step::Authenticate).await;
    }
    let visit = Visit { context, now };
    if let Some(step) = missing(env, &login, &live, browser, visit).await? {
        if step == Step::Authenticate {
            login.state.reauthenticate = true;
        } else {
            login.state.step_up(&live.session);
        }
        return turn_to(env, login, step).await;
    }
    let work = Work::unaudited("choosing among one's own sessions; the code has its own event");
    settle(
        env,
        Taken {
            login,
            user: live.user,
            must_change_password: false,
            consented: false,
            work,
        },
        browser,
        context,
        now,
    )
    .await
}

/// What the session that was chosen must be raised by, as for the only one of a browser (H-63). A second factor is added by whoever proved
/// themselves a moment ago (H-45).
async fn missing(
    env: &Env,
    login: &Login,
    live: &LiveSession,
    browser: &Browser,
    visit: Visit<'_>,
) -> Result<Option<Step>, Fault> {
    let here = Here::of(&login.state, &live.user, Some(live), browser);
    Ok(match demand(env, &here, visit).await? {
        Demand::Nothing => None,
        Demand::Proof => Some(Step::SecondFactor),
        Demand::Enrolment { .. } if live.session.is_fresh(FRESH_FOR, visit.now) => {
            Some(Step::EnrolFactor)
        }
        Demand::Enrolment { .. } => Some(Step::Authenticate),
    })
}

/// Goes on to the password page for somebody else.
pub async fn another(env: &Env, id: Id<Login>, browser: &Browser) -> LoginResult<Outcome> {
    let mut login = load(env, id, browser, Action::UseAnotherAccount, env.now()).await?;
    login.state.identifier = None;
    login.state.reauthenticate = true;
    // Nothing that one person proved may count for the next.
    login.state.user_id = None;
    login.state.proofs = Vec::new();
    login.state.security_epoch = None;
    login.state.step_up_of = None;
    turn_to(env, login, Step::Authenticate).await
}

async fn turn_to(env: &Env, mut login: Login, step: Step) -> LoginResult<Outcome> {
    login.state.step = step.clone();
    match env
        .store
        .commit(Work::unaudited("from one page to the next").advance_login(&login))
        .await
    {
        Ok(()) => Ok(Outcome {
            next: Next::Page(login.id, step),
            cookies: Cookies::default(),
        }),
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::StepNotAccepted)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}
