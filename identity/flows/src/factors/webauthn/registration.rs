//! Setting a passkey up.

use identity_domain::credential::webauthn::MAX_PER_USER;
use identity_domain::credential::{Credential, CredentialKind, WebauthnCredential};
use identity_domain::failure::Failure;
use identity_domain::login::Proof;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::ValueHash;
use identity_domain::user::User;
use identity_storage::{Account, Work};
use serde_json::json;

use super::assertion::passkeys;
use super::ceremony::{self, Aim, Opened};
use super::library::{Key, NewKey, Owner};
use super::response::{Response, decode, encode};
use super::{Who, name, refuse, refused, relying_party};
use crate::env::{Env, Visit};
use crate::factors::change::free_label;
use crate::factors::{Added, added};
use crate::login::LoginResult;

/// Longest name, characters.
pub const LONGEST_NAME: usize = 60;

/// A passkey that was set up just now; setting it up proved it.
pub struct Registered {
    /// For `amr` and `acr`.
    pub proof: Proof,
    /// What is stored, its name included.
    pub credential: Credential,
    /// The guarded steps with their event, ended by [`added`]. [`identity_storage::Lost::Conflict`] of `webauthn_ids`: somebody registered
    /// this credential in the same moment.
    pub work: Work,
}

/// What came from the browser, and how the passkey is called when its kind is not known ("Passkey on Windows").
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The JSON of `credential.toJSON()`.
    pub response: &'a str,
    /// In the language of the person.
    pub fallback_name: &'a str,
}

/// Options for the browser, as the JSON of `parseCreationOptionsFromJSON`.
pub async fn begin_registration(
    env: &Env,
    account: &Account,
    kind: NewKey,
    bound_to: &str,
    visit: Visit<'_>,
) -> LoginResult<String> {
    let party = relying_party(env)?;
    has_room(account)?;
    let registered = passkeys(account)
        .filter_map(|(_, key)| decode(&key.credential_id))
        .collect();
    let begun = party.begin_registration(&owner(&account.user), registered, kind)?;
    let aim = match kind {
        NewKey::Passkey => Aim::Registration,
        NewKey::Silent => Aim::SilentRegistration,
        NewKey::SecurityKey => Aim::SecurityKeyRegistration,
    };
    let aim = (aim, Some(account.user.id));
    Ok(ceremony::keep(env, begun, aim, bound_to, visit).await?)
}

/// Checks the browser's answer. Refusals are written down.
pub async fn finish_registration(
    env: &Env,
    account: &Account,
    bound_to: &str,
    answer: Answer<'_>,
    visit: Visit<'_>,
) -> LoginResult<Registered> {
    let aims = [Aim::Registration, Aim::SecurityKeyRegistration];
    finish(env, account, (&aims, bound_to), answer, visit).await
}

/// The same for one that the browser made by itself. Its [`Registered::proof`] proves nothing: nobody was there.
pub async fn finish_silent_registration(
    env: &Env,
    account: &Account,
    bound_to: &str,
    answer: Answer<'_>,
    visit: Visit<'_>,
) -> LoginResult<Registered> {
    let aims = [Aim::SilentRegistration];
    finish(env, account, (&aims, bound_to), answer, visit).await
}

async fn finish(
    env: &Env,
    account: &Account,
    (aims, bound_to): (&[Aim], &str),
    answer: Answer<'_>,
    visit: Visit<'_>,
) -> LoginResult<Registered> {
    let checked = async {
        let party = relying_party(env)?;
        has_room(account)?;
        let response = Response::read(answer.response, &party.origin).map_err(refuse)?;
        let aims = (aims, Some(account.user.id));
        let opened = ceremony::find(env, &response.challenge, aims, bound_to, visit).await?;
        let kind = match opened.aim {
            Aim::SilentRegistration => NewKey::Silent,
            Aim::SecurityKeyRegistration => NewKey::SecurityKey,
            _ => NewKey::Passkey,
        };
        let key = party
            .finish_registration(&response, opened.state.clone(), kind)
            .map_err(refuse)?;
        if key.id != response.credential_id {
            return Err(refuse("id"));
        }
        // A copy could leave the device at any time, whatever the flag says today (WebAuthn §6.1.3).
        if env.settings.mfa.device_bound_only && key.backup_eligible {
            return Err(refuse("not_device_bound"));
        }
        // WebAuthn §7.1: nobody else has this credential. The unique row decides; this is for the reason.
        let hash = ValueHash::of(&key.id);
        if env.store.webauthn_owner(hash).await?.is_some() {
            return Err(refuse("registered"));
        }
        let label = label(account, &response, answer.fallback_name);
        let made = Made {
            account,
            opened: &opened,
            document: document(key, &response),
            label,
            hash,
        };
        made.registered(env, visit)
    };
    match checked.await {
        Ok(registered) => Ok(registered),
        Err(failure) => Err(refused(env, Who::Person(account.user.id), failure, visit).await),
    }
}

fn has_room(account: &Account) -> LoginResult<()> {
    let count = account
        .credentials
        .iter()
        .filter(|credential| credential.kind == CredentialKind::Webauthn)
        .count();
    if count < MAX_PER_USER {
        Ok(())
    } else {
        Err(Failure::Refused(LoginRefusal::TooMany))
    }
}

/// The user handle is the person's id, to the byte: it says nothing about them, and finds them when a passkey signs in alone.
fn owner(user: &User) -> Owner<'_> {
    let email = user.email.as_str();
    Owner {
        handle: user.id.uuid(),
        email,
        name: user
            .profile
            .name
            .as_deref()
            .filter(|name| !name.is_empty())
            .unwrap_or(email),
    }
}

fn label(account: &Account, response: &Response, fallback: &str) -> String {
    let known = response.aaguid().and_then(name::of);
    let given = known.unwrap_or(fallback);
    free_label(
        account,
        CredentialKind::Webauthn,
        given,
        "Passkey",
        LONGEST_NAME,
    )
}

fn document(key: Key, response: &Response) -> WebauthnCredential {
    WebauthnCredential {
        v: 1,
        credential_id: encode(&key.id),
        aaguid: response.aaguid(),
        backup_eligible: key.backup_eligible,
        backed_up: key.backed_up,
        discoverable: key.discoverable,
        transports: response.transports(),
        suspect_since: None,
        passkey: key.record,
    }
}

struct Made<'a> {
    account: &'a Account,
    opened: &'a Opened,
    document: WebauthnCredential,
    label: String,
    hash: ValueHash,
}

impl Made<'_> {
    fn registered(self, env: &Env, visit: Visit<'_>) -> LoginResult<Registered> {
        let credential = Credential {
            id: env.id(visit.now),
            user_id: self.account.user.id,
            kind: CredentialKind::Webauthn,
            label: self.label,
            data: json!(self.document).to_string(),
            created_at: visit.now,
            last_used_at: None,
            device_id: None,
            version: 1,
        };
        let work = Work::unaudited("the event follows with what every enrolment ends with");
        let work = self
            .opened
            .used(work, visit)
            .insert_credential(&credential)
            .insert_webauthn_id(self.hash, &credential);
        let of = Added {
            account: self.account,
            credential: &credential,
        };
        Ok(Registered {
            proof: Proof::both(self.document.amr(), visit.now),
            work: added(env, work, &of, visit)?,
            credential,
        })
    }
}
