//! A new password where one is demanded before the sign-in goes on (NIST SP 800-63B-4: on evidence of compromise).

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::failure::Failure;
use identity_domain::login::{Action, Login};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::session::EndReason;
use identity_domain::user::User;

use super::{LoginResult, Outcome, Taken, load, settle};
use crate::account::change_password::{Replaced, not_reused, replace};
use crate::browser::Browser;
use crate::env::{Env, Visit};
use crate::jobs;
use crate::registration::checked_for;

/// Whose new password this login demands, once they have proven the old one.
pub async fn person(env: &Env, id: Id<Login>, browser: &Browser) -> LoginResult<User> {
    let login = load(env, id, browser, Action::ChangePassword, env.now()).await?;
    let unproven = || Failure::Refused(LoginRefusal::StepNotAccepted);
    let user_id = proven(&login)?;
    let user = env.store.user(user_id).await?;
    user.filter(User::is_active).ok_or_else(unproven)
}

fn proven(login: &Login) -> LoginResult<Id<User>> {
    login
        .state
        .user_id
        .filter(|_| !login.state.proofs.is_empty())
        .ok_or(Failure::Refused(LoginRefusal::StepNotAccepted))
}

/// Sets the new password of the person whose old one was just proven in this login, and goes on.
pub async fn submit(
    env: &Env,
    id: Id<Login>,
    new: &SecretString,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let now = env.now();
    let mut login = load(env, id, browser, Action::ChangePassword, now).await?;
    let user_id = proven(&login)?;
    let owner = crate::account::change_password::password_of(env, user_id)
        .await?
        .ok_or(Failure::Refused(LoginRefusal::StepNotAccepted))?;
    if login.state.security_epoch != Some(owner.user.security_epoch) {
        return Err(Failure::Refused(LoginRefusal::Expired));
    }
    let normalized = checked_for(env, &owner.user, new).await?;
    not_reused(env, Some(&owner.credential), new).await?;
    let hash = env.hashing.create(normalized).await?;
    let credential = owner
        .credential
        .clone()
        .changed(hash, env.settings.password.history, now);
    let mut after = owner.user.clone();
    after.raise_epoch(now);
    login.state.security_epoch = Some(after.security_epoch);
    let event = Event::PasswordChanged {
        user: user_id,
        how: "demanded",
    };
    let work = env.audited(None, Actor::User(user_id), event, Visit { context, now });
    let replaced = Replaced {
        user: &after,
        credential: &credential,
        previous: Some(&owner),
        keep: None,
        device_id: None,
        reason: EndReason::PasswordChanged,
    };
    let work = replace(env, work, replaced, context, now).await?;
    env.directory.forget_person(user_id);
    let outcome = settle(
        env,
        Taken {
            login,
            user: after,
            must_change_password: false,
            consented: false,
            work,
        },
        browser,
        context,
        now,
    )
    .await?;
    env.status.refresh(env).await?;
    jobs::wake(env);
    Ok(outcome)
}
