//! Signing in, or proving a second factor, by a passkey.

use identity_domain::audit::{Actor, Event};
use identity_domain::credential::{Credential, CredentialKind, WebauthnCredential};
use identity_domain::factor::Method;
use identity_domain::failure::{Failure, Fault};
use identity_domain::id::Id;
use identity_domain::login::Proof;
use identity_domain::notification::{Notification, Scene};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::ValueHash;
use identity_domain::user::{Pages, User};
use identity_storage::{Account, Lost};
use serde_json::{Value, json};

use super::ceremony::{self, Aim, Opened};
use super::library::{COUNTER, RelyingParty};
use super::response::Response;
use super::{Who, refuse, refused, relying_party};
use crate::browser::Browser;
use crate::env::{Env, Visit, fault};
use crate::factors::{self, Proven, recovery};
use crate::jobs;
use crate::jobs::mail::to_person;
use crate::login::LoginResult;
use crate::login::next::shut_out;

/// Options for the browser, as the JSON of `parseRequestOptionsFromJSON`. Without an account nothing in them depends on anybody, so that
/// they tell nothing (WAN-06); with one, after its first factor, they list its passkeys.
pub async fn begin_assertion(
    env: &Env,
    account: Option<&Account>,
    bound_to: &str,
    visit: Visit<'_>,
) -> LoginResult<String> {
    let party = relying_party(env)?;
    let allowed = account.map_or_else(Vec::new, |account| {
        passkeys(account).map(|(_, key)| descriptor(&key)).collect()
    });
    if account.is_some() && allowed.is_empty() {
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    let begun = party.begin_assertion(allowed)?;
    let aim = account.map_or((Aim::SignIn, None), |account| {
        (Aim::Proof, Some(account.user.id))
    });
    Ok(ceremony::keep(env, begun, aim, bound_to, visit).await?)
}

/// Proves a passkey of an account that is known already. Refusals are written down.
pub async fn prove(
    env: &Env,
    account: &Account,
    bound_to: &str,
    response: &str,
    visit: Visit<'_>,
) -> LoginResult<Proven> {
    let checked = async {
        let party = relying_party(env)?;
        let response = Response::read(response, &party.origin).map_err(refuse)?;
        let aim = (&[Aim::Proof][..], Some(account.user.id));
        let opened = ceremony::find(env, &response.challenge, aim, bound_to, visit).await?;
        if response.user_handle.is_some() {
            handle_is_owners(&response, account.user.id)?;
        }
        let asserted = Asserted {
            party: &party,
            response: &response,
            opened: &opened,
            account,
        };
        asserted.proven(env, visit).await
    };
    match checked.await {
        Ok(proven) => Ok(proven),
        Err(failure) => Err(refused(env, Who::Person(account.user.id), failure, visit).await),
    }
}

/// Signs in by a passkey alone: it says whose it is. Refusals are written down. That an account is suspended is told to whoever holds its
/// passkey, and to nobody else. While factors are on hold it takes more than the passkey.
pub async fn sign_in(
    env: &Env,
    bound_to: &str,
    response: &str,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<(User, Proven)> {
    let mut owner = None;
    let checked = async {
        let party = relying_party(env)?;
        let response = Response::read(response, &party.origin).map_err(refuse)?;
        let aim = (&[Aim::SignIn][..], None);
        let opened = ceremony::find(env, &response.challenge, aim, bound_to, visit).await?;
        let account = owner_of(env, &response).await?;
        owner = Some(account.user.id);
        handle_is_owners(&response, account.user.id)?;
        let asserted = Asserted {
            party: &party,
            response: &response,
            opened: &opened,
            account: &account,
        };
        let proven = asserted.proven(env, visit).await?;
        if !account.user.is_active() {
            return Err(Failure::Refused(shut_out(&account.user)));
        }
        if account.user.standing.factors_on_hold {
            let put_off = recovery::heard(env, &account.user, browser, visit).await?;
            return Err(Failure::Refused(LoginRefusal::FactorsOnHold { put_off }));
        }
        Ok((account.user, proven))
    };
    match checked.await {
        Ok(proven) => Ok(proven),
        Err(failure) => Err(refused(env, Who::Anybody(owner), failure, visit).await),
    }
}

/// Whose passkey it is, by its id. Its holder needs a way forward, so unknown is told apart from refused (H-06); ids are random and long.
async fn owner_of(env: &Env, response: &Response) -> LoginResult<Account> {
    let unknown = || Failure::Refused(LoginRefusal::PasskeyUnknown);
    let hash = ValueHash::of(&response.credential_id);
    let (user, _) = env.store.webauthn_owner(hash).await?.ok_or_else(unknown)?;
    env.store.account(user).await?.ok_or_else(unknown)
}

/// WebAuthn §7.2: the user handle names the owner of the credential, to the byte.
fn handle_is_owners(response: &Response, owner: Id<User>) -> LoginResult<()> {
    if response.user_handle.as_deref() == Some(owner.uuid().as_bytes()) {
        Ok(())
    } else {
        Err(refuse("user_handle"))
    }
}

struct Asserted<'a> {
    party: &'a RelyingParty,
    response: &'a Response,
    opened: &'a Opened,
    account: &'a Account,
}

impl Asserted<'_> {
    async fn proven(&self, env: &Env, visit: Visit<'_>) -> LoginResult<Proven> {
        let id = super::response::encode(&self.response.credential_id);
        let (row, key) = passkeys(self.account)
            .find(|(_, key)| key.credential_id == id)
            .ok_or(Failure::Refused(LoginRefusal::PasskeyUnknown))?;
        if key.suspect_since.is_some() {
            return Err(refuse("suspect"));
        }
        if env.settings.mfa.device_bound_only && key.backup_eligible {
            return Err(refuse("not_device_bound"));
        }
        let state = self.opened.state.clone();
        match self
            .party
            .finish_assertion(self.response, state, &key.passkey)
        {
            Ok(after) => Ok(self.used(env, (row, key), after, visit)),
            Err(COUNTER) => {
                suspect(env, self.account, row, key, visit).await?;
                Err(refuse(COUNTER))
            }
            Err(why) => Err(refuse(why)),
        }
    }

    /// The proof, with what the use changed. A passkey is never taken without user verification, so it stands for both factors.
    fn used(
        &self,
        env: &Env,
        (row, mut key): (&Credential, WebauthnCredential),
        (record, backed_up): (Option<Value>, bool),
        visit: Visit<'_>,
    ) -> Proven {
        let proof = Proof::both(key.amr(), visit.now);
        let user = self.account.user.id;
        let work = factors::used(env, user, Method::Webauthn, visit);
        let work = match record {
            None => work.use_credential(row.id, visit.now),
            Some(record) => {
                key.passkey = record;
                key.backed_up = backed_up;
                let changed = Credential {
                    data: json!(key).to_string(),
                    last_used_at: Some(visit.now),
                    ..row.clone()
                };
                work.use_changed_credential(&changed)
            }
        };
        Proven {
            proof,
            work: self.opened.used(work, visit),
        }
    }
}

