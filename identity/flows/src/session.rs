//! The sessions of a browser: who is signed in here, still, by today's rules.

pub mod renewal;

use identity_domain::audit::{Actor, Event};
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::session::{Authentication, EndReason, MAX_PER_USER, Over, Session};
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_domain::{Fault, Id};
use identity_storage::{SessionFound, Work};

use crate::browser::{Browser, Cookies, MAX_SESSIONS, Persistence};
use crate::env::{Env, Visit, fault};

/// A session that signs its owner in, with its owner.
#[derive(Clone, Debug)]
pub struct LiveSession {
    /// The session.
    pub session: Session,
    /// Its owner, active.
    pub user: User,
    /// Whether the owner has a second factor by now.
    pub has_second_factor: bool,
}

/// The live sessions of a browser, the current one first. What is dead by today's rules is left out.
pub async fn live(env: &Env, browser: &Browser, now: Timestamp) -> Result<Vec<LiveSession>, Fault> {
    let mut live = Vec::with_capacity(browser.sessions.len());
    let mut presented = Vec::with_capacity(browser.sessions.len());
    for token in browser.sessions.iter().take(MAX_SESSIONS) {
        let Some((found, is_late)) = renewal::found(env, token, now).await? else {
            continue;
        };
        let SessionFound {
            session,
            user,
            has_second_factor,
        } = found;
        let sound = session.is_alive(&env.settings.session, now)
            && user.is_active()
            && session.security_epoch == user.security_epoch;
        if sound {
            presented.push((token, is_late));
            live.push(LiveSession {
                session,
                user,
                has_second_factor,
            });
        }
    }
    renewal::note(browser, &presented, &live);
    Ok(live)
}

/// Why nobody is signed in here any more, where the browser still holds a session that is over.
pub async fn over(env: &Env, browser: &Browser, now: Timestamp) -> Result<Option<Over>, Fault> {
    let mut over = None;
    for token in browser.sessions.iter().take(MAX_SESSIONS) {
        let Some(found) = env.store.session_by_token(token.hash()).await? else {
            continue;
        };
        let why = found.session.over(&env.settings.session, now);
        let is_current =
            found.user.is_active() && found.session.security_epoch == found.user.security_epoch;
        match why {
            None if is_current => return Ok(None),
            None => over = over.or(Some(Over::Ended(EndReason::EndedByOperator))),
            why => over = over.or(why),
        }
    }
    Ok(over)
}

/// Writes the last use down when it is due, in the row and in the session in hand. A lost race is nobody's loss.
pub async fn touch(env: &Env, session: &mut Session, now: Timestamp) -> Result<(), Fault> {
    if session.is_due_for_touch(now) {
        stay(env, session, now).await
    } else {
        Ok(())
    }
}

/// The same, due or not: the owner said that they are still here.
pub async fn stay(env: &Env, session: &mut Session, now: Timestamp) -> Result<(), Fault> {
    let (idle, _) = env
        .settings
        .session
        .ends(session.created_at, now, session.remember);
    let work = Work::unaudited("the last use of a session is no event")
        .touch_session(session.id, now, idle);
    match env.store.commit(work).await {
        Ok(()) | Err(identity_storage::Lost::Guard(_)) => {
            session.last_seen_at = now;
            session.idle_expires_at = idle;
            Ok(())
        }
        Err(lost) => Err(fault(lost)),
    }
}

/// A session to be made, and its cookie.
pub struct NewSession {
    /// The row.
    pub session: Session,
    /// The cookie's token.
    pub token: SecretString,
}

