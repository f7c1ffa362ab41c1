//! A person's second factors, from the account pages. Every change is made at a session that was proven a moment ago, at the account's own
//! level; what was set up counts as proven by that, so the session goes on under a new token.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, one_line};
use identity_domain::credential::password::PasswordCredential;
use identity_domain::credential::{BackupCodes, Credential, CredentialKind, WebauthnCredential};
use identity_domain::factor::{Factors, Method};
use identity_domain::failure::Failure;
use identity_domain::login::Proof;
use identity_domain::notification::{Notification, Scene};
use identity_domain::phone::PhoneNumber;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::time::Timestamp;
use identity_domain::user::Pages;
use identity_oauth::acr::amr;
use identity_storage::{Account, Lost, Work};

use super::elevation::{ElevatedSession, raised};
use crate::browser::{Browser, Cookies};
use crate::env::{Env, Visit, fault};
use crate::factors::phone::{self, Claimed};
use crate::factors::totp::{self, Confirmation, PendingView};
use crate::factors::{self, backup_codes, mail_codes, of_kind};
use crate::jobs;
use crate::jobs::mail::to_person;
use crate::login::LoginResult;
use crate::report::{self, Change, Changed, Reported};
use crate::session::{self, LiveSession};

/// Longest name of a factor, in characters.
pub const LONGEST_NAME: usize = 60;

/// All ways a person can prove themselves, as they see them.
pub struct Ways {
    /// What there is, counted.
    pub factors: Factors,
    /// Passkeys, the oldest first.
    pub passkeys: Vec<Way>,
    /// Authenticator apps, the oldest first.
    pub apps: Vec<Way>,
    /// The proven number, if text messages are on.
    pub sms: Option<Way>,
    /// Mail codes, if they are on.
    pub email: Option<Way>,
    /// Backup codes in force: how many are left, and since when.
    pub codes: Option<(usize, Timestamp)>,
    /// Codes were made and not saved.
    pub codes_waiting: bool,
    /// When the password was set; `None` without one.
    pub password_changed_at: Option<Timestamp>,
    /// What could be set up: policy allows it, and a gateway exists where one is needed.
    pub enrollable: Vec<Method>,
}

/// One of them.
pub struct Way {
    /// Its row.
    pub id: Id<Credential>,
    /// Its name, or the number without its middle.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last successful use.
    pub last_used_at: Option<Timestamp>,
    /// A passkey that was perhaps copied: it is not accepted any more.
    pub suspect: bool,
}

/// What was set up, on its way to the browser.
pub struct SetUp {
    /// The session's new token.
    pub cookies: Cookies,
    /// Backup codes must be handed over next.
    pub codes_due: bool,
}

/// All ways of the person.
pub async fn ways(env: &Env, live: &LiveSession) -> LoginResult<Ways> {
    let account = factors::account(env, live.user.id).await?;
    let list = |kind| {
        let mut rows: Vec<Way> = of_kind(&account, kind).map(way).collect();
        rows.sort_by_key(|row| (row.created_at, row.id));
        rows
    };
    let password: Option<PasswordCredential> = of_kind(&account, CredentialKind::Password)
        .next()
        .and_then(Credential::read);
    let codes = of_kind(&account, CredentialKind::BackupCodes)
        .next()
        .and_then(Credential::read::<BackupCodes>);
    Ok(Ways {
        passkeys: list(CredentialKind::Webauthn),
        apps: list(CredentialKind::Totp),
        sms: list(CredentialKind::Sms).pop(),
        email: list(CredentialKind::Email).pop(),
        factors: factors::of(&account),
        codes: codes.map(|codes| (codes.left(), codes.made_at)),
        codes_waiting: backup_codes::pending(&account).is_some(),
        password_changed_at: password.map(|password| password.changed_at),
        enrollable: Factors::enrollable(&env.settings.mfa, env.outside.sms.is_some()),
    })
}

