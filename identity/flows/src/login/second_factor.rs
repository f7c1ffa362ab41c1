//! The step that proves a second factor.

use identity_domain::Id;
use identity_domain::audit::RequestContext;
use identity_domain::credential::CredentialKind;
use identity_domain::credential::password::PasswordCredential;
use identity_domain::factor::{Method, mailbox_is_held};
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::{Action, Login, Step};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::time::Duration;
use identity_domain::user::User;
use identity_storage::{Account, Lost, Work};

use super::assurance::elevates;
use super::{LoginResult, Outcome, Taken, find, load, settle};
use crate::browser::Browser;
use crate::device;
use crate::env::{Env, Visit, fault};
use crate::factors::one_time_code;
use crate::factors::{self, Presented, Proven, failed_in_login, of_kind, refused};

/// What the page shows.
pub struct Challenge {
    /// Who is asked.
    pub account: Account,
    /// What they can use now, strongest first; empty when everything is lost.
    pub usable: Vec<Method>,
    /// What is asked for unless something else is chosen: the method used last, else the strongest.
    pub proposed: Option<Method>,
    /// Names of the authenticator apps.
    pub apps: Vec<String>,
    /// Backup codes left.
    pub codes_left: usize,
    /// For how long "Don't ask again on this device" would hold; `None` where policy forbids it.
    pub trust_for: Option<Duration>,
}

/// What the form held.
pub struct Submitted {
    /// By which method.
    pub method: Method,
    /// A code as typed, or the browser's answer for a passkey.
    pub answer: SecretString,
    /// "Don't ask again on this device".
    pub trust_device: bool,
    /// Language of the page.
    pub locale: String,
}

/// What the login's bound things are bound to.
pub fn bound_to(id: Id<Login>) -> String {
    format!("login:{id}")
}

/// What the page of a login that waits for a second factor shows.
pub async fn challenge(env: &Env, login: &Login) -> LoginResult<Challenge> {
    let account = owner(env, login).await?;
    let factors = factors::of(&account);
    let usable = usable(env, login, &account);
    let remembered = account.user.standing.last_method;
    let proposed = remembered
        .filter(|method| *method != Method::BackupCode && usable.contains(method))
        .or_else(|| usable.first().copied());
    let apps = of_kind(&account, CredentialKind::Totp).map(|row| row.label.clone());
    Ok(Challenge {
        apps: apps.collect(),
        codes_left: factors.backup_codes,
        trust_for: env.settings.mfa.trusted_device,
        usable,
        proposed,
        account,
    })
}

/// What a person can use in a login. A change of how they sign in is no place for a code to the mailbox by which the password was chosen
/// a short time ago.
fn usable(env: &Env, login: &Login, account: &Account) -> Vec<Method> {
    let is_held = elevates(&login.state) && mailbox_is_held(&account.user, env.now());
    let mut usable = factors::of(account).usable(&env.settings.mfa, env.outside.sms.is_some());
    usable.retain(|method| *method != Method::Email || !is_held);
    usable
}

