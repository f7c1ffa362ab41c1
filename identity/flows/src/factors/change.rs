//! What every change of a person's factors ends with: its event, the mail to its owner, and the things that hang on it.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event};
use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::device::Device;
use identity_domain::factor::Method;
use identity_domain::failure::{Failure, Fault};
use identity_domain::notification::{Notification, Scene};
use identity_domain::refusal::LoginRefusal;
use identity_domain::session::{EndReason, Session};
use identity_domain::user::{Pages, User};
use identity_storage::{Account, Lost, Work};

use super::{backup_codes, of, of_kind, phone};
use crate::account::elevation::ElevatedSession;
use crate::env::{Env, Visit, fault};
use crate::jobs::mail::to_person;
use crate::login::LoginResult;
use crate::report::{self, Change, Changed, NewFactor, Reported};
use crate::session::ending_all;
use crate::{jobs, mailed};

/// A factor that is set up in a unit.
pub struct Added<'a> {
    /// Whose, as it was before.
    pub account: &'a Account,
    /// The new row, whose insertion is in the unit already.
    pub credential: &'a Credential,
}

/// Whether backup codes must be handed over after the next factor: there are none in force (H-37). Asked before the change.
pub fn codes_due(account: &Account) -> bool {
    of_kind(account, CredentialKind::BackupCodes)
        .next()
        .is_none()
}

/// Adds what every enrolment ends with: the event, the mail to its owner, and backup codes where there are none.
pub fn added(env: &Env, work: Work, added: &Added<'_>, visit: Visit<'_>) -> LoginResult<Work> {
    let Added {
        account,
        credential,
    } = added;
    let user = &account.user;
    let event = Event::FactorAdded {
        user: user.id,
        kind: credential.kind.as_str(),
        credential: credential.id.to_string(),
    };
    let method = credential
        .kind
        .method()
        .ok_or_else(|| Fault::new("no factor"))?;
    let scene = Scene::of(visit.context, visit.now);
    let about = Reported::Factor(NewFactor {
        credential_id: credential.id,
        method,
        label: credential.label.clone(),
        scene: scene.clone(),
    });
    let (work, no_link) = report::not_me(env, work, user, about, visit.now);
    let notification = Notification::FactorAdded {
        method,
        label: credential.label.clone(),
        scene,
        no_link,
        security_link: env.settings.url("/account/security"),
    };
    let work = work
        .and_event(env.record(None, Actor::User(user.id), event, visit))
        .enqueue(jobs::now(
            env,
            to_person(env, user, Pages::None, notification),
            visit.now,
        ));
    if codes_due(account) {
        backup_codes::making(env, work, account, visit)
    } else {
        Ok(work)
    }
}

/// Removes a factor of the person at a session that was proven a moment ago. Their other sessions end; trust in devices is taken back.
pub async fn removed(
    env: &Env,
    elevated: &ElevatedSession,
    credential: Id<Credential>,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let live = elevated.live();
    let account = super::account(env, live.user.id).await?;
    let removal = Removal {
        account: &account,
        credential,
        keep: Some(&live.session),
        because: None,
    };
    if env.settings.mfa.required && of(&account).enrolled() <= 1 {
        return Err(Failure::Refused(LoginRefusal::LastFactor));
    }
    remove(env, removal, visit).await
}

/// Removes a factor of a person whose identity an operator has checked by other means. All their sessions end.
pub async fn removed_by_operator(
    env: &Env,
    user: Id<User>,
    credential: Id<Credential>,
    reason: &str,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let account = env.store.account(user).await?;
    let account = account.ok_or(Failure::Refused(LoginRefusal::Unknown))?;
    let removal = Removal {
        account: &account,
        credential,
        keep: None,
        because: Some(reason),
    };
    remove(env, removal, visit).await
}

struct Removal<'a> {
    account: &'a Account,
    credential: Id<Credential>,
    /// The session it is done in.
    keep: Option<&'a Session>,
    /// The reason an operator gave; `None` when the owner removes it.
    because: Option<&'a str>,
}

