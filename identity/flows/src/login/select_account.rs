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
use crate::authorize::{self, Asked};
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

/// Turns a login that still asks who it is to the account chooser, once somebody signed in in another tab who could go on with it.
/// A login that wants a proof of its own, by `prompt=login` or "Use another account", asks on.
pub async fn look_around(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<()> {
    if browser.sessions.is_empty() {
        return Ok(());
    }
    let now = env.now();
    let login = match load(env, id, browser, Action::SubmitPassword, now).await {
        Ok(login) if !login.state.reauthenticate => login,
        // The page itself says what is the matter.
        Ok(_) | Err(Failure::Refused(_)) => return Ok(()),
        Err(fault) => return Err(fault),
    };
    let here = session::live(env, browser, now).await?;
    if !here.iter().any(|live| came_later(live, &login)) {
        return Ok(());
    }
    let goes_on = match &login.state.purpose {
        Purpose::Account { .. } => true,
        Purpose::Authorize {
            request,
            redirect_uri,
        } => match env.directory.client(&request.client_id) {
            Some(client) if client.is_active() => {
                let asked = Asked {
                    request: (**request).clone(),
                    client,
                    redirect_uri: authorize::reverify(env, request, redirect_uri)?,
                };
                authorize::could_go_on(env, &asked, here, browser, context).await?
            }
            _ => false,
        },
    };
    if goes_on {
        match turn_to(env, login, Step::SelectAccount).await {
            Ok(_) | Err(Failure::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// Whether a session began after a login: its owner signed in in another tab meanwhile.
pub fn came_later(live: &LiveSession, login: &Login) -> bool {
    live.session.created_at > login.created_at
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
    // Nothing that one person proved may count for the next.
    login.state.begin_anew();
    login.state.identifier = None;
    login.state.reauthenticate = true;
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
