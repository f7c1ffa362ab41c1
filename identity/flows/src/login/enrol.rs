//! The step in which a person sets up a second factor, because somebody requires one. It ends in backup codes.

use identity_domain::Id;
use identity_domain::audit::RequestContext;
use identity_domain::factor::{Circumstances, Demand, Factors, Method, mailbox_is_held};
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::{Action, Login, Proof, Purpose, Step};
use identity_domain::phone::PhoneNumber;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::session::{Acr, Authentication};
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_oauth::acr::amr;
use identity_storage::{Account, Lost, Work};

use super::second_factor::{bound_to, must_change_password, owner, remember};
use super::{Here, LoginResult, Outcome, Taken, demand, find, load, settle};
use crate::browser::Browser;
use crate::env::{Env, Visit, fault};
use crate::factors::phone::{self, Claimed};
use crate::factors::totp::{self, Confirmation, PendingView};
use crate::factors::{self, Proven, mail_codes, refused};
use crate::session;

/// What the page shows.
pub struct Enrolment {
    /// Whose.
    pub account: Account,
    /// What can be set up, strongest first.
    pub offered: Vec<Method>,
    /// Until when the person may go on without; `None` when they may not.
    pub skippable_until: Option<Timestamp>,
    /// The application asked for two factors by name; else it is the instance's rule.
    pub asked_by_app: bool,
}

