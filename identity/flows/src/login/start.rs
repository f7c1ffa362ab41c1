//! A login without an application: the account pages ask for one.

use identity_domain::Id;
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::{Action, Login, LoginState, Purpose, Step};
use identity_domain::refusal::LoginRefusal;
use identity_storage::{Lost, Work};

use super::LoginResult;
use crate::browser::{Browser, Cookies};
use crate::env::{Env, fault};

/// Begins a login that ends at a page of ours. `reauthenticate` asks a signed-in person to prove themselves again.
pub async fn for_account(
    env: &Env,
    path: &str,
    identifier: Option<String>,
    reauthenticate: bool,
    browser: &Browser,
) -> Result<(Id<Login>, Cookies), Fault> {
    let purpose = Purpose::Account {
        path: path.to_owned(),
        elevate: false,
    };
    let mut state = LoginState::new(purpose, Step::Authenticate);
    state.identifier = identifier;
    state.reauthenticate = reauthenticate;
    begin(env, state, browser).await
}

/// Begins a login in which a signed-in person proves themselves anew, at the account's own level, before a change of how they sign in.
/// It comes back to `path`.
pub async fn to_elevate(
    env: &Env,
    path: &str,
    identifier: &str,
    browser: &Browser,
) -> Result<(Id<Login>, Cookies), Fault> {
    let purpose = Purpose::Account {
        path: path.to_owned(),
        elevate: true,
    };
    let mut state = LoginState::new(purpose, Step::Authenticate);
    state.identifier = Some(identifier.to_owned());
    state.reauthenticate = true;
    begin(env, state, browser).await
}

/// A login that remembers the address typed in its browser: the one in hand where it still asks who it is, a new one where not.
/// Nothing is proven by it.
pub async fn remembering(
    env: &Env,
    id: Option<Id<Login>>,
    identifier: &str,
    browser: &Browser,
) -> Result<(Id<Login>, Cookies), Fault> {
    if let Some(id) = id {
        match remembered(env, id, identifier, browser).await {
            Ok(()) => return Ok((id, Cookies::default())),
            Err(Failure::Refused(_)) => {}
            Err(Failure::Fault(fault)) => return Err(fault),
        }
    }
    for_account(env, "/account", Some(identifier.to_owned()), false, browser).await
}

/// Keeps the address typed in a login that asks for one.
pub async fn remembered(
    env: &Env,
    id: Id<Login>,
    identifier: &str,
    browser: &Browser,
) -> LoginResult<()> {
    let mut login = super::load(env, id, browser, Action::SubmitPassword, env.now()).await?;
    if login.state.identifier.as_deref() == Some(identifier) {
        return Ok(());
    }
    if super::is_step_up(&login) {
        return Err(Failure::Refused(LoginRefusal::StepNotAccepted));
    }
    login.state.identifier = Some(identifier.to_owned());
    login.state.recovering = None;
    let work = Work::unaudited("what was typed is no event").advance_login(&login);
    match env.store.commit(work).await {
        // Another tab was faster; what it did counts.
        Ok(()) | Err(Lost::Guard(_)) => Ok(()),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// Begins a login in its first step, bound to the browser.
pub(crate) async fn begin(
    env: &Env,
    state: LoginState,
    browser: &Browser,
) -> Result<(Id<Login>, Cookies), Fault> {
    let now = env.now();
    let (browser_hash, binding) = browser.bound(env.entropy.as_ref());
    let login = super::opened(env, browser_hash, state, now);
    let work = Work::unaudited("a login that begins; what it leads to has events")
        .insert_login(&login)
        .without_sync();
    env.store.commit(work).await.map_err(fault)?;
    Ok((
        login.id,
        Cookies {
            binding,
            ..Cookies::default()
        },
    ))
}
