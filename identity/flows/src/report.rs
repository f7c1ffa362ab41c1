//! "Was this you?": the two answers of a mail about a sign-in, or about a change of how somebody signs in. Whoever has the mail may say no
//! without being signed in, because the owner may be the one who cannot sign in any more. Both act on POST only.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::credential::Credential;
use identity_domain::device::{Device, UnusualSignIn};
use identity_domain::factor::Method;
use identity_domain::failure::{Failure, Fault};
use identity_domain::intrusion::Intrusion;
use identity_domain::job::{Job, JobKind};
use identity_domain::notification::Scene;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::session::EndReason;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::{Securing, User};
use identity_storage::{Account, Lost, Work};
use serde::{Deserialize, Serialize};

use crate::browser::Browser;
use crate::env::{Env, Visit, fault};
use crate::factors::Disowning;
use crate::login::LoginResult;
use crate::mailed::{self, Presented};
use crate::{factors, jobs, session};

/// How long the mail can be answered: people read it after a weekend away.
const LIFETIME: Duration = Duration::days(7);
const KIND: SingleUseKind = SingleUseKind::SignInReport;

/// What a link is about. The address is compared at its use, so that a change of address kills it.
#[derive(Serialize, Deserialize)]
struct Payload {
    email: String,
    about: Reported,
}

/// What a mail asks about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reported {
    /// A sign-in.
    SignIn(UnusualSignIn),
    /// A second factor that was set up.
    Factor(NewFactor),
    /// Another change of how its owner signs in.
    Change(Changed),
}

impl Reported {
    /// In a word, for the audit log.
    const fn as_str(&self) -> &'static str {
        match self {
            Self::SignIn(_) => "sign_in",
            Self::Factor(_) => "factor",
            Self::Change(changed) => changed.what.as_str(),
        }
    }
}

/// What was changed, and where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Changed {
    /// What.
    pub what: Change,
    /// When and from where.
    pub scene: Scene,
    /// The device of the session it was done in.
    pub device_id: Option<Id<Device>>,
}

/// A change of how somebody signs in, other than a new second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The password was changed.
    Password,
    /// A second factor was taken away.
    FactorRemoved {
        /// Which way.
        method: Method,
        /// Its name, or the number without its middle; empty where there can be only one.
        label: String,
    },
    /// New backup codes were made.
    BackupCodesMade,
    /// A backup code was used to sign in.
    BackupCodeUsed,
}

impl Change {
    /// In a word, for the audit log and the page.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Password => "password_changed",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::BackupCodesMade => "backup_codes_made",
            Self::BackupCodeUsed => "backup_code_used",
        }
    }

    /// The kind of credential it is about.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::FactorRemoved { method, .. } => method.as_str(),
            Self::BackupCodesMade | Self::BackupCodeUsed => Method::BackupCode.as_str(),
        }
    }
}

/// A second factor that was set up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewFactor {
    /// Its row.
    pub credential_id: Id<Credential>,
    /// Which way.
    pub method: Method,
    /// Its name, or the number without its middle; empty where there can be only one.
    pub label: String,
    /// When and from where.
    pub scene: Scene,
}

/// What is asked, and of whom.
#[derive(Clone, Debug)]
pub struct Question {
    /// Whose.
    pub user: User,
    /// What was done.
    pub about: Reported,
}

/// Adds the link's row to a unit; the link's last part.
pub fn issue(
    env: &Env,
    work: Work,
    user: &User,
    about: Reported,
    now: Timestamp,
) -> (Work, SecretString) {
    let token = SecretString::random_token(env.entropy.as_ref());
    let payload = Payload {
        email: user.email.key().as_str().to_owned(),
        about,
    };
    let artefact = Artefact {
        kind: KIND,
        tenant: user.id.to_string(),
        value_hash: token.hash(),
        payload: serde_json::to_string(&payload).unwrap_or_default(),
        created_at: now,
        expires_at: now + LIFETIME,
        used_at: None,
    };
    let link = format!("{}.{}", user.id, token.expose());
    (work.issue(&artefact), link.into())
}

