//! Mail codes as a second factor: the proven address, once its owner turned them on.

use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::factor::{Method, mailbox_is_held};
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::user::User;
use identity_storage::{Account, Work};

use super::one_time_code::{self, Request};
use super::{Added, Proven, added};
use crate::env::{Env, Visit};
use crate::login::LoginResult;

/// Sends a code that turns mail codes on. A mailbox that gave a new password a short time ago proves nothing beside it.
///
/// # Errors
/// [`LoginRefusal::MethodNotAvailable`], [`LoginRefusal::Throttled`].
pub async fn begin(
    env: &Env,
    user: &User,
    bound_to: &str,
    locale: &str,
    visit: Visit<'_>,
) -> LoginResult<()> {
    not_held(user, visit)?;
    let bound_to = enrolling(bound_to);
    one_time_code::send(env, request(user, &bound_to), locale, visit).await
}

/// Turns mail codes on by the code that was sent, which counts as a second proof. To be committed with what the caller adds.
///
/// # Errors
/// [`LoginRefusal::WrongCode`], [`LoginRefusal::MethodNotAvailable`], [`LoginRefusal::Throttled`].
pub async fn confirm(
    env: &Env,
    account: &Account,
    bound_to: &str,
    code: &SecretString,
    visit: Visit<'_>,
) -> LoginResult<Proven> {
    not_held(&account.user, visit)?;
    let bound_to = enrolling(bound_to);
    let request = request(&account.user, &bound_to);
    let Proven { proof, work } = one_time_code::prove(env, request, code, visit).await?;
    let work = turned_on(env, work, account, visit)?;
    Ok(Proven { proof, work })
}

/// Adds to a unit that mail codes are a factor from now on.
pub fn turned_on(env: &Env, work: Work, account: &Account, visit: Visit<'_>) -> LoginResult<Work> {
    let credential = Credential {
        id: env.id(visit.now),
        user_id: account.user.id,
        kind: CredentialKind::Email,
        label: String::new(),
        data: r#"{"v":1}"#.to_owned(),
        created_at: visit.now,
        last_used_at: None,
        device_id: None,
        version: 1,
    };
    let set_up = Added {
        account,
        credential: &credential,
    };
    added(env, work.insert_credential(&credential), &set_up, visit)
}

fn not_held(user: &User, visit: Visit<'_>) -> LoginResult<()> {
    if mailbox_is_held(user, visit.now) {
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    Ok(())
}

const fn request<'a>(user: &'a User, bound_to: &'a str) -> Request<'a> {
    Request {
        user,
        method: Method::Email,
        bound_to,
    }
}

/// A code that turns mail codes on is none that proves a person.
fn enrolling(bound_to: &str) -> String {
    format!("enrol {bound_to}")
}
