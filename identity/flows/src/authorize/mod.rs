//! The authorization endpoint. Until client and redirect URI are verified, errors are pages; from then on they go to the application.

mod answer;
mod choose;
pub mod level;
mod receive;

pub use answer::issue_code;
pub use receive::{Unanswerable, audience, receive, reverify};

use std::sync::Arc;

use identity_domain::Id;
use identity_domain::audit::{Event, RequestContext};
use identity_domain::client::Client;
use identity_domain::failure::Fault;
use identity_domain::login::{Login, LoginState, Purpose, Step};
use identity_oauth::authorization_request::AuthorizationRequest;
use identity_oauth::authorization_response::{AuthorizationResponse, Reply};
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_oauth::redirect_uri::VerifiedRedirectUri;
use identity_storage::Work;

use crate::browser::{Browser, Cookies};
use crate::env::{Env, Visit, fault};
use crate::login::start;
use crate::refusals;
use crate::session::{self, LiveSession};
use choose::Choice;

/// A request whose client and redirect URI are verified.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request as parsed.
    pub request: AuthorizationRequest,
    /// Who asks.
    pub client: Arc<Client>,
    /// Where the answer goes.
    pub redirect_uri: VerifiedRedirectUri,
}

/// What the browser does next.
#[derive(Debug)]
pub enum Decision {
    /// Back to the application.
    Answer(AuthorizationResponse),
    /// To the page of a new login.
    Interact(Id<Login>, Step, Cookies),
}

impl Asked {
    /// How and where answers go.
    pub fn reply<'a>(&'a self, issuer: &'a str) -> Reply<'a> {
        Reply {
            redirect_uri: &self.redirect_uri,
            response_mode: self.request.response_mode,
            state: self.request.state.as_deref(),
            issuer,
        }
    }
}

/// Answers at once where a session suffices, else begins a login.
pub async fn decide(
    env: &Env,
    asked: Asked,
    browser: &Browser,
    context: &RequestContext,
) -> Result<Decision, Fault> {
    let visit = env.visit(context);
    let here = session::live(env, browser, visit.now).await?;
    match choose::choose(env, &asked, here, browser, visit).await? {
        Choice::Use(mut live) => {
            session::touch(env, &mut live.session, visit.now).await?;
            let work = Work::unaudited("the code has its own event");
            let (answer, work) = issue_code(env, &asked, &live.session, work, visit).await?;
            env.store.commit(work).await.map_err(fault)?;
            Ok(Decision::Answer(answer))
        }
        Choice::Refuse(code, why) => Ok(Decision::Answer(
            refuse(env, &asked, code, why, visit).await?,
        )),
        Choice::StepUp(step, live) => {
            let mut state = state_of(asked, step.clone());
            state.identifier = Some(live.user.email.as_str().to_owned());
            state.step_up(&live.session);
            let (id, cookies) = store(env, state, browser).await?;
            Ok(Decision::Interact(id, step, cookies))
        }
        Choice::Ask {
            step,
            reauthenticate,
            identifier,
            session_id,
        } => {
            let mut state = state_of(asked, step.clone());
            state.reauthenticate = reauthenticate;
            state.identifier = identifier;
            state.session_id = session_id.map(|(session, _)| session);
            state.user_id = session_id.map(|(_, user)| user);
            let (id, cookies) = store(env, state, browser).await?;
            Ok(Decision::Interact(id, step, cookies))
        }
    }
}

/// Whether somebody who is signed in here could answer a request without proving themselves anew.
pub async fn could_go_on(
    env: &Env,
    asked: &Asked,
    here: Vec<LiveSession>,
    browser: &Browser,
    context: &RequestContext,
) -> Result<bool, Fault> {
    let choice = choose::choose(env, asked, here, browser, env.visit(context)).await?;
    Ok(match choice {
        Choice::Use(_) | Choice::StepUp(..) => true,
        Choice::Ask { step, .. } => step != Step::Authenticate,
        Choice::Refuse(..) => false,
    })
}

/// Begins a login for somebody else than whoever is signed in here.
pub async fn begin(
    env: &Env,
    asked: Asked,
    step: Step,
    browser: &Browser,
) -> Result<(Id<Login>, Cookies), Fault> {
    let mut state = state_of(asked, step);
    state.reauthenticate = true;
    store(env, state, browser).await
}

fn state_of(asked: Asked, step: Step) -> LoginState {
    let redirect_uri = asked.redirect_uri.as_str().to_owned();
    let request = Box::new(asked.request);
    LoginState::new(
        Purpose::Authorize {
            request,
            redirect_uri,
        },
        step,
    )
}

async fn store(
    env: &Env,
    mut state: LoginState,
    browser: &Browser,
) -> Result<(Id<Login>, Cookies), Fault> {
    if let Purpose::Authorize { request, .. } = &state.purpose
        && !request.ui_locales.is_empty()
    {
        state.language.clone_from(&browser.language);
    }
    start::begin(env, state, browser).await
}

/// Records a refusal and turns it into an answer for the application.
pub async fn refuse(
    env: &Env,
    asked: &Asked,
    code: ErrorCode,
    why: &str,
    visit: Visit<'_>,
) -> Result<AuthorizationResponse, Fault> {
    let event = Event::AuthorizationRefused {
        client: asked.client.client_id.clone(),
        reason: format!("{}: {why}", code.as_str()),
    };
    refusals::record(env, asked.client.organization_id, event, visit).await?;
    Ok(asked
        .reply(&env.settings.issuer)
        .error(&OAuthError::new(code, why)))
}
