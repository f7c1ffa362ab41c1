//! Authenticator apps: a secret that is shown until a code of it was typed, and codes that each count once.

use identity_domain::credential::totp::{MAX_PER_USER, Match, STEP_SECONDS};
use identity_domain::credential::{Credential, CredentialKind, TotpCredential};
use identity_domain::factor::Method;
use identity_domain::failure::{Failure, Fault};
use identity_domain::lockout::BudgetKey;
use identity_domain::login::Proof;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::single_use::SingleUseKind;
use identity_domain::time::{Duration, Timestamp};
use identity_oauth::acr::amr;
use identity_storage::{Account, Lost, Work};
use serde::{Deserialize, Serialize};

use super::{Added, Proven, added, of_kind, refused, spend, used};
use crate::budget;
use crate::env::{Env, Visit, fault};
use crate::login::LoginResult;

/// How long a secret that was shown waits for its first code.
const PENDING_FOR: Duration = Duration::hours(1);
/// Longest name of an app, in characters.
const MAX_NAME: usize = 60;
/// Name of an app whose owner gave it none.
pub const DEFAULT_NAME: &str = "Authenticator app";

/// A secret that was shown and not confirmed yet. It belongs to the login or session it was shown in (MFA-07).
#[derive(Serialize, Deserialize)]
struct Pending {
    v: u8,
    bound_to: String,
    shown_at: Timestamp,
    app: TotpCredential,
}

/// What the page that sets an app up shows.
pub struct PendingView {
    /// The key in groups of four.
    pub key: SecretString,
    /// The `otpauth:` address: the picture's content, and a link on phones.
    pub uri: SecretString,
    /// The issuer's name in the app.
    pub issuer: String,
    /// The account's name in the app.
    pub account: String,
}

/// What the form of that page held.
pub struct Confirmation<'a> {
    /// Where the secret was shown: `login:…`, `session:…`.
    pub bound_to: &'a str,
    /// The name the owner gives the app.
    pub name: &'a str,
    /// The code of the app.
    pub code: &'a SecretString,
}

/// Proves a code of any of the person's apps. A code of another time is a wrong code like any other, and the owner is told of it: to say
/// of which time it is would answer whoever guesses when it comes true. Only [`confirm`] says so, where the secret is on the page (H-34).
///
/// # Errors
/// [`LoginRefusal::WrongCode`], [`LoginRefusal::Throttled`]. A step that was used before is a lost guard of the unit.
pub async fn prove(
    env: &Env,
    account: &Account,
    code: &SecretString,
    visit: Visit<'_>,
) -> LoginResult<Proven> {
    let user = &account.user;
    spend(env, user, Method::Totp, visit).await?;
    for credential in of_kind(account, CredentialKind::Totp) {
        let Some(app) = credential.read::<TotpCredential>() else {
            continue;
        };
        if let Match::Step(step) = app.check(code, visit.now) {
            let work = used(env, user.id, Method::Totp, visit);
            return Ok(Proven {
                proof: Proof::second(amr::ONE_TIME_PASSWORD, visit.now),
                work: claim(work, credential, step, visit.now)
                    .use_credential(credential.id, visit.now),
            });
        }
    }
    let failure = Failure::Refused(LoginRefusal::WrongCode);
    Err(refused(env, user, Method::Totp, failure, visit).await)
}

/// Each step of an app counts once, on whichever node and for whichever purpose (RFC 6238 §5.2).
fn claim(work: Work, credential: &Credential, step: i64, now: Timestamp) -> Work {
    let value = ValueHash::of(step.to_string().as_bytes());
    // The next step's code is accepted already, this one's for one step more; minutes more cost nothing.
    let forgotten_at = now + Duration::seconds(4 * STEP_SECONDS);
    work.claim(
        SingleUseKind::TotpStep,
        &credential.id.to_string(),
        value,
        now,
        forgotten_at,
    )
}

