//! Mails that tell a person what somebody may be doing with their account. Each is sent once, however often its job runs.

use identity_domain::audit::RequestContext;
use identity_domain::device::{Device, Unusual, UnusualSignIn, traits};
use identity_domain::email::EmailKey;
use identity_domain::failure::Fault;
use identity_domain::id::Id;
use identity_domain::job::{Job, JobKind};
use identity_domain::notification::{Notification, Scene};
use identity_domain::secret::ValueHash;
use identity_domain::single_use::SingleUseKind;
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::{Pages, User};
use identity_storage::{FailedSignIns, Lost, Work};

use crate::env::{Env, fault};
use crate::jobs::mail::to_person;
use crate::{jobs, report};

/// So many failures within an hour are many (H-56).
const MANY: u32 = 5;
/// One digest in so long.
const HOUR: Duration = Duration::hours(1);
/// Failures are collected for so long before they are told of.
const COLLECTED: Duration = Duration::minutes(5);

/// The job that tells of many failures, unless it waits already. It is made for every name that is tried too often: what an unknown
/// account costs is what a known one costs (PWD-01).
pub fn failures(
    env: &Env,
    key: &EmailKey,
    user_id: Option<Id<User>>,
    unrecorded: bool,
    now: Timestamp,
) -> Job {
    let round = now.0.div_euclid(COLLECTED.0);
    let which = format!("failures:{unrecorded}:{}:{round}", key.as_str());
    let kind = JobKind::FailureDigest {
        user_id,
        unrecorded,
    };
    Job {
        id: Id::from_uuid(identity_domain::device::id_of(&ValueHash::of(which.as_bytes())).uuid()),
        run_at: now + COLLECTED,
        ..jobs::now(env, kind, now)
    }
}

/// Tells of a sign-in that is unusual for its owner, with a link for each answer.
pub async fn tell_sign_in(env: &Env, sign_in: &UnusualSignIn) -> Result<(), Fault> {
    let now = env.now();
    let Some(user) = active(env, sign_in.user_id).await? else {
        return Ok(());
    };
    let device = env.store.device(user.id, sign_in.device_id).await?;
    let (work, link) = report::issue(
        env,
        Work::unaudited("the sign-in has its event"),
        &user,
        report::Reported::SignIn(sign_in.clone()),
        now,
    );
    let app = sign_in
        .client_id
        .as_deref()
        .and_then(|client| env.directory.client(client))
        .map(|client| client.display_name().to_owned());
    let context = RequestContext::new(sign_in.address.clone(), &sign_in.user_agent, "");
    let answer = |it: &str| {
        env.settings
            .url(&format!("/report/{}?it={it}", link.expose()))
    };
    let notification = Notification::NewSignIn {
        scene: Scene::of(&context, sign_in.at),
        country: sign_in.country.clone(),
        app,
        is_new_country: sign_in.what == Unusual::NewCountry,
        yes_link: answer("me"),
        no_link: answer("not_me"),
    };
    let once = once(sign_in, device.as_ref());
    send_once(env, work, &user, (once, now + HOUR), notification).await
}

/// One mail per new device, however many sign-ins it began at once; one per sign-in of a device that was disowned.
fn once(sign_in: &UnusualSignIn, device: Option<&Device>) -> ValueHash {
    let first_seen = device.map_or(sign_in.at, |device| device.first_seen_at);
    let disowned = device.is_some_and(|device| device.distrusted_at.is_some());
    let session = if disowned {
        sign_in.session_id.to_string()
    } else {
        String::new()
    };
    let country = sign_in
        .country
        .as_deref()
        .filter(|_| sign_in.what == Unusual::NewCountry)
        .unwrap_or_default();
    let what = format!(
        "sign-in:{}:{}:{}:{country}:{session}",
        sign_in.device_id,
        first_seen.millis(),
        traits(&sign_in.user_agent),
    );
    ValueHash::of(what.as_bytes())
}

/// So many administrators of one organization hear of a report.
const ADMINISTRATORS: usize = 20;

/// Tells those who administer a member's organizations that the member said "This wasn't me": each of them once an hour, however often it
/// is said.
pub async fn tell_administrators(env: &Env, user_id: Id<User>, at: Timestamp) -> Result<(), Fault> {
    let Some(member) = env.store.user(user_id).await? else {
        return Ok(());
    };
    let now = env.now();
    let hour = at.0.div_euclid(HOUR.0);
    for (_, organization) in env.store.organizations_of(user_id).await? {
        let told = env
            .store
            .administrators_of(organization.id, ADMINISTRATORS)
            .await?;
        for administrator in told.into_iter().filter(|admin| admin.id != user_id) {
            let notification = Notification::MemberReported {
                member: member.email.as_str().to_owned(),
                organization: organization.name.clone(),
                at,
            };
            let what = format!("reported:{user_id}:{}:{hour}", organization.id);
            let once = (ValueHash::of(what.as_bytes()), now + HOUR + HOUR);
            let work = Work::unaudited("the report has its event");
            send_once(env, work, &administrator, once, notification).await?;
        }
    }
    Ok(())
}

/// Tells of many failures, unless that was done within the hour. Of those that are not recorded it is known that they were many.
pub async fn failure_digest(
    env: &Env,
    user_id: Option<Id<User>>,
    unrecorded: bool,
) -> Result<(), Fault> {
    let Some(user_id) = user_id else {
        return Ok(());
    };
    let now = env.now();
    let Some(user) = active(env, user_id).await? else {
        return Ok(());
    };
    let mark = |hour: i64| ValueHash::of(format!("failures:{hour}").as_bytes());
    let hour = now.0.div_euclid(HOUR.0);
    let told = env
        .store
        .artefact(SingleUseKind::Digest, &user.id.to_string(), mark(hour - 1))
        .await?;
    if told.is_some_and(|told| now.since(told.created_at) < HOUR) {
        return Ok(());
    }
    let mut failed = env.store.failed_sign_ins_of(user.id, now - HOUR).await?;
    if failed.count < MANY {
        if !unrecorded {
            return Ok(());
        }
        failed = FailedSignIns {
            count: MANY,
            first_at: now - COLLECTED,
            last_at: now - COLLECTED,
            addresses: failed.addresses.max(1),
        };
    }
    let notification = Notification::ManyFailures {
        count: failed.count,
        since: failed.first_at,
        at: failed.last_at,
        addresses: failed.addresses,
        secure_link: env.settings.url("/account/secure"),
    };
    let work = Work::unaudited("what it tells of has its events");
    let once = (mark(hour), now + HOUR + HOUR);
    send_once(env, work, &user, once, notification).await
}

async fn active(env: &Env, id: Id<User>) -> Result<Option<User>, Fault> {
    Ok(env.store.user(id).await?.filter(User::is_active))
}

/// Enqueues a mail with the mark that it was, so that a job that runs twice sends once.
async fn send_once(
    env: &Env,
    work: Work,
    user: &User,
    (once, until): (ValueHash, Timestamp),
    notification: Notification,
) -> Result<(), Fault> {
    let now = env.now();
    let tenant = user.id.to_string();
    let work = work
        .claim(SingleUseKind::Digest, &tenant, once, now, until)
        .enqueue(jobs::now(
            env,
            to_person(env, user, Pages::None, notification),
            now,
        ));
    match env.store.commit(work).await {
        Ok(()) | Err(Lost::Guard(_)) => Ok(()),
        Err(lost) => Err(fault(lost)),
    }
}