/// What the page of a login that waits for an enrolment shows. The first landing starts the time of grace (H-47).
pub async fn view(
    env: &Env,
    login: &Login,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<Enrolment> {
    let mut account = owner(env, login).await?;
    let may_skip = matches!(
        demanded(env, login, &account.user, browser, visit).await?,
        Demand::Enrolment { may_skip: true }
    );
    let skippable_until = if may_skip {
        Some(grace(env, &mut account.user, visit.now).await?)
    } else {
        None
    };
    Ok(Enrolment {
        offered: offered(env, &account.user, visit.now),
        asked_by_app: !env.settings.mfa.required
            && matches!(login.state.purpose, Purpose::Authorize { .. }),
        skippable_until,
        account,
    })
}

/// What this person can set up now, strongest first. A mailbox that gave a new password a short time ago proves nothing beside it.
fn offered(env: &Env, user: &User, now: Timestamp) -> Vec<Method> {
    let mut methods = Factors::enrollable(&env.settings.mfa, env.outside.sms.is_some());
    methods.retain(|method| *method != Method::Email || !mailbox_is_held(user, now));
    methods
}

/// When grace ends. The first time it is asked for, it begins.
async fn grace(env: &Env, user: &mut User, now: Timestamp) -> Result<Timestamp, Fault> {
    if let Some(until) = user.standing.mfa_grace_until {
        return Ok(until);
    }
    let until = now + env.settings.mfa.grace;
    user.standing.mfa_grace_until = Some(until);
    let work = Work::unaudited("a time of grace that begins").update_user(user);
    match env.store.commit(work).await {
        // Lost to another tab, which wrote the same.
        Ok(()) | Err(Lost::Guard(_)) => Ok(until),
        Err(lost) => Err(fault(lost)),
    }
}

/// Whether somebody who signed in with one factor must set a second one up before anything goes on for them: refresh tokens from before
/// a requirement do not outlive its time of grace (MFA-08).
pub(crate) async fn is_overdue(
    env: &Env,
    user: &User,
    proven: &Authentication,
    now: Timestamp,
) -> Result<bool, Fault> {
    let policy = &env.settings.mfa;
    if !policy.required || proven.acr == Acr::TwoFactors {
        return Ok(false);
    }
    if now < grace(env, &mut user.clone(), now).await? {
        return Ok(false);
    }
    let credentials = env.store.credentials_of(user.id).await?;
    // Whoever has a factor was asked for it when they signed in, or trusts that browser.
    let demand = identity_domain::factor::demand(Circumstances {
        factors: &Factors::of(user, &credentials),
        policy,
        reached: proven.acr,
        required: false,
        trusted: true,
        skipped: false,
        grace_is_over: true,
    });
    Ok(matches!(demand, Demand::Enrolment { .. }))
}

async fn demanded(
    env: &Env,
    login: &Login,
    user: &User,
    browser: &Browser,
    visit: Visit<'_>,
) -> Result<Demand, Fault> {
    let here = session::live(env, browser, visit.now).await?;
    let current = here.iter().find(|live| live.user.id == user.id);
    let here = Here::of(&login.state, user, current, browser);
    demand(env, &here, visit).await
}

/// The login and its person, if a factor may be set up in it. An account that got a factor meanwhile, in another window or by somebody
/// else, proves that one first: otherwise a password alone would add a second factor beside it (MFA-02).
pub async fn loaded(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<(Login, Account)> {
    let login = load(env, id, browser, Action::EnrolFactor, visit.now).await?;
    enrolling(env, login).await
}

async fn enrolling(env: &Env, login: Login) -> LoginResult<(Login, Account)> {
    let account = owner(env, &login).await?;
    let waits = login.state.step == Step::EnrolFactor;
    if !waits || factors::of(&account).is_enrolled() {
        return Err(Failure::Refused(LoginRefusal::StepNotAccepted));
    }
    Ok((login, account))
}

/// Leads a login on whose account got a factor meanwhile. `None` when there is nothing to lead away from.
pub async fn overtaken(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Option<Outcome>> {
    let visit = env.visit(context);
    let login = find(env, id, browser).await?;
    if login.state.step != Step::EnrolFactor || !login.is_open(visit.now) {
        return Ok(None);
    }
    let account = owner(env, &login).await?;
    if !factors::of(&account).is_enrolled() {
        return Ok(None);
    }
    let work = Work::unaudited("from one page to the next");
    let taken = taken(login, &account, work);
    settle(env, taken, browser, context, visit.now)
        .await
        .map(Some)
}

/// Shows the secret of a new app.
pub async fn begin_totp(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<PendingView> {
    let (_, account) = loaded(env, id, browser, visit).await?;
    totp::begin(env, &account, &bound_to(id), visit).await
}

/// What the form of a new app held.
pub struct NewApp {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: SecretString,
}

/// Makes the app a factor, by a code of it, and goes on.
pub async fn confirm_totp(
    env: &Env,
    id: Id<Login>,
    typed: &NewApp,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let (login, account) = loaded(env, id, browser, visit).await?;
    let confirmation = Confirmation {
        bound_to: &bound_to(id),
        name: &typed.name,
        code: &typed.code,
    };
    let work = totp::confirm(env, &account, &confirmation, visit).await?;
    let proof = Proof::second(amr::ONE_TIME_PASSWORD, visit.now);
    let set_up = SetUp {
        method: Method::Totp,
        proven: Proven { proof, work },
    };
    enrolled(env, (login, account), set_up, browser, visit).await
}

/// Sends a code to a number that is to become a factor.
pub async fn begin_number(
    env: &Env,
    id: Id<Login>,
    typed: &NewNumber<'_>,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<PhoneNumber> {
    let login = load(env, id, browser, Action::SendCode, visit.now).await?;
    let (_, account) = enrolling(env, login).await?;
    let claimed = Claimed {
        number: typed.number,
        bound_to: &bound_to(id),
    };
    phone::begin(env, &account.user, &claimed, typed.locale, visit).await
}

/// What the form of a new number held.
pub struct NewNumber<'a> {
    /// As typed.
    pub number: &'a str,
    /// Language of the message.
    pub locale: &'a str,
}

/// Makes a number a factor, by the code that was sent to it, and goes on.
pub async fn confirm_number(
    env: &Env,
    id: Id<Login>,
    (number, code): (&str, &SecretString),
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let (login, account) = loaded(env, id, browser, visit).await?;
    let claimed = Claimed {
        number,
        bound_to: &bound_to(id),
    };
    let work = phone::confirm(env, &account, &claimed, code, visit).await?;
    let proof = Proof::second(amr::SMS, visit.now);
    let set_up = SetUp {
        method: Method::Sms,
        proven: Proven { proof, work },
    };
    let user = account.user.id;
    let outcome = enrolled(env, (login, account), set_up, browser, visit).await?;
    env.directory.forget_person(user);
    Ok(outcome)
}

/// Sends a code to the proven address, to turn mail codes on.
pub async fn begin_mail(
    env: &Env,
    id: Id<Login>,
    locale: &str,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let login = load(env, id, browser, Action::SendCode, visit.now).await?;
    let (_, account) = enrolling(env, login).await?;
    mail_codes::begin(env, &account.user, &bound_to(id), locale, visit).await
}

/// Where that code goes.
pub async fn address(env: &Env, login: &Login) -> LoginResult<String> {
    let account = owner(env, login).await?;
    Ok(account.user.email.as_str().to_owned())
}

/// Turns mail codes on, by the code that was sent, and goes on.
pub async fn confirm_mail(
    env: &Env,
    id: Id<Login>,
    code: &SecretString,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let (login, account) = loaded(env, id, browser, visit).await?;
    let proven = mail_codes::confirm(env, &account, &bound_to(id), code, visit).await?;
    let set_up = SetUp {
        method: Method::Email,
        proven,
    };
    enrolled(env, (login, account), set_up, browser, visit).await
}

/// A factor that was set up in this login.
pub struct SetUp {
    /// Which way.
    pub method: Method,
    /// Setting it up proved it; the unit ends with [`factors::added`].
    pub proven: Proven,
}

/// What every enrolment in a login ends with: it counts as the second proof, and backup codes come next where there are none.
pub async fn enrolled(
    env: &Env,
    loaded: (Login, Account),
    set_up: SetUp,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<Outcome> {
    let (mut login, account) = loaded;
    let id = login.id;
    login.state.prove(set_up.proven.proof);
    login.state.backup_codes_due = factors::codes_due(&account);
    login.state.set_up_at.push(visit.now);
    // One thing to set up is enough for one sign-in.
    login.state.offer_passkey = false;
    let taken = taken(login, &account, set_up.proven.work);
    match settle(env, taken, browser, visit.context, visit.now).await {
        Ok(outcome) => {
            remember(env, &account.user, set_up.method).await;
            crate::jobs::wake(env);
            Ok(outcome)
        }
        // The secret or its code was used a moment ago in another tab.
        Err(Failure::Refused(LoginRefusal::AlreadyFinished))
            if find(env, id, browser).await?.state.step == Step::EnrolFactor =>
        {
            let failure = Failure::Refused(LoginRefusal::WrongCode);
            Err(refused(env, &account.user, set_up.method, failure, visit).await)
        }
        Err(failure) => Err(failure),
    }
}

pub(super) fn taken(login: Login, account: &Account, work: Work) -> Taken {
    Taken {
        must_change_password: must_change_password(account),
        login,
        user: account.user.clone(),
        consented: false,
        work,
    }
}

/// Goes on without a second factor, while grace lasts.
pub async fn skip(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let mut login = load(env, id, browser, Action::SkipEnrolment, visit.now).await?;
    let mut account = owner(env, &login).await?;
    let demand = demanded(env, &login, &account.user, browser, visit).await?;
    if demand != (Demand::Enrolment { may_skip: true }) {
        return Err(Failure::Refused(LoginRefusal::StepNotAccepted));
    }
    // A browser that never opened the page has its grace begin here.
    grace(env, &mut account.user, visit.now).await?;
    login.state.enrolment_skipped = true;
    login.state.offer_passkey = false;
    let work = Work::unaudited("going on without, within the time of grace");
    let taken = taken(login, &account, work);
    settle(env, taken, browser, context, visit.now).await
}
