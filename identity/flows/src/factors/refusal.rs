//! A second factor that was refused: written down for every method, and, after a right password, told to the account's owner.

use identity_domain::audit::{Actor, Event};
use identity_domain::factor::Method;
use identity_domain::failure::Failure;
use identity_domain::notification::{Notification, Scene};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::ValueHash;
use identity_domain::single_use::SingleUseKind;
use identity_domain::time::Duration;
use identity_domain::user::User;
use identity_storage::{Lost, Work};

use crate::env::{Env, Visit, fault};
use crate::jobs;
use crate::registration::mail;

/// The owner is told at most once in each.
const PERIOD: Duration = Duration::hours(1);

/// Writes the refusal of a second factor down and hands it back. Faults leave nothing.
pub async fn refused(
    env: &Env,
    user: &User,
    method: Method,
    failure: Failure<LoginRefusal>,
    visit: Visit<'_>,
) -> Failure<LoginRefusal> {
    let Failure::Refused(refusal) = failure else {
        return failure;
    };
    let event = Event::FactorRefused {
        user: Some(user.id),
        method: method.as_str(),
        reason: refusal.reason(),
    };
    match env
        .store
        .commit(env.audited(None, Actor::User(user.id), event, visit))
        .await
    {
        Ok(()) => Failure::Refused(refusal),
        Err(lost) => Failure::Fault(fault(lost)),
    }
}

/// Tells the owner that somebody who knows the password failed at the second step (H-57); called by the login's step after a wrong code,
/// where the password came before. Once in an hour: a flood of guesses must not become a flood of mails.
///
/// # Errors
/// When the database is away.
pub async fn tell_owner(
    env: &Env,
    user: &User,
    locale: &str,
    visit: Visit<'_>,
) -> Result<(), identity_domain::Fault> {
    let hour = visit.now.millis().div_euclid(PERIOD.0);
    let mark = ValueHash::of(format!("wrong second factor\n{hour}").as_bytes());
    let notification = Notification::WrongSecondFactor {
        scene: Scene::of(visit.context, visit.now),
        recover_link: env.settings.url("/recover"),
    };
    let work = Work::unaudited("the refusal has its own event")
        .claim(
            SingleUseKind::Digest,
            &user.id.to_string(),
            mark,
            visit.now,
            visit.now + PERIOD,
        )
        .enqueue(jobs::now(env, mail(user, locale, notification), visit.now));
    match env.store.commit(work).await {
        Ok(()) => {
            jobs::wake(env);
            Ok(())
        }
        // Told already.
        Err(Lost::Guard(_)) => Ok(()),
        Err(lost) => Err(fault(lost)),
    }
}
