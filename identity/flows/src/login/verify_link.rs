//! The mailed link that proves an address. It goes on only in the login that waits for it in this very browser, as the typed code does;
//! anywhere else it signs nobody in.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::failure::Failure;
use identity_domain::login::{Action, Login};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_storage::{Lost, Work};

use super::verify_email::{go_on, good, proof, verified};
use super::{LoginResult, Outcome, load};
use crate::browser::Browser;
use crate::env::{Env, Visit, fault};
use crate::mailed::{self, Presented};
use crate::registration::signed_up_elsewhere;

/// What a mailed link led to.
pub enum ByLink {
    /// The address is proven, and no login of this browser waited for it.
    Proven(Box<User>),
    /// The login that waited in this browser goes on.
    WentOn(Outcome),
    /// It was confirmed in another browser than the sign-up's, perhaps by somebody who never signed up: a new password is chosen first, by
    /// this part of a link.
    ChoosePassword(SecretString),
}

/// The mailed link, confirmed by a button. Proves the address and nothing else: whoever goes on proved the password in this browser before.
pub async fn by_link(
    env: &Env,
    presented: &Presented,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<ByLink> {
    let now = env.now();
    let visit = Visit { context, now };
    let user = owner(env, presented).await?;
    let artefact = match good(env, presented, &user, now).await {
        Ok(artefact) => artefact,
        Err(failure) => {
            let what = (SingleUseKind::EmailVerification, "verify_email");
            return Err(mailed::refused(env, what, presented, failure, visit).await);
        }
    };
    if signed_up_elsewhere(&user, browser) {
        // Whoever chose the password may be somebody else: it is chosen anew, and only then the address counts as proven (V16).
        let event = Event::MailRequested {
            user: Some(user.id),
            account: String::new(),
            purpose: "recovery",
        };
        let pair = mailed::pair(env, SingleUseKind::Recovery, &user, now);
        let work = env.audited(None, Actor::User(user.id), event, visit);
        let work = mailed::consume(work, SingleUseKind::EmailVerification, presented, now);
        commit(env, pair.issue(work), &user).await?;
        return Ok(ByLink::ChoosePassword(pair.link));
    }
    let verified = verified(&user, now);
    if let Some(login) = waiting(env, &artefact, &user, browser, now).await? {
        let work = proof(env, presented, &user, context, now).await?;
        let work = work.update_user(&verified);
        match go_on(env, (login, verified.clone()), work, browser, context).await {
            Ok(outcome) => {
                env.directory.forget_person(user.id);
                return Ok(ByLink::WentOn(outcome));
            }
            // What stops the sign-in does not stop the proof.
            Err(Failure::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    let work = proof(env, presented, &user, context, now).await?;
    commit(env, work.update_user(&verified), &user).await?;
    Ok(ByLink::Proven(Box::new(verified)))
}

/// Whose address a link would prove now, and the login of this browser that waits for it; consumes nothing.
pub async fn peek(
    env: &Env,
    presented: &Presented,
    browser: &Browser,
) -> LoginResult<(User, Option<Id<Login>>)> {
    let now = env.now();
    let user = owner(env, presented).await?;
    if user.email_verified_at.is_some() {
        return Err(dead());
    }
    let artefact = good(env, presented, &user, now).await?;
    let waiting = waiting(env, &artefact, &user, browser, now).await?;
    Ok((user, waiting.map(|login| login.id)))
}

/// The login that the mail was sent for, if it was begun in this browser, still waits there, and what it proved of the person counts.
async fn waiting(
    env: &Env,
    artefact: &Artefact,
    user: &User,
    browser: &Browser,
    now: Timestamp,
) -> LoginResult<Option<Login>> {
    let Some(id) = mailed::login(artefact) else {
        return Ok(None);
    };
    match load(env, id, browser, Action::VerifyEmail, now).await {
        Ok(login) => Ok(Some(login).filter(|login| {
            login.state.user_id == Some(user.id)
                && login.state.security_epoch == Some(user.security_epoch)
        })),
        Err(Failure::Refused(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

async fn owner(env: &Env, presented: &Presented) -> LoginResult<User> {
    let found = env.store.user(presented.user_id).await?;
    found.filter(User::is_active).ok_or_else(dead)
}

async fn commit(env: &Env, work: Work, user: &User) -> LoginResult<()> {
    match env.store.commit(work).await {
        Ok(()) => {
            env.directory.forget_person(user.id);
            Ok(())
        }
        Err(Lost::Guard(_)) => Err(dead()),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

const fn dead() -> Failure<LoginRefusal> {
    Failure::Refused(LoginRefusal::LinkDead)
}
