//! After every step: what comes next is decided, and everything is written in one unit.

use identity_domain::Fault;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::client::Client;
use identity_domain::consent::Consent;
use identity_domain::failure::Failure;
use identity_domain::login::{Login, Purpose, Step};
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::Session;
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_storage::{Lost, Work};

use super::assurance::{self, Here};
use super::next::{Facts, may_sign_in, next};
use super::{LoginResult, Next, Outcome, Taken};
use crate::authorize::{self, Asked};
use crate::browser::{Browser, Cookies};
use crate::device::{self, Arrival};
use crate::env::{Env, Visit, fault};
use crate::jobs;
use crate::session::{self, LiveSession};

/// Decides, records, answers.
pub async fn settle(
    env: &Env,
    taken: Taken,
    browser: &Browser,
    context: &RequestContext,
    now: Timestamp,
) -> LoginResult<Outcome> {
    let visit = Visit { context, now };
    let Taken {
        mut login,
        user,
        must_change_password,
        consented,
        mut work,
    } = taken;
    may_sign_in(&user, None).map_err(Failure::Refused)?;
    proofs_are_current(&login, &user)?;
    let client = client_of(env, &login)?;
    let here = session::live(env, browser, now).await?;
    let current = current_of(&here, &user);
    step_up_is_current(&login, current)?;
    let consent = consent_of(env, &user, client.as_deref()).await?;
    let standing = Here::of(&login.state, &user, current, browser);
    let (demand, offers_passkey) = assurance::assess(env, &standing, visit).await?;
    let facts = Facts {
        user: Some(&user),
        session: current.map(|live| &live.session),
        demand,
        must_change_password,
        offers_passkey,
        client: client.as_deref(),
        consent: consent.as_ref(),
        consented,
    };
    login.state.user_id = Some(user.id);
    login.state.step = next(&login.state, &facts);
    let mut cookies = Cookies::default();
    let mut has_news = false;
    let mut session = current.map(|live| live.session.clone());
    let is_proven = matches!(login.state.step, Step::Consent | Step::Finished);
    if is_proven && !login.state.proofs.is_empty() && login.state.session_id.is_none() {
        let begun = Begun {
            login: &login,
            user: &user,
            current,
            here: &here,
            client: client.as_deref(),
        };
        let made = begin(env, &begun, work, browser, visit).await?;
        work = made.work;
        cookies = made.cookies;
        has_news = made.has_news;
        session = Some(made.session);
    }
    login.state.session_id = session.as_ref().filter(|_| is_proven).map(|live| live.id);
    let finish = Finish {
        login: &login,
        session,
        client,
    };
    let (next, work) = finish.next(env, work, visit).await?;
    record(env, work.advance_login(&login), has_news).await?;
    Ok(Outcome { next, cookies })
}

/// The session of a person in this browser, of today.
fn current_of<'a>(here: &'a [LiveSession], user: &User) -> Option<&'a LiveSession> {
    here.iter()
        .find(|live| live.user.id == user.id && live.session.security_epoch == user.security_epoch)
}

/// What a session proved is worth nothing once it ended: somebody else may sit here.
fn step_up_is_current(login: &Login, current: Option<&LiveSession>) -> LoginResult<()> {
    let wanted = login.state.step_up_of;
    if wanted.is_some() && wanted != current.map(|live| live.session.id) {
        return Err(Failure::Refused(LoginRefusal::SignedOut));
    }
    Ok(())
}

/// Everything of the step, or nothing.
async fn record(env: &Env, work: Work, has_news: bool) -> LoginResult<()> {
    match env.store.commit(work).await {
        Ok(()) if has_news => {
            env.status.refresh(env).await?;
            jobs::wake(env);
            Ok(())
        }
        Ok(()) => Ok(()),
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::AlreadyFinished)),
        // Somebody registered the same passkey in the same moment (WAN-03).
        Err(Lost::Conflict("webauthn_ids")) => {
            Err(Failure::Refused(LoginRefusal::PasskeyRefused("registered")))
        }
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// A proof from before a recovery or a change of the password must not outlive it: whoever knew the old password may wait here.
fn proofs_are_current(login: &Login, user: &User) -> LoginResult<()> {
    let state = &login.state;
    if state.proofs.is_empty() || state.security_epoch == Some(user.security_epoch) {
        Ok(())
    } else {
        Err(Failure::Refused(LoginRefusal::Expired))
    }
}

/// What the person allowed the application before.
async fn consent_of(
    env: &Env,
    user: &User,
    client: Option<&Client>,
) -> Result<Option<Consent>, Fault> {
    match client {
        Some(client) => env.store.consent(user.id, &client.client_id).await,
        None => Ok(None),
    }
}

