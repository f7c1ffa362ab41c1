//! The step that proves a password.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::credential::password::PasswordCredential;
use identity_domain::credential::password_hash::Normalized;
use identity_domain::email::EmailKey;
use identity_domain::failure::{Failure, Fault};
use identity_domain::job::Job;
use identity_domain::lockout::{BudgetKey, shared_limit};
use identity_domain::login::{Action, Login, Proof};
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_oauth::acr::amr;
use identity_storage::{PasswordOwner, Work};

use super::next::shut_out;
use super::{LoginResult, Outcome, Taken, load, of_another, settle};
use crate::browser::Browser;
use crate::budget;
use crate::device;
use crate::env::{Env, Visit, fault};
use crate::jobs::notices;
use crate::refusals;

/// What the form held.
pub struct Submitted {
    /// As typed.
    pub identifier: String,
    /// As typed.
    pub password: SecretString,
    /// "Keep me signed in".
    pub remember: bool,
    /// The browser says that it can make passkeys.
    pub passkeys: bool,
}

/// Checks identifier and password. Known or unknown, without a password or suspended: the same work is done and, unless the
/// password was right, the same answer given.
pub async fn submit(
    env: &Env,
    id: Id<Login>,
    submitted: Submitted,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let now = env.now();
    let mut login = load(env, id, browser, Action::SubmitPassword, now).await?;
    let key = EmailKey::of(&submitted.identifier);
    if of_another(&login, &key) {
        return Err(Failure::Refused(LoginRefusal::StepNotAccepted));
    }
    let attempt = Attempt {
        key: &key,
        password: &submitted.password,
        browser,
    };
    let Proven { owner, tries } = prove(env, attempt, Visit { context, now }).await?;
    login.state.identifier = Some(owner.user.email.as_str().to_owned());
    login.state.remember = submitted.remember;
    login.state.offer_passkey = submitted.passkeys;
    login.state.prove(Proof::first(amr::PASSWORD, now));
    login.state.security_epoch = Some(owner.user.security_epoch);
    login.state.session_id = None;
    let must_change_password = owner.credential.must_change;
    let work = rehashed(env, &owner, &submitted.password, context, now)
        .await?
        .clear_budget(budget::key_hash(&tries));
    settle(
        env,
        Taken {
            login,
            user: owner.user,
            must_change_password,
            consented: false,
            work,
        },
        browser,
        context,
        now,
    )
    .await
}

/// A password to be proven.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// Whose.
    pub key: &'a EmailKey,
    /// As typed.
    pub password: &'a SecretString,
    /// The browser it was typed in.
    pub browser: &'a Browser,
}

/// Whose password it was.
pub struct Proven {
    /// The person, and the password in force.
    pub owner: PasswordOwner,
    /// The budget that the try was counted against: the caller forgets it, at best with the unit that it writes anyway.
    pub tries: BudgetKey,
}

/// Proves a password for an account key, within its budgets. The one place where passwords are checked.
pub async fn prove(env: &Env, attempt: Attempt<'_>, visit: Visit<'_>) -> LoginResult<Proven> {
    let Visit { context, now } = visit;
    let key = attempt.key;
    let owner = env.store.password_owner(key).await?;
    let tries = match spend(env, &attempt, owner.as_ref(), visit).await {
        Ok(tries) => tries,
        Err(failure) => return Err(refused(env, key, owner.as_ref(), failure, visit).await),
    };
    let hash = owner.as_ref().map(|owner| owner.credential.hash.clone());
    let matches = env
        .hashing
        .verify(Normalized::of(attempt.password), hash)
        .await?
        && !is_worthless(owner.as_ref());
    match owner {
        Some(owner) if matches && owner.user.is_active() => Ok(Proven { owner, tries }),
        Some(owner) if matches => Err(refused(
            env,
            key,
            Some(&owner),
            Failure::Refused(shut_out(&owner.user)),
            visit,
        )
        .await),
        owner => {
            for key in shared(context) {
                let rule = key.rule();
                let counted = (env.store)
                    .count_budget(budget::key_hash(&key), rule, now)
                    .await?;
                if counted.is_just_used_up(&rule) {
                    alert(env, &key, visit).await?;
                }
            }
            Err(refused(
                env,
                key,
                owner.as_ref(),
                Failure::Refused(LoginRefusal::WrongCredentials),
                visit,
            )
            .await)
        }
    }
}