/// The same, as the whole address of "This wasn't me".
pub fn not_me(
    env: &Env,
    work: Work,
    user: &User,
    about: Reported,
    now: Timestamp,
) -> (Work, String) {
    let (work, link) = issue(env, work, user, about, now);
    let path = format!("/report/{}?it=not_me", link.expose());
    (work, env.settings.url(&path))
}

/// What a link asks, as long as it may be answered; consumes nothing.
pub async fn peek(env: &Env, presented: &Presented) -> LoginResult<Question> {
    let (artefact, question) = asked(env, presented).await?;
    if artefact.used_at.is_none() {
        Ok(question)
    } else {
        Err(Failure::Refused(LoginRefusal::LinkDead))
    }
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// "Yes, it was me".
    Me,
    /// "This wasn't me".
    NotMe,
}

/// Whose link it is, if that was its answer.
pub async fn answered(env: &Env, presented: &Presented, said: Said) -> LoginResult<User> {
    let (artefact, Question { user, .. }) = asked(env, presented).await?;
    let is_so = match said {
        Said::NotMe => artefact.used_at.is_some(),
        Said::Me => {
            let yes = yes(presented);
            let tenant = presented.user_id.to_string();
            env.store.artefact(KIND, &tenant, yes).await?.is_some()
        }
    };
    if is_so {
        Ok(user)
    } else {
        Err(Failure::Refused(LoginRefusal::LinkDead))
    }
}

/// Stands for "Yes, it was me" beside the link's own value.
fn yes(presented: &Presented) -> ValueHash {
    ValueHash::of(&[b"yes:".as_slice(), &presented.value_hash.0].concat())
}

/// What a link asks or asked, in its lifetime.
async fn asked(env: &Env, presented: &Presented) -> LoginResult<(Artefact, Question)> {
    let now = env.now();
    let dead = || Failure::Refused(LoginRefusal::LinkDead);
    let tenant = presented.user_id.to_string();
    let artefact = env
        .store
        .artefact(KIND, &tenant, presented.value_hash)
        .await?
        .filter(|artefact| now < artefact.expires_at)
        .ok_or_else(dead)?;
    let user = env
        .store
        .user(presented.user_id)
        .await?
        .filter(User::is_active)
        .ok_or_else(dead)?;
    let payload: Payload = serde_json::from_str(&artefact.payload).map_err(|_| dead())?;
    if payload.email == user.email.key().as_str() {
        let about = payload.about;
        Ok((artefact, Question { user, about }))
    } else {
        Err(dead())
    }
}