/// Shows a new secret, or again the one that was shown here and waits for its code.
pub async fn begin(
    env: &Env,
    account: &Account,
    bound_to: &str,
    visit: Visit<'_>,
) -> LoginResult<PendingView> {
    may_add(env, account)?;
    if let Some((_, pending)) = pending(account, bound_to, visit.now) {
        return shown(env, account, &pending);
    }
    let pending = Pending {
        v: 1,
        bound_to: bound_to.to_owned(),
        shown_at: visit.now,
        app: TotpCredential::generate(env.entropy.as_ref()),
    };
    let data = serde_json::to_string(&pending).map_err(Fault::new)?;
    let work = Work::unaudited("a secret that is no factor before a code of it was typed");
    let work = match of_kind(account, CredentialKind::TotpPending).next() {
        Some(before) => work.update_credential(&Credential {
            data,
            ..before.clone()
        }),
        None => work.insert_credential(&Credential {
            id: env.id(visit.now),
            user_id: account.user.id,
            kind: CredentialKind::TotpPending,
            label: String::new(),
            data,
            created_at: visit.now,
            last_used_at: None,
            device_id: None,
            version: 1,
        }),
    };
    match env.store.commit(work).await {
        Ok(()) => shown(env, account, &pending),
        // Another tab was faster: what it shows holds.
        Err(Lost::Guard(_) | Lost::Conflict(_)) => {
            let account = super::account(env, account.user.id).await?;
            let (_, pending) = self::pending(&account, bound_to, visit.now)
                .ok_or(Failure::Refused(LoginRefusal::StepNotAccepted))?;
            shown(env, &account, &pending)
        }
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}

/// Makes the secret a factor, by a code of it. A wrong code keeps the secret (H-34). The unit holds everything, to be committed with
/// what the caller adds; a guard that is lost means that the code or the secret was used meanwhile.
pub async fn confirm(
    env: &Env,
    account: &Account,
    typed: &Confirmation<'_>,
    visit: Visit<'_>,
) -> LoginResult<Work> {
    may_add(env, account)?;
    let user = account.user.id;
    let (row, pending) = pending(account, typed.bound_to, visit.now)
        .ok_or(Failure::Refused(LoginRefusal::StepNotAccepted))?;
    // A secret that its owner can read is not worth guessing: this only keeps the log short.
    budget::spend(env, &BudgetKey::Code(format!("enrol {user}")), visit.now).await?;
    let refusal = match pending.app.check(typed.code, visit.now) {
        Match::Step(step) => {
            let credential = Credential {
                id: env.id(visit.now),
                user_id: user,
                kind: CredentialKind::Totp,
                label: free_name(account, typed.name),
                data: serde_json::to_string(&pending.app).map_err(Fault::new)?,
                created_at: visit.now,
                last_used_at: Some(visit.now),
                device_id: None,
                version: 1,
            };
            let work = Work::unaudited("begins with the event of the factor")
                .insert_credential(&credential)
                .delete_credential(row.id, user);
            let work = claim(work, &credential, step, visit.now);
            return added(
                env,
                work,
                &Added {
                    account,
                    credential: &credential,
                },
                visit,
            );
        }
        Match::Skewed(seconds) => LoginRefusal::ClockSkewed { seconds },
        Match::No => LoginRefusal::WrongCode,
    };
    let failure = Failure::Refused(refusal);
    Err(refused(env, &account.user, Method::Totp, failure, visit).await)
}

fn may_add(env: &Env, account: &Account) -> LoginResult<()> {
    if !env.settings.mfa.allows(Method::Totp) {
        return Err(Failure::Refused(LoginRefusal::MethodNotAvailable));
    }
    if of_kind(account, CredentialKind::Totp).count() >= MAX_PER_USER {
        return Err(Failure::Refused(LoginRefusal::TooMany));
    }
    Ok(())
}

fn pending<'a>(
    account: &'a Account,
    bound_to: &str,
    now: Timestamp,
) -> Option<(&'a Credential, Pending)> {
    let row = of_kind(account, CredentialKind::TotpPending).next()?;
    let pending: Pending = row.read()?;
    let is_good = pending.bound_to == bound_to && now < pending.shown_at + PENDING_FOR;
    is_good.then_some((row, pending))
}

fn shown(env: &Env, account: &Account, pending: &Pending) -> LoginResult<PendingView> {
    let issuer = env.settings.product.clone();
    let name = account.user.email.as_str().to_owned();
    let uri = pending
        .app
        .uri(&issuer, &name)
        .ok_or_else(|| Failure::Fault(Fault::new("a secret that makes no address")))?;
    Ok(PendingView {
        key: pending.app.grouped().into(),
        uri,
        issuer,
        account: name,
    })
}

/// The given name, or the next one that is free: two apps of one person never share a name.
fn free_name(account: &Account, given: &str) -> String {
    super::change::free_label(account, CredentialKind::Totp, given, DEFAULT_NAME, MAX_NAME)
}