/// The budgets that all accounts share.
fn shared(context: &RequestContext) -> [BudgetKey; 2] {
    let network = network_of(&context.address);
    [BudgetKey::Address(network), BudgetKey::Instance]
}

/// A password that its owner disowned is as good as a wrong one. So is that of a sign-up whose address nobody proved: only the browser in
/// which it began goes on with it, or the answer would tell which addresses have accounts (S74).
fn is_worthless(owner: Option<&PasswordOwner>) -> bool {
    owner.is_some_and(|owner| owner.credential.disowned || owner.user.is_only_claimed())
}

/// Counts a try, and says against which budget: before the password is looked at, so that of many parallel tries only as many pass as the
/// budgets allow.
///
/// A device in which this person signed in before has a budget of its own, in whose way nothing shared stands: a flood of guesses from
/// elsewhere delays the guesser and not the owner. Used up, by whoever stole the device's cookie, it is no reason to shut the owner
/// out of the way that every stranger has: the thief has it too, without the cookie, so nobody gets more tries by it (PWD-03).
async fn spend(
    env: &Env,
    attempt: &Attempt<'_>,
    owner: Option<&PasswordOwner>,
    visit: Visit<'_>,
) -> LoginResult<BudgetKey> {
    let mut soonest = None;
    if let Some(known) = known_lane(env, attempt, owner, visit).await? {
        match budget::spend(env, &known, visit.now).await {
            Err(Failure::Refused(LoginRefusal::Throttled { until })) => soonest = Some(until),
            spent => return spent.map(|()| known),
        }
    }
    let account = BudgetKey::Account(attempt.key.as_str().to_owned());
    let spent = async {
        within_shared(env, visit).await?;
        budget::spend(env, &account, visit.now).await
    };
    match spent.await {
        Ok(()) => Ok(account),
        Err(Failure::Refused(LoginRefusal::Throttled { until })) => {
            let until = soonest.map_or(until, |known| until.min(known));
            Err(Failure::Refused(LoginRefusal::Throttled { until }))
        }
        Err(failure) => Err(failure),
    }
}

/// The budgets that strangers share.
async fn within_shared(env: &Env, visit: Visit<'_>) -> LoginResult<()> {
    let [address, instance] = shared(visit.context).map(|key| budget::key_hash(&key));
    let address = env.store.budget(address).await?.unwrap_or_default();
    let instance = env.store.budget(instance).await?.unwrap_or_default();
    match shared_limit(&address, &instance, visit.now) {
        None => Ok(()),
        Some(until) => Err(Failure::Refused(LoginRefusal::Throttled { until })),
    }
}

/// Tells once, when the free tries of a shared budget are used up: the sign of one password tried over many accounts (PWD-04).
async fn alert(env: &Env, key: &BudgetKey, visit: Visit<'_>) -> Result<(), Fault> {
    let alarm = BudgetKey::Alarm(key.text());
    let told = (env.store)
        .spend_budget(budget::key_hash(&alarm), alarm.rule(), visit.now)
        .await?;
    if told.is_some() {
        return Ok(());
    }
    let budget = key.name();
    tracing::warn!(budget, "a limit on failed sign-ins is reached");
    let subject = network_of(&visit.context.address);
    let event = Event::Throttled { budget, subject };
    let work = env.audited(None, Actor::System, event, visit);
    env.store.commit(work).await.map_err(fault)
}

/// The budget of the device, if this person signed in there before.
async fn known_lane(
    env: &Env,
    attempt: &Attempt<'_>,
    owner: Option<&PasswordOwner>,
    visit: Visit<'_>,
) -> Result<Option<BudgetKey>, Fault> {
    // Looked up for nobody too: an answer that costs less would tell (PWD-01).
    let person = owner.map_or_else(|| env.id(visit.now), |owner| owner.user.id);
    let device = device::known(env, person, attempt.browser, visit).await?;
    Ok(device.map(|device| BudgetKey::KnownDevice(device.id.to_string())))
}

