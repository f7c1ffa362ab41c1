//! The way back for somebody who lost every second factor: the password, a mailed proof, a wait in which the owner is told and anybody with
//! the link or a factor can stop it, and then an account without second factors (NIST SP 800-63B-4 §4.2, ASVS 6.4.4).

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::credential::CredentialKind;
use identity_domain::failure::{Failure, Fault};
use identity_domain::intrusion::was_here;
use identity_domain::job::{Job, JobKind};
use identity_domain::lockout::BudgetKey;
use identity_domain::login::{Action, Login};
use identity_domain::notification::{Notification, Scene};
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::EndReason;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::{Pages, User};
use identity_storage::{Lost, Work};

use super::{of, phone};
use crate::browser::Browser;
use crate::env::{Env, Visit, fault};
use crate::jobs::mail::to_person;
use crate::login::{LoginResult, load};
use crate::mailed::{self, Presented};
use crate::session::ending_all;
use crate::{budget, device, jobs};

/// How long the owner has to stop it.
pub const WAIT: Duration = Duration::hours(72);
/// What the audit log calls all second factors at once.
const ALL: &str = "all";

/// Sends the proof to the address of the person whose password this login has seen.
pub async fn request(
    env: &Env,
    login: Id<Login>,
    locale: &str,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<()> {
    let visit = env.visit(context);
    let login = load(env, login, browser, Action::ProveFactor, visit.now).await?;
    let user = login.state.user_id;
    let user = user.ok_or(Failure::Refused(LoginRefusal::StepNotAccepted))?;
    let account = super::account(env, user).await?;
    let user = &account.user;
    let is_possible = user.email_verified_at.is_some()
        && user.standing.factors_removed_at.is_none()
        && of(&account).is_enrolled();
    if !is_possible {
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    let mailbox = BudgetKey::ProvenMailbox(format!("factor_recovery {}", user.id));
    budget::spend(env, &mailbox, visit.now).await?;
    let pair = mailed::pair(env, SingleUseKind::FactorRecovery, user, visit.now);
    let notification = Notification::FactorRecovery {
        link: env
            .settings
            .url(&format!("/recover/factors/{}", pair.link.expose())),
        scene: Scene::of(context, visit.now),
    };
    let event = Event::MailRequested {
        user: Some(user.id),
        account: String::new(),
        purpose: "factor_recovery",
    };
    let work = env.audited(None, Actor::User(user.id), event, visit);
    let work = pair.issue(work).enqueue(jobs::now(
        env,
        to_person(env, user, Pages::Theirs(locale), notification),
        visit.now,
    ));
    env.store.commit(work).await.map_err(fault)?;
    jobs::wake(env);
    Ok(())
}

/// Which of the two mailed links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Begins the wait.
    Begin,
    /// Stops it.
    Keep,
}

impl Link {
    const fn kind(self) -> SingleUseKind {
        match self {
            Self::Begin => SingleUseKind::FactorRecovery,
            Self::Keep => SingleUseKind::FactorRecoveryCancel,
        }
    }
}

/// Whose link it is, if it would be accepted now; consumes nothing.
pub async fn peek(env: &Env, link: Link, presented: &Presented) -> LoginResult<User> {
    let (user, artefact) = owned(env, link, presented).await?;
    let is_waited_for = link == Link::Begin || user.standing.factors_removed_at.is_some();
    if is_waited_for && mailed::is_good(&artefact, &user, env.now()) {
        Ok(user)
    } else {
        Err(dead())
    }
}

/// Whose link it is, if it was used and what it did still stands: the wait runs, or was stopped.
pub async fn done(env: &Env, link: Link, presented: &Presented) -> LoginResult<User> {
    let (user, artefact) = owned(env, link, presented).await?;
    let running = user.standing.factors_removed_at;
    let stands = match link {
        Link::Begin => running.is_some() && running == artefact.used_at.map(|used| used + WAIT),
        Link::Keep => running.is_none() && artefact.used_at.is_some(),
    };
    if stands && mailed::is_bound(&artefact, &user) {
        Ok(user)
    } else {
        Err(dead())
    }
}

async fn owned(env: &Env, link: Link, presented: &Presented) -> LoginResult<(User, Artefact)> {
    let user = env
        .store
        .user(presented.user_id)
        .await?
        .filter(User::is_active)
        .ok_or_else(dead)?;
    let tenant = presented.user_id.to_string();
    let artefact = env
        .store
        .artefact(link.kind(), &tenant, presented.value_hash)
        .await?
        .ok_or_else(dead)?;
    Ok((user, artefact))
}

const fn dead() -> Failure<LoginRefusal> {
    Failure::Refused(LoginRefusal::LinkDead)
}

/// Begins the wait. The owner is told at once, with the link that stops it.
pub async fn begin(
    env: &Env,
    presented: &Presented,
    locale: &str,
    context: &RequestContext,
) -> LoginResult<User> {
    let visit = env.visit(context);
    let mut user = peek(env, Link::Begin, presented).await?;
    let removed_at = visit.now + WAIT;
    user.standing.factors_removed_at = Some(removed_at);
    let keep = SingleUseKind::FactorRecoveryCancel;
    let pair = mailed::pair_about(env, keep, &user, None, removed_at);
    let notification = Notification::FactorRecoveryWaiting {
        removed_at,
        cancel_link: env
            .settings
            .url(&format!("/recover/factors/keep/{}", pair.link.expose())),
        scene: Scene::of(context, visit.now),
    };
    let work = changed(env, &user, "recovery_begun", visit);
    let work = mailed::consume(work, Link::Begin.kind(), presented, visit.now).update_user(&user);
    let work = pair
        .issue(work)
        .enqueue(removal(env, user.id, removed_at, visit));
    let work = work.enqueue(jobs::now(
        env,
        to_person(env, &user, Pages::Theirs(locale), notification),
        visit.now,
    ));
    committed(env, work).await?;
    Ok(user)
}

fn removal(env: &Env, user_id: Id<User>, removed_at: Timestamp, visit: Visit<'_>) -> Job {
    let what = JobKind::RemoveFactors {
        user_id,
        removed_at,
    };
    Job {
        run_at: removed_at,
        ..jobs::now(env, what, visit.now)
    }
}

/// Adds to a unit, which stores the person, that all second factors are put on hold and removed after the wait, because somebody who has
/// nothing but the mailbox says that an intruder set them up. No link stops it, for the same reason: using one of them does.
pub(super) fn held(env: &Env, work: Work, after: &mut User, visit: Visit<'_>) -> Work {
    if after.standing.factors_on_hold {
        return work;
    }
    let removed_at = visit.now + WAIT;
    after.hold_factors(visit.now, removed_at);
    let event = Event::FactorChanged {
        user: after.id,
        kind: ALL,
        change: "held",
    };
    let work = work
        .and_event(env.record(None, Actor::User(after.id), event, visit))
        .enqueue(removal(env, after.id, removed_at, visit));
    tell_of_hold(env, work, (after, after), visit)
}

/// Adds to a unit the mail about a hold, as `held` has it, to the address of `reader`.
pub(crate) fn tell_of_hold(
    env: &Env,
    work: Work,
    (reader, held): (&User, &User),
    visit: Visit<'_>,
) -> Work {
    let Some(removed_at) = held.factors_held_until() else {
        return work;
    };
    let notice = Notification::FactorsOnHold {
        removed_at,
        scene: Scene::of(visit.context, visit.now),
        sign_in_link: env.settings.url("/account"),
    };
    let told = to_person(env, reader, Pages::None, notice);
    work.enqueue(jobs::now(env, told, visit.now))
}

/// How much longer the factors stay at least where their removal is put off: it isn't for every try.
const WORTH_PUTTING_OFF: Duration = Duration::hours(1);

/// Somebody proved a passkey, and nothing else, while factors are on hold. In a browser that was known long before, they may be the owner,
/// and the mailbox another's: then the removal is put off by a whole wait, and whoever reads the mailbox is told. They may as well be the
/// intruder, so that it opens nothing. Returns whether it was put off.
pub(super) async fn heard(
    env: &Env,
    user: &User,
    browser: &Browser,
    visit: Visit<'_>,
) -> Result<bool, Fault> {
    let held = user.standing.factors_held_since;
    let (Some(since), Some(removed_at)) = (held, user.factors_held_until()) else {
        return Ok(false);
    };
    let here = device::known(env, user.id, browser, visit).await?;
    if !here.is_some_and(|here| was_here(&here, since, since)) {
        return Ok(false);
    }
    if (visit.now + WAIT).since(removed_at) < WORTH_PUTTING_OFF {
        return Ok(true);
    }
    let mut after = user.clone();
    let work = held_anew(env, changed(env, user, "held", visit), &mut after, visit);
    match committed(env, work.update_user(&after)).await {
        Ok(()) => Ok(true),
        // Changed in the same moment: the next try is as good.
        Err(Failure::Refused(_)) => Ok(false),
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

/// Stops the wait by the mailed link.
pub async fn keep(
    env: &Env,
    presented: &Presented,
    locale: &str,
    context: &RequestContext,
) -> LoginResult<User> {
    let visit = env.visit(context);
    let user = peek(env, Link::Keep, presented).await?;
    let work = changed(env, &user, "recovery_cancelled", visit);
    let work = mailed::consume(work, Link::Keep.kind(), presented, visit.now);
    let work = stopped(env, work, &user, Pages::Theirs(locale), visit);
    committed(env, work).await?;
    Ok(user)
}

/// Stops the wait because a second factor was used: it is not lost.
pub(crate) async fn found(env: &Env, user: Id<User>, visit: Visit<'_>) -> Result<(), Fault> {
    let Some(user) = env.store.user(user).await? else {
        return Ok(());
    };
    if user.standing.factors_removed_at.is_none() {
        return Ok(());
    }
    let work = changed(env, &user, "recovery_cancelled", visit);
    let work = stopped(env, work, &user, Pages::None, visit);
    match committed(env, work).await {
        // Stopped by the link in the same moment.
        Ok(()) | Err(Failure::Refused(_)) => Ok(()),
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

/// Adds to a unit, which stores the person, that a wait ended with what else was ended: a new password, a report.
pub(crate) fn outlived(
    env: &Env,
    work: Work,
    before: &User,
    after: &User,
    visit: Visit<'_>,
) -> Work {
    if before.standing.factors_removed_at.is_none() || after.standing.factors_removed_at.is_some() {
        return work;
    }
    let event = Event::FactorChanged {
        user: after.id,
        kind: ALL,
        change: "recovery_cancelled",
    };
    let notice = cancelled(env, visit);
    work.and_event(env.record(None, Actor::User(after.id), event, visit))
        .enqueue(jobs::now(
            env,
            to_person(env, after, Pages::None, notice),
            visit.now,
        ))
}

/// Removes every second factor of a person when the wait is over, unless it was stopped.
pub async fn carry_out(env: &Env, user: Id<User>, removed_at: Timestamp) -> Result<(), Fault> {
    let context = RequestContext::default();
    let visit = env.visit(&context);
    let Some(account) = env.store.account(user).await? else {
        return Ok(());
    };
    if account.user.standing.factors_removed_at != Some(removed_at) || visit.now < removed_at {
        return Ok(());
    }
    if !account.user.is_active() {
        return postpone(env, &account.user, visit).await;
    }
    let mut after = account.user.clone();
    after.raise_epoch(visit.now);
    after.end_removal_of_factors();
    let event = Event::FactorChanged {
        user,
        kind: ALL,
        change: "recovered",
    };
    let notification = Notification::FactorsRemoved {
        at: visit.now,
        sign_in_link: env.settings.url("/account"),
    };
    let work = env.audited(None, Actor::System, event, visit);
    let work = phone::forgotten(work, &mut after)
        .update_user(&after)
        .distrust_devices_of(user)
        .cancel(Link::Keep.kind(), &user.to_string(), None)
        .enqueue(jobs::now(
            env,
            to_person(env, &after, Pages::None, notification),
            visit.now,
        ));
    let work = account
        .credentials
        .iter()
        .filter(|row| row.kind != CredentialKind::Password)
        .fold(work, |work, row| work.delete_credential(row.id, user));
    let reason = EndReason::FactorChanged;
    let work = ending_all(env, work, &after, None, reason, visit.now).await?;
    env.store.commit(work).await.map_err(fault)?;
    env.directory.forget_person(user);
    env.status.refresh(env).await
}

/// Adds to a unit, which stores the person, that a hold waits anew, and that its owner is told until when.
pub(crate) fn held_anew(env: &Env, work: Work, after: &mut User, visit: Visit<'_>) -> Work {
    if !after.standing.factors_on_hold {
        return work;
    }
    let work = waiting_anew(env, work, after, visit);
    tell_of_hold(env, work, (after, after), visit)
}

fn waiting_anew(env: &Env, work: Work, after: &mut User, visit: Visit<'_>) -> Work {
    let removed_at = visit.now + WAIT;
    after.standing.factors_removed_at = Some(removed_at);
    work.enqueue(removal(env, after.id, removed_at, visit))
}

/// The wait begins anew as long as nobody can sign in to stop it.
async fn postpone(env: &Env, user: &User, visit: Visit<'_>) -> Result<(), Fault> {
    let mut after = user.clone();
    let work = Work::unaudited("nothing was removed yet");
    let work = waiting_anew(env, work, &mut after, visit).update_user(&after);
    env.store.commit(work).await.map_err(fault)
}

fn changed(env: &Env, user: &User, change: &'static str, visit: Visit<'_>) -> Work {
    let event = Event::FactorChanged {
        user: user.id,
        kind: ALL,
        change,
    };
    env.audited(None, Actor::User(user.id), event, visit)
}

fn stopped(env: &Env, work: Work, user: &User, pages: Pages<'_>, visit: Visit<'_>) -> Work {
    let mut after = user.clone();
    after.end_removal_of_factors();
    let notice = cancelled(env, visit);
    work.update_user(&after).enqueue(jobs::now(
        env,
        to_person(env, user, pages, notice),
        visit.now,
    ))
}

fn cancelled(env: &Env, visit: Visit<'_>) -> Notification {
    Notification::FactorRecoveryCancelled {
        scene: Scene::of(visit.context, visit.now),
        recover_link: env.settings.url("/recover"),
    }
}

async fn committed(env: &Env, work: Work) -> LoginResult<()> {
    match env.store.commit(work).await {
        Ok(()) => {
            jobs::wake(env);
            Ok(())
        }
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::LinkDead)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}
