//! The address is proven by a code typed here, or elsewhere; [`super::verify_link`] is about the mailed link.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::email::EmailKey;
use identity_domain::failure::Failure;
use identity_domain::lockout::BudgetKey;
use identity_domain::login::{Action, Login};
use identity_domain::refusal::LoginRefusal;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_storage::{Lost, Work};

use super::{LoginResult, Next, Outcome, Taken, load, settle};
use crate::browser::{Browser, Cookies};
use crate::env::{Env, Visit, fault};
use crate::mailed::{self, Presented};
use crate::registration::{Waiting, remind_owner, verification};
use crate::{budget, jobs, refusals};

/// Takes a typed code. For an address that had an account before, no code is right and nothing else differs.
pub async fn submit(
    env: &Env,
    id: Id<Login>,
    code: &str,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let now = env.now();
    let login = load(env, id, browser, Action::VerifyEmail, now).await?;
    budget::spend(
        env,
        &BudgetKey::Code(format!(
            "verify {}",
            login.state.identifier.as_deref().unwrap_or_default()
        )),
        now,
    )
    .await?;
    let Some(user) = owner(env, &login).await? else {
        return Err(refused(env, None, LoginRefusal::WrongCode, context, now).await);
    };
    if user.email_verified_at.is_some() {
        return confirmed_elsewhere(env, (login, user), browser, context).await;
    }
    let presented = mailed::from_code(user.id, code);
    let work = match proof(env, &presented, &user, context, now).await {
        Ok(work) => work,
        Err(Failure::Refused(_)) => {
            return Err(refused(env, Some(user.id), LoginRefusal::WrongCode, context, now).await);
        }
        Err(fault) => return Err(fault),
    };
    let verified = verified(&user, now);
    let work = work.update_user(&verified);
    env.directory.forget_person(user.id);
    match go_on(env, (login, verified), work, browser, context).await {
        Err(Failure::Refused(LoginRefusal::AlreadyFinished)) => {
            Err(refused(env, Some(user.id), LoginRefusal::WrongCode, context, now).await)
        }
        result => result,
    }
}

/// "I have used the link": looks again, and goes on if it is so.
pub async fn look_again(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let login = load(env, id, browser, Action::VerifyEmail, env.now()).await?;
    match owner(env, &login).await? {
        Some(user) if user.email_verified_at.is_some() => {
            confirmed_elsewhere(env, (login, user), browser, context).await
        }
        _ => Err(Failure::Refused(LoginRefusal::WrongCode)),
    }
}

/// Goes on with what was proven here, while that counts. Where a password was chosen with the proof of the address, this one is asked for:
/// whoever waits here may know nothing of it.
async fn confirmed_elsewhere(
    env: &Env,
    (mut login, user): (Login, User),
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let work = Work::unaudited("proven before, elsewhere");
    if login.state.security_epoch == Some(user.security_epoch) {
        return go_on(env, (login, user), work, browser, context).await;
    }
    login.state.begin_anew();
    match env.store.commit(work.advance_login(&login)).await {
        Ok(()) => Ok(Outcome {
            next: Next::Page(login.id, login.state.step),
            cookies: Cookies::default(),
        }),
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::StepNotAccepted)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// What became of the wish for another mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resent {
    /// A mail is on its way.
    Sent,
    /// There is nothing left to prove, and no mail.
    Confirmed,
}

/// Sends a new code and link; the older pair dies. For an address that had an account before, its owner is told once more instead, and
/// the answer is the same.
pub async fn resend(
    env: &Env,
    id: Id<Login>,
    locale: &str,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Resent> {
    let now = env.now();
    let login = load(env, id, browser, Action::VerifyEmail, now).await?;
    let owner = owner(env, &login).await?;
    if owner
        .as_ref()
        .is_some_and(|user| user.email_verified_at.is_some())
    {
        return Ok(Resent::Confirmed);
    }
    // By the address, whoever typed it and whether or not it is somebody's: what is spent by one kind alone would tell (PWD-01).
    let address = match &owner {
        Some(user) => user.email.key(),
        None => EmailKey::of(login.state.identifier.as_deref().unwrap_or_default()),
    };
    let mailbox = BudgetKey::ProvenMailbox(format!("verify_email {}", address.as_str()));
    budget::spend(env, &mailbox, now).await?;
    let Some(user) = owner else {
        let identifier = login.state.identifier.as_deref().unwrap_or_default();
        remind_owner(env, identifier, locale, Visit { context, now }).await?;
        return Ok(Resent::Sent);
    };
    let event = Event::MailRequested {
        user: Some(user.id),
        account: String::new(),
        purpose: "verify_email",
    };
    let work = env.audited(None, Actor::User(user.id), event, Visit { context, now });
    let waiting = Waiting {
        user: &user,
        login: login.id,
        locale,
    };
    env.store
        .commit(verification(env, work, &waiting, now))
        .await
        .map_err(fault)?;
    jobs::wake(env);
    Ok(Resent::Sent)
}

/// The row behind a proof that would be accepted now.
pub(super) async fn good(
    env: &Env,
    presented: &Presented,
    user: &User,
    now: Timestamp,
) -> LoginResult<Artefact> {
    let dead = || Failure::Refused(LoginRefusal::LinkDead);
    let tenant = presented.user_id.to_string();
    let artefact = env
        .store
        .artefact(
            SingleUseKind::EmailVerification,
            &tenant,
            presented.value_hash,
        )
        .await?
        .ok_or_else(dead)?;
    if mailed::is_good(&artefact, user, now) {
        Ok(artefact)
    } else {
        Err(dead())
    }
}

/// A unit that uses a good proof up.
pub(super) async fn proof(
    env: &Env,
    presented: &Presented,
    user: &User,
    context: &RequestContext,
    now: Timestamp,
) -> LoginResult<Work> {
    good(env, presented, user, now).await?;
    let work = env.audited(
        None,
        Actor::User(user.id),
        Event::EmailVerified { user: user.id },
        Visit { context, now },
    );
    Ok(mailed::consume(
        work,
        SingleUseKind::EmailVerification,
        presented,
        now,
    ))
}

/// The person with the address proven now.
pub(super) fn verified(user: &User, now: Timestamp) -> User {
    let mut verified = user.clone();
    verified.email_verified_at = Some(now);
    verified.standing.signed_up_in = None;
    verified.updated_at = now;
    verified
}

async fn owner(env: &Env, login: &Login) -> LoginResult<Option<User>> {
    Ok(match login.state.user_id {
        Some(id) => env.store.user(id).await?,
        None => None,
    })
}

pub(super) async fn go_on(
    env: &Env,
    proven: (Login, User),
    work: Work,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let (login, user) = proven;
    let must_change_password = crate::account::change_password::password_of(env, user.id)
        .await?
        .is_some_and(|owner| owner.credential.must_change);
    settle(
        env,
        Taken {
            login,
            user,
            must_change_password,
            consented: false,
            work,
        },
        browser,
        context,
        env.now(),
    )
    .await
}

async fn refused(
    env: &Env,
    user: Option<Id<User>>,
    refusal: LoginRefusal,
    context: &RequestContext,
    now: Timestamp,
) -> Failure<LoginRefusal> {
    let event = Event::CodeRefused {
        user,
        purpose: "verify_email",
        reason: refusal.reason(),
    };
    refusals::refused(env, event, refusal, Visit { context, now }).await
}
