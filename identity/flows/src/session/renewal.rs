//! A session whose owner may do other things than before gets a new token with its next use (SES-02): a cookie that somebody took or
//! planted earlier is worth nothing with the new roles. The successor is computed from the token before it under a key of the server, so
//! requests that arrive side by side get the same one, and none of them signs anybody out. It is handed to the device that the session began in
//! alone: a session cookie that was copied is good for a moment more, and for nothing after it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_domain::Fault;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::session::Session;
use identity_domain::time::Timestamp;
use identity_storage::{Lost, SessionFound, Work};

use crate::browser::{Browser, Cookies, Persistence, Sighting};
use crate::device;
use crate::env::{Env, fault};
use crate::session::LiveSession;

/// What the keyed hash is for.
const PURPOSE: &str = "session";

/// The session of a token, and whether the token is the one before, which is taken for a moment longer.
pub(super) async fn found(
    env: &Env,
    token: &SecretString,
    now: Timestamp,
) -> Result<Option<(SessionFound, bool)>, Fault> {
    if let Some(found) = env.store.session_by_token(token.hash()).await? {
        return Ok(Some((found, false)));
    }
    for hash in env.keys.keyed_hashes(PURPOSE, token.expose()) {
        let found = env.store.session_by_token(text(hash).hash()).await?;
        if let Some(mut found) = found.filter(|found| found.session.is_being_handed_over(now)) {
            // What it was presented as: nothing but a look is done with a token on its way out.
            found.session.token_hash = token.hash();
            return Ok(Some((found, true)));
        }
    }
    Ok(None)
}

/// Notes in the browser's request what must change of its sessions, if anything must.
pub(super) fn note(browser: &Browser, presented: &[(&SecretString, bool)], live: &[LiveSession]) {
    let all = presented.iter().zip(live);
    let mut seen: Vec<Sighting> = Vec::new();
    let is_due = |(late, live): (bool, &LiveSession)| late || live.session.renewal_due_at.is_some();
    if all.clone().any(|((_, late), live)| is_due((*late, live))) {
        seen.extend(all.map(|((token, is_late), live)| Sighting {
            token: (*token).clone(),
            session: live.session.clone(),
            is_late: *is_late,
        }));
    }
    browser.sightings.note(seen);
}

/// The new list of tokens of a browser, where one of those that were seen must change.
pub async fn renewed(
    env: &Env,
    browser: &Browser,
    now: Timestamp,
) -> Result<Option<Cookies>, Fault> {
    let seen = browser.sightings.taken();
    let Some(persistence) = seen.first().map(|first| persistence(&first.session, now)) else {
        return Ok(None);
    };
    let mut tokens = Vec::with_capacity(seen.len());
    let mut all_known = true;
    for sighting in seen {
        let known = !must_change(&sighting) || began_here(env, &sighting.session, browser).await?;
        all_known &= known;
        tokens.push(kept(env, sighting, now).await?);
    }
    // One list holds them all: where one is not to be told, the list stays as it is, and what the others need comes with the next request.
    Ok(all_known.then_some(Cookies {
        sessions: Some((tokens, persistence)),
        ..Cookies::default()
    }))
}

/// Whether what was presented is not what the session goes on with.
const fn must_change(seen: &Sighting) -> bool {
    seen.is_late || seen.session.renewal_due_at.is_some()
}

/// Whether the browser holds the secret of the device that the session began in.
async fn began_here(env: &Env, session: &Session, browser: &Browser) -> Result<bool, Fault> {
    let device = device::found(env, session.user_id, browser).await?;
    Ok(device.is_some_and(|device| Some(device.id) == session.device_id))
}

/// The token that a browser keeps of a session.
async fn kept(env: &Env, seen: Sighting, now: Timestamp) -> Result<SecretString, Fault> {
    if !must_change(&seen) {
        return Ok(seen.token);
    }
    let Sighting {
        token,
        session,
        is_late,
    } = seen;
    let successor = text(env.keys.keyed_hash(PURPOSE, token.expose())?);
    if !is_late {
        let work = Work::unaudited("a new token after a change that has its own event")
            .renew_token(session.id, session.token_hash, successor.hash(), now);
        match env.store.commit(work).await {
            Ok(()) => {}
            Err(Lost::Guard(_)) => {
                // Another request did it in the same moment, and got the same token; or a step-up gave the session one of its own.
                let successors = env.store.session_by_token(successor.hash()).await?;
                return Ok(successors.map_or(token, |_| successor));
            }
            Err(lost) => return Err(fault(lost)),
        }
    }
    Ok(successor)
}

fn text(hash: ValueHash) -> SecretString {
    URL_SAFE_NO_PAD.encode(hash.0).into()
}

fn persistence(session: &Session, now: Timestamp) -> Persistence {
    if session.remember {
        Persistence::Seconds(session.expires_at.since(now).as_seconds())
    } else {
        Persistence::Window
    }
}
