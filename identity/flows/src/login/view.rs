//! What the pages of a login show.

use identity_domain::Id;
use identity_domain::client::Client;
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::{Login, Purpose, Step};
use identity_domain::refusal::LoginRefusal;

use super::{LoginResult, find};
use crate::browser::Browser;
use crate::directory::Tenant;
use crate::env::Env;
use crate::session::{self, LiveSession};

/// A login as its page shows it.
pub struct View {
    /// The login.
    pub login: Login,
    /// The application, if one asked.
    pub client: Option<std::sync::Arc<Client>>,
    /// The organization it belongs to.
    pub organization: Option<std::sync::Arc<Tenant>>,
    /// Who is signed in here: for the chooser and the consent page.
    pub sessions: Vec<LiveSession>,
}

/// Loads what the page of a login shows, or the reason for another page.
pub async fn view(env: &Env, id: Id<Login>, browser: &Browser) -> LoginResult<View> {
    let now = env.now();
    let login = find(env, id, browser).await?;
    if login.state.step == Step::Finished {
        return Err(Failure::Refused(LoginRefusal::AlreadyFinished));
    }
    if !login.is_open(now) {
        return Err(Failure::Refused(LoginRefusal::Expired));
    }
    let client = match &login.state.purpose {
        Purpose::Authorize { request, .. } => env.directory.client(&request.client_id),
        Purpose::Account { .. } => None,
    };
    let organization = client
        .as_ref()
        .and_then(|client| client.organization_id)
        .and_then(|id| env.directory.organization(id));
    let sessions = match login.state.step {
        Step::SelectAccount | Step::Consent => session::live(env, browser, now).await?,
        _ => Vec::new(),
    };
    Ok(View {
        login,
        client,
        organization,
        sessions,
    })
}

/// The application that a login of this browser leads back to, over or not. `None` where there is none, or the login is not this browser's.
///
/// # Errors
/// Faults alone.
pub async fn client(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
) -> Result<Option<std::sync::Arc<Client>>, Fault> {
    match find(env, id, browser).await {
        Ok(login) => Ok(match &login.state.purpose {
            Purpose::Authorize { request, .. } => env.directory.client(&request.client_id),
            Purpose::Account { .. } => None,
        }),
        Err(Failure::Refused(_)) => Ok(None),
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

/// Where a login of this browser that is finished leads: its page of the account, or the address of its application. Never the answer
/// again, whose code was used: the application would take it for a forgery.
///
/// # Errors
/// Faults alone.
pub async fn finished(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
) -> Result<(Option<std::sync::Arc<Client>>, Option<String>), Fault> {
    match find(env, id, browser).await {
        Ok(login) => Ok(match login.state.purpose {
            Purpose::Authorize { request, .. } => {
                let client = env.directory.client(&request.client_id);
                let home = client
                    .as_ref()
                    .and_then(|client| client.metadata.client_uri.clone());
                (client, home)
            }
            Purpose::Account { path, .. } => (None, Some(path)),
        }),
        Err(Failure::Refused(_)) => Ok((None, None)),
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

impl View {
    /// Name of the application, if one asked.
    pub fn app(&self) -> Option<&str> {
        self.client.as_deref().map(Client::display_name)
    }
}
