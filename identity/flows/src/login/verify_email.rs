//! The address is proven by a code typed here, or by the mailed link, here or elsewhere.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::failure::Failure;
use identity_domain::lockout::BudgetKey;
use identity_domain::login::{Action, Login};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::single_use::SingleUseKind;
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_storage::{Lost, Work};

use super::{LoginResult, Outcome, Taken, load, settle};
use crate::browser::Browser;
use crate::env::{Env, Visit, fault};
use crate::mailed::{self, Presented};
use crate::registration::{signed_up_elsewhere, verification};
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
        return go_on(
            env,
            (login, user),
            Work::unaudited("proven before, elsewhere"),
            browser,
            context,
        )
        .await;
    }
    let presented = mailed::from_code(user.id, code);
    let work = match proof(env, &presented, &user, context, now).await {
        Ok(work) => work,
        Err(Failure::Refused(_)) => {
            return Err(refused(env, Some(user.id), LoginRefusal::WrongCode, context, now).await);
        }
        Err(fault) => return Err(fault),
    };
    let mut verified = user.clone();
    verified.email_verified_at = Some(now);
    verified.standing.signed_up_in = None;
    verified.updated_at = now;
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
            go_on(
                env,
                (login, user),
                Work::unaudited("proven by the link"),
                browser,
                context,
            )
            .await
        }
        _ => Err(Failure::Refused(LoginRefusal::WrongCode)),
    }
}

/// Sends a new code and link; the older pair dies. The answer never tells whether something was sent.
pub async fn resend(
    env: &Env,
    id: Id<Login>,
    locale: &str,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Login> {
    let now = env.now();
    let login = load(env, id, browser, Action::VerifyEmail, now).await?;
    // For nobody by what was typed, so that it is spent alike and not by strangers who typed the same.
    let whose = match login.state.user_id {
        Some(user) => user.to_string(),
        None => login.state.identifier.clone().unwrap_or_default(),
    };
    let mailbox = BudgetKey::ProvenMailbox(format!("verify_email {whose}"));
    budget::spend(env, &mailbox, now).await?;
    if let Some(user) = owner(env, &login)
        .await?
        .filter(|user| user.email_verified_at.is_none())
    {
        let event = Event::MailRequested {
            user: Some(user.id),
            account: String::new(),
            purpose: "verify_email",
        };
        let work = verification(
            env,
            env.audited(None, Actor::User(user.id), event, Visit { context, now }),
            &user,
            locale,
            now,
        );
        env.store.commit(work).await.map_err(fault)?;
        jobs::wake(env);
    }
    Ok(login)
}

/// What a mailed link led to.
pub enum ByLink {
    /// The address is proven.
    Proven(Box<User>),
    /// It was confirmed in another browser than the sign-up's, perhaps by somebody who never signed up: a new password is chosen first, by
    /// this part of a link.
    ChoosePassword(SecretString),
}

/// The mailed link, confirmed by a button. Proves the address and nothing else: nobody is signed in by it.
pub async fn by_link(
    env: &Env,
    presented: &Presented,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<ByLink> {
    let now = env.now();
    let dead = || Failure::Refused(LoginRefusal::LinkDead);
    let mut user = env
        .store
        .user(presented.user_id)
        .await?
        .filter(User::is_active)
        .ok_or_else(dead)?;
    let visit = Visit { context, now };
    if let Err(failure) = good(env, presented, &user, now).await {
        let what = (SingleUseKind::EmailVerification, "verify_email");
        return Err(mailed::refused(env, what, presented, failure, visit).await);
    }
    let (work, led_to) = if signed_up_elsewhere(&user, browser) {
        // Whoever chose the password may be somebody else: it is chosen anew, and only then the address counts as proven (V16).
        let event = Event::MailRequested {
            user: Some(user.id),
            account: String::new(),
            purpose: "recovery",
        };
        let pair = mailed::pair(env, SingleUseKind::Recovery, &user, now);
        let work = env.audited(None, Actor::User(user.id), event, visit);
        let work = mailed::consume(work, SingleUseKind::EmailVerification, presented, now);
        (pair.issue(work), ByLink::ChoosePassword(pair.link))
    } else {
        let work = proof(env, presented, &user, context, now).await?;
        user.email_verified_at = Some(now);
        user.standing.signed_up_in = None;
        user.updated_at = now;
        (work.update_user(&user), ByLink::Proven(Box::new(user)))
    };
    match env.store.commit(work).await {
        Ok(()) => {}
        Err(Lost::Guard(_)) => return Err(dead()),
        Err(lost) => return Err(Failure::Fault(fault(lost))),
    }
    env.directory.forget_person(presented.user_id);
    Ok(led_to)
}

/// Whether a link would be accepted now; consumes nothing.
pub async fn peek(env: &Env, presented: &Presented) -> LoginResult<User> {
    let dead = || Failure::Refused(LoginRefusal::LinkDead);
    let user = env
        .store
        .user(presented.user_id)
        .await?
        .filter(User::is_active)
        .ok_or_else(dead)?;
    if user.email_verified_at.is_some() {
        Err(dead())
    } else {
        good(env, presented, &user, env.now()).await.map(|()| user)
    }
}

async fn good(env: &Env, presented: &Presented, user: &User, now: Timestamp) -> LoginResult<()> {
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
        Ok(())
    } else {
        Err(dead())
    }
}

/// A unit that uses a good proof up.
async fn proof(
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

async fn owner(env: &Env, login: &Login) -> LoginResult<Option<User>> {
    Ok(match login.state.user_id {
        Some(id) => env.store.user(id).await?,
        None => None,
    })
}

async fn go_on(
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
