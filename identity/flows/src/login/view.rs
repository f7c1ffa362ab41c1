//! What the pages of a login show.

use std::sync::Arc;

use identity_domain::Id;
use identity_domain::brand::Branding;
use identity_domain::client::Client;
use identity_domain::credential::CredentialKind;
use identity_domain::email::EmailKey;
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::{Login, Purpose, Step};
use identity_domain::refusal::LoginRefusal;

use super::{LoginResult, find, is_step_up};
use crate::branding;
use crate::browser::Browser;
use crate::directory::Tenant;
use crate::env::Env;
use crate::session::{self, LiveSession};

/// A login as its page shows it.
pub struct View {
    /// The login.
    pub login: Login,
    /// The application, if one asked.
    pub client: Option<Arc<Client>>,
    /// The organization it belongs to.
    pub organization: Option<Arc<Tenant>>,
    /// What lies over the instance's looks.
    pub looks: Branding,
    /// Who is signed in here: for the chooser and the consent page.
    pub sessions: Vec<LiveSession>,
    /// The address that the login waits for was proven elsewhere.
    pub is_confirmed: bool,
    /// A passkey may be asked for: in a step-up, where the person is known, only of somebody who has one.
    pub takes_passkey: bool,
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
    let client = application(env, &login);
    let organization = client
        .as_ref()
        .and_then(|client| client.organization_id)
        .and_then(|id| env.directory.organization(id));
    let sessions = match login.state.step {
        Step::SelectAccount | Step::Consent => session::live(env, browser, now).await?,
        _ => Vec::new(),
    };
    let is_confirmed = match (&login.state.step, login.state.user_id) {
        (Step::VerifyEmail, Some(user)) => {
            let owner = env.store.user(user).await?;
            owner.is_some_and(|owner| owner.email_verified_at.is_some())
        }
        _ => false,
    };
    let takes_passkey = match login.state.identifier.as_deref() {
        Some(known) if is_step_up(&login) && login.state.step == Step::Authenticate => {
            has_passkey(env, known).await?
        }
        _ => true,
    };
    Ok(View {
        is_confirmed,
        takes_passkey,
        looks: looks(env, &login, client.as_deref()),
        login,
        client,
        organization,
        sessions,
    })
}

async fn has_passkey(env: &Env, email: &str) -> Result<bool, Fault> {
    let Some(owner) = env.store.user_by_email(&EmailKey::of(email)).await? else {
        return Ok(false);
    };
    let credentials = env.store.credentials_of(owner.id).await?;
    let mut kinds = credentials.iter().map(|credential| credential.kind);
    Ok(kinds.any(|kind| kind == CredentialKind::Webauthn))
}

/// Where a login leads in the end. Nowhere, for one that does not exist or is another browser's.
#[derive(Default)]
pub struct Destination {
    /// The application, if one asked.
    pub client: Option<Arc<Client>>,
    /// What lies over the instance's looks on the way there.
    pub looks: Branding,
    /// The page of the account, or the address of the application. Never its answer again, whose code was used: the application would
    /// take it for a forgery.
    pub url: Option<String>,
}

/// Where a login of this browser leads, over or not.
///
/// # Errors
/// Faults alone.
pub async fn destination(
    env: &Env,
    id: Option<Id<Login>>,
    browser: &Browser,
) -> Result<Destination, Fault> {
    let Some(id) = id else {
        return Ok(Destination::default());
    };
    let login = match find(env, id, browser).await {
        Ok(login) => login,
        Err(Failure::Refused(_)) => return Ok(Destination::default()),
        Err(Failure::Fault(fault)) => return Err(fault),
    };
    let client = application(env, &login);
    let looks = looks(env, &login, client.as_deref());
    let url = match login.state.purpose {
        Purpose::Authorize { .. } => client
            .as_ref()
            .and_then(|client| client.metadata.client_uri.clone()),
        Purpose::Account { path, .. } => Some(path),
    };
    Ok(Destination { client, looks, url })
}

fn looks(env: &Env, login: &Login, client: Option<&Client>) -> Branding {
    let asked = match &login.state.purpose {
        Purpose::Authorize { request, .. } => request.organization.as_deref(),
        Purpose::Account { .. } => None,
    };
    branding::on_the_way_to(env, client, asked)
}

fn application(env: &Env, login: &Login) -> Option<Arc<Client>> {
    match &login.state.purpose {
        Purpose::Authorize { request, .. } => env.directory.client(&request.client_id),
        Purpose::Account { .. } => None,
    }
}

impl View {
    /// Name of the application, if one asked.
    pub fn app(&self) -> Option<&str> {
        self.client.as_deref().map(Client::display_name)
    }
}