/// Prepares a session for a person who has proven themselves.
pub fn prepare(
    env: &Env,
    user: &User,
    authentication: Authentication,
    remember: bool,
    visit: Visit<'_>,
) -> NewSession {
    let Visit { context, now } = visit;
    let token = SecretString::random_token(env.entropy.as_ref());
    let remember = remember && env.settings.session.remember.is_some();
    let (idle_expires_at, expires_at) = env.settings.session.ends(now, now, remember);
    let session = Session {
        id: env.id(now),
        user_id: user.id,
        token_hash: token.hash(),
        authentication,
        remember,
        created_at: now,
        last_seen_at: now,
        idle_expires_at,
        expires_at,
        address: context.address.clone(),
        user_agent: context.user_agent.clone(),
        ended: None,
        security_epoch: user.security_epoch,
        device_id: None,
        renewal_due_at: None,
        renewed_at: None,
    };
    NewSession { session, token }
}

impl NewSession {
    /// Goes on from a session that is raised or gets a new token: it is the same one, and no step that proves less than a sign-in makes
    /// it live longer than it would have (SES-07).
    pub fn going_on_from(&mut self, before: &Session) {
        let session = &mut self.session;
        session.id = before.id;
        session.created_at = before.created_at;
        session.expires_at = session.expires_at.min(before.expires_at);
        session.idle_expires_at = session.idle_expires_at.min(session.expires_at);
    }
}

/// The same after a sign-in: what is over leaves the browser too, so that an old reason is not told at every later sign-in page.
pub fn cookies_after_sign_in(browser: &Browser, new: &NewSession, here: &[LiveSession]) -> Cookies {
    let is_kept = |token: &SecretString| {
        let hash = token.hash();
        here.iter()
            .any(|live| live.session.token_hash == hash && live.session.id != new.session.id)
    };
    let kept = Browser {
        sessions: browser
            .sessions
            .iter()
            .filter(|token| is_kept(token))
            .cloned()
            .collect(),
        ..Browser::default()
    };
    cookies_for(&kept, new, &[])
}

/// The cookie order that puts a new session in front, replacing those of the same person in this browser.
pub fn cookies_for(browser: &Browser, new: &NewSession, replaced: &[LiveSession]) -> Cookies {
    let dropped: Vec<_> = replaced.iter().map(|old| old.session.token_hash).collect();
    let persistence = if new.session.remember {
        Persistence::Seconds(
            // A session that goes on is older than its new token.
            new.session
                .expires_at
                .since(new.session.last_seen_at)
                .as_seconds(),
        )
    } else {
        Persistence::Window
    };
    Cookies {
        sessions: Some((
            browser.sessions_with(new.token.clone(), &dropped),
            persistence,
        )),
        ..Cookies::default()
    }
}

/// The cookie order that takes sessions out of a browser.
pub fn cookies_without(browser: &Browser, ended: &[ValueHash]) -> Cookies {
    Cookies {
        sessions: Some((browser.sessions_without(ended), Persistence::Window)),
        ..Cookies::default()
    }
}

/// Ends sessions at once: rows, refresh families, status bits and the notices to applications, in one unit.
pub async fn end(
    env: &Env,
    ended: &[Session],
    actor: Actor,
    reason: EndReason,
    visit: Visit<'_>,
) -> Result<(), Fault> {
    for session in ended {
        let event = Event::SignedOut {
            user: session.user_id,
            session: session.id.to_string(),
            reason: reason.as_str(),
        };
        let work = env.audited(None, actor.clone(), event, visit);
        let work = ending(env, work, session, reason, visit.now).await?;
        let thrown_out = session.device_id.filter(|_| reason.is_from_elsewhere());
        let work = match thrown_out {
            Some(device) => work.pass_over_device(session.user_id, device, visit.now),
            None => work,
        };
        match env.store.commit(work).await {
            // Ended by somebody else in the same moment: what was wanted is so.
            Ok(()) | Err(identity_storage::Lost::Guard(_)) => {}
            Err(lost) => return Err(fault(lost)),
        }
    }
    env.status.refresh(env).await
}

/// Adds to a unit all that ends one session, with a logout notice for each application that asked for it.
pub async fn ending(
    env: &Env,
    work: Work,
    session: &Session,
    reason: EndReason,
    now: Timestamp,
) -> Result<Work, Fault> {
    let clients = env.store.clients_of_session(session.id).await?;
    let jobs = crate::jobs::backchannel_logout::jobs(env, &clients, session, now);
    let tokens_live_until = now + env.settings.token.access;
    let work = work
        .end_session(session.id, reason, now)
        .revoke_families_of_session(session.id, reason.as_str(), now, tokens_live_until);
    Ok(jobs.into_iter().fold(work, Work::enqueue))
}

