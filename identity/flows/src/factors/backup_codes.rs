//! Backup codes: made with the first factor, shown until they are saved, each worth one sign-in.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event};
use identity_domain::credential::backup_code::FEW;
use identity_domain::credential::{BackupCodes, Credential, CredentialKind};
use identity_domain::factor::Method;
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::Proof;
use identity_domain::notification::{Notification, Scene};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::time::Timestamp;
use identity_domain::user::{Pages, User};
use identity_oauth::acr::amr;
use identity_storage::{Account, Lost, Work};
use serde::{Deserialize, Serialize};

use super::{Proven, of_kind, refused, spend, used};
use crate::env::{Env, Visit, fault};
use crate::jobs;
use crate::jobs::mail::to_person;
use crate::login::LoginResult;
use crate::report::{self, Change, Changed, Reported};

/// A set that was made and not saved yet: the codes, sealed at rest, and the hashes that will be kept.
#[derive(Serialize, Deserialize)]
struct Pending {
    v: u8,
    codes: Vec<String>,
    set: BackupCodes,
}

/// A set as the page that hands it over shows it.
pub struct Shown {
    /// The codes.
    pub codes: Vec<SecretString>,
    /// When they were made.
    pub made_at: Timestamp,
}

/// Proves a backup code; it is gone with the unit. Its owner is told by mail.
pub async fn prove(
    env: &Env,
    account: &Account,
    code: &SecretString,
    visit: Visit<'_>,
) -> LoginResult<Proven> {
    let user = &account.user;
    spend(env, user, Method::BackupCode, visit).await?;
    let spent = of_kind(account, CredentialKind::BackupCodes)
        .find_map(|row| Some((row, row.read::<BackupCodes>()?.spend(code)?)));
    let Some((row, rest)) = spent else {
        let failure = Failure::Refused(LoginRefusal::WrongCode);
        return Err(refused(env, user, Method::BackupCode, failure, visit).await);
    };
    let after = Credential {
        data: serde_json::to_string(&rest).map_err(Fault::new)?,
        last_used_at: Some(visit.now),
        ..row.clone()
    };
    let left = rest.left();
    let scene = Scene::of(visit.context, visit.now);
    let about = Reported::Change(Changed {
        what: Change::BackupCodeUsed,
        scene: scene.clone(),
        device_id: None,
    });
    let work = used(env, user.id, Method::BackupCode, visit);
    let (work, no_link) = report::not_me(env, work, user, about, visit.now);
    let notification = Notification::BackupCodeUsed {
        left,
        few: left <= FEW,
        scene,
        no_link,
        security_link: env.settings.url("/account/security"),
    };
    let work = work.update_credential(&after).enqueue(jobs::now(
        env,
        to_person(env, user, Pages::None, notification),
        visit.now,
    ));
    Ok(Proven {
        proof: Proof::second(amr::ONE_TIME_PASSWORD, visit.now),
        work,
    })
}

/// Adds a fresh set that waits to be saved to a unit; one that waited before is gone with it. Codes in force stay until the new are saved.
pub fn making(env: &Env, work: Work, account: &Account, visit: Visit<'_>) -> LoginResult<Work> {
    let (set, codes) = BackupCodes::generate(env.entropy.as_ref(), visit.now);
    let pending = Pending {
        v: 1,
        codes: codes.iter().map(|code| code.expose().clone()).collect(),
        set,
    };
    let data = serde_json::to_string(&pending).map_err(Fault::new)?;
    let waiting = of_kind(account, CredentialKind::BackupCodesPending).next();
    Ok(match waiting {
        Some(before) => work.update_credential(&Credential {
            data,
            ..before.clone()
        }),
        None => work.insert_credential(&new_row(
            env,
            account.user.id,
            CredentialKind::BackupCodesPending,
            data,
            visit,
        )),
    })
}

/// Makes a fresh set that waits to be saved.
pub async fn begin(env: &Env, account: &Account, visit: Visit<'_>) -> LoginResult<()> {
    let work = Work::unaudited("codes that are no factor before they were saved");
    match env.store.commit(making(env, work, account, visit)?).await {
        // Another tab was faster: its set is the one that waits.
        Ok(()) | Err(Lost::Guard(_) | Lost::Conflict(_)) => Ok(()),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// The set that waits to be saved, if there is one. Shown as often as it is asked for, until it is saved.
pub fn pending(account: &Account) -> Option<Shown> {
    let pending: Pending = of_kind(account, CredentialKind::BackupCodesPending)
        .next()?
        .read()?;
    Some(Shown {
        codes: pending.codes.into_iter().map(SecretString::from).collect(),
        made_at: pending.set.made_at,
    })
}

/// "I have saved them": from now on the hashes count, the codes are gone and those before them are dead.
pub fn saved(env: &Env, account: &Account, visit: Visit<'_>) -> LoginResult<Work> {
    let user = account.user.id;
    let waiting = of_kind(account, CredentialKind::BackupCodesPending).next();
    let (row, pending) = waiting
        .and_then(|row| Some((row, row.read::<Pending>()?)))
        .ok_or(Failure::Refused(LoginRefusal::StepNotAccepted))?;
    let data = serde_json::to_string(&pending.set).map_err(Fault::new)?;
    let event = Event::FactorChanged {
        user,
        kind: CredentialKind::BackupCodes.as_str(),
        change: "saved",
    };
    let work = env
        .audited(None, Actor::User(user), event, visit)
        .delete_credential(row.id, user);
    // A new row, not a new document: it is set up now, in the device at hand.
    let work = match of_kind(account, CredentialKind::BackupCodes).next() {
        Some(before) => work.delete_credential(before.id, user),
        None => work,
    };
    let row = new_row(env, user, CredentialKind::BackupCodes, data, visit);
    Ok(work.insert_credential(&row))
}

fn new_row(
    env: &Env,
    user_id: Id<User>,
    kind: CredentialKind,
    data: String,
    visit: Visit<'_>,
) -> Credential {
    Credential {
        id: env.id(visit.now),
        user_id,
        kind,
        label: String::new(),
        data,
        created_at: visit.now,
        last_used_at: None,
        device_id: None,
        version: 1,
    }
}
