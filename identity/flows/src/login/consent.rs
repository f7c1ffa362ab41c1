//! Allow or deny.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::consent::Consent;
use identity_domain::failure::Failure;
use identity_domain::login::{Action, Login, Purpose};
use identity_domain::notification::Notification;
use identity_domain::refusal::LoginRefusal;
use identity_domain::time::Timestamp;
use identity_domain::user::{Pages, User};
use identity_storage::Work;

use super::{LoginResult, Outcome, Taken, cancel, load, settle};
use crate::browser::Browser;
use crate::env::{Env, Visit};
use crate::jobs;
use crate::jobs::mail::to_person;
use crate::{claims, session};

/// Remembers "Allow" and goes on, or tells the application "no".
pub async fn decide(
    env: &Env,
    id: Id<Login>,
    allow: bool,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let now = env.now();
    let login = load(env, id, browser, Action::Consent, now).await?;
    let here = session::live(env, browser, now).await?;
    let live = here
        .into_iter()
        .find(|live| Some(live.user.id) == login.state.user_id)
        .ok_or(Failure::Refused(LoginRefusal::SignedOut))?;
    if !allow {
        return cancel::cancel(env, id, browser, context).await;
    }
    let Purpose::Authorize { request, .. } = &login.state.purpose else {
        return Err(Failure::Refused(LoginRefusal::StepNotAccepted));
    };
    let before = env.store.consent(live.user.id, &request.client_id).await?;
    let scopes = with_before(claims::asked_scope(request), before.as_ref());
    let is_first = before.is_none();
    let granted_at = before.map_or(now, |consent| consent.granted_at);
    let consent = Consent {
        user_id: live.user.id,
        client_id: request.client_id.clone(),
        scopes: scopes.clone(),
        granted_at,
        updated_at: now,
    };
    let event = Event::ConsentGranted {
        user: live.user.id,
        client: request.client_id.clone(),
        scopes,
    };
    let work = env
        .audited(
            None,
            Actor::User(live.user.id),
            event,
            Visit { context, now },
        )
        .put_consent(&consent);
    let work = if is_first {
        connected(env, work, &live.user, &consent.client_id, now)
    } else {
        work
    };
    settle(
        env,
        Taken {
            login,
            user: live.user,
            must_change_password: false,
            consented: true,
            work,
        },
        browser,
        context,
        now,
    )
    .await
}

/// What is allowed from now on: what is asked for, and what was allowed before.
fn with_before(asked: Vec<&str>, before: Option<&Consent>) -> Vec<String> {
    let mut scopes: Vec<String> = asked
        .into_iter()
        .map(str::to_owned)
        .chain(before.iter().flat_map(|consent| consent.scopes.clone()))
        .collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// Tells the owner that an application was connected, unless they switched that mail off.
fn connected(env: &Env, work: Work, user: &User, client_id: &str, now: Timestamp) -> Work {
    let is_muted = user
        .standing
        .muted
        .iter()
        .any(|mail| mail == "app_connected");
    let Some(client) = env.directory.client(client_id).filter(|_| !is_muted) else {
        return work;
    };
    let notification = Notification::AppConnected {
        app: client.display_name().to_owned(),
        applications_link: env.settings.url("/account/applications"),
        at: now,
    };
    work.enqueue(jobs::now(
        env,
        to_person(env, user, Pages::None, notification),
        now,
    ))
}
