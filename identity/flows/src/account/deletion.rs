//! The end of an account: signed out at once, waiting for its purge, and gone without a trace but for the audit log's pseudonym
//! (GDPR Art. 17, H-60).

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::email::EmailKey;
use identity_domain::failure::{Failure, Fault};
use identity_domain::job::{Job, JobKind};
use identity_domain::lockout::BudgetKey;
use identity_domain::notification::Notification;
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::EndReason;
use identity_domain::single_use::SingleUseKind;
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::{Pages, User, UserStatus};
use identity_storage::{Lost, Work};

use super::elevation::ElevatedSession;
use crate::env::{Env, Visit, fault};
use crate::jobs::mail::{to_address, to_person};
use crate::login::LoginResult;
use crate::login::password::account_mark;
use crate::mailed::{self, Pair, Presented};
use crate::{budget, jobs, session};

/// How long a deletion can be taken back.
pub const GRACE: Duration = Duration::days(30);

/// Ends the account: nobody can sign in from now on, the purge follows after [`GRACE`]. The only administrator of an organization
/// must hand over first (PRI-05).
pub async fn request(
    env: &Env,
    elevated: &ElevatedSession,
    locale: &str,
    context: &RequestContext,
) -> LoginResult<Timestamp> {
    let visit = env.visit(context);
    let user = &elevated.live().user;
    if user.managed_by.is_some() {
        return Err(Failure::Refused(LoginRefusal::ManagedByFile));
    }
    let delete_at = visit.now + GRACE;
    let mut after = user.clone();
    after.status = UserStatus::Deleted;
    after.standing.delete_at = Some(delete_at);
    after.raise_epoch(visit.now);
    let event = Event::DeletionChanged {
        user: user.id,
        change: "requested",
    };
    let (cancel, notification) = way_back(env, user, delete_at, visit.now);
    let purge = Job {
        run_at: delete_at,
        ..jobs::now(
            env,
            JobKind::PurgeUser {
                user_id: user.id,
                delete_at,
            },
            visit.now,
        )
    };
    let work = env.audited(None, Actor::User(user.id), event, visit);
    let work = cancel.issue(work).update_user(&after).enqueue(purge);
    let work = told(env, work, user, (locale, &notification), visit.now).await?;
    let reason = EndReason::AccountDeleted;
    let work = session::ending_all(env, work, &after, None, reason, visit.now).await?;
    let work = crate::admin::keeping_administrators(env, work, user.id).await?;
    match env.store.commit(work).await {
        Ok(()) => {}
        Err(Lost::Guard("administrator")) => {
            return Err(Failure::Refused(LoginRefusal::LastAdministrator));
        }
        Err(Lost::Guard(_)) => return Err(Failure::Refused(LoginRefusal::ChangedElsewhere)),
        Err(lost) => return Err(Failure::Fault(fault(lost))),
    }
    env.directory.forget_person(user.id);
    env.status.refresh(env).await?;
    jobs::wake(env);
    Ok(delete_at)
}

/// Mails the way back again to somebody who just proved that the account is theirs; whichever link is used, the others die with it.
/// Silent over the limit.
pub async fn remind(
    env: &Env,
    email: &str,
    locale: &str,
    context: &RequestContext,
) -> Result<(), Fault> {
    let visit = env.visit(context);
    let key = EmailKey::of(email);
    let Some(user) = env.store.user_by_email(&key).await? else {
        return Ok(());
    };
    let Some(delete_at) = user.standing.delete_at else {
        return Ok(());
    };
    let mailbox = BudgetKey::ProvenMailbox(format!("deletion {}", user.id));
    match budget::spend(env, &mailbox, visit.now).await {
        Ok(()) => {}
        Err(Failure::Refused(_)) => return Ok(()),
        Err(Failure::Fault(fault)) => return Err(fault),
    }
    let event = Event::MailRequested {
        user: Some(user.id),
        account: account_mark(&key),
        purpose: "deletion_cancel",
    };
    let (cancel, notification) = way_back(env, &user, delete_at, visit.now);
    let work = env.audited(None, Actor::User(user.id), event, visit);
    let work = cancel.rows(work).enqueue(jobs::now(
        env,
        to_person(env, &user, Pages::Theirs(locale), notification),
        visit.now,
    ));
    env.store.commit(work).await.map_err(fault)?;
    jobs::wake(env);
    Ok(())
}

