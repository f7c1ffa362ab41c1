//! A change of address that the owner of the old one takes back: somebody else was in the account (H-59, INV-05).

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::email::EmailAddress;
use identity_domain::failure::Failure;
use identity_domain::intrusion::Intrusion;
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::EndReason;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::user::User;
use identity_storage::{Lost, Work};

use super::email::{dead, good};
use crate::browser::Browser;
use crate::env::{Env, Visit, fault};
use crate::factors::Disowning;
use crate::login::LoginResult;
use crate::mailed::{self, Presented};
use crate::{factors, jobs, session};

/// What became of it.
pub enum Undone {
    /// The person has their old address.
    Back(EmailAddress),
    /// The old address, which is another account's by now.
    Disputed(EmailAddress),
}

/// What is taken back.
struct Change {
    user: User,
    old: EmailAddress,
    artefact: Artefact,
}

/// Whose address an undo link would bring back. Consumes nothing.
pub async fn peek(env: &Env, presented: &Presented) -> LoginResult<(User, EmailAddress)> {
    let Change { user, old, .. } = asked(env, presented).await?;
    Ok((user, old))
}

async fn asked(env: &Env, presented: &Presented) -> LoginResult<Change> {
    let (user, artefact) = good(env, SingleUseKind::EmailChangeUndo, presented).await?;
    let old = mailed::new_address(&artefact).ok_or(dead())?;
    Ok(Change {
        user,
        old,
        artefact,
    })
}

/// Takes the change back: every session ends, what was set up by whoever changed the address goes, and the password they knew opens nothing
/// until a new one is chosen by recovery. Where another account has the old address by now, the account is closed until that is settled: the
/// link stays good.
pub async fn undo(
    env: &Env,
    presented: &Presented,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Undone> {
    let visit = env.visit(context);
    let change = match asked(env, presented).await {
        Ok(found) => found,
        Err(failure) => {
            let what = (SingleUseKind::EmailChangeUndo, "email_change");
            return Err(mailed::refused(env, what, presented, failure, visit).await);
        }
    };
    let holder = env.store.user_by_email(&change.old.key()).await?;
    let holder = holder.filter(|holder| holder.id != change.user.id);
    let is_taken = holder
        .as_ref()
        .is_some_and(|holder| !holder.is_only_claimed());
    let mut after = change.user.clone();
    after.raise_epoch(visit.now);
    let told = if is_taken {
        // Whoever reads the new address must not come back in by a recovery.
        after.dispute(visit.now);
        "email_disputed"
    } else {
        after.settle(visit.now);
        after.email = change.old.clone();
        after.email_verified_at = Some(visit.now);
        "email_undone"
    };
    let event = Event::ProfileChanged {
        user: after.id,
        change: told,
    };
    let work = env.audited(None, Actor::User(after.id), event, visit);
    let work = super::deletion::kept(env, work, &change.user, visit);
    let work = if is_taken {
        work
    } else {
        // What a later address could take back goes with it; an earlier one still takes back from here.
        let work = mailed::consume_with_later(work, presented, &change.artefact, visit.now);
        without_claim(env, work, holder.as_ref(), visit)
    };
    let work = thrown_out(env, work, (&change, browser), after, visit).await?;
    committed(env, work).await?;
    env.directory.forget_person(change.user.id);
    env.status.refresh(env).await?;
    jobs::wake(env);
    Ok(if is_taken {
        Undone::Disputed(change.old)
    } else {
        Undone::Back(change.old)
    })
}

/// Adds to a unit that a sign-up goes which only claims the address: whoever holds the link owns the mailbox.
fn without_claim(env: &Env, work: Work, claim: Option<&User>, visit: Visit<'_>) -> Work {
    let Some(claim) = claim else {
        return work;
    };
    let event = Event::DeletionChanged {
        user: claim.id,
        change: "superseded",
    };
    work.and_event(env.record(None, Actor::System, event, visit))
        .delete_user(claim.id, visit.now)
}

/// Adds to a unit that whoever changed the address is out, and stores the person.
async fn thrown_out(
    env: &Env,
    work: Work,
    (change, browser): (&Change, &Browser),
    mut after: User,
    visit: Visit<'_>,
) -> LoginResult<Work> {
    let Change { user, artefact, .. } = change;
    let account = env.store.account(user.id).await?.ok_or(dead())?;
    let device = mailed::device(artefact);
    let known = match device {
        Some(id) => env.store.device(user.id, id).await?,
        None => None,
    };
    let intrusion = Intrusion::reported(mailed::since(artefact), device, known.as_ref())
        .done_at(artefact.created_at);
    let disowning = Disowning::by_mail(env, &account, intrusion, browser, visit).await?;
    let work = factors::set_up_by(env, work, &disowning, &mut after, visit);
    let work = factors::recovery::outlived(env, work, user, &after, visit);
    // The address that is taken away is told, too: perhaps it is the owner's.
    let work = if user.email != after.email && user.factors_held_until().is_none() {
        factors::recovery::tell_of_hold(env, work, (user, &after), visit)
    } else {
        work
    };
    let work = mailed::all_cancelled(work, user.id)
        .distrust_devices_of(user.id)
        .update_user(&after);
    let work = match env.store.password_owner(&user.email.key()).await? {
        Some(owner) => {
            let disowned = owner.credential.disown();
            work.update_password(owner.credential_id, &disowned, owner.credential_version)
        }
        None => work,
    };
    let reason = EndReason::Reported;
    Ok(session::ending_all(env, work, &after, None, reason, visit.now).await?)
}

async fn committed(env: &Env, work: Work) -> LoginResult<()> {
    match env.store.commit(work).await {
        Ok(()) => Ok(()),
        Err(Lost::Guard(_)) => Err(dead()),
        // In this moment: pressed again, it is seen.
        Err(Lost::Conflict(_)) => Err(Failure::Refused(LoginRefusal::ChangedElsewhere)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}
