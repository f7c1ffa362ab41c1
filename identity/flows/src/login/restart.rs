//! The way forward from a login that waited too long or was finished elsewhere: the same purpose, a new attempt.

use identity_domain::Id;
use identity_domain::audit::RequestContext;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Purpose, Step};
use identity_domain::refusal::LoginRefusal;

use super::{LoginResult, Next, Outcome, find, start};
use crate::authorize::{self, Asked, Decision};
use crate::browser::{Browser, Cookies};
use crate::env::Env;

/// Begins anew, as somebody else if `another`, from a login of this browser. Without one (another browser, or swept) the account page is the only honest start.
pub async fn restart(
    env: &Env,
    id: Id<Login>,
    another: bool,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let purpose = match find(env, id, browser).await {
        Ok(login) => login.state.purpose,
        Err(Failure::Refused(
            LoginRefusal::Unknown | LoginRefusal::OtherBrowser | LoginRefusal::NoBrowserCookie,
        )) => Purpose::Account {
            path: "/account".to_owned(),
            elevate: false,
        },
        Err(failure) => return Err(failure),
    };
    match purpose {
        Purpose::Account { path, .. } => {
            let (id, cookies) = start::for_account(env, &path, None, another, browser).await?;
            Ok(Outcome {
                next: Next::Page(id, Step::Authenticate),
                cookies,
            })
        }
        Purpose::Authorize {
            request,
            redirect_uri,
        } => {
            let client = env
                .directory
                .client(&request.client_id)
                .filter(|client| client.is_active())
                .ok_or(Failure::Refused(LoginRefusal::Unknown))?;
            let redirect_uri = authorize::reverify(env, &request, &redirect_uri)?;
            let asked = Asked {
                request: *request,
                client,
                redirect_uri,
            };
            if another {
                let (id, cookies) =
                    authorize::begin(env, asked, Step::Authenticate, browser).await?;
                return Ok(Outcome {
                    next: Next::Page(id, Step::Authenticate),
                    cookies,
                });
            }
            Ok(
                match authorize::decide(env, asked, browser, context).await? {
                    Decision::Answer(answer) => Outcome {
                        next: Next::Answer(answer),
                        cookies: Cookies::default(),
                    },
                    Decision::Interact(id, step, cookies) => Outcome {
                        next: Next::Page(id, step),
                        cookies,
                    },
                },
            )
        }
    }
}
