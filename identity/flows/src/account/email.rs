//! A change of address: the new one is proven first, the old one is told, and can take it back for a while (H-59, INV-05): see
//! [`super::undo_email`].

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::email::EmailAddress;
use identity_domain::failure::Failure;
use identity_domain::job::Job;
use identity_domain::lockout::BudgetKey;
use identity_domain::notification::Notification;
use identity_domain::refusal::LoginRefusal;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::{Pages, User};
use identity_storage::{Lost, Work};

use super::elevation::ElevatedSession;
use crate::env::{Env, fault};
use crate::jobs::mail::{to_address, to_person};
use crate::login::LoginResult;
use crate::login::password::network_of;
use crate::mailed::{self, About, Pair, Presented};
use crate::session::LiveSession;
use crate::{budget, jobs};

/// How long the old address may take a change back.
const UNDO_FOR: Duration = Duration::days(7);

/// Sends a proof to the new address. The answer is the same whether or not it has an account already; its owner is told.
pub async fn request(
    env: &Env,
    elevated: &ElevatedSession,
    typed: &str,
    locale: &str,
    context: &RequestContext,
) -> LoginResult<EmailAddress> {
    let visit = env.visit(context);
    let user = &elevated.live().user;
    if user.managed_by.is_some() {
        return Err(Failure::Refused(LoginRefusal::ManagedByFile));
    }
    let new = EmailAddress::parse(typed.trim())
        .map_err(|_| Failure::Refused(LoginRefusal::NotAnAddress))?;
    if new.key() == user.email.key() && new.as_str() == user.email.as_str() {
        return Err(Failure::Refused(LoginRefusal::NotAnAddress));
    }
    let network = network_of(&context.address);
    let limits = [
        BudgetKey::MailAddress(format!("proven {network}")),
        BudgetKey::ProvenMailbox(format!("email_change {}", user.id)),
        BudgetKey::Mailbox(format!("email_change {}", new.key().as_str())),
    ];
    for limit in limits {
        budget::spend(env, &limit, visit.now).await?;
    }
    let event = Event::MailRequested {
        user: Some(user.id),
        account: crate::login::password::account_mark(&new.key()),
        purpose: "email_change",
    };
    let work = env.audited(None, Actor::User(user.id), event, visit);
    let owner = env
        .store
        .user_by_email(&new.key())
        .await?
        .filter(|owner| owner.id != user.id);
    let work = if let Some(owner) = &owner {
        let notification = Notification::AlreadyRegistered {
            sign_in_link: env.settings.url("/account"),
            recover_link: env.settings.url("/recover"),
            at: visit.now,
        };
        let told = to_person(env, owner, Pages::Anybodys(locale), notification);
        work.enqueue(jobs::now(env, told, visit.now))
    } else {
        let (pair, mail) = proof(env, elevated.live(), &new, locale, visit.now);
        pair.issue(work).enqueue(mail)
    };
    let mut waiting = user.clone();
    waiting.standing.new_email = Some(new.as_str().to_owned());
    waiting.updated_at = visit.now;
    match env.store.commit(work.update_user(&waiting)).await {
        Ok(()) => {}
        // Changed in another tab in the same moment: look at it again.
        Err(Lost::Guard(_)) => return Err(Failure::Refused(LoginRefusal::ChangedElsewhere)),
        Err(lost) => return Err(Failure::Fault(fault(lost))),
    }
    jobs::wake(env);
    Ok(new)
}

fn proof(
    env: &Env,
    live: &LiveSession,
    new: &EmailAddress,
    locale: &str,
    now: Timestamp,
) -> (Pair, Job) {
    let (kind, user) = (SingleUseKind::EmailChange, &live.user);
    let about = About {
        address: new,
        since: live.session.id.made_at(),
        device: live.session.device_id,
    };
    let pair = mailed::pair_about(env, kind, user, Some(about), now + mailed::LIFETIME);
    let link = format!("/account/email/confirm/{}", pair.link.expose());
    let notification = Notification::ConfirmNewEmail {
        link: env.settings.url(&link),
        code: pair.code.expose().clone(),
        expires_at: pair.expires_at,
    };
    let mail = to_address(env, user, new, (Pages::Theirs(locale), notification));
    (pair, jobs::now(env, mail, now))
}

