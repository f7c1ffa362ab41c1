//! A login from its first page to its answer. Each file takes one step and comes back to [`settle`], which asks [`next`] what comes next.

mod assurance;
pub mod backup_codes;
pub mod cancel;
pub mod change_password;
pub mod consent;
pub mod enrol;
pub mod next;
pub mod offer;
pub mod passkey;
pub mod password;
pub mod restart;
pub mod second_factor;
pub mod select_account;
mod settle;
pub mod start;
pub mod verify_email;
pub mod verify_link;
pub mod view;

pub use assurance::{Here, demand, elevates};
pub use settle::settle;

use identity_domain::Id;
use identity_domain::email::EmailKey;
use identity_domain::failure::Failure;
use identity_domain::login::{Action, LIFETIME, Login, LoginState, Purpose, Step};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::ValueHash;
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_oauth::authorization_response::AuthorizationResponse;
use identity_storage::Work;

use crate::browser::{Browser, Cookies};
use crate::env::Env;

/// The result of a step: where the browser goes, and which cookies it takes along.
#[derive(Debug)]
pub struct Outcome {
    /// Where to.
    pub next: Next,
    /// With what.
    pub cookies: Cookies,
}

/// Where a browser goes after a step.
#[derive(Debug)]
pub enum Next {
    /// To the page of this login's step.
    Page(Id<Login>, Step),
    /// Back to the application.
    Answer(AuthorizationResponse),
    /// To a page of the account.
    Account(String),
}

/// What a step has established, on its way to [`settle`].
pub struct Taken {
    /// The login with its new proofs.
    pub login: Login,
    /// Who it is.
    pub user: User,
    /// Whether a new password is demanded.
    pub must_change_password: bool,
    /// Whether "Allow" was pressed just now.
    pub consented: bool,
    /// What is written with the step; holds its event.
    pub work: Work,
}

/// A result of the login family.
pub type LoginResult<T> = Result<T, Failure<LoginRefusal>>;

/// A login that begins now, bound to a browser.
pub(crate) fn opened(
    env: &Env,
    browser_hash: ValueHash,
    state: LoginState,
    now: Timestamp,
) -> Login {
    Login {
        id: env.id(now),
        browser_hash,
        state,
        created_at: now,
        expires_at: now + LIFETIME,
        version: 1,
    }
}

/// The login that takes `action` from this browser, or the reason why not: each has a page of its own that leads forward.
pub async fn load(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    action: Action,
    now: Timestamp,
) -> LoginResult<Login> {
    let login = find(env, id, browser).await?;
    if login.state.step == Step::Finished {
        return Err(Failure::Refused(LoginRefusal::AlreadyFinished));
    }
    if !login.is_open(now) {
        return Err(Failure::Refused(LoginRefusal::Expired));
    }
    if !login.state.step.accepts(action) {
        return Err(Failure::Refused(LoginRefusal::StepNotAccepted));
    }
    Ok(login)
}

/// Whether somebody who is signed in proves themselves anew before a change of how they sign in.
pub fn is_step_up(login: &Login) -> bool {
    matches!(login.state.purpose, Purpose::Account { elevate: true, .. })
}

/// Whether a step-up is answered by another account than the one that began it: its change would hit the wrong one.
pub(crate) fn of_another(login: &Login, key: &EmailKey) -> bool {
    let begun_by = login.state.identifier.as_deref().map(EmailKey::of);
    is_step_up(login) && begun_by.is_some_and(|begun_by| begun_by != *key)
}

/// The login if it exists and was begun in this browser. The binding stops login fixation: a flow address sent to a victim works
/// in the attacker's browser only (SES-01).
pub(crate) async fn find(env: &Env, id: Id<Login>, browser: &Browser) -> LoginResult<Login> {
    let login = env
        .store
        .login(id)
        .await?
        .ok_or(Failure::Refused(LoginRefusal::Unknown))?;
    match browser.binding_hash() {
        None => Err(Failure::Refused(LoginRefusal::NoBrowserCookie)),
        Some(hash) if !hash.matches(&login.browser_hash) => {
            Err(Failure::Refused(LoginRefusal::OtherBrowser))
        }
        Some(_) => Ok(login),
    }
}