/// Checks a second factor and goes on.
pub async fn submit(
    env: &Env,
    id: Id<Login>,
    submitted: Submitted,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let mut login = load(env, id, browser, Action::ProveFactor, visit.now).await?;
    let account = owner(env, &login).await?;
    let mut recognised = context.clone();
    recognised.known_device = device::known(env, account.user.id, browser, visit)
        .await?
        .map(|device| device.id);
    let visit = Visit {
        context: &recognised,
        ..visit
    };
    if !usable(env, &login, &account).contains(&submitted.method) {
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    let presented = Presented {
        method: submitted.method,
        answer: &submitted.answer,
        bound_to: &bound_to(id),
    };
    let Proven { proof, work } = match factors::prove(env, &account, &presented, visit).await {
        Err(Failure::Refused(refusal)) => {
            let user = &account.user;
            failed_in_login(env, user, &refusal, &submitted.locale, visit).await?;
            return Err(Failure::Refused(refusal));
        }
        result => result?,
    };
    login.state.prove(proof);
    login.state.trust_device = submitted.trust_device
        && submitted.method != Method::BackupCode
        && env.settings.mfa.trusted_device.is_some();
    // Codes that were never saved are handed over now: the step cannot be missed by closing a window.
    login.state.backup_codes_due =
        factors::codes_due(&account) && factors::backup_codes::pending(&account).is_some();
    let taken = Taken {
        must_change_password: must_change_password(&account),
        login,
        user: account.user.clone(),
        consented: false,
        work,
    };
    match settle(env, taken, browser, context, visit.now).await {
        Ok(outcome) => {
            if account.user.standing.factors_removed_at.is_some() {
                found(env, account.user.id, visit).await;
            }
            remember(env, &account.user, submitted.method).await;
            Ok(outcome)
        }
        // A code or a step that was used a moment ago, here or on another node.
        Err(Failure::Refused(LoginRefusal::AlreadyFinished)) if waits(env, id, browser).await? => {
            let failure = Failure::Refused(LoginRefusal::WrongCode);
            Err(refused(env, &account.user, submitted.method, failure, visit).await)
        }
        Err(failure) => Err(failure),
    }
}

/// What a login sends a code with.
pub struct Wanted {
    /// [`Method::Sms`] or [`Method::Email`].
    pub method: Method,
    /// Language of the message.
    pub locale: String,
}

/// Sends a code, to be typed in this login.
pub async fn send(
    env: &Env,
    id: Id<Login>,
    wanted: &Wanted,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<()> {
    let visit = env.visit(context);
    let login = load(env, id, browser, Action::SendCode, visit.now).await?;
    if login.state.step != Step::SecondFactor {
        return Err(Failure::Refused(LoginRefusal::StepNotAccepted));
    }
    let account = owner(env, &login).await?;
    if !usable(env, &login, &account).contains(&wanted.method) {
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    let request = one_time_code::Request {
        user: &account.user,
        method: wanted.method,
        bound_to: &bound_to(id),
    };
    one_time_code::send(env, request, &wanted.locale, visit).await?;
    crate::jobs::wake(env);
    Ok(())
}

/// Where a code of a method goes, in words.
pub async fn receiver(env: &Env, account: &Account, method: Method) -> LoginResult<String> {
    let request = one_time_code::Request {
        user: &account.user,
        method,
        bound_to: "",
    };
    one_time_code::receiver_in_words(env, request).await
}

/// The person whose first factor this login has seen, or whose session it goes on from.
pub(super) async fn owner(env: &Env, login: &Login) -> LoginResult<Account> {
    let user = login
        .state
        .user_id
        .ok_or(Failure::Refused(LoginRefusal::StepNotAccepted))?;
    factors::account(env, user).await
}

/// Whether a new password is demanded once the rest is proven.
pub(super) fn must_change_password(account: &Account) -> bool {
    of_kind(account, CredentialKind::Password)
        .filter_map(identity_domain::credential::Credential::read::<PasswordCredential>)
        .any(|password| password.must_change)
}

async fn waits(env: &Env, id: Id<Login>, browser: &Browser) -> LoginResult<bool> {
    Ok(find(env, id, browser).await?.state.step == Step::SecondFactor)
}

/// Calls a removal of factors off, whose owner has them. They are signed in by then: where it fails the next sign-in does it, and the mails
/// about the removal go on to say how.
pub(super) async fn found(env: &Env, user: Id<User>, visit: Visit<'_>) {
    if let Err(fault) = factors::recovery::found(env, user, visit).await {
        tracing::error!(%fault, "a removal of factors could not be called off");
    }
}

/// Remembers what was used, to offer it first the next time. The person is signed in by then: where it fails, or somebody else changes
/// the person meanwhile, nothing is lost.
pub(super) async fn remember(env: &Env, user: &User, method: Method) {
    if let Err(fault) = try_remember(env, user, method).await {
        tracing::warn!(%fault, "the method that was used could not be noted");
    }
}

async fn try_remember(env: &Env, user: &User, method: Method) -> Result<(), Fault> {
    if method == Method::BackupCode || user.standing.last_method == Some(method) {
        return Ok(());
    }
    let Some(mut user) = env.store.user(user.id).await? else {
        return Ok(());
    };
    user.standing.last_method = Some(method);
    let work = Work::unaudited("which method is offered first").update_user(&user);
    match env.store.commit(work).await {
        Ok(()) | Err(Lost::Guard(_)) => Ok(()),
        Err(lost) => Err(fault(lost)),
    }
}
