//! A login without an application: the account pages ask for one.

use identity_domain::Id;
use identity_domain::failure::Fault;
use identity_domain::login::{Login, LoginState, Purpose, Step};
use identity_storage::Work;

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

async fn begin(
    env: &Env,
    state: LoginState,
    browser: &Browser,
) -> Result<(Id<Login>, Cookies), Fault> {
    let now = env.now();
    let (browser_hash, binding) = browser.bound(env.entropy.as_ref());
    let login = super::opened(env, browser_hash, state, now);
    let work =
        Work::unaudited("a login that begins; what it leads to has events").insert_login(&login);
    env.store.commit(work).await.map_err(fault)?;
    Ok((
        login.id,
        Cookies {
            binding,
            sessions: None,
        },
    ))
}
