//! The use of a one-time sign-in link.

use identity_domain::audit::RequestContext;
use identity_domain::failure::Failure;
use identity_domain::login::Proof;
use identity_domain::refusal::LoginRefusal;
use identity_domain::single_use::SingleUseKind;
use identity_domain::user::User;
use identity_oauth::acr::amr;
use identity_storage::Work;

use crate::browser::Browser;
use crate::env::Env;
use crate::login::{self, LoginResult, Outcome, Taken};
use crate::mailed::{self, Presented};

/// Where a sign-in by link ends.
const AFTERWARDS: &str = "/account";

/// For whom the last part of a link's address is good now. Consumes nothing; the page shows a button.
pub async fn peek(env: &Env, text: &str) -> LoginResult<User> {
    let presented = mailed::from_link(text).ok_or(Failure::Refused(LoginRefusal::LinkDead))?;
    good(env, &presented).await
}

async fn good(env: &Env, presented: &Presented) -> LoginResult<User> {
    let dead = || Failure::Refused(LoginRefusal::LinkDead);
    let user = env
        .store
        .user(presented.user_id)
        .await?
        .filter(User::is_active)
        .ok_or_else(dead)?;
    let tenant = presented.user_id.to_string();
    let artefact = env
        .store
        .artefact(SingleUseKind::AdminLink, &tenant, presented.value_hash)
        .await?
        .ok_or_else(dead)?;
    if mailed::is_good(&artefact, &user, env.now()) {
        Ok(user)
    } else {
        Err(dead())
    }
}

/// Uses a link: signs its owner in, in this browser, after a new password where one is demanded.
pub async fn redeem(
    env: &Env,
    text: &str,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let now = env.now();
    let dead = || Failure::Refused(LoginRefusal::LinkDead);
    let presented = mailed::from_link(text).ok_or_else(dead)?;
    let user = good(env, &presented).await?;
    let owner = env.store.password_owner(&user.email.key()).await?;
    let identifier = Some(user.email.as_str().to_owned());
    let (id, begun) = login::start::for_account(env, AFTERWARDS, identifier, true, browser).await?;
    let mut login = env
        .store
        .login(id)
        .await?
        .ok_or(Failure::Refused(LoginRefusal::Unknown))?;
    login.state.prove(Proof::first(amr::ONE_TIME_PASSWORD, now));
    login.state.security_epoch = Some(user.security_epoch);
    let work = Work::unaudited("the session it leads to has its own event");
    let taken = Taken {
        login,
        must_change_password: owner.is_some_and(|owner| owner.credential.must_change),
        user,
        consented: false,
        work: mailed::consume(work, SingleUseKind::AdminLink, &presented, now),
    };
    match login::settle(env, taken, browser, context, now).await {
        Ok(mut outcome) => {
            outcome.cookies.binding = outcome.cookies.binding.or(begun.binding);
            Ok(outcome)
        }
        // The only guard besides the login's own, which nobody else knows yet, is the link's.
        Err(Failure::Refused(LoginRefusal::AlreadyFinished)) => Err(dead()),
        Err(failure) => Err(failure),
    }
}