/// "Yes, it was me": noted, once. The other answer stays possible for whoever pressed the wrong button.
pub async fn confirm(
    env: &Env,
    presented: &Presented,
    context: &RequestContext,
) -> LoginResult<()> {
    let now = env.now();
    let question = peek(env, presented).await?;
    let event = match &question.about {
        Reported::SignIn(sign_in) => Event::DeviceChanged {
            user: question.user.id,
            device: sign_in.device_id.to_string(),
            change: "confirmed",
        },
        Reported::Factor(factor) => Event::FactorChanged {
            user: question.user.id,
            kind: factor.method.as_str(),
            change: "confirmed",
        },
        Reported::Change(changed) => Event::FactorChanged {
            user: question.user.id,
            kind: changed.what.kind(),
            change: "confirmed",
        },
    };
    let actor = Actor::User(question.user.id);
    let said = yes(presented);
    let work = env
        .audited(None, actor, event, Visit { context, now })
        .claim(
            KIND,
            &question.user.id.to_string(),
            said,
            now,
            now + LIFETIME,
        );
    match env.store.commit(work).await {
        Ok(()) | Err(Lost::Guard(_)) => Ok(()),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// Whether "This wasn't me", said in this browser, would put second factors on hold rather than remove them.
pub async fn holds(
    env: &Env,
    question: &Question,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<bool> {
    let account = factors::account(env, question.user.id).await?;
    let (_, intrusion) = reported(env, &account, &question.about).await?;
    let visit = env.visit(context);
    let disowning = Disowning::by_mail(env, &account, intrusion, browser, visit).await?;
    Ok(disowning.holds())
}

/// "This wasn't me": whoever it was is out. Every session ends, the device is disowned, the password opens nothing any more, and second
/// factors that they set up go, or are put on hold. Returns the last part of the link that chooses a new password, for a person who has
/// one: who has this mail could as well ask for a recovery.
pub async fn disown(
    env: &Env,
    presented: &Presented,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Option<SecretString>> {
    let now = env.now();
    let visit = Visit { context, now };
    let Question { user, about } = peek(env, presented).await?;
    let account = factors::account(env, user.id).await?;
    let (device, intrusion) = reported(env, &account, &about).await?;
    let disowning = Disowning::by_mail(env, &account, intrusion, browser, visit).await?;
    let mut after = user.clone();
    after.raise_epoch(now);
    after.standing.securing = Some(Securing {
        since: now,
        ..Securing::default()
    });
    let event = Event::SignInReported {
        user: user.id,
        what: about.as_str(),
    };
    let work = env
        .audited(None, Actor::User(user.id), event, visit)
        .consume(KIND, &user.id.to_string(), presented.value_hash, now)
        .enqueue(tell_administrators(env, user.id, now));
    let work = factors::set_up_by(env, work, &disowning, &mut after, visit);
    let work = factors::recovery::outlived(env, work, &user, &after, visit)
        .update_user(&after)
        .distrust_devices_of(user.id);
    // A mail alone takes nothing from a device that is its owner's.
    let intruders = device.filter(|device| disowning.is_believed || intrusion.sat_at(device.id));
    let work = distrusting(work, intruders, now);
    let work = session::ending_all(env, work, &after, None, EndReason::Reported, now).await?;
    let (work, link) = match env.store.password_owner(&user.email.key()).await? {
        Some(owner) => {
            let disowned = owner.credential.clone().disown();
            let pair = mailed::pair(env, SingleUseKind::Recovery, &after, now);
            let work =
                work.update_password(owner.credential_id, &disowned, owner.credential_version);
            (pair.issue(work), Some(pair.link))
        }
        None => (work, None),
    };
    match env.store.commit(work).await {
        Ok(()) => {}
        Err(Lost::Guard(_)) => return Err(Failure::Refused(LoginRefusal::LinkDead)),
        Err(lost) => return Err(Failure::Fault(fault(lost))),
    }
    env.directory.forget_person(user.id);
    env.status.refresh(env).await?;
    jobs::wake(env);
    Ok(link)
}

/// The device that something was done in, where its row is left, and what is known of whoever did it.
async fn reported(
    env: &Env,
    account: &Account,
    about: &Reported,
) -> Result<(Option<Device>, Intrusion), Fault> {
    let (at, device_id) = where_done(account, about);
    let device = match device_id {
        Some(id) => env.store.device(account.user.id, id).await?,
        None => None,
    };
    let intrusion = Intrusion::reported(at, device_id, device.as_ref());
    Ok((device, intrusion))
}

/// Adds to a unit that a device is its owner's no more, where there still is one.
fn distrusting(work: Work, device: Option<Device>, now: Timestamp) -> Work {
    let Some(device) = device else {
        return work;
    };
    work.update_device(&Device {
        distrusted_at: Some(now),
        trusted_until: None,
        ..device
    })
}

/// The job that tells those who administer a person's organizations.
pub(crate) fn tell_administrators(env: &Env, user_id: Id<User>, at: Timestamp) -> Job {
    jobs::now(env, JobKind::TellAdministrators { user_id, at }, at)
}

/// When it was done, and in which device.
fn where_done(account: &Account, about: &Reported) -> (Timestamp, Option<Id<Device>>) {
    match about {
        Reported::SignIn(sign_in) => (sign_in.at, Some(sign_in.device_id)),
        Reported::Factor(factor) => {
            let mut rows = account.credentials.iter();
            let row = rows.find(|row| row.id == factor.credential_id);
            (factor.scene.at, row.and_then(|row| row.device_id))
        }
        Reported::Change(changed) => (changed.scene.at, changed.device_id),
    }
}