/// Adds the mail about a deletion, to the person's address and to those that can still take a change of address back: whoever changed it
/// must not delete the account behind its owner's back.
async fn told(
    env: &Env,
    work: Work,
    user: &User,
    (locale, notification): (&str, &Notification),
    now: Timestamp,
) -> Result<Work, Fault> {
    let kind = SingleUseKind::EmailChangeUndo;
    let open = env
        .store
        .open_artefacts(kind, &user.id.to_string(), now)
        .await?;
    let mut addresses = vec![user.email.clone()];
    for former in open.iter().filter_map(mailed::new_address) {
        if addresses.iter().all(|known| known.key() != former.key()) {
            addresses.push(former);
        }
    }
    let pages = Pages::Theirs(locale);
    let own = to_person(env, user, pages, notification.clone());
    let work = work.enqueue(jobs::now(env, own, now));
    Ok(addresses.iter().skip(1).fold(work, |work, former| {
        let mail = to_address(env, user, former, (pages, notification.clone()));
        work.enqueue(jobs::now(env, mail, now))
    }))
}

/// The link that keeps the account, and the mail that brings it.
fn way_back(env: &Env, user: &User, delete_at: Timestamp, now: Timestamp) -> (Pair, Notification) {
    let cancel = mailed::pair_about(env, SingleUseKind::DeletionCancel, user, None, delete_at);
    let link = format!("/account/delete/cancel/{}", cancel.link.expose());
    let notification = Notification::DeletionRequested {
        cancel_link: env.settings.url(&link),
        delete_at,
        at: now,
    };
    (cancel, notification)
}

/// Whose deletion a mailed link would cancel. Consumes nothing.
pub async fn peek(env: &Env, presented: &Presented) -> LoginResult<User> {
    let dead = || Failure::Refused(LoginRefusal::LinkDead);
    let user = env
        .store
        .user(presented.user_id)
        .await?
        .filter(User::waits_for_deletion)
        .ok_or_else(dead)?;
    let tenant = presented.user_id.to_string();
    let kind = SingleUseKind::DeletionCancel;
    let artefact = env
        .store
        .artefact(kind, &tenant, presented.value_hash)
        .await?
        .ok_or_else(dead)?;
    if mailed::is_good(&artefact, &user, env.now()) {
        Ok(user)
    } else {
        Err(dead())
    }
}

/// Whose link it is, if it kept the account.
pub async fn kept_by(env: &Env, presented: &Presented) -> LoginResult<User> {
    let user = env.store.user(presented.user_id).await?;
    let tenant = presented.user_id.to_string();
    let artefact = env
        .store
        .artefact(SingleUseKind::DeletionCancel, &tenant, presented.value_hash);
    match (user.filter(User::is_active), artefact.await?) {
        (Some(user), Some(artefact))
            if artefact.used_at.is_some() && mailed::is_bound(&artefact, &user) =>
        {
            Ok(user)
        }
        _ => Err(Failure::Refused(LoginRefusal::LinkDead)),
    }
}

/// Takes a deletion back. The person signs in again as before.
pub async fn cancel(
    env: &Env,
    presented: &Presented,
    context: &RequestContext,
) -> LoginResult<User> {
    let visit = env.visit(context);
    let mut user = peek(env, presented).await?;
    let event = Event::DeletionChanged {
        user: user.id,
        change: "cancelled",
    };
    user.keep(visit.now);
    let work = env.audited(None, Actor::User(user.id), event, visit);
    let kind = SingleUseKind::DeletionCancel;
    let work = mailed::consume(work, kind, presented, visit.now).update_user(&user);
    match env.store.commit(work).await {
        Ok(()) => {
            env.directory.forget_person(user.id);
            Ok(user)
        }
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::LinkDead)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// Adds that a deletion was taken back by other means than its own link, where one was asked for.
pub(super) fn kept(env: &Env, work: Work, user: &User, visit: Visit<'_>) -> Work {
    if !user.waits_for_deletion() {
        return work;
    }
    let event = Event::DeletionChanged {
        user: user.id,
        change: "cancelled",
    };
    work.and_event(env.record(None, Actor::User(user.id), event, visit))
}

/// The purge itself, at the instant that was promised. A deletion that was cancelled, or asked for anew, is not this one.
pub async fn purge(env: &Env, id: Id<User>, delete_at: Timestamp) -> Result<(), Fault> {
    let context = RequestContext::default();
    let visit = env.visit(&context);
    let due = env.store.user(id).await?.is_some_and(|user| {
        user.waits_for_deletion() && user.standing.delete_at == Some(delete_at)
    });
    if !due {
        return Ok(());
    }
    let event = Event::DeletionChanged {
        user: id,
        change: "purged",
    };
    let work = env
        .audited(None, Actor::System, event, visit)
        .delete_user(id, visit.now)
        .forget_values_of(&id.to_string());
    match env.store.commit(work).await {
        // Purged by another node in the same moment.
        Ok(()) | Err(Lost::Guard(_)) => {}
        Err(lost) => return Err(fault(lost)),
    }
    env.directory.forget_person(id);
    // What was deleted still lies in free pages and in the write-ahead log until they are written over (PRI-02).
    env.store.scrub().await
}
