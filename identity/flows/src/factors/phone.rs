//! A phone number as a second factor: it counts after a code that was sent to it was typed, and with it text messages as a second step.

use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::factor::Method;
use identity_domain::failure::Failure;
use identity_domain::phone::PhoneNumber;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::single_use::SingleUseKind;
use identity_domain::user::User;
use identity_storage::{Account, Work};

use super::one_time_code::{Receiver, Request, consumed, issue};
use super::{Added, added, of_kind, used};
use crate::env::{Env, Visit};
use crate::login::LoginResult;

/// A number that its owner means to prove.
pub struct Claimed<'a> {
    /// As typed, or as [`begin`] gave it back.
    pub number: &'a str,
    /// Where it is proven: `login:…`, `session:…`.
    pub bound_to: &'a str,
}

/// Sends a code to a number that is to be proven. Gives the number back in its one form.
///
/// # Errors
/// [`LoginRefusal::NotAPhoneNumber`], also for numbers that are not written to; [`LoginRefusal::Throttled`].
pub async fn begin(
    env: &Env,
    user: &User,
    claimed: &Claimed<'_>,
    locale: &str,
    visit: Visit<'_>,
) -> LoginResult<PhoneNumber> {
    let number = read(env, claimed)?;
    let bound_to = enrolling(claimed);
    let request = Request {
        user,
        method: Method::Sms,
        bound_to: &bound_to,
    };
    issue(
        env,
        request,
        &Receiver::Claimed(number.clone()),
        locale,
        visit,
    )
    .await?;
    Ok(number)
}

/// Makes a number a second factor by the code that was sent to it; one that was there before is replaced. The unit holds everything, to be
/// committed with what the caller adds.
///
/// # Errors
/// [`LoginRefusal::WrongCode`], [`LoginRefusal::Throttled`].
pub async fn confirm(
    env: &Env,
    account: &Account,
    claimed: &Claimed<'_>,
    code: &SecretString,
    visit: Visit<'_>,
) -> LoginResult<Work> {
    let number = read(env, claimed)?;
    let bound_to = enrolling(claimed);
    let request = Request {
        user: &account.user,
        method: Method::Sms,
        bound_to: &bound_to,
    };
    let receiver = Receiver::Claimed(number.clone());
    let work = used(env, account.user.id, Method::Sms, visit);
    let work = consumed(env, work, request, (&receiver, code), visit).await?;
    let mut user = account.user.clone();
    user.profile.phone_number_verified_at = Some(visit.now);
    user.updated_at = visit.now;
    let work = work
        .update_user(&user)
        .set_phone(user.id, Some(&number.e164()));
    let work = of_kind(account, CredentialKind::Sms).fold(work, |work, before| {
        work.delete_credential(before.id, user.id)
    });
    let credential = Credential {
        id: env.id(visit.now),
        user_id: user.id,
        kind: CredentialKind::Sms,
        label: number.masked(),
        data: r#"{"v":1}"#.to_owned(),
        created_at: visit.now,
        last_used_at: None,
        device_id: None,
        version: 1,
    };
    let work = work.insert_credential(&credential);
    let set_up = Added {
        account,
        credential: &credential,
    };
    added(env, work, &set_up, visit)
}

/// Adds to a unit that the number of a person is forgotten, and that codes on their way to it die. `after` is the person as the unit, which
/// stores them, leaves them.
pub(super) fn forgotten(work: Work, after: &mut User) -> Work {
    after.profile.phone_number_verified_at = None;
    work.set_phone(after.id, None)
        .cancel(SingleUseKind::SmsCode, &after.id.to_string(), None)
}

fn read(env: &Env, claimed: &Claimed<'_>) -> LoginResult<PhoneNumber> {
    if env.outside.sms.is_none() || !env.settings.mfa.allows(Method::Sms) {
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    PhoneNumber::parse(claimed.number)
        .ok()
        .filter(|number| env.settings.sms.allows(number))
        .ok_or(Failure::Refused(LoginRefusal::NotAPhoneNumber))
}

/// A code that proves a number is none that proves a person.
fn enrolling(claimed: &Claimed<'_>) -> String {
    format!("enrol {}", claimed.bound_to)
}