/// Where a presented proof leads: the person, and the address that would become theirs. Consumes nothing.
pub async fn peek(env: &Env, presented: &Presented) -> LoginResult<(User, EmailAddress)> {
    let (user, new, _) = asked(env, presented).await?;
    Ok((user, new))
}

/// The same, with the row behind it.
async fn asked(env: &Env, presented: &Presented) -> LoginResult<(User, EmailAddress, Artefact)> {
    let (user, artefact) = good(env, SingleUseKind::EmailChange, presented).await?;
    let new = mailed::new_address(&artefact).ok_or(dead())?;
    Ok((user, new, artefact))
}

/// A typed code of somebody who is signed in; wrong ones count.
pub async fn by_code(
    env: &Env,
    user: Id<User>,
    code: &str,
    locale: &str,
    context: &RequestContext,
) -> LoginResult<User> {
    let budget = BudgetKey::Code(format!("email_change {user}"));
    budget::spend(env, &budget, env.now()).await?;
    match confirm(env, &mailed::from_code(user, code), locale, context).await {
        Err(Failure::Refused(LoginRefusal::LinkDead)) => {
            Err(Failure::Refused(LoginRefusal::WrongCode))
        }
        result => result,
    }
}

/// Makes the proven address the person's own and tells the old one, with a way back.
pub async fn confirm(
    env: &Env,
    presented: &Presented,
    locale: &str,
    context: &RequestContext,
) -> LoginResult<User> {
    let visit = env.visit(context);
    let now = visit.now;
    let (user, new, artefact) = match asked(env, presented).await {
        Ok(found) => found,
        Err(failure) => {
            let what = (SingleUseKind::EmailChange, "email_change");
            return Err(mailed::refused(env, what, presented, failure, visit).await);
        }
    };
    let event = Event::ProfileChanged {
        user: user.id,
        change: "email",
    };
    let work = env.audited(None, Actor::User(user.id), event, visit);
    let work = mailed::consume(work, SingleUseKind::EmailChange, presented, now);
    let mut after = user.clone();
    after.email = new;
    after.standing.new_email = None;
    after.email_verified_at = Some(now);
    after.updated_at = now;
    let kind = SingleUseKind::EmailChangeUndo;
    let back = About {
        address: &user.email,
        since: mailed::since(&artefact),
        device: mailed::device(&artefact),
    };
    let undo = mailed::pair_about(env, kind, &after, Some(back), now + UNDO_FOR);
    let link = format!("/account/email/undo/{}", undo.link.expose());
    let notification = Notification::EmailChanged {
        new: after.email.as_str().to_owned(),
        undo_link: env.settings.url(&link),
        at: now,
        address: context.address.clone(),
        user_agent: context.user_agent.clone(),
    };
    // Whoever took the account over chose the language of this page.
    let told = to_person(env, &user, Pages::Anybodys(locale), notification);
    // Earlier addresses keep their way back. Proofs of a recovery that went to the old address die with it.
    let work = undo
        .rows(work)
        .cancel(SingleUseKind::Recovery, &user.id.to_string(), None)
        .update_user(&after)
        .enqueue(jobs::now(env, told, now));
    committed(env, work).await?;
    env.directory.forget_person(after.id);
    jobs::wake(env);
    Ok(after)
}

async fn committed(env: &Env, work: Work) -> LoginResult<()> {
    match env.store.commit(work).await {
        Ok(()) => Ok(()),
        // Used elsewhere, or the address got an account in the meantime.
        Err(Lost::Guard(_) | Lost::Conflict(_)) => Err(dead()),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

pub(super) async fn good(
    env: &Env,
    kind: SingleUseKind,
    presented: &Presented,
) -> LoginResult<(User, Artefact)> {
    let is_undo = kind == SingleUseKind::EmailChangeUndo;
    let tenant = presented.user_id.to_string();
    let user = env
        .store
        .user(presented.user_id)
        .await?
        .filter(|user| user.is_active() || (is_undo && user.may_be_taken_back()))
        .ok_or(dead())?;
    let artefact = env
        .store
        .artefact(kind, &tenant, presented.value_hash)
        .await?
        .ok_or(dead())?;
    if mailed::is_good(&artefact, &user, env.now()) {
        Ok((user, artefact))
    } else {
        Err(dead())
    }
}

pub(super) const fn dead() -> Failure<LoginRefusal> {
    Failure::Refused(LoginRefusal::LinkDead)
}
