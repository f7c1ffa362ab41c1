//! The devices a person signs in with, and what they say about them.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext, one_line};
use identity_domain::device::{Device, MAX_LABEL};
use identity_domain::failure::{Failure, Fault};
use identity_domain::intrusion::Intrusion;
use identity_domain::ports::Place;
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::{EndReason, Session};
use identity_domain::time::Timestamp;
use identity_domain::user::Securing;
use identity_storage::{Lost, Work};

use crate::account::elevation::elevated;
use crate::env::{Env, Visit, fault};
use crate::factors::Disowning;
use crate::login::LoginResult;
use crate::report;
use crate::session::{self, LiveSession};
use crate::{device, factors, jobs};

/// A device as its owner sees it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The device.
    pub device: Device,
    /// Where it was last.
    pub place: Option<Place>,
    /// How many sessions live on it.
    pub sessions: usize,
    /// The one in hand.
    pub is_here: bool,
}

/// The person's devices, last used first.
pub async fn list(env: &Env, here: &LiveSession) -> Result<Vec<Listed>, Fault> {
    let sessions = super::sessions::list(env, here).await?;
    let devices = env.store.devices_of(here.user.id).await?;
    let listed = devices.into_iter().map(|device| Listed {
        place: device::place(env, &device.address),
        sessions: sessions
            .iter()
            .filter(|session| session.device_id == Some(device.id))
            .count(),
        is_here: here.session.device_id == Some(device.id),
        device,
    });
    Ok(listed.collect())
}

/// Gives a device a name; an empty one takes it away.
pub async fn rename(
    env: &Env,
    here: &LiveSession,
    id: Id<Device>,
    name: &str,
    context: &RequestContext,
) -> LoginResult<()> {
    let mut device = owned(env, here, id).await?;
    let name = one_line(name.trim(), MAX_LABEL);
    device.label = (!name.is_empty()).then_some(name);
    let work = changed(env, here, id, "renamed", env.visit(context)).update_device(&device);
    commit(env, work).await
}

/// Takes back that no second factor is asked for on a device.
pub async fn stop_trusting(
    env: &Env,
    here: &LiveSession,
    id: Id<Device>,
    context: &RequestContext,
) -> LoginResult<()> {
    let mut device = owned(env, here, id).await?;
    device.trusted_until = None;
    let work = changed(env, here, id, "untrusted", env.visit(context)).update_device(&device);
    commit(env, work).await
}

/// Forgets a device and signs it out. The next sign-in there is one from a new device.
pub async fn forget(
    env: &Env,
    here: &LiveSession,
    id: Id<Device>,
    context: &RequestContext,
) -> LoginResult<()> {
    let visit = env.visit(context);
    owned(env, here, id).await?;
    let work = changed(env, here, id, "forgotten", visit).delete_device(here.user.id, id);
    let work = signed_out(env, work, here, id, EndReason::DeviceRemoved, visit).await?;
    commit(env, work).await?;
    told(env).await
}

/// "This wasn't me": the device is out, and never counts as known again. What is to be done next is guided. The second factors that were
/// set up in it go as well, if whoever says so proved themselves a moment ago, at the account's own level: a stale session takes none away.
pub async fn disown(
    env: &Env,
    here: &LiveSession,
    id: Id<Device>,
    context: &RequestContext,
) -> LoginResult<()> {
    let visit = env.visit(context);
    let is_elevated = elevated(here.clone(), visit.now).is_ok();
    let mut device = owned(env, here, id).await?;
    if here.session.device_id == Some(id) {
        return Err(Failure::Refused(LoginRefusal::Unknown));
    }
    device.distrusted_at = Some(visit.now);
    device.trusted_until = None;
    let event = Event::SignInReported {
        user: here.user.id,
        what: "device",
    };
    let mut user = here.user.clone();
    user.updated_at = visit.now;
    user.standing.securing = Some(securing_from(visit.now));
    let mut work = env
        .audited(None, Actor::User(user.id), event, visit)
        .enqueue(report::tell_administrators(env, user.id, visit.now));
    if is_elevated {
        let account = factors::account(env, user.id).await?;
        let disowning = Disowning {
            account: &account,
            intrusion: Intrusion::of_device(id),
            is_believed: true,
        };
        work = factors::set_up_by(env, work, &disowning, &mut user, visit);
    }
    let work = work
        .update_user(&user)
        .distrust_devices_of(user.id)
        .update_device(&device);
    let work = signed_out(env, work, here, id, EndReason::Reported, visit).await?;
    commit(env, work).await?;
    told(env).await
}

/// A fresh start of the guided way: what was done before does not count.
fn securing_from(since: Timestamp) -> Securing {
    Securing {
        since,
        ..Securing::default()
    }
}

/// Somebody else's device does not exist here.
async fn owned(env: &Env, here: &LiveSession, id: Id<Device>) -> LoginResult<Device> {
    let device = env.store.device(here.user.id, id).await?;
    device.ok_or(Failure::Refused(LoginRefusal::Unknown))
}

fn changed(
    env: &Env,
    here: &LiveSession,
    id: Id<Device>,
    change: &'static str,
    visit: Visit<'_>,
) -> Work {
    let event = Event::DeviceChanged {
        user: here.user.id,
        device: id.to_string(),
        change,
    };
    env.audited(None, Actor::User(here.user.id), event, visit)
}

/// Adds the end of a device's sessions to a unit.
#[expect(clippy::too_many_arguments, reason = "the sixth is the unit itself")]
async fn signed_out(
    env: &Env,
    work: Work,
    here: &LiveSession,
    id: Id<Device>,
    reason: EndReason,
    visit: Visit<'_>,
) -> Result<Work, Fault> {
    let mut sessions: Vec<Session> = env.store.sessions_of(here.user.id).await?;
    sessions.retain(|session| session.device_id == Some(id));
    let actor = Actor::User(here.user.id);
    session::ending_some(env, work, &sessions, (&actor, reason), visit).await
}

async fn commit(env: &Env, work: Work) -> LoginResult<()> {
    match env.store.commit(work).await {
        Ok(()) => Ok(()),
        // Forgotten in another tab.
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::Unknown)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

async fn told(env: &Env) -> LoginResult<()> {
    env.status.refresh(env).await?;
    jobs::wake(env);
    Ok(())
}
