//! Giving up: the application is told, and no code exists (OAU-15).

use identity_domain::Id;
use identity_domain::audit::RequestContext;
use identity_domain::failure::Failure;
use identity_domain::login::{Action, Login, Purpose, Step};
use identity_domain::refusal::LoginRefusal;
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_storage::{Lost, Work};

use super::{LoginResult, Next, Outcome, load};
use crate::authorize::{self, Asked};
use crate::browser::{Browser, Cookies};
use crate::env::{Env, Visit, fault};
use identity_domain::audit::{Actor, Event};

/// Ends a login with `access_denied`, or at the account page where no application waits.
pub async fn cancel(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let now = env.now();
    let mut login = load(env, id, browser, Action::Cancel, now).await?;
    let actor = login.state.user_id.map_or(Actor::Anonymous, Actor::User);
    login.state.step = Step::Finished;
    let (next, work) = match &login.state.purpose {
        Purpose::Account { .. } => (
            Next::Account("/account".to_owned()),
            Work::unaudited("nobody asked and nothing was granted"),
        ),
        Purpose::Authorize {
            request,
            redirect_uri,
        } => {
            let client = env
                .directory
                .client(&request.client_id)
                .ok_or(Failure::Refused(LoginRefusal::Unknown))?;
            let asked = Asked {
                request: (**request).clone(),
                redirect_uri: authorize::reverify(env, request, redirect_uri)?,
                client,
            };
            let event = Event::AuthorizationRefused {
                client: asked.client.client_id.clone(),
                reason: "cancelled by the person".to_owned(),
            };
            let answer = asked.reply(&env.settings.issuer).error(&OAuthError::new(
                ErrorCode::AccessDenied,
                "the person did not continue",
            ));
            (
                Next::Answer(answer),
                env.audited(
                    asked.client.organization_id,
                    actor,
                    event,
                    Visit { context, now },
                ),
            )
        }
    };
    match env.store.commit(work.advance_login(&login)).await {
        Ok(()) => Ok(Outcome {
            next,
            cookies: Cookies::default(),
        }),
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::AlreadyFinished)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}