fn way(row: &Credential) -> Way {
    let passkey = (row.kind == CredentialKind::Webauthn)
        .then(|| row.read::<WebauthnCredential>())
        .flatten();
    Way {
        id: row.id,
        name: row.label.clone(),
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        suspect: passkey.is_some_and(|passkey| passkey.suspect_since.is_some()),
    }
}

fn bound_to(live: &LiveSession) -> String {
    format!("session:{}", live.session.id)
}

/// Shows the secret of a new app.
pub async fn begin_app(
    env: &Env,
    elevated: &ElevatedSession,
    visit: Visit<'_>,
) -> LoginResult<PendingView> {
    let live = elevated.live();
    let account = factors::account(env, live.user.id).await?;
    totp::begin(env, &account, &bound_to(live), visit).await
}

/// Makes the app a factor, by a code of it.
pub async fn confirm_app(
    env: &Env,
    elevated: &ElevatedSession,
    (name, code): (&str, &SecretString),
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<SetUp> {
    let live = elevated.live();
    let account = factors::account(env, live.user.id).await?;
    let confirmation = Confirmation {
        bound_to: &bound_to(live),
        name,
        code,
    };
    let work = totp::confirm(env, &account, &confirmation, visit).await?;
    let proof = Proof::second(amr::ONE_TIME_PASSWORD, visit.now);
    set_up(env, (live, &account), (work, Some(proof)), browser, visit).await
}

/// Sends a code to a number that is to become a factor.
pub async fn begin_number(
    env: &Env,
    elevated: &ElevatedSession,
    number: &str,
    locale: &str,
    visit: Visit<'_>,
) -> LoginResult<PhoneNumber> {
    let live = elevated.live();
    let claimed = Claimed {
        number,
        bound_to: &bound_to(live),
    };
    phone::begin(env, &live.user, &claimed, locale, visit).await
}

/// Makes the number a factor, by the code that was sent to it. The one before it is replaced, with all codes on their way to it.
pub async fn confirm_number(
    env: &Env,
    elevated: &ElevatedSession,
    (number, code): (&str, &SecretString),
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<SetUp> {
    let live = elevated.live();
    let account = factors::account(env, live.user.id).await?;
    let claimed = Claimed {
        number,
        bound_to: &bound_to(live),
    };
    let work = phone::confirm(env, &account, &claimed, code, visit).await?;
    let proof = Proof::second(amr::SMS, visit.now);
    let done = set_up(env, (live, &account), (work, Some(proof)), browser, visit).await?;
    env.directory.forget_person(live.user.id);
    Ok(done)
}

/// Turns mail codes on as a second step. The mailbox was proven when the account was made; nothing is proven now.
pub async fn turn_mail_codes_on(
    env: &Env,
    elevated: &ElevatedSession,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<SetUp> {
    let live = elevated.live();
    let account = factors::account(env, live.user.id).await?;
    let is_proven = account.user.email_verified_at.is_some();
    if !env.settings.mfa.allows(Method::Email) || !is_proven {
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    if of_kind(&account, CredentialKind::Email).next().is_some() {
        return Err(Failure::Refused(LoginRefusal::ChangedElsewhere));
    }
    let work = Work::unaudited("begins with the event of the factor");
    let work = mail_codes::turned_on(env, work, &account, visit)?;
    set_up(env, (live, &account), (work, None), browser, visit).await
}

/// Makes a factor count, and lets the session go on under a new token, at the level it reached (SES-02).
async fn set_up(
    env: &Env,
    (live, account): (&LiveSession, &Account),
    (work, proof): (Work, Option<Proof>),
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<SetUp> {
    let codes_due = factors::codes_due(account);
    let renewed = raised(env, live, proof.as_ref(), visit);
    let work = session::here(work, live, visit.now)
        .renew_session(&renewed.session, live.session.token_hash);
    match env.store.commit(work).await {
        Ok(()) => {}
        // Signed out or renewed meanwhile.
        Err(Lost::Guard("session")) => return Err(Failure::Refused(LoginRefusal::NotFresh)),
        // Its code or secret was used a moment ago, or the account changed.
        Err(Lost::Guard(_) | Lost::Conflict(_)) => {
            return Err(Failure::Refused(LoginRefusal::ChangedElsewhere));
        }
        Err(lost) => return Err(Failure::Fault(fault(lost))),
    }
    jobs::wake(env);
    let cookies = session::cookies_for(browser, &renewed, std::slice::from_ref(live));
    Ok(SetUp { cookies, codes_due })
}

/// Gives an app another name.
pub async fn rename(
    env: &Env,
    elevated: &ElevatedSession,
    id: Id<Credential>,
    name: &str,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let user = elevated.live().user.id;
    let name = one_line(name.trim(), LONGEST_NAME);
    let account = factors::account(env, user).await?;
    if of_kind(&account, CredentialKind::Totp).all(|row| row.id != id) || name.is_empty() {
        return Err(Failure::Refused(LoginRefusal::Unknown));
    }
    let event = Event::FactorChanged {
        user,
        kind: CredentialKind::Totp.as_str(),
        change: "renamed",
    };
    let work = env
        .audited(None, Actor::User(user), event, visit)
        .rename_credential(id, user, &name);
    match env.store.commit(work).await {
        Ok(()) => Ok(()),
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::Unknown)),
        Err(Lost::Conflict(_)) => Err(Failure::Refused(LoginRefusal::ChangedElsewhere)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// Removes an app, the number, or mail codes. Passkeys have a page of their own.
pub async fn remove(
    env: &Env,
    elevated: &ElevatedSession,
    id: Id<Credential>,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let credentials = env.store.credentials_of(elevated.live().user.id).await?;
    if credentials
        .iter()
        .all(|row| row.id != id || row.kind == CredentialKind::Webauthn)
    {
        return Err(Failure::Refused(LoginRefusal::Unknown));
    }
    factors::removed(env, elevated, id, visit).await
}

/// Makes new backup codes that wait to be saved. Those in force stay until then.
pub async fn begin_codes(
    env: &Env,
    elevated: &ElevatedSession,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let account = factors::account(env, elevated.live().user.id).await?;
    if !factors::of(&account).is_enrolled() {
        // Codes only exist beside another factor.
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    backup_codes::begin(env, &account, visit).await
}

/// The codes that wait to be saved, if there are any.
pub async fn waiting_codes(
    env: &Env,
    elevated: &ElevatedSession,
) -> LoginResult<Option<backup_codes::Shown>> {
    let account = factors::account(env, elevated.live().user.id).await?;
    Ok(backup_codes::pending(&account))
}

/// "I have saved them": they count from now on, those before them are dead, and their owner is told.
pub async fn save_codes(
    env: &Env,
    elevated: &ElevatedSession,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let live = elevated.live();
    let account = factors::account(env, live.user.id).await?;
    let scene = Scene::of(visit.context, visit.now);
    let about = Reported::Change(Changed {
        what: Change::BackupCodesMade,
        scene: scene.clone(),
        device_id: live.session.device_id,
    });
    let work = backup_codes::saved(env, &account, visit)?;
    let (work, no_link) = report::not_me(env, work, &account.user, about, visit.now);
    let notification = Notification::BackupCodesMade {
        scene,
        no_link,
        security_link: env.settings.url("/account/security"),
    };
    let told = to_person(env, &account.user, Pages::None, notification);
    let work = work.enqueue(jobs::now(env, told, visit.now));
    let work = session::here(work, live, visit.now);
    match env.store.commit(work).await {
        Ok(()) => {
            jobs::wake(env);
            Ok(())
        }
        Err(Lost::Guard(_) | Lost::Conflict(_)) => {
            Err(Failure::Refused(LoginRefusal::ChangedElsewhere))
        }
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}
