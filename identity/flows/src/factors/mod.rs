//! Second factors: proving one in a login, setting one up, taking one away. One file per method.
//!
//! Every try counts against one budget of the person before it is looked at, whatever the method and the session (MFA-04). What a proof
//! leads to is one unit of work, so that a code or a step of an app counts once over all nodes.

pub mod backup_codes;
mod change;
mod disowned;
pub mod mail_codes;
pub mod one_time_code;
pub mod phone;
pub mod recovery;
mod refusal;
pub mod totp;
pub mod webauthn;

pub use change::{Added, added, codes_due, removed, removed_by_operator};
pub(crate) use disowned::{Disowning, set_up_by};
pub use refusal::{failed_in_login, refused};

use identity_domain::Id;
use identity_domain::audit::{Actor, Event};
use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::factor::{Factors, Method};
use identity_domain::failure::Failure;
use identity_domain::lockout::BudgetKey;
use identity_domain::login::Proof;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::user::User;
use identity_storage::{Account, Work};

use crate::budget;
use crate::env::{Env, Visit};
use crate::login::LoginResult;

/// What a factor's file hands to the login when a proof holds.
pub struct Proven {
    /// What was proven, for `amr` and `acr`.
    pub proof: Proof,
    /// The guarded steps that make it count once, with their event; committed together with the login's next step.
    pub work: Work,
}

/// The person a second factor is asked of, with all they have.
pub async fn account(env: &Env, user: Id<User>) -> LoginResult<Account> {
    env.store
        .account(user)
        .await?
        .filter(|account| account.user.is_active())
        .ok_or(Failure::Refused(LoginRefusal::Unknown))
}

/// What a person has.
pub fn of(account: &Account) -> Factors {
    Factors::of(&account.user, &account.credentials)
}

/// The credentials of a kind.
pub(crate) fn of_kind(
    account: &Account,
    kind: CredentialKind,
) -> impl Iterator<Item = &Credential> {
    account
        .credentials
        .iter()
        .filter(move |credential| credential.kind == kind)
}

/// A presented second factor.
pub struct Presented<'a> {
    /// By which method.
    pub method: Method,
    /// A code as typed, or the browser's answer for a passkey.
    pub answer: &'a SecretString,
    /// The login or session it was asked for in: `login:…`, `session:…`.
    pub bound_to: &'a str,
}

/// Proves a second factor by whichever method. The one place that knows all of them.
pub async fn prove(
    env: &Env,
    account: &Account,
    presented: &Presented<'_>,
    visit: Visit<'_>,
) -> LoginResult<Proven> {
    let usable = of(account).usable(&env.settings.mfa, env.outside.sms.is_some());
    if !usable.contains(&presented.method) {
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    match presented.method {
        Method::Totp => totp::prove(env, account, presented.answer, visit).await,
        Method::BackupCode => backup_codes::prove(env, account, presented.answer, visit).await,
        Method::Webauthn => {
            let (bound_to, response) = (presented.bound_to, presented.answer.expose());
            webauthn::prove(env, account, bound_to, response, visit).await
        }
        Method::Email | Method::Sms => {
            let request = one_time_code::Request {
                user: &account.user,
                method: presented.method,
                bound_to: presented.bound_to,
            };
            one_time_code::prove(env, request, presented.answer, visit).await
        }
    }
}

/// Counts a try of a person before it is looked at: of many parallel tries only as many pass as the budget allows.
pub async fn spend(env: &Env, user: &User, method: Method, visit: Visit<'_>) -> LoginResult<()> {
    match budget::spend(env, &tries_of(user.id, visit), visit.now).await {
        Ok(()) => Ok(()),
        Err(failure) => Err(refused(env, user, method, failure, visit).await),
    }
}

/// The unit a proof begins with: its event, and the budget it frees.
pub fn used(env: &Env, user: Id<User>, method: Method, visit: Visit<'_>) -> Work {
    let event = Event::FactorUsed {
        user,
        method: method.as_str(),
    };
    env.audited(None, Actor::User(user), event, visit)
        .clear_budget(budget::key_hash(&tries_of(user, visit)))
}

/// One budget per person for all second factors. A recognised device has one of its own, so that whoever stole the password and guesses
/// codes elsewhere does not shut the owner out (PWD-03).
fn tries_of(user: Id<User>, visit: Visit<'_>) -> BudgetKey {
    BudgetKey::SecondFactor(match visit.context.known_device {
        Some(device) => format!("{user} {device}"),
        None => user.to_string(),
    })
}