/// WebAuthn §6.1.1: a counter that does not rise means that the key may exist twice. It is not taken again until its owner looked at it.
async fn suspect(
    env: &Env,
    account: &Account,
    row: &Credential,
    mut key: WebauthnCredential,
    visit: Visit<'_>,
) -> Result<(), Fault> {
    key.suspect_since = Some(visit.now);
    let changed = Credential {
        data: json!(key).to_string(),
        ..row.clone()
    };
    let event = Event::FactorChanged {
        user: account.user.id,
        kind: Method::Webauthn.as_str(),
        change: "suspected",
    };
    let notification = Notification::PasskeySuspected {
        label: row.label.clone(),
        scene: Scene::of(visit.context, visit.now),
        passkeys_link: env.settings.url("/account/security/passkeys"),
    };
    let work = env
        .audited(None, Actor::System, event, visit)
        .update_credential(&changed)
        .enqueue(jobs::now(
            env,
            to_person(env, &account.user, Pages::None, notification),
            visit.now,
        ));
    match env.store.commit(work).await {
        Ok(()) => {
            jobs::wake(env);
            Ok(())
        }
        // Changed in the same moment; the next use sees the newer counter.
        Err(Lost::Guard(_)) => Ok(()),
        Err(lost) => Err(fault(lost)),
    }
}

/// The passkeys of an account. What cannot be read is not offered.
pub(super) fn passkeys(
    account: &Account,
) -> impl Iterator<Item = (&Credential, WebauthnCredential)> {
    account
        .credentials
        .iter()
        .filter(|credential| credential.kind == CredentialKind::Webauthn)
        .filter_map(|row| Some((row, row.read()?)))
}

/// One entry of `allowCredentials`.
fn descriptor(key: &WebauthnCredential) -> Value {
    json!({"type": "public-key", "id": key.credential_id, "transports": key.transports})
}
