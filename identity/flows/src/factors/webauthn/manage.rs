//! A person's own passkeys, from the account pages.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, one_line};
use identity_domain::credential::webauthn::MAX_PER_USER;
use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::factor::Method;
use identity_domain::failure::{Failure, Fault};
use identity_domain::refusal::LoginRefusal;
use identity_domain::time::Timestamp;
use identity_storage::Lost;

use super::assertion::passkeys;
use super::library::NewKey;
use super::registration::{Answer, LONGEST_NAME, begin_registration, finish_registration};
use super::response::encode;
use crate::account::elevation::{ElevatedSession, raised};
use crate::browser::{Browser, Cookies};
use crate::env::{Env, Visit, fault};
use crate::factors;
use crate::jobs;
use crate::login::LoginResult;
use crate::session::{self, LiveSession};

/// A passkey as its owner sees it.
pub struct Passkey {
    /// Its row.
    pub id: Id<Credential>,
    /// Its name.
    pub name: String,
    /// Bound since.
    pub created_at: Timestamp,
    /// Last successful use.
    pub last_used_at: Option<Timestamp>,
    /// It is copied to other devices of its owner.
    pub synced: bool,
    /// It can sign in without an address being typed.
    pub discoverable: bool,
    /// Perhaps a copy exists: it is not accepted any more.
    pub suspect: bool,
    /// Base64url, for the Signal API.
    pub credential_id: String,
}

/// All passkeys of a person, the oldest first, and whether there is room for one more.
pub async fn list(env: &Env, live: &LiveSession) -> LoginResult<(Vec<Passkey>, bool)> {
    let account = factors::account(env, live.user.id).await?;
    let mut list: Vec<Passkey> = passkeys(&account)
        .map(|(row, key)| Passkey {
            id: row.id,
            name: row.label.clone(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            synced: key.backed_up,
            discoverable: key.discoverable,
            suspect: key.suspect_since.is_some(),
            credential_id: key.credential_id,
        })
        .collect();
    list.sort_by_key(|passkey| (passkey.created_at, passkey.id));
    let has_room = list.len() < MAX_PER_USER;
    Ok((list, has_room))
}

/// The user handle of a person, base64url.
pub fn user_handle(live: &LiveSession) -> String {
    encode(live.user.id.uuid().as_bytes())
}

fn bound_to(live: &LiveSession) -> String {
    format!("session:{}", live.session.id)
}

/// Options for a new passkey of the person at a session that was proven a moment ago.
pub async fn begin(
    env: &Env,
    elevated: &ElevatedSession,
    kind: NewKey,
    visit: Visit<'_>,
) -> LoginResult<String> {
    let live = elevated.live();
    let account = factors::account(env, live.user.id).await?;
    begin_registration(env, &account, kind, &bound_to(live), visit).await
}

/// Stores the new passkey. It was proven by being made, so the session goes on under a new token at the level it reached (SES-02).
/// Returns whether backup codes must be handed over next, too.
pub async fn add(
    env: &Env,
    elevated: &ElevatedSession,
    answer: Answer<'_>,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<(Cookies, bool)> {
    let live = elevated.live();
    let account = factors::account(env, live.user.id).await?;
    let codes_due = factors::codes_due(&account);
    let made = finish_registration(env, &account, &bound_to(live), answer, visit).await?;
    let renewed = raised(env, live, Some(&made.proof), visit);
    let work = session::here(made.work, live, visit.now)
        .renew_session(&renewed.session, live.session.token_hash);
    match env.store.commit(work).await {
        Ok(()) => {}
        // Used a moment ago, or signed out meanwhile.
        Err(Lost::Guard(_)) => return Err(super::refuse("challenge")),
        Err(Lost::Conflict("webauthn_ids")) => return Err(super::refuse("registered")),
        Err(Lost::Conflict("credentials")) => {
            return Err(Failure::Refused(LoginRefusal::ChangedElsewhere));
        }
        Err(lost) => return Err(Failure::Fault(fault(lost))),
    }
    jobs::wake(env);
    let cookies = session::cookies_for(browser, &renewed, std::slice::from_ref(live));
    Ok((cookies, codes_due))
}

/// Gives a passkey another name.
pub async fn rename(
    env: &Env,
    elevated: &ElevatedSession,
    id: Id<Credential>,
    name: &str,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let live = elevated.live();
    let name = one_line(name.trim(), LONGEST_NAME);
    if name.is_empty() {
        return Err(Failure::Refused(LoginRefusal::ChangedElsewhere));
    }
    let account = factors::account(env, live.user.id).await?;
    let row = passkeys(&account)
        .map(|(row, _)| row)
        .find(|row| row.id == id)
        .ok_or(Failure::Refused(LoginRefusal::Unknown))?;
    let event = Event::FactorChanged {
        user: live.user.id,
        kind: Method::Webauthn.as_str(),
        change: "renamed",
    };
    let work = env
        .audited(None, Actor::User(live.user.id), event, visit)
        .rename_credential(row.id, live.user.id, &name);
    match env.store.commit(work).await {
        Ok(()) => Ok(()),
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::Unknown)),
        Err(Lost::Conflict(_)) => Err(Failure::Refused(LoginRefusal::ChangedElsewhere)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// Whether an id names a passkey of the person; everything else does not exist here (WAN-07).
pub async fn owns(
    env: &Env,
    elevated: &ElevatedSession,
    id: Id<Credential>,
) -> Result<bool, Fault> {
    let credentials = env.store.credentials_of(elevated.live().user.id).await?;
    Ok(credentials
        .iter()
        .any(|row| row.id == id && row.kind == CredentialKind::Webauthn))
}