/// Writes a refusal down and hands it back. Faults leave nothing.
async fn refused(
    env: &Env,
    key: &EmailKey,
    owner: Option<&PasswordOwner>,
    failure: Failure<LoginRefusal>,
    visit: Visit<'_>,
) -> Failure<LoginRefusal> {
    let Failure::Refused(refusal) = failure else {
        return failure;
    };
    let event = Event::SignInRefused {
        user: owner.map(|owner| owner.user.id),
        account: account_mark(key),
        reason: refusal.reason(),
    };
    // Of too many only the job is left that tells the owner.
    let recorded = refusals::recorded(env, None, event, visit);
    let whose = (key, owner.map(|owner| owner.user.id));
    let digest = match digest(env, whose, recorded.is_none(), visit).await {
        Ok(job) => job,
        Err(fault) => return Failure::Fault(fault),
    };
    let work = match (recorded, digest) {
        (Some(work), Some(job)) => work.enqueue_once(job),
        (Some(work), None) => work,
        (None, Some(job)) => {
            Work::unaudited("the refusals before it have their events").enqueue_once(job)
        }
        (None, None) => return Failure::Refused(refusal),
    };
    match env.store.commit(work).await {
        Ok(()) => Failure::Refused(refusal),
        Err(lost) => Failure::Fault(fault(lost)),
    }
}

/// When the free tries of an account are used up, the job that tells its owner how many there were; for a name without an owner a job
/// that tells nobody, so that both cost the same.
async fn digest(
    env: &Env,
    (key, owner): (&EmailKey, Option<Id<User>>),
    unrecorded: bool,
    visit: Visit<'_>,
) -> Result<Option<Job>, Fault> {
    let account = BudgetKey::Account(key.as_str().to_owned());
    let budget = env.store.budget(budget::key_hash(&account)).await?;
    let many = budget.is_some_and(|budget| budget.tries(&account.rule()) >= account.rule().free);
    Ok(many.then(|| notices::failures(env, key, owner, unrecorded, visit.now)))
}

/// Eight bytes of the key's hash: enough to see that two records speak of one account, nothing to read a typed password from.
pub fn account_mark(key: &EmailKey) -> String {
    short_hex(&ValueHash::of(key.as_str().as_bytes()))
}

fn short_hex(hash: &ValueHash) -> String {
    hash.0
        .iter()
        .take(8)
        .fold(String::with_capacity(16), |mark, byte| {
            mark + &format!("{byte:02x}")
        })
}

/// The budget's subject of an address: IPv6 counts by /64, which one customer owns as a whole.
pub fn network_of(address: &str) -> String {
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V6(v6)) => {
            let prefix = u128::from(v6) >> 64 << 64;
            format!("{}/64", std::net::Ipv6Addr::from(prefix))
        }
        _ => address.to_owned(),
    }
}

/// A better hash of the same password where the stored one is weaker than today's.
async fn rehashed(
    env: &Env,
    owner: &PasswordOwner,
    password: &SecretString,
    context: &RequestContext,
    now: Timestamp,
) -> Result<Work, Fault> {
    let plain = || Work::unaudited("the step itself; the session it leads to has its own event");
    if !env.hashing.needs_rehash(&owner.credential.hash) {
        return Ok(plain());
    }
    let Some(normalized) = Normalized::of(password) else {
        return Ok(plain());
    };
    // A full queue is no reason to refuse a proven person; the next sign-in tries again.
    let Ok(hash) = env.hashing.create(normalized).await else {
        return Ok(plain());
    };
    let credential: PasswordCredential = owner.credential.clone().rehashed(hash);
    let event = Event::PasswordChanged {
        user: owner.user.id,
        how: "rehashed",
    };
    Ok(env
        .audited(None, Actor::System, event, Visit { context, now })
        .update_password(owner.credential_id, &credential, owner.credential_version))
}
