//! A second factor that was refused: written down for every method, and, after a right password, told to the account's owner.

use identity_domain::audit::Event;
use identity_domain::factor::Method;
use identity_domain::failure::{Failure, Fault};
use identity_domain::notification::{Notification, Scene};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::ValueHash;
use identity_domain::single_use::SingleUseKind;
use identity_domain::time::Duration;
use identity_domain::user::{Pages, User};
use identity_storage::{Lost, Work};

use crate::env::{Env, Visit, fault};
use crate::jobs::mail::to_person;
use crate::jobs::{self, notices};
use crate::refusals;

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
    refusals::refused_to(env, user.id, event, refusal, visit).await
}

/// What follows from a second factor that failed in a login, where the password came before: it belongs to what the owner's digest of
/// failures tells of (H-56), and a wrong code is told at once (H-57).
///
/// # Errors
/// When the database is away.
pub async fn failed_in_login(
    env: &Env,
    user: &User,
    refusal: &LoginRefusal,
    locale: &str,
    visit: Visit<'_>,
) -> Result<(), Fault> {
    let digest = notices::failures(env, &user.email.key(), Some(user.id), false, visit.now);
    let work = Work::unaudited("the refusal has its own event").enqueue_once(digest);
    env.store.commit(work).await.map_err(fault)?;
    if matches!(refusal, LoginRefusal::WrongCode) {
        tell_owner(env, user, locale, visit).await?;
    }
    Ok(())
}

/// Tells the owner that somebody who knows the password failed at the second step. Once in an hour: a flood of guesses must not become a
/// flood of mails.
async fn tell_owner(env: &Env, user: &User, locale: &str, visit: Visit<'_>) -> Result<(), Fault> {
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
        .enqueue(jobs::now(
            env,
            to_person(env, user, Pages::Anybodys(locale), notification),
            visit.now,
        ));
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
