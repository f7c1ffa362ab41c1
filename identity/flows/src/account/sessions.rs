//! The list of a person's sessions, and how they end them.

use identity_domain::Id;
use identity_domain::audit::{Actor, RequestContext};
use identity_domain::failure::{Failure, Fault};
use identity_domain::ports::Place;
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::{EndReason, Session};
use identity_storage::{Lost, Work};

use crate::account::elevation::raised_to;
use crate::browser::{Browser, Cookies};
use crate::env::{Env, fault};
use crate::login::LoginResult;
use crate::session::{self, LiveSession};

/// The person's live sessions, newest use first, at most [`identity_domain::session::MAX_PER_USER`].
pub async fn list(env: &Env, here: &LiveSession) -> Result<Vec<Session>, Fault> {
    let now = env.now();
    let mut sessions = env.store.sessions_of(here.user.id).await?;
    sessions.retain(|session| {
        session.is_alive(&env.settings.session, now)
            && session.security_epoch == here.user.security_epoch
    });
    sessions.sort_by_key(|session| std::cmp::Reverse(session.last_seen_at));
    Ok(sessions)
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The session.
    pub session: Session,
    /// Where it began.
    pub place: Option<Place>,
    /// Names of the applications that got tokens in it.
    pub applications: Vec<String>,
    /// The name its owner gave the device.
    pub device_name: Option<String>,
}

/// The person's live sessions with all that helps to recognise them, in three reads however many there are.
pub async fn listed(env: &Env, here: &LiveSession) -> Result<Vec<Listed>, Fault> {
    let sessions = list(env, here).await?;
    let clients = env.store.clients_of_sessions(here.user.id, None).await?;
    let devices = env.store.devices_of(here.user.id).await?;
    let listed = sessions.into_iter().map(|session| {
        let mut applications: Vec<String> = clients
            .iter()
            .filter(|(id, _)| *id == session.id)
            .filter_map(|(_, client)| env.directory.client(client))
            .map(|client| client.display_name().to_owned())
            .collect();
        applications.sort();
        let device_name = devices
            .iter()
            .find(|device| Some(device.id) == session.device_id)
            .and_then(|device| device.label.clone());
        Listed {
            place: crate::device::place(env, &session.address),
            applications,
            device_name,
            session,
        }
    });
    Ok(listed.collect())
}

/// Ends one session of the person; one that is not theirs does not exist for them.
pub async fn end_one(
    env: &Env,
    here: &LiveSession,
    id: Id<Session>,
    context: &RequestContext,
) -> LoginResult<()> {
    let session = list(env, here)
        .await?
        .into_iter()
        .find(|session| session.id == id)
        .ok_or(Failure::Refused(LoginRefusal::Unknown))?;
    let reason = if id == here.session.id {
        EndReason::SignedOut
    } else {
        EndReason::EndedByUser
    };
    session::end(
        env,
        &[session],
        Actor::User(here.user.id),
        reason,
        env.visit(context),
    )
    .await?;
    crate::jobs::wake(env);
    Ok(())
}

/// Ends all of the person's sessions but the one in hand, which goes on under a new token: a copy of its cookie is somewhere else, too.
///
/// # Errors
/// [`LoginRefusal::NotFresh`] when the session in hand was ended or got a new token meanwhile; then nothing is done.
pub async fn end_others(
    env: &Env,
    here: &LiveSession,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Cookies> {
    let visit = env.visit(context);
    let renewed = raised_to(env, here, &here.user, visit);
    let others: Vec<Session> = list(env, here)
        .await?
        .into_iter()
        .filter(|session| session.id != here.session.id)
        .collect();
    // What somebody asked for in one of them is no way back (INV-02).
    let work = Work::unaudited("the sessions that end have their own events");
    let work = crate::mailed::all_cancelled(work, here.user.id)
        .renew_session(&renewed.session, here.session.token_hash)
        .pass_over_devices_of(here.user.id, here.session.device_id, visit.now);
    let why = (&Actor::User(here.user.id), EndReason::EndedByUser);
    let work = session::ending_some(env, work, &others, why, visit).await?;
    env.store.commit(work).await.map_err(|lost| match lost {
        Lost::Guard("session") => Failure::Refused(LoginRefusal::NotFresh),
        lost => Failure::Fault(fault(lost)),
    })?;
    env.status.refresh(env).await?;
    crate::jobs::wake(env);
    Ok(session::cookies_for(
        browser,
        &renewed,
        std::slice::from_ref(here),
    ))
}