/// The application behind a login; disabled in the meantime is as good as unknown.
fn client_of(env: &Env, login: &Login) -> LoginResult<Option<std::sync::Arc<Client>>> {
    match &login.state.purpose {
        Purpose::Authorize { request, .. } => match env.directory.client(&request.client_id) {
            Some(client) if client.is_active() => Ok(Some(client)),
            _ => Err(Failure::Refused(LoginRefusal::Unknown)),
        },
        Purpose::Account { .. } => Ok(None),
    }
}

struct Begun<'a> {
    login: &'a Login,
    user: &'a User,
    current: Option<&'a LiveSession>,
    here: &'a [LiveSession],
    client: Option<&'a Client>,
}

/// A session that begins with the unit of work.
struct Beginning {
    session: Session,
    work: Work,
    cookies: Cookies,
    /// Others ended for it, or its owner is told of it: there is work to do at once.
    has_news: bool,
}

/// A session begins, or the one of the same person in this browser is renewed under a new token: its `sid` stays, so that tokens of
/// applications live on, while the old cookie value is dead at once (SES-02).
async fn begin(
    env: &Env,
    begun: &Begun<'_>,
    work: Work,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<Beginning> {
    let Some(authentication) = begun.login.state.authentication() else {
        return Err(Failure::Fault(Fault::new("a session without a proof")));
    };
    let mut new = session::prepare(
        env,
        begun.user,
        authentication,
        begun.login.state.remember,
        visit,
    );
    let arrival = Arrival {
        user: begun.user,
        browser,
        trust: begun.login.state.trust_device,
        session: begun
            .current
            .map_or(new.session.id, |current| current.session.id),
        client_id: begun.client.map(|client| client.client_id.as_str()),
    };
    let arrived = device::arrive(env, work, &arrival, visit).await?;
    new.session.device_id = Some(arrived.device_id);
    let set_up = begun.login.state.set_up_at.iter();
    let work = set_up.fold(arrived.work, |work, at| {
        work.set_up_in(begun.user.id, *at, arrived.device_id)
    });
    let (work, ended) = if let Some(current) = begun.current {
        if begun.login.state.step_up_of.is_some() {
            new.going_on_from(&current.session);
        }
        new.session.id = current.session.id;
        let work = work.renew_session(&new.session, current.session.token_hash);
        (work, 0)
    } else {
        let (work, ended) = session::room_for_one(env, work, begun.user, visit).await?;
        (work.insert_session(&new.session), ended)
    };
    let here = begun.here;
    let (work, out) = session::room_in_browser(env, work, here, new.session.id, visit).await?;
    let work = with_language(work, begun, browser);
    let event = Event::SignedIn {
        user: begun.user.id,
        session: new.session.id.to_string(),
        amr: new.session.authentication.amr.clone(),
        client: begun.client.map(|client| client.client_id.clone()),
    };
    let chain = begun.client.and_then(|client| client.organization_id);
    let work = work.and_event(env.record(chain, Actor::User(begun.user.id), event, visit));
    let cookies = Cookies {
        binding: browser.binding.clone(),
        devices: arrived.devices,
        ..session::cookies_after_sign_in(browser, &new, begun.here)
    };
    Ok(Beginning {
        session: new.session,
        work,
        cookies,
        has_news: arrived.is_unusual || ended + out > 0,
    })
}

/// Notes the language that the login's pages were shown in: the application's wish counts unless the person chose one by hand.
fn with_language(work: Work, begun: &Begun<'_>, browser: &Browser) -> Work {
    let wished = begun.login.state.language.as_deref();
    let wished = wished.filter(|_| !browser.chose_language);
    match wished.or(browser.language.as_deref()) {
        Some(language) if begun.user.language.as_deref() != Some(language) => {
            work.note_language(begun.user.id, language)
        }
        _ => work,
    }
}

struct Finish<'a> {
    login: &'a Login,
    session: Option<Session>,
    client: Option<std::sync::Arc<Client>>,
}

impl Finish<'_> {
    /// To the page of the step, or, when nothing is left to ask, with the answer to whoever asked.
    async fn next(self, env: &Env, work: Work, visit: Visit<'_>) -> Result<(Next, Work), Fault> {
        if self.login.state.step != Step::Finished {
            let page = Next::Page(self.login.id, self.login.state.step.clone());
            return Ok((page, work));
        }
        let session = self
            .session
            .ok_or_else(|| Fault::new("a login finished without a session"))?;
        match (&self.login.state.purpose, self.client) {
            (
                Purpose::Authorize {
                    request,
                    redirect_uri,
                },
                Some(client),
            ) => {
                let asked = Asked {
                    request: (**request).clone(),
                    client,
                    redirect_uri: authorize::reverify(env, request, redirect_uri)?,
                };
                let (answer, work) =
                    authorize::issue_code(env, &asked, &session, work, visit).await?;
                Ok((Next::Answer(answer), work))
            }
            (Purpose::Account { path, .. }, _) => Ok((Next::Account(path.clone()), work)),
            (Purpose::Authorize { .. }, None) => {
                Err(Fault::new("an authorization without its client"))
            }
        }
    }
}