/// Adds to a unit all that ends a person's sessions but for one, with a logout notice for each application that asked for it. The
/// caller refreshes the status board after the unit.
#[expect(clippy::too_many_arguments, reason = "the sixth is the unit itself")]
pub async fn ending_all(
    env: &Env,
    work: Work,
    user: &User,
    keep: Option<Id<Session>>,
    reason: EndReason,
    now: Timestamp,
) -> Result<Work, Fault> {
    let clients = env.store.clients_of_sessions(user.id, keep).await?;
    let notices = crate::jobs::backchannel_logout::jobs_for_all(env, &clients, user, now);
    let tokens_live_until = now + env.settings.token.access;
    let work = work
        .end_sessions_of(user.id, keep, reason, now)
        .revoke_families_of_user(user.id, keep, reason.as_str(), now, tokens_live_until);
    Ok(notices.into_iter().fold(work, Work::enqueue))
}

/// Adds to a unit the end of the sessions whose tokens no longer fit into a browser beside a new one: what nobody holds a token of must
/// not live on. `kept` stays, or is renewed. Returns how many end, as [`room_for_one`] does.
pub async fn room_in_browser(
    env: &Env,
    work: Work,
    here: &[LiveSession],
    kept: Id<Session>,
    visit: Visit<'_>,
) -> Result<(Work, usize), Fault> {
    let crowded_out: Vec<Session> = here
        .iter()
        .map(|live| &live.session)
        .filter(|session| session.id != kept)
        .skip(MAX_SESSIONS - 1)
        .cloned()
        .collect();
    let by = (&Actor::System, EndReason::TooMany);
    let work = ending_some(env, work, &crowded_out, by, visit).await?;
    Ok((work, crowded_out.len()))
}

/// Adds to a unit the end of a person's oldest sessions where a new one would be one too many. Returns how many end; the caller
/// refreshes the status board after the unit when any do.
pub async fn room_for_one(
    env: &Env,
    work: Work,
    user: &User,
    visit: Visit<'_>,
) -> Result<(Work, usize), Fault> {
    let surplus = env
        .store
        .sessions_beyond(user.id, MAX_PER_USER - 1, visit.now)
        .await?;
    let reason = EndReason::TooMany;
    let work = ending_some(env, work, &surplus, (&Actor::System, reason), visit).await?;
    Ok((work, surplus.len()))
}

/// Adds to a unit the end of some sessions, each with its event. Not guarded: two units may end the same one at the same moment, and
/// neither fails for it. The caller refreshes the status board after the unit.
pub async fn ending_some(
    env: &Env,
    mut work: Work,
    ended: &[Session],
    (actor, reason): (&Actor, EndReason),
    visit: Visit<'_>,
) -> Result<Work, Fault> {
    let now = visit.now;
    for session in ended {
        let event = Event::SignedOut {
            user: session.user_id,
            session: session.id.to_string(),
            reason: reason.as_str(),
        };
        let clients = env.store.clients_of_session(session.id).await?;
        let notices = crate::jobs::backchannel_logout::jobs(env, &clients, session, now);
        work = notices
            .into_iter()
            .fold(work, Work::enqueue)
            .and_event(env.record(None, actor.clone(), event, visit))
            .end_session_if_live(session.id, reason, now)
            .revoke_families_of_session(
                session.id,
                reason.as_str(),
                now,
                now + env.settings.token.access,
            );
    }
    Ok(work)
}

/// Adds to a unit in which device was set up what a person at a session sets up now.
pub(crate) fn here(work: Work, live: &LiveSession, now: Timestamp) -> Work {
    match live.session.device_id {
        Some(device) => work.set_up_in(live.user.id, now, device),
        None => work,
    }
}