async fn remove(env: &Env, removal: Removal<'_>, visit: Visit<'_>) -> LoginResult<()> {
    let account = removal.account;
    let user = &account.user;
    let (credential, method) = account
        .credentials
        .iter()
        .find(|row| row.id == removal.credential)
        .and_then(|row| Some((row, row.kind.method()?)))
        .filter(|(_, method)| *method != Method::BackupCode)
        .ok_or(Failure::Refused(LoginRefusal::Unknown))?;
    let (actor, event) = told(&removal, credential);
    let device = removal.keep.and_then(|session| session.device_id);
    let work = env
        .audited(None, actor, event, visit)
        .delete_credential(credential.id, user.id)
        .distrust_devices_of(user.id)
        .pass_over_devices_of(user.id, device, visit.now);
    let gone = (method, credential.label.as_str());
    let work = tell_removed(env, work, user, (gone, device), visit);
    let work = without_lone_codes(work, account);
    let mut after = user.clone();
    if removal.keep.is_some() {
        after.end_what_waits(visit.now);
    } else {
        after.raise_epoch(visit.now);
    }
    if of(account).enrolled() <= 1 {
        after.end_removal_of_factors();
    }
    let work = if method == Method::Sms {
        phone::forgotten(work, &mut after)
    } else {
        work
    };
    let work = mailed::all_cancelled(work.update_user(&after), user.id);
    let reason = EndReason::FactorChanged;
    let keep = removal.keep.map(|session| session.id);
    let work = ending_all(env, work, user, keep, reason, visit.now).await?;
    match env.store.commit(work).await {
        Ok(()) => env.directory.forget_person(user.id),
        Err(Lost::Guard("user")) => return Err(Failure::Refused(LoginRefusal::ChangedElsewhere)),
        Err(Lost::Guard(_)) => return Err(Failure::Refused(LoginRefusal::Unknown)),
        Err(lost) => return Err(Failure::Fault(fault(lost))),
    }
    env.status.refresh(env).await?;
    jobs::wake(env);
    Ok(())
}

/// Backup codes only exist beside another factor: with the last one they go.
fn without_lone_codes(work: Work, account: &Account) -> Work {
    if of(account).enrolled() > 1 {
        return work;
    }
    let codes = account.credentials.iter().filter(|row| {
        matches!(
            row.kind,
            CredentialKind::BackupCodes | CredentialKind::BackupCodesPending
        )
    });
    codes.fold(work, |work, row| {
        work.delete_credential(row.id, account.user.id)
    })
}

/// Adds the mail about a factor that was taken away, and the way to say that it was somebody else.
pub(super) fn tell_removed(
    env: &Env,
    work: Work,
    user: &User,
    ((method, label), device_id): ((Method, &str), Option<Id<Device>>),
    visit: Visit<'_>,
) -> Work {
    let scene = Scene::of(visit.context, visit.now);
    let about = Reported::Change(Changed {
        what: Change::FactorRemoved {
            method,
            label: label.to_owned(),
        },
        scene: scene.clone(),
        device_id,
    });
    let (work, no_link) = report::not_me(env, work, user, about, visit.now);
    let notification = Notification::FactorRemoved {
        method,
        label: label.to_owned(),
        scene,
        no_link,
        security_link: env.settings.url("/account/security"),
    };
    let told = to_person(env, user, Pages::None, notification);
    work.enqueue(jobs::now(env, told, visit.now))
}

/// Who removed it, and what is written down of it.
fn told(removal: &Removal<'_>, credential: &Credential) -> (Actor, Event) {
    let user = removal.account.user.id;
    let kind = credential.kind.as_str();
    if let Some(reason) = removal.because {
        let reason = reason.to_owned();
        return (Actor::Operator, Event::FactorRemoved { user, kind, reason });
    }
    let change = "removed";
    (
        Actor::User(user),
        Event::FactorChanged { user, kind, change },
    )
}

/// The given name, one line and not too long, or the next one that is free: two credentials of a kind never share a name.
pub(super) fn free_label(
    account: &Account,
    kind: CredentialKind,
    given: &str,
    otherwise: &str,
    most: usize,
) -> String {
    let given = identity_domain::audit::one_line(given.trim(), most);
    let given = if given.is_empty() {
        otherwise.to_owned()
    } else {
        given
    };
    let is_free = |name: &str| of_kind(account, kind).all(|row| row.label != name);
    if is_free(&given) {
        return given;
    }
    // One more than there can be in use.
    (2..=account.credentials.len() + 2)
        .map(|number| format!("{given} {number}"))
        .find(|name| is_free(name))
        .unwrap_or(given)
}
