//! A passkey, offered right after a password (H-42). Who declines is not asked again soon, or ever.

use identity_domain::Id;
use identity_domain::audit::RequestContext;
use identity_domain::factor::Factors;
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::{Action, Login, LoginState, Step};
use identity_domain::passkey_offer::{self, Declined};
use identity_domain::refusal::LoginRefusal;
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_storage::{Account, Work};

use super::enrol::taken;
use super::passkey;
use super::second_factor::{bound_to, owner};
use super::{LoginResult, Outcome, find, load, settle};
use crate::account::elevation::FRESH_FOR;
use crate::browser::Browser;
use crate::env::{Env, Visit};
use crate::factors;
use crate::factors::webauthn::{self, Answer, NewKey};

/// Whether the person is offered a passkey now. `known`: what they have, where the caller looked already; nobody is looked up who is not
/// to be asked anyway.
pub(super) async fn is_due(
    env: &Env,
    state: &LoginState,
    user: &User,
    known: Option<&Factors>,
    now: Timestamp,
) -> Result<bool, Fault> {
    if !passkey_offer::may_ask(state, user, FRESH_FOR, now) || !webauthn::is_offered(&env.settings)
    {
        return Ok(false);
    }
    if let Some(factors) = known {
        return Ok(passkey_offer::is_wanting(state, factors));
    }
    let credentials = env.store.credentials_of(user.id).await?;
    let factors = Factors::of(user, &credentials);
    Ok(passkey_offer::is_wanting(state, &factors))
}

/// What the page shows.
pub struct Offer {
    /// Whose.
    pub account: Account,
    /// Backup codes follow, because there are none.
    pub codes_follow: bool,
    /// The browser may make one by itself (H-43).
    pub silent: bool,
}

/// What the page of a login shows that offers a passkey.
pub async fn view(env: &Env, login: &Login) -> LoginResult<Offer> {
    let account = owner(env, login).await?;
    Ok(Offer {
        codes_follow: factors::codes_due(&account),
        silent: passkey_offer::may_be_silent(&login.state, &factors::of(&account)),
        account,
    })
}

/// Leads a login on whose offer is over: a passkey came in another window, or the password is no longer fresh. `None` while it stands.
pub async fn overtaken(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Option<Outcome>> {
    let visit = env.visit(context);
    let mut login = find(env, id, browser).await?;
    if login.state.step != Step::OfferPasskey || !login.is_open(visit.now) {
        return Ok(None);
    }
    let account = owner(env, &login).await?;
    if stands(env, &login, &account, visit.now).await? {
        return Ok(None);
    }
    login.state.offer_passkey = false;
    let taken = taken(
        login,
        &account,
        Work::unaudited("from one page to the next"),
    );
    settle(env, taken, browser, context, visit.now)
        .await
        .map(Some)
}

async fn stands(
    env: &Env,
    login: &Login,
    account: &Account,
    now: Timestamp,
) -> Result<bool, Fault> {
    let factors = factors::of(account);
    is_due(env, &login.state, &account.user, Some(&factors), now).await
}

/// The login and its person, if a passkey may be added in it now.
pub(super) async fn loaded(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<(Login, Account)> {
    let login = load(env, id, browser, Action::AddPasskey, visit.now).await?;
    let account = owner(env, &login).await?;
    if stands(env, &login, &account, visit.now).await? {
        Ok((login, account))
    } else {
        Err(Failure::Refused(LoginRefusal::StepNotAccepted))
    }
}

/// Options for the browser. Silent ones are given out only where they may be.
pub(super) async fn options(
    env: &Env,
    id: Id<Login>,
    kind: NewKey,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<String> {
    let (_, account) = match kind {
        NewKey::Silent => loaded_silently(env, id, browser, visit).await?,
        NewKey::Passkey | NewKey::SecurityKey => loaded(env, id, browser, visit).await?,
    };
    webauthn::begin_registration(env, &account, kind, &bound_to(id), visit).await
}

async fn loaded_silently(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<(Login, Account)> {
    let (login, account) = loaded(env, id, browser, visit).await?;
    if passkey_offer::may_be_silent(&login.state, &factors::of(&account)) {
        Ok((login, account))
    } else {
        Err(Failure::Refused(LoginRefusal::StepNotAccepted))
    }
}

/// Stores a passkey that the browser made by itself, and goes on (H-43). Nobody touched it, so it proves nothing in this login; its owner
/// is told by mail as of any other.
pub async fn add_silently(
    env: &Env,
    id: Id<Login>,
    answer: Answer<'_>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let (mut login, account) = loaded_silently(env, id, browser, visit).await?;
    let bound_to = bound_to(id);
    let made =
        webauthn::finish_silent_registration(env, &account, &bound_to, answer, visit).await?;
    login.state.offer_passkey = false;
    let taken = taken(login, &account, made.work);
    let outcome = settle(env, taken, browser, context, visit.now).await?;
    crate::jobs::wake(env);
    Ok(outcome)
}

/// Adds the passkey, and goes on.
pub async fn add(
    env: &Env,
    id: Id<Login>,
    answer: Answer<'_>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let loaded = loaded(env, id, browser, visit).await?;
    passkey::added(env, loaded, answer, browser, visit).await
}

/// Goes on without, and remembers the answer.
pub async fn decline(
    env: &Env,
    id: Id<Login>,
    declined: Declined,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let mut login = load(env, id, browser, Action::DeclinePasskey, visit.now).await?;
    let account = owner(env, &login).await?;
    let mut user = account.user.clone();
    declined.remember(&mut user.standing, visit.now);
    login.state.offer_passkey = false;
    let work = Work::unaudited("how often passkeys are offered").update_user(&user);
    let taken = taken(login, &account, work);
    settle(env, taken, browser, context, visit.now).await
}
